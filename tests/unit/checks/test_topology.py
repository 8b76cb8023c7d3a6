"""Roles and machines as the topology has them, and what is installed as far as anything tells."""

from dataclasses import replace

from oauthcert.checks import CHECKS
from oauthcert.checks.installed import has_exchange, has_lync
from oauthcert.checks.topology import Topology, names_machine
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import Cluster, TopologySeen, TopologyService
from oauthcert.model.target import Product
from tests.builders.evidence import deployment, fields, healthy_server, topology
from tests.unit.checks.examples_reach import NO_PRODUCT

MUTE = NotSeen("deadline")


def test_that_a_cluster_without_machines_is_its_own_machine() -> None:
    lone = Topology.of(
        TopologySeen(
            (Cluster("SE01.contoso.lab", "s", "1", True, True, False, ()),),
            (TopologyService("CentralMgmt", "se01.contoso.lab", None, None), TopologyService("Registrar", "se01.contoso.lab", None, None)),
            None,
            (),
        )
    )

    cluster = lone.cluster_of(("se01.contoso.lab",))
    assert cluster is not None
    assert lone.needs_oauth(cluster)
    assert lone.cms_machines == ("se01.contoso.lab",)


def test_that_a_director_needs_the_certificate_and_an_edge_server_does_not_whatever_else_it_hosts() -> None:
    director = Cluster("dir01", "s", "1", True, True, False, ("dir01",))
    edge = replace(director, fqdn="edge09", machines=("edge09",), on_edge=True)
    seen = TopologySeen(
        (director, edge),
        (TopologyService("Conf", "dir01", None, True), TopologyService("Registrar", "edge09", None, None)),
        None,
        (),
    )

    held = Topology.of(seen)

    assert held.needs_oauth(director)
    assert held.is_edge(edge)
    assert not held.needs_oauth(edge)


def test_that_a_machine_is_listed_in_any_spelling_of_its_name() -> None:
    seen = topology("fe02", "fe03")

    for name in ("fe02.contoso.lab", "FE02.Contoso.lab.", "fe02"):
        assert names_machine(seen, (name,))
    assert not names_machine(seen, ("fe02.fabrikam.lab", "fe04"))


def test_that_the_active_cms_service_counts_where_there_are_two() -> None:
    seen = topology("fe02", "fe03")
    stand_by = TopologyService("CentralMgmt", "pool02.contoso.lab", False, None)

    assert Topology.of(replace(seen, services=(stand_by, *seen.services))).cms_machines == ("fe01.contoso.lab",)


def test_that_the_product_is_told_by_what_answered() -> None:
    server = healthy_server("fe02")
    blind = replace(server, product=MUTE, module=MUTE)
    assert has_lync(blind) is True, "it has a topology"

    deaf = replace(blind, topology=MUTE)
    assert has_lync(deaf) is None
    assert has_lync(replace(deaf, product_wanted=Product.LYNC)) is True
    assert has_lync(replace(deaf, product_wanted=Product.EXCHANGE)) is False
    assert has_exchange(replace(deaf, product_wanted=Product.EXCHANGE))
    assert not has_exchange(server)


def test_that_nothing_is_judged_of_steps_where_nobody_knows_what_is_installed() -> None:
    deaf = deployment().but("fe02", product=MUTE, module=MUTE, topology=MUTE)

    for check in ("replica-service", "local-store-present", "oauth-in-store"):
        finding = deaf.finding(check, "fe02")
        assert finding.verdict is Verdict.UNKNOWN
        assert finding.facts["look"] == "product"


def test_that_an_exchange_server_has_no_steps_of_lync() -> None:
    exchange = deployment().but("fe02", **{**NO_PRODUCT, "product": fields(products=(), exchange_installed=True)})

    assert exchange.finding("replica-service", "fe02").facts["why"] == "no-lync-product"
    assert exchange.finding("product-build", "fe02").facts["why"] == "exchange-only"
    no_module = exchange.but("fe02", module=NotSeen("not-asked"), product_wanted=Product.EXCHANGE)
    assert no_module.finding("powershell-usable", "fe02").words == "powershell-usable.no-module-needed"


def test_that_a_module_without_an_uninstall_entry_is_the_product_all_the_same() -> None:
    odd = deployment().but("fe02", product=fields(products=()))

    assert odd.finding("powershell-usable", "fe02").verdict is Verdict.PASS
    assert odd.finding("replica-service", "fe02").verdict is Verdict.PASS


def test_that_a_check_lists_its_fixes_once_in_the_order_to_try() -> None:
    validity = next(check for check in CHECKS if check.id == "oauth-validity")

    assert validity.fixes == ("stage-oauth", "request-oauth", "sync-time", "sync-time-by-hand")
