"""The Ansible files: whole, in order, without secrets, and calling the program as it is to be called."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from oauthcert.cli.parser import parse
from oauthcert.model.target import Product
from tests.project.checkout import ROOT

FOLDER = ROOT / "packaging" / "ansible"
ROLE = FOLDER / "roles" / "oauthcert_collect"
FILES = sorted((*FOLDER.rglob("*.yml"), FOLDER / ".ansible-lint"))


class StrictLoader(yaml.SafeLoader):  # type: ignore[misc]
    """Refuses a key that stands twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key twice"
        return dict(super().construct_mapping(node, deep))


def load(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), StrictLoader)


def tasks(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every task, those inside of blocks too."""
    for task in found:
        yield task
        for part in ("block", "rescue", "always"):
            yield from tasks(task.get(part, []))


PLAYS = load(FOLDER / "collect.yml")
EVERY = [*(task for play in PLAYS for task in tasks(play.get("tasks", []))), *tasks(load(ROLE / "tasks" / "main.yml"))]
KEYWORDS = {"name", "register", "changed_when", "failed_when", "when", "loop", "loop_control", "vars", "async", "poll", "block", "always"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_that_every_file_is_whole(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    assert text.endswith("\n")
    assert "\t" not in text
    assert load(file)


def test_that_every_task_has_a_name_and_one_module_written_in_full() -> None:
    for task in EVERY:
        modules = set(task) - KEYWORDS
        assert task["name"][0].isupper()
        assert len(modules) == (0 if "block" in task else 1), task["name"]
        assert all(module.startswith(("ansible.builtin.", "ansible.windows.")) for module in modules)


def test_that_evidence_is_collected_between_preparing_and_judging() -> None:
    assert [play["hosts"] for play in PLAYS] == ["localhost", "{{ oauthcert_group | default('oauthcert_servers') }}", "localhost"]
    assert [role["role"] for role in PLAYS[1]["roles"]] == ["oauthcert_collect"]


def module(name: str) -> list[dict[str, Any]]:
    return [task for task in EVERY if name in task]


def test_that_the_collector_is_run_by_its_own_parameters_and_nothing_is_left_behind() -> None:
    (run,) = module("ansible.windows.win_command")
    words = run["ansible.windows.win_command"]["argv"]
    script = (ROOT / "resources" / "powershell" / "collector" / "head.ps1").read_text(encoding="utf-8")
    behind = words[words.index("-File") + 2 :]
    assert behind[::2] == ["-OutFile", "-Product"]
    assert all(f"${name.removeprefix('-')} =" in script for name in behind[::2])
    (block,) = load(ROLE / "tasks" / "main.yml")
    assert [task["ansible.windows.win_file"]["state"] for task in block["always"]] == ["absent"]
    assert load(ROLE / "defaults" / "main.yml")["oauthcert_collect_product"] in list(Product)


def test_that_the_program_understands_how_it_is_called() -> None:
    printing, judging = (task["ansible.builtin.command"]["argv"] for task in module("ansible.builtin.command"))
    assert parse([*printing[1:-1], "x.ps1"]).command == "collector"
    (default,) = (task["vars"]["oauthcert_default_arguments"] for task in EVERY if "oauthcert_default_arguments" in task.get("vars", {}))
    assert parse([*default[:-1], "/e"]).evidence == ["/e"]
    assert "oauthcert_check_arguments" in judging


def test_that_results_of_a_check_do_not_count_as_a_broken_run() -> None:
    (judging,) = (task for task in module("ansible.builtin.command") if "failed_when" in task)
    assert "[0, 1, 2, 3]" in judging["failed_when"]


def test_that_no_password_and_no_real_name_stands_in_any_file() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8").lower()
        assert "ansible_password" not in text
        assert "ansible_become_password" not in text
        assert "vault" not in text
