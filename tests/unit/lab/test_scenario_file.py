"""Scenario files: what ships is sound, what is wrong is refused with the file, the key and what is allowed."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert import assets
from oauthcert.lab.durations import ALLOWED
from oauthcert.lab.faults import FAULTS
from oauthcert.lab.oracle import DEPLOYMENT_CHECKS, SERVER_CHECKS
from oauthcert.lab.scenario_file import read_scenario
from oauthcert.lab.scenarios import load_scenario, scenario_ids, scenarios
from oauthcert.model.errors import ScenarioError
from oauthcert.model.finding import Verdict
from tests.unit.lab.conftest import HEAD, scenario

WANTED = {
    "healthy-lync", "first-deployment", "requested-twice", "key-not-exportable", "key-cng", "no-private-key", "missing-intermediate",
    "misplaced-root", "oauth-expired", "replica-stopped", "cms-master-down", "edge-never-reported", "clock-off-7-minutes",
    "second-hop-denied", "helpdesk-view-only", "server-unreachable", "not-winrm", "tls-untrusted", "large-200",
}  # fmt: skip


def test_that_all_scenarios_of_the_catalogue_are_there_and_listed_with_words() -> None:
    assert set(scenario_ids()) >= WANTED
    listed = scenarios()
    assert listed[0].id == "healthy-lync"
    for entry in listed:
        assert set(entry.title) == set(entry.story) == {"en", "de"}
        assert entry.servers >= 3
    assert next(entry for entry in listed if entry.id == "large-200").servers == 200


@pytest.mark.parametrize("scenario_id", scenario_ids())
def test_that_each_oracle_is_whole_and_agrees_with_itself(scenario_id: str) -> None:
    plan = load_scenario(scenario_id)
    oracle = plan.oracle()
    assert len(oracle.findings) == len(DEPLOYMENT_CHECKS) + len(SERVER_CHECKS) * len(plan.looked_at())
    bad = {finding for finding, verdict in oracle.findings.items() if verdict in (Verdict.FAIL, Verdict.WARN)}
    causes = [cause.finding for cause in oracle.causes]
    explained = {finding for cause in oracle.causes for finding in cause.explains}
    assert len(causes) == len(set(causes))
    assert not explained & set(causes), "a cause is not explained by another"
    assert bad <= explained | set(causes), "whatever is wrong is a cause or has one"
    unknown = {finding for finding, verdict in oracle.findings.items() if verdict is Verdict.UNKNOWN}
    assert unknown <= explained | set(causes)
    assert not {f for f in explained | set(causes) if oracle.findings[f] is Verdict.PASS}
    seen = set(oracle.findings.values())
    code = 2 if Verdict.FAIL in seen else 1 if Verdict.WARN in seen else 3 if Verdict.UNKNOWN in seen else 0
    assert oracle.exit_code == code


@pytest.mark.parametrize("scenario_id", scenario_ids())
def test_that_added_servers_are_healthy_ones(scenario_id: str) -> None:
    plan = load_scenario(scenario_id)
    more = plan.scaled(len(plan.looked_at()) + 30)
    names = [server.name for server in more.looked_at()]
    assert len(names) == len(set(names)) == len(plan.looked_at()) + 30
    assert plan.scaled(1).servers == plan.servers
    added = set(names) - {server.name for server in plan.looked_at()}
    small, large = plan.oracle().findings, more.oracle().findings
    assert {finding: large[finding] for finding in small} == small
    assert {finding.split("@")[1] for finding in large.keys() - small.keys()} == added


def test_that_a_lab_has_an_upper_bound() -> None:
    with pytest.raises(ValueError, match="at most 2000"):
        scenario().scaled(2001)


def test_that_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(ScenarioError, match="no scenario healthy") as caught:
        load_scenario("healthy")
    assert "healthy-lync" in caught.value.facts["allowed"]
    with pytest.raises(ScenarioError):
        load_scenario("../secrets")


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        (('id = "small"', "id = 7"), "id", "a text"),
        (('id = "small"', ""), "id", "missing"),
        (('product = "sfb-se"', 'product = "sfb-2016"'), "product", "lync-2013, sfb-2015, sfb-2019, sfb-se"),
        ((', de = "Klein" }', " }"), "title.de", "missing"),
        (("exit = 0", "exit = 4"), "expect.exit", "0 to 3"),
        (("exit = 0", "exit = true"), "expect.exit", "0 to 3"),
        (("exit = 0", "exit = 0, color = 1"), "expect.color", "known are causes, exit, findings"),
        (('role = "edge"', 'role = "proxy"'), "servers[3].role", "edge"),
        (('name = "edge01.contoso.lab"', 'name = "EDGE01"'), "servers[3].name", "lower case"),
        (('name = "edge01.contoso.lab"', 'name = "fe01.contoso.lab"'), "servers", "not fe01.contoso.lab twice"),
        (('name = "fe01.contoso.lab"', 'name = "fe09.contoso.lab"'), "settings.master", "one of the servers"),
        (('role = "standard-edition"', 'role = "edge"'), "settings.master", "a front end"),
        (('role = "edge"', 'role = "edge", pool = "pool02.contoso.lab"'), "servers", "one role in each pool"),
        (("", "colour = 1\n"), "colour", "left out"),
    ],
)
def test_that_a_wrong_file_is_refused_at_its_key(change: tuple[str, str], key: str, allowed: str) -> None:
    before, after = change
    assert before in HEAD
    text = HEAD.replace(before, after, 1) if before else after + HEAD
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "bad.toml")
    assert caught.value.facts["file"] == "bad.toml"
    assert caught.value.facts["key"] == key
    assert allowed in caught.value.facts["allowed"]
    assert str(caught.value).startswith("bad.toml: ")


@pytest.mark.parametrize(
    ("more", "key", "allowed"),
    [
        ('[[faults]]\nfault = "explode"\nservers = ["@all"]', "faults[1].fault", "service-stopped"),
        ('[[faults]]\nfault = "port-closed"\nservers = ["fe77.contoso.lab"]', "faults[1].servers", "@front-ends"),
        ('[[faults]]\nfault = "port-closed"\nservers = []', "faults[1].servers", "not empty"),
        ('[[faults]]\nfault = "port-closed"\nservers = ["@all"]\nat = "in 3h"', "faults[1].at", "not in the future"),
        ('[[faults]]\nfault = "port-closed"\nservers = ["@all"]\nat = "tomorrow"', "faults[1].at", ALLOWED),
        ('[[faults]]\nfault = "oauth-renewed"\nservers = ["@all"]', "faults[1].at", "missing"),
        ('[[faults]]\nfault = "service-stopped"\nservers = ["@all"]', "faults[1].service", "needs it"),
        ('[[faults]]\nfault = "clock-off"\nservers = ["@all"]\nseconds = "7"', "faults[1].seconds", "a whole number"),
        ('[[faults]]\nfault = "port-closed"\nservers = ["@all"]\nseconds = 7', "faults[1].seconds", "left out"),
        ('[settings]\noauth_assigned = "500d ago"', "settings.oauth_assigned", "after `installed`"),
        ('[settings]\nchanges = ["in 1h"]', "settings.changes", "not in the future"),
        ('[[fleet]]\nname = "fe.contoso.lab"\nrole = "edge"\ncount = 2', "fleet[1].name", "with its number"),
        ('[[fleet]]\nname = "fe{number:x2z}.contoso.lab"\nrole = "edge"\ncount = 2', "fleet[1].name", "with its number"),
        ('[[fleet]]\nname = "fe{number}.contoso.lab"\nrole = "edge"\ncount = 99999', "fleet[1].count", "1 to 2000"),
    ],
)
def test_that_wrong_events_and_settings_are_refused_at_their_key(more: str, key: str, allowed: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(more)
    assert caught.value.facts["key"] == key
    assert allowed in caught.value.facts["allowed"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('findings = [{ check = "oauth-magic", servers = ["@all"], verdict = "fail" }]', "no finding of this scenario"),
        ('findings = [{ check = "oauth-chain", servers = ["fe09.contoso.lab"], verdict = "fail" }]', "no server of this scenario"),
        ('findings = [{ check = "oauth-chain", servers = ["@everyone"], verdict = "fail" }]', "no group of servers"),
        ('findings = [{ check = "oauth-chain", servers = ["@all", "-fe09.contoso.lab"], verdict = "fail" }]', "no server of this"),
        ('findings = [{ check = "oauth-chain", verdict = "fail" }]', "missing"),
        ('findings = [{ check = "oauth-chain", servers = ["@all"], deployment = true, verdict = "fail" }]', "either servers or"),
        ('findings = [{ check = "oauth-chain", servers = ["@all"], verdict = "bad" }]', "not-applicable"),
        (
            'findings = [{ check = "oauth-chain", servers = ["@all"], verdict = "fail" }, '
            '{ check = "oauth-chain", servers = ["fe01.contoso.lab"], verdict = "warn" }]',
            "two verdicts",
        ),
        ('causes = [{ finding = "oauth-chain" }]', "an id such as"),
        ('causes = [{ finding = "oauth-chain@fe01.contoso.lab", explains = [7] }]', "a text or a table"),
        ('causes = [{ finding = "oauth-chain@fe01.contoso.lab", explains = ["oauth-magic@deployment"] }]', "no finding of this scenario"),
    ],
)
def test_that_an_oracle_that_cannot_be_is_refused(line: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        read_scenario(HEAD.replace("expect = { exit = 0 }", f"[expect]\nexit = 2\n{line}"), "small.toml")


def test_that_short_forms_stand_for_all_they_name() -> None:
    text = """[expect]
