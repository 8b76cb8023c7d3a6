"""Every repair function is sent with exactly the script files it takes."""

from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.fixes.functions import FUNCTIONS, call
from tests.powershell.syntax import read

ROOT = Path(str(assets.resources())) / "powershell"
FILES = {file.relative_to(ROOT).as_posix(): file for folder in ("fixes", "probes") for file in sorted((ROOT / folder).glob("*.ps1"))}
SCRIPTS = {name: read(file.read_text(encoding="utf-8")) for name, file in FILES.items()}
HOMES = {function.name.lower(): name for name, script in SCRIPTS.items() for function in script.functions}


def needed(name: str) -> set[str]:
    """The file and all files with functions that it calls, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [HOMES[called.name.lower()] for called in SCRIPTS[file].calls if called.name.lower() in HOMES]
    return found


@pytest.mark.parametrize("function", FUNCTIONS)
def test_that_a_function_comes_with_all_it_calls(function: str) -> None:
    home = HOMES[function.lower()]
    assert home.startswith("fixes/")
    missing = needed(home) - set(FUNCTIONS[function].scripts)
    assert missing == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_that_no_file_comes_along_for_nothing(function: str) -> None:
    scripts = FUNCTIONS[function].scripts
    assert set(scripts) - needed(HOMES[function.lower()]) == set()
    assert len(set(scripts)) == len(scripts)


def test_that_every_function_that_changes_something_can_be_sent() -> None:
    inner = {"Preview"}
    exported = {
        f.name for name, script in SCRIPTS.items() if name.startswith("fixes/") for f in script.functions if inner & set(f.parameters)
    }
    helpers = {"Set-StartMode", "Add-FileReader", "Set-FileAccess"}
    assert exported - helpers <= set(FUNCTIONS)


def test_that_there_is_no_action_without_a_function() -> None:
    with pytest.raises(KeyError):
        call("Start-CsPool")
