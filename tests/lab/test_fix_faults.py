"""Whatever breaks in the middle of a repair: no hang, a plain reason, no change made twice, none forgotten. Counted in the lab."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.fixes.recovery import State, Story, stories
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.wsman import (
    BadBase64,
    BlackHole,
    ClockJump,
    CutBody,
    ErrorNoise,
    FaultAnswer,
    HttpStatus,
    Injection,
    NotXml,
    Padded,
    Reset,
    SlowDrip,
    When,
)
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.remote.winrm_gateway import Timing, WinrmGateway
from oauthcert.words import Catalogue
from tests.lab.mending import MENDINGS, Mending, case_of

QUICK = Timing(
    name_seconds=1, connect_seconds=1, contact_seconds=3, sign_in_seconds=3, answer_seconds=1, operation_seconds=1, cleanup_seconds=2
)
BY_NAME = {mending.function: mending for mending in MENDINGS}


def mended(mending: Mending, lab: PracticeLab, folder: Path) -> StepResult:
    """The one step of this repair, without the looks at the end."""
    token = CancelToken()

    def only_the_step(event: object) -> None:
        if type(event).__name__ == "StepEnded":
            token.cancel()

    parts = RepairParts(
        WinrmGateway(QUICK), lambda _target: lab.credential, folder, lambda: datetime.now(UTC), Nobody(), look_pauses=(0.1, 0.3)
    )
    done = repair(case_of(lab), mending.plan(lab), parts, consent=Consent.IRREVERSIBLE, token=token, tell=only_the_step)
    (result,) = done.results
    return result


def keeps_its_promise(result: StepResult, changes: int, folder: Path) -> None:
    """What is said is what the lab counted, and what the journal says is the same."""
    told: dict[Outcome, set[int]] = {
        Outcome.CHANGED: {1},
        Outcome.ALREADY: {0},
        Outcome.FAILED: {0},
        Outcome.REFUSED: {0},
        Outcome.UNCERTAIN: {0, 1},
    }
    assert changes in told[result.outcome], (result, changes)
    (story,) = stories(folder)
    assert isinstance(story, Story)
    state = story.steps[0].state
    assert (state is State.UNKNOWN) == (result.outcome is Outcome.UNCERTAIN)
    if result.reason:
        text = Catalogue("en").reason(result.reason, result.facts)
        assert text.title != result.reason
        assert "?" not in text.title


@pytest.fixture(scope="module")
def replica() -> Iterator[PracticeLab]:
    """One lab for all faults of the network: its service is stopped anew for each."""
    with BY_NAME["Start-StoppedService"].open() as lab:
        yield lab


IN_THE_MIDDLE: list[Injection] = [
    *(Reset(When(number=number)) for number in range(1, 13)),
    *(Reset(When("*", number=number), executed=True) for number in range(1, 10)),
    *(HttpStatus(status, When(number=number)) for status in (400, 401, 403, 500, 503) for number in (6, 8, 9, 10)),
    *(
        FaultAnswer(code, When(name, number=number))
        for code in (5, 2150858793, 2150858843, 2150859173, 2150859174, 87)
        for name, number in (("Create", 1), ("Command", 2), ("Send", 2), ("Receive", 3))
    ),
    *(FaultAnswer(2150858843, When(name, number=2), executed=True) for name in ("Command", "Send", "Receive")),
    *(kind(When(name, number=2)) for kind in (CutBody, NotXml) for name in ("Command", "Send", "Receive")),
    *(BlackHole(When(name, number=2)) for name in ("Command", "Send", "Receive")),
    BadBase64(When("Receive", number=2)),
    Padded(When("Receive", number=2)),
    ErrorNoise(),
    SlowDrip(When("Receive", number=2), piece=400, seconds=0.01),
    ClockJump(420, When(number=8)),
]


@pytest.mark.parametrize("injection", IN_THE_MIDDLE, ids=lambda value: str(value)[:80])
def test_that_a_fault_of_the_network_makes_no_change_twice_and_forgets_none(
    replica: PracticeLab, injection: Injection, tmp_path: Path
) -> None:
    replica.happens("service-stopped", "fe02.contoso.lab", service="REPLICA")
    listener = replica.listener("fe02.contoso.lab")
    before = len(replica.deeds)
    listener.inject(injection)
    begun = time.monotonic()
    try:
        result = mended(BY_NAME["Start-StoppedService"], replica, tmp_path)
    finally:
        listener.inject()
    assert time.monotonic() - begun < 20
    keeps_its_promise(result, len(replica.deeds) - before, tmp_path)


QUIRKS = [
    ProbeQuirk(throws="it broke", times=1),
    ProbeQuirk(throws="it broke", after=True, times=1),
    ProbeQuirk(dies=True, times=1),
    ProbeQuirk(dies=True, after=True, times=1),
    ProbeQuirk(cuts=True, times=1),
    ProbeQuirk(cuts=True, after=True, times=1),
]


@pytest.mark.parametrize("mending", MENDINGS, ids=lambda mending: mending.function)
def test_that_every_repair_survives_what_breaks_while_it_runs(mending: Mending, tmp_path: Path) -> None:
    with mending.open() as lab:
        server = f"{mending.server}.contoso.lab"
        for number, quirk in enumerate(QUIRKS):
            made = len(lab.deeds)
            if made:
                break  # what is made is made; the rest would only find it there
            lab.disturb(server, mending.function, quirk)
            folder = tmp_path / str(number)
            result = mended(mending, lab, folder)
            lab.mend(server)
            keeps_its_promise(result, len(lab.deeds) - made, folder)
            assert len(lab.deeds) <= 1


@pytest.mark.parametrize("mending", MENDINGS, ids=lambda mending: mending.function)
def test_that_a_change_whose_answer_is_cut_off_is_found_again(mending: Mending, tmp_path: Path) -> None:
    if mending.consent is Consent.LOOK:
        return
    with mending.open() as lab:
        lab.disturb(f"{mending.server}.contoso.lab", mending.function, ProbeQuirk(dies=True, after=True, times=1))
        result = mended(mending, lab, tmp_path)
        keeps_its_promise(result, len(lab.deeds), tmp_path)
        assert len(lab.deeds) == 1
        assert result.outcome is (Outcome.CHANGED if mending.leaves_trace and mending.own else Outcome.UNCERTAIN)
