"""The collector: one script, put together from the probes' own files, that a person reads and runs on a server by hand."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from oauthcert import assets
from oauthcert.collect.evidence_file import KIND, SCHEMA
from oauthcert.collect.probes import PROBES, Probe, probes_of
from oauthcert.model.target import Product, Target

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ROUND_FUNCTIONS = ("Limit-Text", "ConvertTo-Fault", "New-Worker")
"""What the collector shares with the round that asks over the network; the two limits they use come along."""
_LIMITS = ("MostRecords", "LongestMessage")


def collector_script(version: str, root: "Traversable | None" = None) -> str:
    """The whole script, comments included, in ASCII with final line break. The probes and their deadlines are those of the table."""
    names = dict.fromkeys(name for probe in PROBES for name in probe.scripts)
    library = "\n".join(assets.text(f"powershell/probes/{name}", root) for name in names)
    around = assets.text("powershell/round.ps1", root)
    parts = (
        assets.text("powershell/collector/head.ps1", root).replace("@products@", ", ".join(map(literal, Product))),
        f"$ToolVersion = {literal(version)}\n$EvidenceKind = {literal(KIND)}\n$EvidenceSchema = {literal(SCHEMA)}\n"
        + "".join(_statement(around, name) for name in _LIMITS),
        "# --- the questions: the same functions that the program sends over the network\n$Library = {\n" + library + "}\n",
        "# --- which of them are asked, with the seconds each may take\n" + _table(),
        "# --- how they are asked, and the file\n" + "\n".join(_function(around, name) for name in ROUND_FUNCTIONS),
        assets.text("powershell/collector/tail.ps1", root),
    )
    return "\n".join(parts)


def literal(value: object) -> str:
    """A Python value as PowerShell text that means the same and nothing else. Raises ValueError for what has no such text."""
    match value:
        case None:
            return "$null"
        case bool():
            return f"${str(value).lower()}"
        case int() | float():
            return repr(value)
        case str():
            # PowerShell takes typographic quotes for quotes too; the scripts need nothing beyond printable ASCII
            if not value.isascii() or not value.isprintable():
                raise ValueError("only printable ASCII can stand in a script")
            return "'" + value.replace("'", "''") + "'"
        case list() | tuple():
            return f"@({', '.join(map(literal, value))})"
        case Mapping():
            return "@{ " + "; ".join(f"{literal(str(name))} = {literal(part)}" for name, part in value.items()) + " }" if value else "@{}"
    raise ValueError(f"{type(value).__name__} has no text in PowerShell")


def _table() -> str:
    return "$Probes = @(\n" + "".join(f"    {_row(probe)}\n" for probe in PROBES) + ")\n"


def _row(probe: Probe) -> str:
    asked = [product.value for product in Product if probe in probes_of(Target("any", product=product))]
    seconds = int(probe.seconds) if probe.seconds == int(probe.seconds) else probe.seconds
    pairs = {"id": probe.id, "function": probe.function, "seconds": seconds, "products": asked, "arguments": dict(probe.arguments)}
    return "@{ " + "; ".join(f"{literal(name)} = {literal(value)}" for name, value in pairs.items()) + " }"


def _function(script: str, name: str) -> str:
    """A function at the left margin of a script, up to its closing brace there."""
    found = re.search(rf"^function {re.escape(name)} {{\n.*?^}}\n", script, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"round.ps1 has no function {name}")
    return found[0]


def _statement(script: str, name: str) -> str:
    found = re.search(rf"^\${re.escape(name)} = .*\n", script, re.MULTILINE)
    if found is None:
        raise ValueError(f"round.ps1 does not set ${name}")
    return found[0]
