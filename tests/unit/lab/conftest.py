"""A small deployment to play with: fe01 holds the Central Management Store, fe02 and an Edge take part."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oauthcert.certs.issuing import KeyPool
from oauthcert.lab.answers import answer
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import build
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.scenario import Scenario
from oauthcert.lab.scenario_file import read_scenario

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

HEAD = """
id = "small"
product = "sfb-se"
title = { en = "Small", de = "Klein" }
story = { en = "Small.", de = "Klein." }
servers = [
    { name = "fe01.contoso.lab", role = "standard-edition" },
    { name = "fe02.contoso.lab", role = "front-end", pool = "pool02.contoso.lab" },
    { name = "edge01.contoso.lab", role = "edge" },
]
expect = { exit = 0 }
"""


def scenario(more: str = "") -> Scenario:
    return read_scenario(HEAD + more, "small.toml")


@pytest.fixture(scope="session")
def keys() -> KeyPool:
    return KeyPool()


Make = Callable[..., Deployment]


@pytest.fixture
def make(keys: KeyPool) -> Make:
    def made(more: str = "", now: datetime = NOW) -> Deployment:
        plan = scenario(more)
        return build(plan, now, LabAuthority(plan.sip_domain, now, keys))

    return made


class Asker:
    """Asks probes of one deployment at any moment."""

    def __init__(self, deployment: Deployment, moment: datetime = NOW) -> None:
        self.deployment = deployment
        self.moment = moment

    def at(self, server: str, moment: datetime | None = None) -> Cmdlets:
        return Cmdlets(self.deployment, self.deployment.machines[f"{server}.contoso.lab"], moment or self.moment)

    def raw(
        self, server: str, function: str, moment: datetime | None = None, **arguments: object
    ) -> list[Mapping[str, Any]] | ErrorRecord | None:
        return answer(self.at(server, moment), function, arguments)

    def all(self, server: str, function: str, moment: datetime | None = None, **arguments: object) -> list[Mapping[str, Any]]:
        found = self.raw(server, function, moment, **arguments)
        assert isinstance(found, list), found
        return found

    def one(self, server: str, function: str, moment: datetime | None = None) -> Mapping[str, Any]:
        (found,) = self.all(server, function, moment)
        return found

    def row(self, replica: str, moment: datetime | None = None) -> Mapping[str, Any]:
        rows = self.one("fe01", "Get-ReplicationFacts", moment)["replicas"]
        return next(row for row in rows if row["fqdn"] == f"{replica}.contoso.lab")


def ago(**parts: float) -> datetime:
    return NOW - timedelta(**parts)
