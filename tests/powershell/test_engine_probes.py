"""Every probe in a real PowerShell dressed up as a server of the lab: the script prints what the lab prints for the same state."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.probes import PROBES, round_questions
from oauthcert.lab.answers import FUNCTIONS, answer
from oauthcert.lab.building import build
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.scenarios import load_scenario, scenario_ids
from oauthcert.model.evidence import Answer, NotSeen
from oauthcert.model.target import Target
from oauthcert.remote.wire import Question, answer_of
from tests.powershell.engine import Engine, Outcome, found
from tests.powershell.worlds import dressed, write_module
from tests.unit.collect.samples import observation

pytestmark = pytest.mark.engine

NOW = datetime.now(UTC).replace(microsecond=0)
"""The scripts ask the engine's own clock how far back to look."""
WANTED = (
    "healthy-lync",
    "replica-stopped",
    "edge-never-reported",
    "no-private-key",
    "missing-intermediate",
    "misplaced-root",
    "first-deployment",
    "second-hop-denied",
    "helpdesk-view-only",
    "clock-off-7-minutes",
    "rollover-staged",
    "default-reused",
    "services-stopped",
    "components-missing",
    "stale-node-2008",
    "partner-realm-mismatch",
    "key-permission-denied",
)
OF_THE_ENGINE: Mapping[str, frozenset[str]] = {
    "session": frozenset({"powershell", "process64", "os64", "osVersion"}),
    "product": frozenset({"modules"}),
    "module": frozenset({"version", "path"}),
    "time": frozenset({"utc", "zone", "dcOffsetError", "dcName", "lastSync"}),
}
"""What the machine under the test says of itself, not the server it plays. Some of it has a test of its own below."""
UNORDERED = {"my", "intermediate", "root", "misplacedRoots"}


def cases() -> Iterator[tuple[str, str]]:
    for scenario in (one for one in WANTED if one in scenario_ids()):
        for plan in load_scenario(scenario).looked_at()[:4]:
            yield scenario, plan.name


def state(scenario: str, server: str) -> Cmdlets:
    deployment = build(load_scenario(scenario), NOW)
    return Cmdlets(deployment, deployment.machines[server], NOW)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    write_module(folder / "skype", "SkypeForBusiness", "7.0.0.0")
    write_module(folder / "lync", "Lync", "5.0.0.0")
    return folder


def look(engine: Engine, modules: Path, at: Cmdlets, *, questions: Sequence[Question] = (), more: str = "") -> Outcome:
    """One round on this server: all probes, or these questions. `more` is script that comes after everything else in the library."""
    home = modules / ("lync" if at.machine.product.module == "Lync" else "skype")
    usual = next((value for name, value in os.environ.items() if name.upper() == "PSMODULEPATH"), "")
    path = os.pathsep.join(filter(None, (str(home), usual)))
    asked = questions or round_questions(Target(at.machine.name))
    return engine.run(asked, f"{dressed(at)}\n{more}", environment={"PSModulePath": path}, seconds=110)


def simulated(at: Cmdlets, function: str, arguments: Mapping[str, object]) -> Answer:
    told = answer(at, function, arguments)
    if isinstance(told, ErrorRecord):
        return answer_of({"probe": "x", "ok": False, "fault": json.loads(json.dumps(dict(told.as_json())))})
    return answer_of({"probe": "x", "ok": True, "value": json.loads(json.dumps([dict(one) for one in told or ()]))})


def comparable(probe: str, value: object) -> object:
    """Without what is the engine's own, and with the order of the stores taken out: Windows promises none."""
    if isinstance(value, dict):
        left = {name: inner for name, inner in value.items() if name not in OF_THE_ENGINE.get(probe, frozenset())}
        return {
            name: sorted(inner, key=lambda one: str(one["thumbprint"])) if name in UNORDERED and isinstance(inner, list) else inner
            for name, inner in left.items()
        }
    return value


def told(probe: str, answer: Answer) -> list[object]:
    """All objects of an answer; keys come in the order of a store, which is none."""
    objects = [comparable(probe, one) for one in answer.value]
    return sorted(objects, key=_thumbprint) if probe == "keys" else objects


