"""Promises about the checkout as a whole: what is in it, what must never be, and that it installs."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.project.checkout import ROOT, text_of, tracked

TOP_LEVEL = {
    "gui", "resources", "tests", "packaging", "pyproject.toml", "tasks.py", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
    ".ci", ".gitignore", ".gitattributes",
}  # fmt: skip


def test_that_the_top_level_stays_as_agreed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_that_packaging_is_never_importable() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_that_no_package_registry_and_no_path_of_one_machine_is_named() -> None:
    halves = (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.npm", "js"),
        ("deb.deb", "ian.org"),
        ("nu", "get.org"),
        ("/wo", "rk/"),
        ("/ro", "ot/."),
    )
    names = ["".join(half) for half in halves]
    found = {f"{path.relative_to(ROOT)}: {name}" for path in tracked() for name in names if name in text_of(path)}
    assert found == set()


def test_that_every_dependency_is_pinned_and_has_its_reason() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    direct = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    everything = [*direct, *project["tool"]["uv"]["constraint-dependencies"]]
    assert [entry for entry in everything if not re.fullmatch(r"[A-Za-z0-9_.\-\[\]]+==[\w.]+", entry)] == []
    reasons = text_of(ROOT / "CONTRIBUTING.md")
    assert [entry for entry in direct if f"`{entry.split('==')[0]}`" not in reasons] == []
    pinned = {entry.split("==")[0].lower().replace("_", "-") for entry in project["tool"]["uv"]["constraint-dependencies"]}
    assert {entry.split("==")[0].lower().replace("_", "-") for entry in direct} <= pinned


def test_that_the_readme_names_the_two_commands_and_ci_calls_the_second() -> None:
    readme = text_of(ROOT / "README.md")
    assert "python3 tasks.py practice" in readme
    assert "python3 tasks.py test" in readme
    assert text_of(ROOT / ".ci" / "run").rstrip().endswith("python3 tasks.py test")


def test_that_every_picture_the_readme_shows_is_there() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(ROOT / "README.md")):
        assert (ROOT / picture).is_file(), picture


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_that_the_wheel_carries_every_resource(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"oauthcert/{path.relative_to(ROOT).as_posix()}" for path in tracked("resources")}
    assert wanted
    assert wanted <= inside
    assert not [name for name in inside if name.startswith(("tests/", "packaging/"))]


@pytest.mark.timeout(180)
def test_that_the_wheel_runs_on_its_own_files(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    start = "import oauthcert, sys; from oauthcert.__main__ import main; print(oauthcert.__file__); sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", start, "scenarios"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "HOME": str(tmp_path), "SYSTEMROOT": "C:\\Windows", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout
    assert "first-deployment" in done.stdout
