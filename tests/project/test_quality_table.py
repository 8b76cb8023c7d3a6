"""What the program promises is proved by tests that exist: tests/data/quality.toml names them."""

import ast
import tomllib
from functools import cache

from tests.project.checkout import ROOT, text_of

TABLE: dict[str, dict[str, list[str] | str]] = tomllib.loads(text_of(ROOT / "tests" / "data" / "quality.toml"))
AREAS = {"reliability: what can go wrong while looking", "reliability: promises", "security", "people", "honesty", "performance"}


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the test functions of this file; none when there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    body = ast.parse(text_of(path)).body
    return frozenset(one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def test_that_every_promise_names_tests_that_exist_or_says_why_there_is_none() -> None:
    missing = [
        f"{promise}: {node}"
        for promises in TABLE.values()
        for promise, proof in promises.items()
        for node in (proof if isinstance(proof, list) else [])
        if node.partition("::")[2] not in names_in(node.partition("::")[0])
    ]
    assert missing == []
    empty = [promise for promises in TABLE.values() for promise, proof in promises.items() if not proof]
    assert empty == []


def test_that_no_area_is_left_out() -> None:
    assert set(TABLE) == AREAS
    assert all(TABLE.values())


def test_that_the_readme_says_what_was_not_seen_on_a_real_server() -> None:
    said = text_of(ROOT / "README.md").partition("## Not yet seen on a real server")[2].partition("\n## ")[0]
    assert said.count("\n- ") >= 3 or len(said.split()) > 30
