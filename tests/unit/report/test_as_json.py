"""The JSON report: real output against the published schema, and the format's promise to stay readable."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from tests.unit.model.strategies import cases
from tests.unit.report.cases import a_case, large, replica_stopped

from oauthcert import assets
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text, to_text
from oauthcert.report import render_json
from oauthcert.words import Catalogue

SCHEMA = json.loads(assets.text("schema/case-1.json"))
CHECKER = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
STORED = Path(__file__).parents[2] / "data" / "case-1.json"


def test_that_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", [replica_stopped(), large(9), a_case([])], ids=["replica-stopped", "large", "empty"])
def test_that_real_output_fits_the_published_schema(case: Case, language: str) -> None:
    text = render_json(case, Catalogue(language))
    CHECKER.validate(json.loads(text))
    assert from_text(text) == case


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases)
def test_that_every_case_fits_the_published_schema(case: Case) -> None:
    CHECKER.validate(json.loads(to_text(case)))


def test_that_the_schema_refuses_what_the_reader_refuses() -> None:
    document = json.loads(to_text(replica_stopped()))
    document["findings"][0]["surprise"] = 1
    assert not CHECKER.is_valid(document)


def test_that_findings_have_the_fields_others_rely_on() -> None:
    document = json.loads(render_json(replica_stopped(), Catalogue("en")))
    promised = ["id", "check", "server", "verdict", "severity", "title", "meaning", "action", "facts", "sources", "because", "fixes"]
    for finding in document["findings"]:
        assert set(promised) <= set(finding)
        assert finding["title"]
        assert finding["sources"]
    assert document["causes"][0]["finding"] == "replica-service@fe02.contoso.lab"


def test_that_a_case_stored_with_schema_1_is_still_read() -> None:
    """What it says stays, though a look of today asks more and says more."""
    case, today = from_text(STORED.read_text(encoding="utf-8")), replica_stopped()
    assert (case.targets, case.started, case.finished) == (today.targets, today.started, today.finished)
    said = {finding.id: finding.words for finding in case.findings}
    assert len(said) > 80
    assert said.items() <= {finding.id: finding.words for finding in today.findings}.items()
    assert {cause.finding for cause in case.causes} == {cause.finding for cause in today.causes}
    assert case.exit_code == 2
