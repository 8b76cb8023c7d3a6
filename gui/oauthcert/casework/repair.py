"""Carries a plan out: journal, steps, and the same looks again at the end. What it means is judged, not assumed."""

import getpass
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from oauthcert import __version__
from oauthcert.casework.carrying_out import Run
from oauthcert.casework.connections import KeptConnections
from oauthcert.casework.events import Repaired, RepairStarted, VerifyStarted
from oauthcert.casework.looking_again import Sight
from oauthcert.casework.repair_parts import Given, RepairParts, Tell
from oauthcert.casework.telling import Telling
from oauthcert.fixes.journal import SUFFIX, Header, Journal, JournalNotWritten, new_run
from oauthcert.fixes.one_at_a_time import OnlyRepair
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError
from oauthcert.model.plan import Consent, Plan
from oauthcert.model.repair import Repair
from oauthcert.model.repair_record import recorded


class NotConsented(UsageError):
    """A step takes more than was agreed to. Facts: `needed`, `given`."""

    words = "not-consented"


def repair(
    case: Case,
    plan: Plan,
    parts: RepairParts,
    answers: Mapping[str, Given] | None = None,
    *,
    consent: Consent,
    token: CancelToken,
    tell: Tell,
) -> Repair:
    """Runs the steps of `plan` on the servers of `case`, which it was made from, then looks again and judges.

    `consent` is the strongest level that was agreed to. A cancel takes effect after the step that runs; waits end at once. Never raises for
    what servers do. Raises NotConsented, RepairRunning and JournalNotWritten before anything is done. `after` is None when it was stopped.
    """
    if plan.consent.rank > consent.rank:
        raise NotConsented(f"{plan.consent} is needed, {consent} was given", needed=plan.consent.value, given=consent.value)
    telling = Telling(tell)
    header = _header(case, plan, parts)
    with OnlyRepair(parts.journal_dir, header.run), _journal(parts, header) as journal, kept_connections(case, parts) as connections:
        telling(RepairStarted(header.run))
        sight = sight_of(case, parts, connections)
        run = Run(plan, parts, journal, sight, connections, telling, token)
        run.carry_out(answers or {})
        servers = to_verify(plan, sight)
        done = finish(run, journal, sight, servers, parts, telling, token)
        result = recorded(Repair(plan, run.results, case, done, header.run))
    telling(Repaired(result))
    return result


def finish(
    run: Run,
    journal: Journal,
    sight: Sight,
    servers: frozenset[str],
    parts: RepairParts,
    tell: Telling,
    token: CancelToken,
    how: str = "finished",
) -> Case | None:
    """Looks again unless it was stopped, and ends the run in the journal; None when nothing was judged again.

    A run with a step of which nobody knows, and whose effect does not show either, stays open, as one does without `how` to end it: the
    next start tells of it first.
    """
    after: Case | None = None
    if not token.cancelled:
        tell(VerifyStarted(tuple(sorted(servers))))
        after = sight.again(servers, token, tell)
        if token.cancelled:
            after = None  # half of the servers looked at tells less than none
    if run.journal_lost is None:
        try:
            if after is not None:
                journal.verified(parts.now(), {one.id: one.verdict.value for one in after.findings}, after.exit_code)
            if how and not _open_questions(run, sight if after is not None else None):
                journal.end(parts.now(), "stopped" if token.cancelled else how)
        except JournalNotWritten as error:
            run.journal_lost = error
    return after


def _open_questions(run: Run, sight: Sight | None) -> bool:
    """Whether something was begun of which nobody knows what became. That all it was for passes is an answer too."""
    unknown = [step for step in run.uncertain if sight is None or not step.settles or not sight.settled(step.settles)]
    return bool(unknown)


def to_verify(plan: Plan, sight: Sight) -> frozenset[str]:
    """The servers of all steps and of what they settle, those about which something does not pass, and the Central Management Store's."""
    settles = [one for step in plan.steps for one in step.settles]
    return sight.concerned(settles) | {step.server for step in plan.steps} | sight.unsettled_servers()


def sight_of(case: Case, parts: RepairParts, connections: KeptConnections) -> Sight:
    return Sight(case, connections, parts.credential, parts.limits, parts.thresholds, parts.now)


@contextmanager
def kept_connections(case: Case, parts: RepairParts) -> Iterator[KeptConnections]:
    connections = KeptConnections(parts.gateway, parts.credential, case.targets)
    try:
        yield connections
    finally:
        connections.close()


@contextmanager
def _journal(parts: RepairParts, header: Header) -> Iterator[Journal]:
    file = parts.journal_dir / f"{header.run}{SUFFIX}"
    try:
        opened = parts.open_journal(file, True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JournalNotWritten(f"{file} cannot be written: {why}", file=str(file), why=why) from error
    try:
        yield Journal.begin(opened, str(file), header)
    finally:
        opened.close()


def _header(case: Case, plan: Plan, parts: RepairParts) -> Header:
    account = parts.credential(case.targets[0]) if case.targets else None
    now = parts.now()
    return Header(
        run=new_run(now),
        version=__version__,
        when=now,
        account=account.username if account else "",
        user=_user(),
        computer=platform.node(),
        source=case.source,
        targets=case.targets,
        plan=plan,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a service account without a name
        return ""
