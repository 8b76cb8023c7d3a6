"""`oauthcert check --evidence` judges collected files as a live look judges the servers themselves."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.lab.scenarios import scenario_ids
from oauthcert.model.finding import Verdict
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.vault.store import MemoryStore
from oauthcert.words import Catalogue
from tests.builders.collected import document, written
from tests.builders.exposition import exposition, plugin_output
from tests.lab.conftest import Command

REACH = ("server-reachable", "sign-in-accepted", "time-skew")
"""What is asked of the way to a server. All else is asked of the server, whoever asks."""


@pytest.mark.parametrize("scenario", scenario_ids())
def test_that_evidence_files_are_judged_as_the_servers_were(scenario: str, oauthcert: Command, tmp_path: Path) -> None:
    looked = oauthcert("check", "--practice", scenario, "--format", "json", "--quiet")
    lab = oauthcert.labs[0]
    live = json.loads(looked.out)
    answered = [one["server"] for one in live["observations"] if one["answers"]]
    documents = [document(lab.deployment, lab.deployment.machines[name], lab.now()) for name in answered]
    written(tmp_path / "evidence", documents)

    judged = oauthcert("check", "--evidence", str(tmp_path / "evidence"), "--format", "json") if documents else None

    assert judged is not None
    assert judged.err == ""
    found = json.loads(judged.out)
    assert found["source"] == "evidence"
    by_id = {one["id"]: one for one in found["findings"]}
    if len(answered) == len(live["observations"]):
        expected = {one["id"]: one["words"] for one in live["findings"] if one["check"] not in REACH}
        assert {key: one["words"] for key, one in by_id.items() if one["check"] not in REACH} == expected
        assert judged.code == looked.code
    for one in by_id.values():
        if one["check"] in ("server-reachable", "sign-in-accepted"):
            assert (one["verdict"], one["facts"]["why"]) == (Verdict.NOT_APPLICABLE, "not-asked-from-here")


def test_that_a_saved_case_of_evidence_says_the_same_when_it_is_opened_again(oauthcert: Command, tmp_path: Path) -> None:
    oauthcert("check", "--practice", "replica-stopped", "--quiet")
    lab = oauthcert.labs[0]
    written(tmp_path / "evidence", [document(lab.deployment, machine, lab.now()) for machine in lab.deployment.machines.values()])
    case = tmp_path / "case.json"

    first = oauthcert("check", "--evidence", str(tmp_path / "evidence"), "--save", str(case), "--quiet")
    again = oauthcert("check", "--case", str(case))

    assert again.out == first.out
    assert again.code == first.code


def test_that_a_clock_is_judged_against_the_domain_controller_that_the_server_itself_asked(oauthcert: Command, tmp_path: Path) -> None:
    looked = oauthcert("check", "--practice", "clock-off-7-minutes", "--format", "json", "--quiet")
    lab = oauthcert.labs[0]
    wrong = [one["server"] for one in json.loads(looked.out)["findings"] if one["words"] == "time-skew.too-large"]
    machines = [lab.deployment.machines[one.name] for one in lab.targets]
    written(tmp_path / "evidence", [document(lab.deployment, machine, lab.now()) for machine in machines])

    found = json.loads(oauthcert("check", "--evidence", str(tmp_path / "evidence"), "--format", "json").out)

    assert wrong
    assert [one["server"] for one in found["findings"] if one["words"] == "time-skew.too-large"] == wrong


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_format_tells_of_evidence_and_of_refused_files(language: str, oauthcert: Command, tmp_path: Path) -> None:
    oauthcert("check", "--practice", "replica-stopped", "--quiet")
    lab = oauthcert.labs[0]
    written(tmp_path / "evidence", [document(lab.deployment, lab.deployment.machines[one.name], lab.now()) for one in lab.targets])
    (tmp_path / "evidence" / "lost.contoso.lab.oauthcert.json").write_bytes(b"\x1f\x8bpacked")
    place = ("check", "--evidence", str(tmp_path / "evidence"), "--lang", language)

    told = {shape: oauthcert(*place, "--format", shape) for shape in ("text", "html", "markdown", "json", "ndjson")}
    output = plugin_output(oauthcert(*place, "--format", "nagios").out)
    samples = exposition(oauthcert(*place, "--format", "prometheus").out)

    assert {ran.code for ran in told.values()} == {2}
    assert output.status == "CRITICAL"
    assert output.figures["servers"].value == len(lab.targets) + 1
    assert samples["oauthcert_finding_state", (("check", "server-reachable"), ("server", "lost.contoso.lab"))] == 3
    assert not any(dict(labels).get("check") == "sign-in-accepted" and value == 0 for (_, labels), value in samples.items())
    for ran in told.values():
        assert len(ran.err.splitlines()) == 1
        assert "lost" in ran.out
        assert "evidence-packed" not in ran.out or ran in (told["json"], told["ndjson"])
    for one in json.loads(told["json"].out)["findings"]:
        assert "{" not in one["title"] + one["meaning"] + one["action"]
        assert one["title"] != one["words"]


def test_that_the_window_opens_what_the_collector_wrote(oauthcert: Command, tmp_path: Path) -> None:
    oauthcert("check", "--practice", "oauth-expired", "--quiet")
    lab = oauthcert.labs[0]
    (file,) = written(tmp_path, [document(lab.deployment, lab.deployment.machines[lab.targets[0].name], lab.now())])
    parts = DeskParts(Catalogue("en"), WinrmGateway(), MemoryStore, _no_practice, tuple, lab.now, recent_file=tmp_path / "recent.json")
    desk = WindowDesk(parts)

    case = desk.open_case(file)

    assert case.finding(f"oauth-validity@{lab.targets[0].name}").verdict is Verdict.FAIL
    assert [recent.file for recent in desk.recent_cases()] == [file]
    for shape in ("html", "markdown", "json", "text"):
        assert lab.targets[0].name.partition(".")[0] in desk.render(case, shape)
        assert lab.targets[0].name not in desk.render(case, shape, masked=True)


def _no_practice(scenario: str) -> NoReturn:
    raise AssertionError(scenario)