def _thumbprint(one: object) -> str:
    return str(one["thumbprint"]) if isinstance(one, dict) else ""


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("scenario", "server"), tuple(cases()))
def test_that_scripts_and_lab_tell_the_same_of_a_server(engine: Engine, modules: Path, scenario: str, server: str) -> None:
    at = state(scenario, server)
    outcome = look(engine, modules, at)
    assert outcome.order == ("hello", *(probe.id for probe in PROBES))
    evidence = evidence_of(observation(outcome.answers), Target(server))
    for probe in PROBES:
        real, lab = outcome.answers[probe.id], simulated(at, probe.function, probe.arguments)
        if lab.ok:
            assert real.ok, (probe.id, real.fault)
            assert told(probe.id, real) == told(probe.id, lab), probe.id
        else:
            expected = getattr(evidence_of(observation({probe.id: lab}), Target(server)), probe.id)
            seen = getattr(evidence, probe.id)
            assert isinstance(seen, NotSeen), probe.id
            assert (probe.id, seen.reason) == (probe.id, expected.reason)


def test_that_the_lab_answers_every_probe() -> None:
    assert set(FUNCTIONS) == {probe.function for probe in PROBES}


def test_that_all_printed_shapes_can_be_read(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", "fe01.contoso.lab")
    evidence = evidence_of(observation(look(engine, modules, at).answers), Target("fe01.contoso.lab"))
    unseen = {probe.id: getattr(evidence, probe.id) for probe in PROBES if isinstance(getattr(evidence, probe.id), NotSeen)}
    assert {name: reason for name, reason in unseen.items() if reason.reason == "unreadable"} == {}


def test_that_the_module_is_found_by_name(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", "fe01.contoso.lab")
    value = look(engine, modules, at).value("module")[0]
    assert isinstance(value, dict)
    assert (value["name"], value["by"]) == (at.machine.product.module, "name")


def test_that_a_hanging_cmdlet_costs_its_own_probe_alone(engine: Engine, modules: Path) -> None:
    """The probes after it run in a fresh runspace, where the product's module is loaded again."""
    at = state("healthy-lync", "fe01.contoso.lab")
    hanging = "$global:StandIns['Get-CsTopology'] = {\n    param($Bound)\n    while ($true) { [Threading.Thread]::Sleep(100) }\n}"
    asked = [replace(one, seconds=2) if one.id == "topology" else one for one in round_questions(Target(at.machine.name))]
    outcome = look(
        engine, modules, at, questions=[one for one in asked if one.id in ("module", "topology", "replica", "oauth")], more=hanging
    )
    fault = outcome.answers["topology"].fault
    assert fault is not None
    assert fault.id == "ProbeDeadline"
    assert outcome.value("replica") == [{"passed": True, "problems": []}]
    assert len(outcome.value("oauth")) == 1
    assert (outcome.exit_code, outcome.reader.ended) == (0, True)


def test_that_the_last_synchronisation_is_read_in_the_engines_own_format(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", "fe01.contoso.lab")
    value = look(engine, modules, at).value("time")[0]
    assert isinstance(value, dict)
    clock = at.machine.clock.at(NOW)
    expected = (clock.last_sync(NOW) + clock.offset).replace(microsecond=0)
    assert value["lastSync"] == expected.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    assert value["dcOffsetError"] == pytest.approx(0.0005 + 0.016)
    assert value["dcName"] == "dc01.contoso.lab"


def test_that_what_is_set_for_schannel_is_told(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", "edge01.contoso.lab")
    at.machine.ground.schannel |= {"ClientAuthTrustMode": 2, "SendTrustedIssuerList": 0}
    asked = [one for one in round_questions(Target(at.machine.name)) if one.id == "platform"]
    real = look(engine, modules, at, questions=asked).value("platform")
    lab = simulated(at, "Get-PlatformFacts", {}).value
    assert [comparable("platform", one) for one in real] == [comparable("platform", one) for one in lab]
