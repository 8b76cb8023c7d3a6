"""What a journal means after the program has ended in whatever way: what was intended, what is certainly done, what nobody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from oauthcert.fixes.arguments import Known
from oauthcert.fixes.functions import FUNCTIONS
from oauthcert.fixes.journal import END, INTEND, JournalNotWritten
from oauthcert.fixes.journal_reading import Entry, RunRecord, Unreadable, list_runs
from oauthcert.fixes.one_at_a_time import OnlyRepair, RepairRunning
from oauthcert.fixes.plan_values import Hidden, value_from_json
from oauthcert.model.plan import Action, Manner, Step
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret


class State(StrEnum):
    """How a step stands. UNKNOWN: it was begun, and what became of it was not written down; UNDO_UNKNOWN: the same of its undoing."""

    NOT_BEGUN = "not-begun"
    DONE = "done"
    ALREADY = "already"
    NOT_DONE = "not-done"
    UNKNOWN = "unknown"
    WAITED = "waited"
    BY_HAND = "by-hand"
    SKIPPED = "skipped"
    UNDONE = "undone"
    UNDO_UNKNOWN = "undo-unknown"


_STATES: Mapping[Outcome, State] = {
    Outcome.CHANGED: State.DONE,
    Outcome.ALREADY: State.ALREADY,
    Outcome.REFUSED: State.NOT_DONE,
    Outcome.FAILED: State.NOT_DONE,
    Outcome.UNCERTAIN: State.UNKNOWN,
    Outcome.ARRIVED: State.WAITED,
    Outcome.STILL_ON_ITS_WAY: State.WAITED,
    Outcome.BY_HAND: State.BY_HAND,
    Outcome.SKIPPED: State.SKIPPED,
    Outcome.UNDONE: State.UNDONE,
}


@dataclass(frozen=True, slots=True)
class StepStory:
    """`begun` is when it was intended, `intent` the line that says so; `result` is the last that is known of it."""

    step: Step
    state: State
    begun: datetime | None = None
    intent: Entry | None = None
    result: StepResult | None = None

    @property
    def can_undo(self) -> bool:
        return self.state is State.DONE and self.step.undo is not None


@dataclass(frozen=True, slots=True)
class Story:
    """One run. `unfinished`: it has no end, so it has to be looked into before anything else."""

    record: RunRecord
    steps: tuple[StepStory, ...]
    unfinished: bool
    how_ended: str = ""

    @property
    def run(self) -> str:
        return self.record.header.run

    @property
    def can_look(self) -> bool:
        """Whether something is unknown that a look at its server could tell."""
        return any(one.state in (State.UNKNOWN, State.UNDO_UNKNOWN) for one in self.steps)

    @property
    def can_undo(self) -> bool:
        """Whether something was changed that has a way back. What is unknown is looked at first."""
        return any(one.can_undo for one in self.steps)

    def known(self) -> Known:
        """What undoing may need: what each step found and left behind, as far as it was written down."""
        known = Known()
        for one in self.steps:
            before = dict(one.intent.before) if one.intent is not None else {}
            if one.result is not None:
                before |= one.result.before
                known.after[one.step.id] = dict(one.result.after)
            known.before[one.step.id] = before
        return known

    def results(self) -> Mapping[str, StepResult]:
        return {one.step.id: one.result for one in self.steps if one.result is not None}


def story_of(record: RunRecord) -> Story:
    by_step: dict[str, list[Entry]] = {}
    for entry in record.entries:
        by_step.setdefault(entry.step, []).append(entry)
    # an unreadable line may have told of any step that nothing else tells of
    steps = tuple(_step_story(step, by_step.get(step.id, ()), bool(record.damaged)) for step in record.header.plan.steps)
    last = record.entries[-1] if record.entries else None
    ended = last is not None and last.event == END
    return Story(record, steps, unfinished=not ended, how_ended=last.how if ended and last is not None else "")


def _step_story(step: Step, entries: Sequence[Entry], damaged: bool) -> StepStory:
    story = StepStory(step, State.UNKNOWN if damaged and step.manner is Manner.DOES and not entries else State.NOT_BEGUN)
    for entry in entries:
        if entry.event == INTEND:
            state = State.UNDO_UNKNOWN if entry.undo else State.UNKNOWN
            story = replace(story, state=state, begun=entry.when, intent=story.intent if entry.undo else entry)
        elif entry.result is not None:
            story = _after(story, entry, entry.result)
    return story


def _after(story: StepStory, entry: Entry, result: StepResult) -> StepStory:
    if not entry.undo:
        return replace(story, state=_STATES[result.outcome], result=result)
    if result.outcome is Outcome.UNDONE:
        return replace(story, state=State.UNDONE)
    # the change itself still stands as it was made
    return replace(story, state=State.UNDO_UNKNOWN if result.outcome is Outcome.UNCERTAIN else State.DONE)


def stories(folder: Path) -> tuple[Story | Unreadable, ...]:
    """All runs, newest first."""
    return tuple(one if isinstance(one, Unreadable) else story_of(one) for one in list_runs(folder))


def unfinished(folder: Path) -> tuple[Story, ...]:
    """The runs that something ended in the middle, newest first; not the one that is running at this moment."""
    found = tuple(one for one in stories(folder) if isinstance(one, Story) and one.unfinished)
    if not found:
        return ()
    try:
        with OnlyRepair(folder, ""):
            return found
    except JournalNotWritten:  # nobody can be asked who holds it; what was interrupted is told all the same
        return found
    except RepairRunning as running:
        return tuple(one for one in found if one.run != running.facts["run"])


def action_to_look(story: StepStory) -> Action | None:
    """The function that was intended, with what it was given. In the place of secrets stands nothing: for a look none is needed."""
    undoing = story.state is State.UNDO_UNKNOWN
    written = story.step.undo if undoing else story.step.action
    action = own_scripts(written) if written is not None else None
    if action is None or undoing or story.intent is None:
        return action
    return replace(action, arguments={name: _blank(value_from_json(value)) for name, value in story.intent.arguments.items()})


def own_scripts(action: Action) -> Action | None:
    """The action with the scripts that this program has for its function, whatever a journal says; None for a function there is none of."""
    known = FUNCTIONS.get(action.function)
    return replace(action, scripts=known.scripts) if known is not None else None


def _blank(value: object) -> object:
    match value:
        case Hidden():
            return Secret("")
        case list():
            return [_blank(item) for item in value]
    return value
