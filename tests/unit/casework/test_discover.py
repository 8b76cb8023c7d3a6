"""From the topology in one server's store to the servers of the deployment."""

import pytest

from oauthcert.casework.discover import discover, product_name, servers_of
from oauthcert.casework.found import Discovery, FoundServer
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import Answer, Fault, JsonValue, NotSeen
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.server_evidence import Cluster, InstalledProduct, ProductSeen, TopologySeen, TopologyService
from oauthcert.model.target import Target
from oauthcert.remote.failures import SignInRefused
from tests.fakes.servers import FakeGateway, FakeServer

FE01 = Target("fe01.contoso.lab")
ACCOUNT = Credential("CONTOSO\\admin", Secret("x"))
HOME = ("UserServices", "Registrar", "WebServices")


def cluster(fqdn: str, *machines: str, product: bool = True, edge: bool = False) -> Cluster:
    return Cluster(fqdn, "1", "1", product, product, edge, machines)


def roles(fqdn: str, *names: str, active: bool | None = None) -> tuple[TopologyService, ...]:
    return tuple(TopologyService(name, fqdn, active if name == "CentralMgmt" else None, None) for name in names)


def topology(clusters: tuple[Cluster, ...], services: tuple[TopologyService, ...]) -> TopologySeen:
    return TopologySeen(clusters, services, "contoso.lab", ("contoso.lab",))


def test_that_every_kind_of_server_is_named_by_its_role() -> None:
    seen = topology(
        (
            cluster("fe01.contoso.lab", "fe01.contoso.lab"),
            cluster("pool02.contoso.lab", "FE02.contoso.lab", "fe03.contoso.lab."),
            cluster("dir01.contoso.lab"),
            cluster("edge01.contoso.lab", "edge01.contoso.lab", edge=True),
            cluster("med01.contoso.lab", "med01.contoso.lab"),
            cluster("sql01.contoso.lab", "sql01.contoso.lab", product=False),
        ),
        (
            *roles("fe01.contoso.lab", *HOME, "UserStore", "CentralMgmt", active=True),
            *roles("POOL02.contoso.lab", *HOME, "CentralMgmt", active=False),
            *roles("dir01.contoso.lab", "Registrar", "WebServices"),
            *roles("edge01.contoso.lab", "EdgeServer"),
            *roles("med01.contoso.lab", "MediationServer"),
            *roles("sql01.contoso.lab", "UserStore"),
        ),
    )
    assert servers_of(seen, FE01, "Skype for Business Server 2019") == (
        FoundServer(FE01, ("standard-edition", "central-management"), "Skype for Business Server 2019"),
        FoundServer(Target("fe02.contoso.lab"), ("front-end",)),
        FoundServer(Target("fe03.contoso.lab"), ("front-end",)),
        FoundServer(Target("dir01.contoso.lab"), ("director",)),
        FoundServer(Target("edge01.contoso.lab"), ("edge",)),
        FoundServer(Target("med01.contoso.lab"), ("mediation",)),
    )


def test_that_the_asked_server_keeps_its_name_and_others_are_reached_alike() -> None:
    asked = Target("fe01", "https", 8443, fingerprint="ab" * 32)
    seen = topology((cluster("pool.contoso.lab", "fe01.contoso.lab", "fe02.contoso.lab"),), ())
    assert [server.target for server in servers_of(seen, asked)] == [asked, Target("fe02.contoso.lab", "https", 5986)]


def test_that_a_front_end_of_a_pool_is_no_standard_edition_server() -> None:
    seen = topology(
        (cluster("pool.contoso.lab", "fe01.contoso.lab"),), roles("pool.contoso.lab", *HOME, "UserStore")
    )  # a pool of one, with a database beside it
    assert [server.roles for server in servers_of(seen, FE01)] == [("front-end",)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (("Skype for Business Server 2019, Core Components", "Microsoft SQL Server 2016"), "Skype for Business Server 2019"),
        (("Microsoft Lync Server 2013, Front End Server", "Microsoft Lync Server 2013, Core Components"), "Lync Server 2013"),
        (("Skype for Business Server, Bootstrapper", "Skype for Business Server 2015, Core"), "Skype for Business Server 2015"),
        (("Microsoft Exchange Server 2019",), ""),
        ((), ""),
    ],
)
def test_that_the_product_is_named_once(entries: tuple[str, ...], expected: str) -> None:
    installed = tuple(InstalledProduct(name, "1.0", "Microsoft") for name in entries)
    assert product_name(ProductSeen(installed, (), None, exchange_installed=False)) == expected


def asked(server: FakeServer, token: CancelToken | None = None) -> tuple[Discovery, FakeGateway]:
    gateway = FakeGateway({FE01.name: server})
    return discover(FE01, ACCOUNT, gateway, token or CancelToken()), gateway


def answer(probe: str, value: dict[str, JsonValue]) -> Answer:
    return Answer(probe, True, (value,))


ALONE: dict[str, JsonValue] = {
    "fqdn": "fe01.contoso.lab",
    "site": "1",
    "number": "1",
    "requiresReplication": True,
    "requiresSetup": True,
    "onEdge": False,
    "machines": [],
}
TOPOLOGY: dict[str, JsonValue] = {
    "clusters": [ALONE],
    "services": [],
    "complete": True,
    "defaultSipDomain": None,
    "sipDomains": [],
}


def test_that_one_connection_asks_three_questions_and_is_closed() -> None:
    found, gateway = asked(FakeServer((answer("topology", TOPOLOGY),)))
    (connection,) = gateway.connections[FE01.name]
    assert found == Discovery((FoundServer(FE01),))
    assert [question.id for question in connection.questions] == ["product", "module", "topology"]
    assert connection.questions[2].arguments == {"Everything": True}
    assert "Get-TopologyFacts" in connection.library
    assert connection.closed == 1


def test_that_a_refused_account_is_the_reason() -> None:
    found, gateway = asked(FakeServer(signed_in=None, failure=SignInRefused(username="CONTOSO\\admin", method="ntlm")))
    assert found.not_seen == NotSeen("sign-in-refused", {"username": "CONTOSO\\admin", "method": "ntlm"})
    assert gateway.connections[FE01.name][0].closed == 1


def test_that_a_topology_that_may_not_be_read_is_the_reason() -> None:
    fault = Fault("PermissionDenied", "UnauthorizedAccess", "System.UnauthorizedAccessException", "Access is denied.")
    found, _ = asked(FakeServer((Answer("topology", False, fault=fault),)))
    assert found.not_seen is not None
    assert found.not_seen.reason == "access-denied"


def test_that_an_answer_of_another_shape_is_told_and_nothing_breaks() -> None:
    found, _ = asked(FakeServer((answer("topology", {"clusters": "all of them"}),)))
    assert found.not_seen is not None
    assert found.not_seen.reason == "unreadable"


def test_that_a_server_that_says_nothing_more_is_told() -> None:
    found, _ = asked(FakeServer(()))
    assert found.not_seen is not None


def test_that_a_cancel_closes_and_is_passed_on() -> None:
    token = CancelToken()
    token.cancel()
    gateway = FakeGateway({FE01.name: FakeServer(waits=True)})
    with pytest.raises(Cancelled):
        discover(FE01, ACCOUNT, gateway, token)
    assert gateway.connections[FE01.name][0].closed == 1
