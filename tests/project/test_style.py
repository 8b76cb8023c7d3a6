"""The rules of the house that tools can check: style, types, layers, sizes."""

import subprocess
import sys

import pytest

from tests.project.checkout import ROOT, text_of, tracked


def run_tool(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.timeout(300)
def test_that_types_are_strict_everywhere() -> None:
    run_tool("mypy")


def test_that_the_linter_has_nothing_to_say() -> None:
    run_tool("ruff", "check", ".")


def test_that_the_code_is_formatted() -> None:
    run_tool("ruff", "format", "--check", ".")


def test_that_layers_import_only_from_below() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "gui"), "PATH": "", "SYSTEMROOT": "C:\\Windows", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "kept, 0 broken" in done.stdout


def test_that_no_file_grows_beyond_400_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in tracked("*.py", "*.ps1") if (lines := text_of(path).count("\n")) > 400}
    assert long == {}


def test_that_every_module_says_what_it_is_for() -> None:
    import ast

    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("gui/*.py", "tests/*.py", "tasks.py")
        if text_of(path).strip() and ast.get_docstring(ast.parse(text_of(path))) is None
    ]
    assert silent == []


def test_that_no_name_hides_what_a_thing_does() -> None:
    vague = {"manager", "helper", "helpers", "util", "utils", "misc", "common", "base"}
    assert [str(path.relative_to(ROOT)) for path in tracked("*.py") if vague & set(path.stem.split("_"))] == []


def test_that_no_broad_except_swallows_an_error() -> None:
    import re

    swallowing = re.compile(r"except(\s+(Exception|BaseException))?(\s+as\s+\w+)?:\s*\n\s*(pass|continue|return None)\s*\n")
    assert [str(path.relative_to(ROOT)) for path in tracked("gui/*.py") if swallowing.search(text_of(path))] == []
