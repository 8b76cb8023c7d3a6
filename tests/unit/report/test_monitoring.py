"""What monitoring systems read: every line by their own rules, whatever servers are named and say."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from tests.builders.exposition import BrokenRuleError, alerts, exposition, plugin_output
from tests.unit.model.strategies import cases
from tests.unit.report.cases import THUMBPRINT, a_case, a_finding, large, replica_stopped

from oauthcert.model.case import Case
from oauthcert.report.as_json import render_json, render_ndjson
from oauthcert.report.nagios import LONGEST, render_nagios
from oauthcert.report.prometheus import render_prometheus
from oauthcert.words import Catalogue

EN = Catalogue("en")
HOSTILE = (
    'quo"te', "back\\slash", "line\nfeed", "a|'b'=1", "it's", "tab\tbell\a", "esc\x1b[31m", "ünïcode.漢😀", "\u202etxt", "\ud800lone",
    "x" * 70_000, "a" * 300, "{x=\"1\"} 5", "# HELP x", "\\n", "'", "=;;", "100%", "nul\0", "cr\rlf\r\n", "\u2028", "$(id)`id`", "<b>&amp;",
)  # fmt: skip


def named(name: str) -> Case:
    findings = [
        a_finding("server-reachable", "could-not-look", name, reason="refused"),
        a_finding("time-skew", "too-large", name, offset_seconds=-420.25, error_seconds=0.5),
        a_finding("oauth-validity", "pass", name, thumbprint=name, not_after=name),
    ]
    return a_case(findings)


@pytest.mark.parametrize("name", HOSTILE)
def test_that_no_name_breaks_a_line_of_any_format(name: str) -> None:
    case = named(name)

    samples = exposition(render_prometheus(case))
    output = plugin_output(render_nagios(case, EN))
    lines = render_ndjson(case, EN).splitlines()

    assert samples["oauthcert_findings", (("verdict", "fail"),)] == 1
    assert [value for (metric, _), value in samples.items() if metric == "oauthcert_clock_offset_seconds"] == [-420.25]
    assert output.status == "CRITICAL"
    assert [figure.value for label, figure in output.figures.items() if label.endswith("_clock_offset")] == [-420.25]
    assert [json.loads(line)["server"] for line in lines] == [name] * 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases)
def test_that_every_case_can_be_told_in_every_format(case: Case) -> None:
    exposition(render_prometheus(case))
    output = plugin_output(render_nagios(case, EN))
    lines = render_ndjson(case, EN).split("\n")

    assert output.status == ("OK", "WARNING", "CRITICAL", "UNKNOWN")[case.exit_code]
    assert lines.pop() == ""
    assert len(lines) == len(case.findings)


# --- ndjson -------------------------------------------------------------------------------------------------------------------


def test_that_each_line_is_the_finding_as_it_stands_in_the_case() -> None:
    case = replica_stopped()
    whole = json.loads(render_json(case, EN))["findings"]
    assert [json.loads(line) for line in render_ndjson(case, EN).splitlines()] == whole
    documented = {"id", "check", "server", "verdict", "severity", "title", "meaning", "action", "facts", "sources", "because", "fixes"}
    assert documented <= set(whole[0])
    assert render_ndjson(a_case([]), EN) == ""


# --- nagios -------------------------------------------------------------------------------------------------------------------


def test_that_the_status_line_names_what_to_mend_first_and_the_rest_follows() -> None:
    output = plugin_output(render_nagios(replica_stopped(), EN))
    assert output.status == "CRITICAL"
    assert "replica" in output.text.lower()
    assert len(output.long) == 3
    assert "replica" in output.long[0].lower()


def test_that_figures_alert_where_the_checks_do() -> None:
    days = {"expired": -3, "expires-soon": 12, "renewal-due": 60, "pass": 400}
    for variant, left in days.items():
        case = a_case([a_finding("oauth-validity", variant, "fe01", thumbprint=THUMBPRINT, days_left=left)])
        figure = plugin_output(render_nagios(case, EN)).figures[f"oauth-validity_{THUMBPRINT[:8]}_days_left"]
        assert (figure.value, figure.unit) == (left, "")
        assert alerts(figure.value, figure.critical) == (left <= 30)
        assert alerts(figure.value, figure.warn) == (left <= 90)
    for variant, seconds in {"pass": -0.04, "drifting": -200.0, "too-large": 301.0}.items():
        case = a_case([a_finding("time-skew", variant, "fe01", offset_seconds=seconds)])
        figure = plugin_output(render_nagios(case, EN)).figures["fe01_clock_offset"]
        assert figure.unit == "s"
        assert alerts(figure.value, figure.critical) == (variant == "too-large")
        assert alerts(figure.value, figure.warn) == (variant != "pass")


def test_that_counts_are_there_even_when_they_are_nothing() -> None:
    figures = plugin_output(render_nagios(a_case([]), EN)).figures
    assert {label: figure.value for label, figure in figures.items()} == dict.fromkeys(
        ("pass", "warn", "fail", "unknown", "not_applicable", "servers"), 0.0
    )
    assert not alerts(figures["fail"].value, figures["fail"].critical)


def test_that_a_thousand_servers_fit_into_what_nagios_reads() -> None:
    text = render_nagios(large(1000), EN)
    assert len(text.encode()) <= LONGEST
    assert plugin_output(text).figures["servers"].value == 1000


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_the_status_word_is_the_same_in_every_language(language: str) -> None:
    assert render_nagios(replica_stopped(), Catalogue(language)).startswith("OAUTHCERT CRITICAL - ")


# --- prometheus ---------------------------------------------------------------------------------------------------------------


def test_that_findings_certificates_and_clocks_become_series() -> None:
    samples = exposition(render_prometheus(replica_stopped()))
    assert samples["oauthcert_result", ()] == 2
    assert samples["oauthcert_finding_state", (("check", "replica-service"), ("server", "fe02.contoso.lab"))] == 2
    assert samples["oauthcert_finding_state", (("check", "cms-master"),)] == 0
    assert samples["oauthcert_certificate_expiry_timestamp_seconds", (("check", "oauth-validity"), ("thumbprint", THUMBPRINT))] > 1.7e9
    assert samples["oauthcert_clock_offset_seconds", (("server", "fe03.contoso.lab"),)] == 131
    assert samples["oauthcert_clock_offset_error_seconds", (("server", "fe03.contoso.lab"),)] == 0.6
    assert ("oauthcert_finding_state", (("check", "oauth-chain"), ("server", "fe02.contoso.lab"))) not in samples


def test_that_a_name_comes_back_as_it_was() -> None:
    name = 'a"b\\c\nd\\n,e="f"}'
    samples = exposition(render_prometheus(named(name)))
    assert ("oauthcert_clock_offset_seconds", (("server", name),)) in samples


@pytest.mark.parametrize(
    "text",
    [
        "# TYPE a gauge\na 1\n",
        "# HELP a x\n# TYPE a gauge\na 1",
        "# HELP a x\n# TYPE a gauge\na 1\na 2\n",
        '# HELP a x\n# TYPE a gauge\na{b="\\t"} 1\n',
        "# HELP a x\n# TYPE a gauge\na one\n",
        "# HELP a x\n# TYPE a gauge\n# HELP b x\n# TYPE b gauge\nb 1\na 1\n",
        "# HELP a_ms x\n# TYPE a_ms gauge\na_ms 1\n",
        "# HELP a_total x\n# TYPE a_total gauge\na_total 1\n",
        '# HELP a x\n# TYPE a gauge\na{b="x" c="y"} 1\n',
    ],
)
def test_that_the_reader_of_the_tests_is_as_strict_as_it_says(text: str) -> None:
    with pytest.raises(BrokenRuleError):
        exposition(text)
