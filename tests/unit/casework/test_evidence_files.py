"""Many evidence files: found, told apart, judged together, with memory that does not grow with what they say alike."""

import json
import os
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oauthcert.casework.case_file import FileInTheWay, save_case
from oauthcert.casework.evidence_files import (
    FarApart,
    NoEvidence,
    Note,
    Refused,
    Superseded,
    collected_case,
    evidence_files,
)
from oauthcert.casework.opening import open_judged
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import build
from oauthcert.lab.scenarios import load_scenario
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text, to_text
from oauthcert.model.finding import Verdict
from oauthcert.report.masking import is_masked, masked
from tests.builders.collected import document, written

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    """The healthy practice deployment."""
    scenario = load_scenario("healthy-lync")
    deployment = build(scenario, NOW, LabAuthority(scenario.sip_domain, NOW))
    return [document(deployment, deployment.machines[server.name], NOW) for server in scenario.looked_at()]


class Reading:
    """Judges what is in a folder; `notes` is what was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[Note] = []

    def __call__(self, *places: str) -> Case:
        return collected_case(places or [str(self.folder)], NOW, self.notes.append)


@pytest.fixture
def reading(tmp_path: Path, documents: list[dict[str, Any]]) -> Reading:
    written(tmp_path, documents)
    return Reading(tmp_path)


def save(file: Path, document: dict[str, Any], **changes: Any) -> Path:
    file.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return file


def later(document: dict[str, Any], **by: float) -> dict[str, str]:
    moment = datetime.fromisoformat(document["utc"]) + timedelta(**by)
    return dict.fromkeys(("utc", "finished"), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_that_a_folder_is_judged_as_one_deployment(reading: Reading, documents: list[dict[str, Any]]) -> None:
    case = reading()
    assert [target.name for target in case.targets] == sorted(one["server"] for one in documents)
    assert (case.source, case.exit_code, reading.notes) == ("evidence", 0, [])
    assert case.finished <= NOW + timedelta(minutes=1)


def test_that_of_several_files_of_one_server_the_newest_counts_in_whatever_order(reading: Reading, documents: list[dict[str, Any]]) -> None:
    name = documents[0]["server"]
    save(reading.folder / "a-new.json", documents[0], **later(documents[0], minutes=5), tool="new")
    save(reading.folder / "z-old.json", documents[0], **later(documents[0], minutes=-5), tool="old")

    case = reading()

    told = [note for note in reading.notes if isinstance(note, Superseded)]
    assert [(Path(note.file).name, note.server, Path(note.newer).name) for note in told] == [
        (f"{name}.oauthcert.json", name, "a-new.json"),
        ("z-old.json", name, "a-new.json"),
    ]
    assert len(case.targets) == len(documents)
    assert case.exit_code == 0


def test_that_a_refused_file_is_told_and_keeps_its_place_among_the_servers(reading: Reading) -> None:
    (reading.folder / "FE77.contoso.lab-20261121T120000Z.oauthcert.json").write_bytes(b'{"kind": "oauthcert-evid')

    case = reading()

    (note,) = reading.notes
    assert isinstance(note, Refused)
    finding = case.finding("server-reachable@fe77.contoso.lab")
    assert (finding.verdict, finding.words) == (Verdict.UNKNOWN, "server-reachable.evidence-refused")
    assert finding.facts["reason"] == "evidence-not-json"
    behind = [one for one in case.findings if one.server == "fe77.contoso.lab" and one.id != finding.id]
    assert all(one.because == (finding.id,) for one in behind if one.verdict is Verdict.UNKNOWN)
    assert case.exit_code == 3


def test_that_a_refused_copy_beside_a_good_one_of_the_same_server_only_is_told(reading: Reading, documents: list[dict[str, Any]]) -> None:
    (reading.folder / f"{documents[0]['server']}.json").write_bytes(b"")
    case = reading()
    assert isinstance(reading.notes[0], Refused)
    assert len(case.targets) == len(documents)
    assert case.exit_code == 0


def test_that_files_folders_and_wildcards_may_be_mixed_and_count_once(reading: Reading, documents: list[dict[str, Any]]) -> None:
    inner = reading.folder / "site" / "rack"
    inner.mkdir(parents=True)
    save(inner / "X.JSON", documents[0], server="other.contoso.lab")
    (reading.folder / "notes.txt").write_text("not read", encoding="utf-8")
    (reading.folder / ".hidden.json").write_text("not read", encoding="utf-8")

    places = [str(reading.folder / "*.json"), str(reading.folder), str(inner / "X.JSON")]

    assert [file.name for file in evidence_files(places)] == [
        *sorted(f"{one['server']}.oauthcert.json" for one in documents),
        "X.JSON",
    ]
    assert [file.name for file in evidence_files([str(reading.folder / "**" / "X*")])] == ["X.JSON"]


def test_that_a_file_whose_name_looks_like_a_wildcard_is_read(reading: Reading, documents: list[dict[str, Any]]) -> None:
    file = save(reading.folder / "fe[1].json", documents[0])
    assert list(evidence_files([str(file)])) == [file]


@pytest.mark.parametrize("place", ["nothing-*.json", "empty"])
def test_that_a_place_without_evidence_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoEvidence):
        collected_case([str(tmp_path / place)], NOW, lambda _note: None)


def test_that_no_more_files_are_read_than_can_be_meant(reading: Reading) -> None:
    with pytest.raises(NoEvidence, match="more than 2 files"):
        list(evidence_files([str(reading.folder)], most=2))


def test_that_a_file_that_is_not_there_is_refused_and_the_rest_judged(reading: Reading) -> None:
    case = reading(str(reading.folder), str(reading.folder / "gone.json"))
    assert [type(note) for note in reading.notes] == [Refused]
    assert case.finding("server-reachable@gone").facts["reason"] == "evidence-not-read"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_that_a_pipe_does_not_hang_the_reading(reading: Reading) -> None:
    os.mkfifo(reading.folder / "pipe.json")
    case = reading()
    assert case.finding("server-reachable@pipe").facts["reason"] == "evidence-no-file"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own")
def test_that_links_in_a_circle_end(reading: Reading, documents: list[dict[str, Any]]) -> None:
    (reading.folder / "again").symlink_to(reading.folder, target_is_directory=True)
    assert len(list(evidence_files([str(reading.folder)]))) == len(documents)


def test_that_evidence_hours_apart_is_said_to_be(reading: Reading, documents: list[dict[str, Any]]) -> None:
    save(reading.folder / f"{documents[1]['server']}.oauthcert.json", documents[1], **later(documents[1], hours=-3))
    case = reading()
    (note,) = reading.notes
    assert isinstance(note, FarApart)
    assert note.newest - note.oldest > timedelta(hours=2)
    assert case.started == note.oldest


def test_that_a_file_of_the_future_does_not_make_all_others_old(reading: Reading, documents: list[dict[str, Any]]) -> None:
    future = save(reading.folder / "future.json", documents[1], server="future.contoso.lab", **later(documents[1], days=4000))
    case = reading()
    assert case.finished < NOW + timedelta(minutes=15)
    expired = {one.server for one in case.findings if one.words == "oauth-validity.expired"}
    assert expired <= {"future.contoso.lab"}
    assert open_judged(future, NOW).finished == NOW


def test_that_a_case_of_evidence_survives_saving(reading: Reading) -> None:
    case = reading()
    assert from_text(to_text(case)) == case


def test_that_evidence_cases_and_masked_cases_are_opened_each_in_its_way(reading: Reading, documents: list[dict[str, Any]]) -> None:
    one = open_judged(reading.folder / f"{documents[0]['server']}.oauthcert.json", NOW)
    assert (one.source, [target.name for target in one.targets]) == ("evidence", [documents[0]["server"]])
    saved, hidden = reading.folder / "case.json", reading.folder / "masked.json"
    case = reading()
    saved.write_text(to_text(case), encoding="utf-8")
    hidden.write_text(to_text(masked(case)), encoding="utf-8")
    assert open_judged(saved, NOW) == case
    opened = open_judged(hidden, NOW)
    assert is_masked(opened)
    assert opened.findings == masked(case).findings


def test_that_a_case_never_replaces_the_evidence_it_was_made_of(reading: Reading, documents: list[dict[str, Any]]) -> None:
    file = reading.folder / f"{documents[0]['server']}.oauthcert.json"
    before = file.read_bytes()
    with pytest.raises(FileInTheWay):
        save_case(file, to_text(open_judged(file, NOW)))
    assert file.read_bytes() == before


def growth(folder: Path, documents: list[dict[str, Any]], counts: tuple[int, ...]) -> Iterator[float]:
    """Peak of Python's own memory while so many files are read and judged, in bytes."""
    for count in counts:
        place = folder / str(count)
        copies = ({**documents[number % len(documents)], "server": f"fe{number}.contoso.lab"} for number in range(count))
        written(place, copies)
        tracemalloc.start()
        collected_case([str(place)], NOW, lambda _note: None)
        yield tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


def test_that_memory_grows_with_what_differs_and_not_with_the_files(tmp_path: Path, documents: list[dict[str, Any]]) -> None:
    few, many = growth(tmp_path, documents, (20, 120))
    size = sum(file.stat().st_size for file in (tmp_path / "120").iterdir()) / 120
    assert (many - few) / 100 < max(80_000.0, 2 * size)
