"""Killed at every boundary of the journal, in every repair, over real WinRM: the next start tells the truth, and nothing is made twice."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.casework.resuming import How, resume
from oauthcert.fixes.arguments import looks_before
from oauthcert.fixes.journal_reading import RunRecord, Unreadable, list_runs
from oauthcert.fixes.recovery import State, Story, stories, unfinished
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent
from oauthcert.remote.winrm_gateway import WinrmGateway
from tests.lab.killing import AFTER, BEFORE, HALF, Kill, Killer, killer
from tests.lab.mending import MENDINGS, PFX_PASSWORD, Mending, case_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork of POSIX")

HEAD, INTEND, ENDED = 1, 2, 3
BEFORE_THE_CHANGE = [Kill(HEAD, when) for when in (BEFORE, HALF, AFTER)] + [Kill(INTEND, when) for when in (BEFORE, HALF)]


@pytest.fixture(scope="module")
def process() -> Iterator[Killer]:
    with killer() as running:
        yield running


def only(folder: Path) -> RunRecord | Unreadable | None:
    found = list_runs(folder)
    assert len(found) <= 1
    return found[0] if found else None


def look(lab: PracticeLab, folder: Path, how: How = How.LOOK) -> Story:
    """What the next start finds out, an hour later: by then nothing of the dead program can still run."""
    (story,) = unfinished(folder)
    later = RepairParts(WinrmGateway(), lambda _target: lab.credential, folder, lambda: datetime.now(UTC) + timedelta(hours=1), Nobody())
    return resume(story.run, how, later, token=CancelToken(), tell=lambda _event: None).story


@pytest.mark.parametrize("mending", MENDINGS, ids=lambda mending: mending.function)
def test_that_after_a_kill_the_story_is_true(mending: Mending, process: Killer, tmp_path: Path) -> None:
    changes = mending.consent is not Consent.LOOK
    with mending.open() as lab:
        case, plan = case_of(lab), mending.plan(lab)
        for number, kill in enumerate(BEFORE_THE_CHANGE):
            folder = tmp_path / f"before-{number}"
            assert process.repair(case, plan, lab.credential, folder, kill), kill
            assert lab.deeds == (), kill
            record = only(folder)
            if kill.number == HEAD and kill.when != AFTER:
                assert isinstance(record, Unreadable)
                assert record.why == "never-begun"
                assert unfinished(folder) == ()
                continue
            (told,) = unfinished(folder)
            assert [one.state for one in told.steps] == [State.NOT_BEGUN], kill
            assert (told.can_look, told.can_undo) == (False, False)

        # written down, and killed before the server was told
        folder = tmp_path / "intended"
        assert process.repair(case, plan, lab.credential, folder, Kill(INTEND, AFTER))
        assert lab.deeds == ()
        (told,) = unfinished(folder)
        assert [one.state for one in told.steps] == [State.UNKNOWN]
        if changes:
            expected = State.NOT_DONE if mending.leaves_trace else State.UNKNOWN
            assert [one.state for one in look(lab, folder).steps] == [expected]
            assert lab.deeds == ()

        # made, and killed before that was written down
        folder = tmp_path / "made"
        assert process.repair(case, plan, lab.credential, folder, Kill(ENDED, HALF))
        assert len(lab.deeds) == (1 if changes else 0)
        (told,) = unfinished(folder)
        assert told.record.cut
        assert [one.state for one in told.steps] == [State.UNKNOWN]
        if changes:
            expected = State.DONE if mending.leaves_trace and mending.own else State.UNKNOWN
            assert [one.state for one in look(lab, folder).steps] == [expected]
            assert len(lab.deeds) == 1

        # written down, and killed before the end; a look that finds the state as wanted intends nothing
        ended = INTEND if looks_before(plan.steps[0].undo, plan.steps[0].id) else ENDED
        folder = tmp_path / "ended"
        assert process.repair(case, plan, lab.credential, folder, Kill(ended, AFTER))
        (told,) = unfinished(folder)
        assert told.steps[0].state is not State.UNKNOWN
        assert process.repair(case, plan, lab.credential, tmp_path / "over", Kill(ended + 1, AFTER))
        assert unfinished(tmp_path / "over") == ()

        assert look(lab, tmp_path / "ended", How.KEEP).unfinished is False
        assert {snapshot.running for snapshot in lab.counters().values()} == {0}
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"CANARY" not in written
    assert PFX_PASSWORD.encode() not in written
    assert lab.credential.password.reveal().encode() not in written


FOUND = [mending for mending in MENDINGS if mending.undo is not None and mending.own and mending.leaves_trace]
WRITTEN = [mending for mending in MENDINGS if mending.undo is not None]


def taken_back(mending: Mending, process: Killer, folder: Path, kill: Kill) -> None:
    with mending.open() as lab:
        assert process.repair(case_of(lab), mending.plan(lab), lab.credential, folder, kill)
        assert len(lab.deeds) == 1
        story = look(lab, folder, How.UNDO)
        assert [one.state for one in story.steps] == [State.UNDONE]
        assert not story.unfinished
        assert mending.undo is not None
        assert [deed.function for deed in lab.deeds] == [mending.function, mending.undo[0]]
    assert [one.run for one in stories(folder) if isinstance(one, Story) and one.unfinished] == []


@pytest.mark.parametrize("mending", FOUND, ids=lambda mending: mending.function)
def test_that_what_was_made_before_a_kill_is_found_and_can_be_taken_back(mending: Mending, process: Killer, tmp_path: Path) -> None:
    taken_back(mending, process, tmp_path, Kill(ENDED, BEFORE))


@pytest.mark.parametrize("mending", WRITTEN, ids=lambda mending: mending.function)
def test_that_what_was_written_down_before_a_kill_can_be_taken_back(mending: Mending, process: Killer, tmp_path: Path) -> None:
    taken_back(mending, process, tmp_path, Kill(ENDED, AFTER))