exit = 2
findings = [{ checks = ["@oauth"], servers = ["@front-ends", "-fe01.contoso.lab"], without = ["oauth-chain"], verdict = "fail" }]
[[expect.causes]]
finding = { check = "oauth-in-store", servers = ["@others-inside"] }
explains = [{ checks = ["@certificate"], servers = ["@same"] }]
"""
    oracle = read_scenario(HEAD.replace("expect = { exit = 0 }", text), "small.toml").oracle()
    failed = {finding for finding, verdict in oracle.findings.items() if verdict is Verdict.FAIL}
    keys = ("oauth-private-key", "oauth-key-exportable", "oauth-key-provider", "oauth-key-permissions")
    checks = ("oauth-in-store", *keys, "oauth-validity", "oauth-strength", "metadata-published")
    assert failed == {f"{check}@fe02.contoso.lab" for check in checks}
    (cause,) = oracle.causes
    assert cause.finding == "oauth-in-store@fe02.contoso.lab"
    assert "oauth-chain@fe02.contoso.lab" in cause.explains
    assert len(cause.explains) == 7


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_PATHS = st.sampled_from(
    [
        ("id",), ("product",), ("title",), ("servers",), ("servers", 0, "role"), ("servers", 1, "pool"), ("expect",), ("expect", "exit"),
        ("settings",), ("faults",), ("fleet",),
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_PATHS, _values)
def test_that_any_value_at_any_place_is_taken_or_refused_by_name(path: tuple[str | int, ...], value: object) -> None:
    content = tomllib.loads(HEAD)
    place: object = content
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    try:
        text = _toml(content)
    except TypeError:
        return
    try:
        read_scenario(text, "any.toml").oracle()
    except ScenarioError as problem:
        assert problem.facts["file"] == "any.toml"  # noqa: PT017 - most values are refused, some few are taken


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(HEAD)))
def test_that_no_text_breaks_the_reader(text: str, place: int) -> None:
    for whole in (text, HEAD[:place] + text + HEAD[place:], HEAD[:place]):
        try:
            read_scenario(whole, "any.toml")
        except ScenarioError as problem:
            assert problem.facts["file"] == "any.toml"  # noqa: PT017 - a text may happen to be harmless


def _toml(value: object) -> str:
    """Writes what TOML can hold; raises TypeError for the rest."""
    if isinstance(value, dict):
        return "\n".join(f"{_key(name)} = {_inline(one)}" for name, one in value.items())
    raise TypeError


def _inline(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() if abs(value) < 2**63:
            return str(value)
        case float():
            return str(value)
        case str():
            return _key(value)
        case list():
            return "[" + ", ".join(_inline(one) for one in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{_key(name)} = {_inline(one)}" for name, one in value.items()) + " }"
    raise TypeError


def _key(text: str) -> str:
    return '"' + "".join(f"\\U{ord(one):08x}" for one in text if not 0xD800 <= ord(one) < 0xE000) + '"'


def test_that_every_fault_of_the_shipped_scenarios_is_known() -> None:
    used = set()
    for scenario_id in scenario_ids():
        used |= {one["fault"] for one in tomllib.loads(assets.text(f"scenarios/{scenario_id}.toml")).get("faults", [])}
    assert used <= set(FAULTS)
    assert len(used) >= 15
