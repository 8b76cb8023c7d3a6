"""The table of probes."""

from dataclasses import fields

import pytest

from oauthcert.collect.probes import PROBES, SERVICES, probes_of, round_questions
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Product, Target
from oauthcert.remote.wire import decode_request, encode_request

LYNC_ONLY = {"module", "topology", "replica", "oauth", "uses", "replication", "events", "transport"} | {
    "incidents",
    "metadata",
    "partners",
}


def test_that_every_probe_fills_a_field_of_the_evidence() -> None:
    assert {probe.id for probe in PROBES} <= {field.name for field in fields(ServerEvidence)}


def test_that_ids_and_functions_are_unique() -> None:
    assert len({probe.id for probe in PROBES}) == len({probe.function for probe in PROBES}) == len(PROBES)


def test_that_the_module_is_loaded_before_anything_needs_it() -> None:
    ids = [probe.id for probe in PROBES]
    assert all(ids.index("module") < ids.index(later) for later in ("topology", "replica", "oauth", "uses", "replication", "transport"))


@pytest.mark.parametrize("product", [Product.AUTO, Product.LYNC])
def test_that_a_server_that_may_be_lync_is_asked_everything(product: Product) -> None:
    assert probes_of(Target("a", product=product)) == PROBES


def test_that_an_exchange_server_is_spared_what_only_lync_has() -> None:
    asked = {probe.id for probe in probes_of(Target("a", product=Product.EXCHANGE))}
    assert asked == {probe.id for probe in PROBES} - LYNC_ONLY


def test_that_questions_travel() -> None:
    questions = round_questions(Target("a"))
    back = decode_request(encode_request("round", "library", questions)).questions
    assert back == questions
    assert back[4].arguments == {"Names": list(SERVICES)}
