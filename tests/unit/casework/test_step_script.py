"""What a person is shown of a step before agreeing to it."""

import re

import pytest

from oauthcert import assets
from oauthcert.casework.step_script import HIDDEN, LATER, parameters_of, script_of
from oauthcert.model.plan import Action, FromAsk, FromStep
from oauthcert.model.secret import Secret

FIXES = assets.resources() / "powershell" / "fixes"
FUNCTIONS = [
    (f"fixes/{file.name}", name)
    for file in sorted(FIXES.iterdir(), key=lambda entry: entry.name)
    for name in re.findall(r"^function ([A-Za-z]+-[A-Za-z0-9]+) \{", file.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize(("script", "function"), FUNCTIONS)
def test_that_every_function_is_shown_whole(script: str, function: str) -> None:
    text = script_of(Action(function, ("probes/common.ps1", script))).text
    assert text.startswith(f"function {function} {{\n")
    assert text.endswith("\n}")
    assert text.count("\nfunction ") == 0


def test_that_a_function_that_no_script_holds_is_an_error() -> None:
    with pytest.raises(KeyError):
        script_of(Action("Remove-Everything", (FUNCTIONS[0][0],)))


def test_that_secrets_are_dots_and_what_comes_later_is_left_open() -> None:
    shown = dict(
        parameters_of(
            {
                "Password": Secret("the password"),
                "Parts": [Secret("one"), Secret("two")],
                "Bytes": FromStep("a", "parts", secret=True),
                "Thumbprint": FromStep("a", "thumbprint"),
                "Authority": FromAsk("authority"),
            }
        )
    )
    assert shown == {"Password": HIDDEN, "Parts": f"{HIDDEN}, {HIDDEN}", "Bytes": HIDDEN, "Thumbprint": LATER, "Authority": LATER}


def test_that_values_read_as_in_powershell_and_preview_is_left_out() -> None:
    shown = dict(
        parameters_of({"Name": "REPLICA", "StartMode": "", "Back": False, "Replicas": [], "Seconds": 60, "Template": None, "Preview": True})
    )
    assert shown == {"Name": "REPLICA", "StartMode": "''", "Back": "$false", "Replicas": "@()", "Seconds": "60", "Template": "$null"}


def test_that_long_values_are_cut() -> None:
    [(_, value)] = parameters_of({"Der": "A" * 5000})
    assert len(value) < 500
    assert value.endswith(LATER)
