"""A practice scenario: which servers, what happened to them, what has to be found. Read from resources/scenarios/<id>.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from oauthcert.lab.faults import Option
from oauthcert.lab.oracle import Expectation, Oracle, expand
from oauthcert.lab.products import ProductVersion, Role

LARGEST = 2000
_POOL_SIZE = 12


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """`pool` is the cluster's FQDN, the server's own name when it stands alone."""

    name: str
    role: Role
    pool: str
    site: str = "Berlin"
    description: str = ""


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """`at` is relative to the start of the lab; None = has always been so."""

    fault: str
    servers: tuple[str, ...]
    at: timedelta | None
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Settings:
    """Times relative to the start of the lab. `master` is the active Central Management server, `store` where its database lies.

    `exchange` is one of lab.exchange.EXCHANGES.
    """

    master: str
    store: str
    installed: timedelta = timedelta(days=-400)
    oauth_assigned: timedelta | None = timedelta(days=-200)
    oauth_expires: timedelta = timedelta(days=530)
    changes: tuple[timedelta, ...] = (timedelta(days=-6, hours=-3),)
    kerberos_rule: bool = False
    hop_allowed: bool = False
    exchange: str = "none"


@dataclass(frozen=True, slots=True)
class Mending:
    """What repairing reaches at best: the exit code of the look afterwards, within so many plans, each made from the look before."""

    exit_code: int = 0
    plans: int = 3


@dataclass(frozen=True, slots=True)
class Scenario:
    """`title` and `story` by language code; English is always there."""

    id: str
    title: Mapping[str, str]
    story: Mapping[str, str]
    product: ProductVersion
    settings: Settings
    servers: tuple[ServerPlan, ...]
    faults: tuple[FaultPlan, ...]
    expectation: Expectation
    mending: Mending = Mending()

    @property
    def sip_domain(self) -> str:
        return self.settings.master.split(".", 1)[1]

    def looked_at(self) -> tuple[ServerPlan, ...]:
        """The servers an operator looks at: all but databases without a role of the product."""
        return tuple(server for server in self.servers if server.role is not Role.SQL)

    def groups(self) -> Mapping[str, Sequence[str]]:
        """Groups of servers that faults and the oracle may name."""
        looked = self.looked_at()
        pool = next(server.pool for server in self.servers if server.name == self.settings.master)
        return {
            "@all": [server.name for server in looked],
            "@front-ends": [server.name for server in looked if server.role.needs_oauth],
            "@edge": [server.name for server in looked if server.role is Role.EDGE],
            "@inside": [server.name for server in looked if server.role is not Role.EDGE],
            "@central": [server.name for server in looked if server.pool == pool],
            "@others": [server.name for server in looked if server.pool != pool],
            "@others-inside": [server.name for server in looked if server.pool != pool and server.role is not Role.EDGE],
        }

    def oracle(self) -> Oracle:
        """What has to be found, for the servers there are now. Raises ValueError when it names what is not there."""
        return expand(self.expectation, [server.name for server in self.looked_at()], self.groups())

    def scaled(self, servers: int) -> "Scenario":
        """The same with healthy front ends added until there are `servers` to look at; never fewer than the scenario has."""
        if servers > LARGEST:
            raise ValueError(f"a practice lab has at most {LARGEST} servers")
        missing = servers - len(self.looked_at())
        taken = {server.name for server in self.servers}
        added: list[ServerPlan] = []
        number = 100
        while len(added) < missing:
            number += 1
            name = f"fe{number}.{self.sip_domain}"
            if name not in taken:
                pool = f"pool{100 + len(added) // _POOL_SIZE}.{self.sip_domain}"
                added.append(ServerPlan(name, Role.FRONT_END, pool, self.servers[0].site))
        return replace(self, servers=(*self.servers, *added))
