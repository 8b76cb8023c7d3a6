"""What the web sites of the practice deployment answer, and what Exchange does."""

import json
from datetime import timedelta

import pytest

from oauthcert.lab.exchange import EXCHANGES, LYNC
from oauthcert.lab.web import exchange_answer, metadata_answer, published
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.test_faults import fault


def test_that_a_front_end_publishes_what_its_store_names_and_holds(make: Make) -> None:
    lab = Asker(make())
    (told,) = lab.all("fe02", "Get-MetadataFacts")
    assert told["thumbprints"] == [lab.all("fe02", "Get-OAuthAssignment")[0]["thumbprint"]]
    assert (told["status"], told["tls"], told["readable"]) == (200, "Tls12", True)


def test_that_an_edge_server_has_no_web_site_to_ask(make: Make) -> None:
    assert Asker(make()).one("edge01", "Get-MetadataFacts")["why"] == "no-web-server"


def test_that_a_new_certificate_is_published_when_it_has_arrived_and_not_before(make: Make) -> None:
    deployment = make(fault("oauth-renewed", "fe01", at="1h ago"))
    machine = deployment.machines["fe02.contoso.lab"]
    before = published(deployment, machine, ago(minutes=59))
    after = published(deployment, machine, NOW)
    assert before != after
    assert after[0].thumbprint == Asker(deployment).all("fe02", "Get-OAuthAssignment")[0]["thumbprint"]


def test_that_a_stale_web_site_stays_until_somebody_recycles_it(make: Make) -> None:
    deployment = make(fault("oauth-renewed", "fe01", at="2d ago") + fault("web-stale", "fe02", at="3d ago"))
    machine = deployment.machines["fe02.contoso.lab"]
    stale = published(deployment, machine, NOW)
    machine.ground.web_since.set(NOW, None)
    assert published(deployment, machine, NOW + timedelta(seconds=1)) != stale


def test_that_a_stopped_web_server_refuses_and_a_bare_one_knows_no_page(make: Make) -> None:
    deployment = make(fault("service-stopped", "fe01", service="W3SVC") + fault("components-missing", "fe02"))
    stopped = metadata_answer(deployment, deployment.machines["fe01.contoso.lab"], NOW)
    bare = metadata_answer(deployment, deployment.machines["fe02.contoso.lab"], NOW)
    assert (stopped.problem, bare.status) == ("ConnectionRefused", 404)


def test_that_the_document_can_be_read_as_json(make: Make) -> None:
    deployment = make()
    document = json.loads(metadata_answer(deployment, deployment.machines["fe02.contoso.lab"], NOW).body)
    assert document["issuer"] == f"{LYNC}@contoso.lab"
    assert len(document["keys"]) == 1


@pytest.mark.parametrize("state", EXCHANGES)
def test_that_every_exchange_a_scenario_may_name_answers_and_is_told(make: Make, state: str) -> None:
    lab = Asker(make(f'[settings]\nexchange = "{state}"\n'))
    told = lab.one("fe02", "Get-PartnerFacts")
    exchange = lab.deployment.exchange
    assert (exchange is None) == (told["partners"] == [])
    if exchange is not None and told["challenge"] is not None:
        assert told["challenge"]["status"] == exchange_answer(exchange).status
        assert (told["challenge"]["authenticate"] is None) == (exchange.problem is not None)


def test_that_an_event_prints_the_serial_number_turned_round(make: Make) -> None:
    more = fault("event-logged", "fe02", at="1h ago", provider="LS Protocol Stack", id=14397, text="Serial {serial}.")
    lab = Asker(make(more))
    serial = lab.deployment.authority.server("fe02.contoso.lab").serial
    (event,) = lab.all("fe02", "Get-ServiceEvents")
    printed = str(event["message"]).removeprefix("Serial ").removesuffix(".")
    assert bytes.fromhex(printed)[::-1].hex().upper().lstrip("0") == serial.upper().lstrip("0")
