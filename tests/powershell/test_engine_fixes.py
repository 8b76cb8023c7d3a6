"""Every repair in a real PowerShell dressed up as a server of the lab: it prints what the lab prints, and changes nothing in a preview."""

import os
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest

from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.configuration import exported
from oauthcert.remote.wire import Question
from tests.powershell.engine import Engine, Outcome, found
from tests.powershell.rehearsal import ALL_PRODUCT_CMDLETS, rehearse
from tests.powershell.repair_cases import CASES, FE1, FE2, NOW, Arguments, Case, assign, state
from tests.powershell.syntax import read
from tests.powershell.worlds import write_module

pytestmark = pytest.mark.engine

ENGINES_OWN = frozenset({"utc", "source"})
"""Facts of a clock that belong to the machine under the test."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    write_module(folder / "skype", "SkypeForBusiness", "7.0.0.0", ALL_PRODUCT_CMDLETS)
    write_module(folder / "lync", "Lync", "5.0.0.0", ALL_PRODUCT_CMDLETS)
    return folder


def repair(engine: Engine, modules: Path, at: Cmdlets, library: str, function: str, arguments: Arguments) -> Outcome:
    """One repair, and then what it called."""
    home = modules / ("lync" if at.machine.product.module == "Lync" else "skype")
    usual = next((value for name, value in os.environ.items() if name.upper() == "PSMODULEPATH"), "")
    path = os.pathsep.join(filter(None, (str(home), usual)))
    questions = [Question("fix", function, 60, arguments), Question("calls", "Get-Calls", 20)]
    own = mkdtemp(dir=modules)  # other tests run at the same time, and what is left behind is looked for
    environment = {"PSModulePath": path, "TMPDIR": own, "TEMP": own, "TMP": own}
    return engine.run(questions, library, environment=environment, seconds=100)


def told(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)
    return value


def facts(value: object) -> object:
    if not isinstance(value, dict):
        return value
    told = {name: inner for name, inner in value.items() if name not in ENGINES_OWN}
    if isinstance(told.get("request"), str):
        told["request"] = str(told["request"]).split()  # the file's line ends and its last one are the product's
    return told


def called(outcome: Outcome) -> tuple[list[str], list[Mapping[str, object]], object]:
    """Names, what each was given, and folders that were left behind."""
    said = told(outcome.value("calls")[0])
    calls = said["calls"]
    assert isinstance(calls, list)
    return [str(told(one)["name"]) for one in calls], [told(told(one)["bound"]) for one in calls], said["folders"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_that_the_lab_ends_a_repair_as_it_should(case: Case) -> None:
    """Without an engine: the cases themselves, and that the script for them can be written."""
    at = state(case.scenario, case.server)
    rehearsal = rehearse(at, case.function, {**case.prepared(at), "Preview": False})
    assert rehearsal.lab.ok, rehearsal.lab.fault
    value = told(rehearsal.lab.value[0])
    assert (value["outcome"], value["reason"]) == (case.outcome, case.reason)


def test_that_the_script_of_a_rehearsal_can_be_read() -> None:
    case = CASES["assign"]
    at = state(case.scenario, case.server)
    assert read(rehearse(at, case.function, {**case.prepared(at), "Preview": False}).library).broken_lines == ()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_that_script_and_lab_end_a_repair_alike(engine: Engine, modules: Path, case: Case) -> None:
    at = state(case.scenario, case.server)
    arguments = {**case.prepared(at), "Preview": False}
    rehearsal = rehearse(at, case.function, arguments)
    outcome = repair(engine, modules, at, rehearsal.library, case.function, arguments)
    real, lab = told(outcome.value("fix")[0]), told(rehearsal.lab.value[0])
    assert (real["outcome"], real["reason"]) == (case.outcome, case.reason)
    assert facts(real["before"]) == facts(lab["before"])
    assert facts(real["after"]) == facts(lab["after"])
    assert set(real) == {"outcome", "reason", "before", "after", "notes"}
    names, _, folders = called(outcome)
    assert (tuple(names), folders) == (case.calls, [])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("case", [case for case in CASES.values() if case.outcome == "changed"], ids=lambda case: case.function)
def test_that_a_preview_changes_nothing(engine: Engine, modules: Path, case: Case) -> None:
    at = state(case.scenario, case.server)
    arguments = case.prepared(at)
    rehearsal = rehearse(at, case.function, {**arguments, "Preview": True})
    outcome = repair(engine, modules, at, rehearsal.library, case.function, {**arguments, "Preview": True})
    real, lab = told(outcome.value("fix")[0]), told(rehearsal.lab.value[0])
    assert (real["outcome"], lab["outcome"]) == ("preview", "preview")
    assert facts(real["before"]) == facts(lab["before"])
    assert real["after"] is None
    _, bounds, folders = called(outcome)
    assert [bound.get("WhatIf") for bound in bounds] == [True] * len(bounds)
    assert folders == []


def test_that_an_export_brings_the_package_in_parts(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", FE1)
    rehearsal = rehearse(at, "Export-MasterConfiguration", {})
    outcome = repair(engine, modules, at, rehearsal.library, "Export-MasterConfiguration", {})
    real, lab = told(outcome.value("fix")[0]), told(rehearsal.lab.value[0])
    assert (real["outcome"], real["after"]) == ("already", lab["after"])
    names, bounds, folders = called(outcome)
    assert (names, bounds, folders) == (["Export-CsConfiguration"], [{"AsBytes": True}], [])


def bound_by(engine: Engine, modules: Path, case: Case) -> Mapping[str, object]:
    """What the one changing cmdlet was given."""
    at = state(case.scenario, case.server)
    arguments = {**case.prepared(at), "Preview": False}
    outcome = repair(engine, modules, at, rehearse(at, case.function, arguments).library, case.function, arguments)
    _, bounds, _ = called(outcome)
    return {name: value for name, value in bounds[0].items() if name not in ("Report", "Output")}


def test_that_an_assignment_is_global_and_asks_nobody(engine: Engine, modules: Path) -> None:
    bound = bound_by(engine, modules, CASES["assign"])
    assert len(str(bound["Thumbprint"])) == 40
    left = {name: value for name, value in bound.items() if name != "Thumbprint"}
    assert left == {"Identity": "Global", "Type": "OAuthTokenIssuer", "WhatIf": False, "Confirm": False}


def test_that_a_staged_date_goes_as_a_moment_of_local_time(engine: Engine, modules: Path) -> None:
    bound = bound_by(engine, modules, CASES["stage"])
    moment = (NOW + timedelta(hours=72)).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    assert (bound["EffectiveDate"], bound["Roll"], bound["Identity"]) == (f"Local {moment}", True, "Global")


def test_that_a_configuration_goes_into_the_local_store_alone_and_unharmed(engine: Engine, modules: Path) -> None:
    bound = bound_by(engine, modules, CASES["import"])
    at = state("healthy-lync", FE2)
    assert bound["LocalStore"] is True
    assert bound["ByteInput"] == b64encode(exported(at.deployment, at.moment)).decode("ascii")


def test_that_the_words_of_a_report_become_a_note(engine: Engine, modules: Path) -> None:
    at = state("healthy-lync", FE1)
    arguments = {**assign(at), "Preview": False}
    outcome = repair(engine, modules, at, rehearse(at, "Set-OAuthAssignment", arguments).library, "Set-OAuthAssignment", arguments)
    assert told(outcome.value("fix")[0])["notes"] == ["Log Completed & checked"]


def test_that_a_certificate_is_requested_with_a_key_that_can_travel(engine: Engine, modules: Path) -> None:
    bound = bound_by(engine, modules, CASES["request"])
    assert bound.items() >= {"New": True, "Type": "OAuthTokenIssuer", "PrivateKeyExportable": True, "AllSipDomain": True}.items()
    assert "Template" not in bound
