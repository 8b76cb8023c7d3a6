"""What starting costs: asking for help loads nothing of what only a look needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "winrm",
    "requests",
    "urllib3",
    "requests_ntlm",
    "spnego",
    "cryptography",
    "keyring",
    "PySide6",
    "asyncio",
    "ssl",
    "xmltodict",
    "tomllib",
}

_SCRIPT = """
import json, sys
from oauthcert.__main__ import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def _loaded(tmp_path: Path, *arguments: str) -> tuple[int, set[str]]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[3] / "gui"),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_that_help_loads_none_of_the_heavy_libraries(arguments: list[str], tmp_path: Path) -> None:
    code, modules = _loaded(tmp_path, *arguments)

    assert code == 0
    assert modules & HEAVY == set()


@pytest.mark.skipif(os.name != "posix", reason="times of ended children are POSIX's")
def test_that_help_costs_little_more_than_python_itself(tmp_path: Path) -> None:
    """Processor time, the best of three each, so that other work on the machine counts little."""

    def cost(*arguments: str) -> float:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "gui"), "HOME": str(tmp_path)}
        before = os.times()
        subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True, timeout=60)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    bare, ours = ["-c", "pass"], ["-m", "oauthcert", "--help"]
    assert min(cost(*ours) for _ in range(3)) - min(cost(*bare) for _ in range(3)) <= 0.3


def test_that_judging_a_saved_case_loads_no_transport_and_no_keyring(tmp_path: Path) -> None:
    _, modules = _loaded(tmp_path, "check", "--case", str(tmp_path / "absent.json"))

    assert modules & {"winrm", "requests", "keyring", "spnego", "PySide6"} == set()


def test_that_listing_scenarios_loads_no_transport_and_no_keyring(tmp_path: Path) -> None:
    code, modules = _loaded(tmp_path, "scenarios", "--format", "json")

    assert code == 0
    assert modules & {"winrm", "requests", "keyring", "PySide6"} == set()
