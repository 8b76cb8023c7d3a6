"""Goes on with a run that something interrupted: look what became of it, take back what was done, or keep everything as it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from oauthcert import __version__
from oauthcert.casework.carrying_out import Run
from oauthcert.casework.connections import KeptConnections
from oauthcert.casework.events import Repaired, RepairStarted, StepEnded, StepStarted
from oauthcert.casework.person import How
from oauthcert.casework.repair import finish, kept_connections, sight_of, to_verify
from oauthcert.casework.repair_parts import RepairParts, Tell
from oauthcert.casework.telling import Telling
from oauthcert.fixes.arguments import NotKnown, filled, secrets_of
from oauthcert.fixes.engine import Call, Engine
from oauthcert.fixes.journal import SUFFIX, Journal, JournalNotWritten
from oauthcert.fixes.journal_reading import read_run
from oauthcert.fixes.one_at_a_time import OnlyRepair
from oauthcert.fixes.recovery import State, StepStory, Story, action_to_look, story_of
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.evidence import NotSeen, Observation
from oauthcert.model.repair import Outcome, Repair, StepResult
from oauthcert.model.repair_record import case_left_by, recorded, recorded_again
from oauthcert.model.secret import Secret

__all__ = ["How", "Resumed", "resume", "undo"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The story as it stands afterwards, and what became of the steps that were looked at or taken back. `after` as in a Repair."""

    story: Story
    results: tuple[StepResult, ...]
    after: Case | None = None


def resume(run: str, how: How, parts: RepairParts, *, token: CancelToken, tell: Tell) -> Resumed:
    """LOOK asks the servers what became of steps of which nobody knows. UNDO looks too, then takes back what was changed, newest first,
    and looks at the servers again. KEEP only ends the run in its journal; it asks nobody.

    Raises NoSuchRun, JournalDamaged, RepairRunning, JournalNotWritten.
    """
    telling = Telling(tell)
    with OnlyRepair(parts.journal_dir, run), _reopened(run, parts) as (story, journal):
        if how is How.KEEP:
            now = parts.now()
            journal.kept(now)
            journal.end(now, "kept")
            return Resumed(_reread(story), ())
        case = _nothing_seen_yet(story, parts)
        with kept_connections(case, parts) as connections:
            telling(RepairStarted(run))
            looked = _looked(story, parts, journal, connections, telling, token)
            clear = _reread(story)
            if how is How.LOOK:
                if not clear.can_look and not clear.can_undo and clear.unfinished:
                    journal.end(parts.now(), "kept")
                return Resumed(_reread(story), looked)
            undone, after = _undone(clear, case, parts, journal, connections, telling, token, None)
            after = recorded_again(story.record.header.plan, (*clear.results().values(), *undone), case, after, run)
        return Resumed(_reread(story), looked + undone, after)


def undo(repair: Repair, parts: RepairParts, *, token: CancelToken, tell: Tell, steps: Sequence[str] | None = None) -> Repair:
    """Takes back what this repair changed (only these steps, when they are named), newest first, looks again and judges.

    Its results are those of the undoing. Raises as `resume`.
    """
    telling = Telling(tell)
    case = case_left_by(repair)
    with OnlyRepair(parts.journal_dir, repair.run), _reopened(repair.run, parts) as (story, journal):
        with kept_connections(case, parts) as connections:
            telling(RepairStarted(repair.run))
            looked = _looked(story, parts, journal, connections, telling, token)
            undone, after = _undone(_reread(story), case, parts, journal, connections, telling, token, steps)
        result = recorded(Repair(repair.plan, looked + undone, case, after, repair.run))
    telling(Repaired(result))
    return result


def _undone(
    story: Story,
    case: Case,
    parts: RepairParts,
    journal: Journal,
    connections: KeptConnections,
    tell: Telling,
    token: CancelToken,
    steps: Sequence[str] | None,
) -> tuple[tuple[StepResult, ...], Case | None]:
    plan = story.record.header.plan
    sight = sight_of(case, parts, connections)
    run = Run(plan, parts, journal, sight, connections, tell, token)
    changed = {one.step.id: one.result for one in story.steps if one.can_undo and one.result is not None}
    run.undo_steps({name: result for name, result in changed.items() if steps is None or name in steps}, story.known())
    left = _reread(story)
    # what is still not known, or was to be taken back and is not, has to come first again
    is_open = left.can_look or (token.cancelled and left.can_undo)
    after = finish(run, journal, sight, to_verify(plan, sight), parts, tell, token, "" if is_open else "undone")
    return run.results, after


def _looked(
    story: Story, parts: RepairParts, journal: Journal, connections: KeptConnections, tell: Telling, token: CancelToken
) -> tuple[StepResult, ...]:
    engine = Engine(connections.of, parts.now, token.wait, parts.look_pauses)
    results = []
    for one in story.steps:
        if one.state not in (State.UNKNOWN, State.UNDO_UNKNOWN) or token.cancelled:
            continue
        tell(StepStarted(one.step.id))
        result = _look_at(one, engine, story, parts, token)
        journal.ended(result, undo=one.state is State.UNDO_UNKNOWN)
        tell(StepEnded(result))
        results.append(result)
    return tuple(results)


def _look_at(one: StepStory, engine: Engine, story: Story, parts: RepairParts, token: CancelToken) -> StepResult:
    now = parts.now()
    begun = one.begun or story.record.header.when
    unknown = StepResult(one.step.id, Outcome.UNCERTAIN, begun, now, "interrupted")
    action = action_to_look(one)
    try:
        action = filled(action, story.known()) if action is not None else None
    except NotKnown:
        action = None
    if action is None:
        return unknown
    undoing = one.state is State.UNDO_UNKNOWN
    blank = any(secret == Secret("") for secret in secrets_of(action))
    call = Call(one.step.id, one.step.server, action, undo=undoing, blank=blank)
    result = engine.settle(call, begun, "interrupted", {}, token, unwatched=True).result
    before = dict(one.intent.before) if one.intent is not None and not undoing else {}
    if before and result.outcome is Outcome.CHANGED and not result.before:
        result = replace(result, before=before)
    return result


@contextmanager
def _reopened(run: str, parts: RepairParts) -> Iterator[tuple[Story, Journal]]:
    story = story_of(read_run(parts.journal_dir, run))
    file = parts.journal_dir / f"{run}{SUFFIX}"
    try:
        opened = parts.open_journal(file, False)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JournalNotWritten(f"{file} cannot be written: {why}", file=str(file), why=why) from error
    try:
        yield story, Journal(opened, str(file))
    finally:
        opened.close()


def _reread(story: Story) -> Story:
    return story_of(read_run(story.record.file.parent, story.run))


def _nothing_seen_yet(story: Story, parts: RepairParts) -> Case:
    """The servers of the run, so that all of them can be looked at."""
    why = NotSeen("not-asked")
    header, now = story.record.header, parts.now()
    observations = tuple(Observation(target.name, why, why, why, lost=why) for target in header.targets)
    return Case(now, now, header.source, header.targets, observations, tool_version=__version__)
