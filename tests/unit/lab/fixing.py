"""Calls fix functions of a simulated deployment as the engine does, and compares what printed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.machines import Account
from tests.unit.lab.conftest import NOW, Asker

LATER = NOW + timedelta(minutes=10)


def fix(lab: Asker, server: str, function: str, moment: datetime | None = None, /, **arguments: object) -> Mapping[str, Any]:
    """The one object the function prints; it always has the same five fields."""
    (printed,) = lab.all(server, function, moment, **arguments)
    assert set(printed) == {"outcome", "reason", "before", "after", "notes"}
    assert (printed["reason"] is None) == (printed["outcome"] != "refused")
    return printed


def fault(lab: Asker, server: str, function: str, moment: datetime | None = None, /, **arguments: object) -> ErrorRecord:
    """The error that ends the function."""
    found = lab.raw(server, function, moment, **arguments)
    assert isinstance(found, ErrorRecord), found
    return found


def outcome(printed: Mapping[str, Any]) -> tuple[str, str | None]:
    return printed["outcome"], printed["reason"]


def deeds(lab: Asker) -> list[tuple[str, str, str]]:
    """What was changed: server, function, what."""
    return [(deed.server.split(".")[0], deed.function, deed.what) for deed in lab.deployment.deeds]


def without_group(lab: Asker, server: str, group: str) -> None:
    """The account is no longer in this group on that server."""
    machine = lab.at(server).machine
    machine.account = Account(machine.account.name, tuple(one for one in machine.account.groups if one.split("\\")[-1] != group))


def assigned(lab: Asker, server: str, moment: datetime | None = None) -> str:
    """The thumbprint this server's local store names, "" for none."""
    found = lab.all(server, "Get-OAuthAssignment", moment)
    return str(found[0]["thumbprint"]) if found else ""


def mine(lab: Asker, server: str, moment: datetime | None = None) -> dict[str, bool]:
    """The certificates of LocalMachine\\My and whether each has its key."""
    return {one["thumbprint"]: one["hasPrivateKey"] for one in lab.one(server, "Get-StoreFacts", moment)["my"]}
