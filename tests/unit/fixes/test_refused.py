"""What is refused always: each of it is built here, and none of it is ever sent."""

from dataclasses import replace

import pytest

from oauthcert.fixes import refused, script_text
from oauthcert.fixes.functions import FUNCTIONS, call
from oauthcert.fixes.refused import RefusedAlways, refuse
from oauthcert.model.plan import Action

GOOD = call("Set-OAuthAssignment", Thumbprint="AB", ExpectedThumbprint="")
STAGED = call("Add-StagedOAuth", Thumbprint="CD")
NEVER = {
    "whole-import": "Import-CsConfiguration -ByteInput $bytes",
    "pool-start": "start-cspool -PoolFqdn $Pool",
    "topology": "Enable-CsTopology",
    "service-connection-point": "Remove-CsConfigurationStoreLocation",
    "replica-folder": "Remove-Item C:\\RtcReplicaRoot\\xds-replica -Recurse",
}


def why(before: list[Action], action: Action) -> str:
    with pytest.raises(RefusedAlways) as caught:
        refuse(before, action)
    return caught.value.facts["why"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_that_every_repair_of_the_table_may_be_sent(function: str) -> None:
    refuse([], call(function))


@pytest.mark.parametrize("second", [GOOD, STAGED], ids=lambda action: action.function)
@pytest.mark.parametrize("first", [GOOD, STAGED], ids=lambda action: action.function)
def test_that_a_second_assignment_in_one_run_is_refused(first: Action, second: Action) -> None:
    assert why([call("Enable-LocalReplica"), first], second) == "second-assignment"


@pytest.mark.parametrize(
    "function",
    [
        "Import-CsConfiguration",
        "Start-CsPool",
        "Publish-CsTopology",
        "Enable-CsTopology",
        "Remove-Item",
        "Set-ADObject",
        "set-oauthassignment",
        "",
    ],
)
def test_that_only_functions_of_the_table_are_sent(function: str) -> None:
    assert why([], replace(GOOD, function=function)) == "unknown-function"


@pytest.mark.parametrize("scripts", [(), ("fixes/services.ps1",), ("../../evil.ps1",), (*GOOD.scripts, "fixes/services.ps1")])
def test_that_a_function_is_sent_with_its_own_scripts_only(scripts: tuple[str, ...]) -> None:
    assert why([], replace(GOOD, scripts=scripts)) == "foreign-script"


@pytest.mark.parametrize("kind", NEVER)
def test_that_a_script_that_does_what_is_never_done_is_not_sent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "library", lambda _scripts: f"function X {{\n{NEVER[kind]}\n}}\n")
    assert why([], GOOD) == kind


def test_that_a_library_holds_each_file_once_and_without_comments() -> None:
    text = script_text.library(FUNCTIONS["Start-StoppedService"].scripts)
    assert text.count("function Start-StoppedService") == 1
    assert not [line for line in text.splitlines() if line.lstrip().startswith("#")]
