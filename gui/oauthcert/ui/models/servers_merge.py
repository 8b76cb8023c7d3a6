"""What a discovery adds to the list: roles and product for servers that are in it, rows for those that are not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oauthcert.model.target import Target
from oauthcert.ui.desk import FoundServer
from oauthcert.ui.models.servers_words import ServerRow


@dataclass(frozen=True, slots=True)
class Merged:
    """`known` are rows that learned something, `new` those to add; `outside` counts servers that the practice lab does not run."""

    known: tuple[ServerRow, ...]
    new: tuple[ServerRow, ...]
    outside: int = 0


def merged(rows: Sequence[ServerRow], found: Sequence[FoundServer], lab: Mapping[str, Target]) -> Merged:
    """`lab` maps the names that a practice lab runs to how they are reached; empty outside practice."""
    by_name = {row.target.name: row for row in rows}
    known: dict[str, ServerRow] = {}
    new: list[ServerRow] = []
    outside = 0
    for server in found:
        # Somebody may have typed only the first part of the name.
        name = server.target.name
        row = by_name.get(name) or by_name.get(name.partition(".")[0])
        if row is not None:
            learned = replace(row, roles=server.roles or row.roles, product=server.product or row.product)
            known[row.target.name] = learned
        elif lab and name not in lab:
            outside += 1
        else:
            new.append(ServerRow(lab.get(name, server.target), roles=server.roles, product=server.product))
    return Merged(tuple(known.values()), tuple(new), outside)
