"""`oauthcert fix`: look, plan, show; with --apply also do, and look again."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.background import run_look
from oauthcert.cli.check import OneSource, OptionWithoutMeaning, look
from oauthcert.cli.console import Console
from oauthcert.cli.parser import DEFAULT_SECONDS
from oauthcert.cli.parts import Parts
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import credential_of
from oauthcert.fixes.journal import JournalNotWritten
from oauthcert.fixes.one_at_a_time import RepairRunning
from oauthcert.model.errors import UsageError
from oauthcert.model.repair import Outcome, Repair
from oauthcert.model.repair_record import case_left_by

if TYPE_CHECKING:
    from oauthcert.casework.events import Event, RepairEvent
    from oauthcert.casework.repair_parts import Given, RepairParts, Tell
    from oauthcert.cli.in_practice import InPractice
    from oauthcert.model.case import Case
    from oauthcert.model.plan import Plan
    from oauthcert.model.secret import Credential

_SIGNING_IN = ("user", "password_stdin", "auth", "certificate", "key")
_REACHING = ("https", "port", "trust")
_BAD = frozenset({Outcome.FAILED, Outcome.REFUSED, Outcome.UNCERTAIN})


class InterruptedFirst(UsageError):
    """A repair of one of these servers was interrupted, and has to be looked into before another. Facts: `run`."""

    words = "interrupted-first"


class MaskedCase(UsageError):
    """The names of its servers were taken out, so that none of them can be reached."""

    words = "masked-case"


@dataclass(frozen=True, slots=True)
class At:
    """The case as it is now, who signs in (None when nobody has to), and what does in practice what a person would do."""

    case: "Case"
    credential: "Credential | None"
    practice: "InPractice | None"
    interrupted: bool = False


def fix(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Ends with the exit code of the state found or left; 4 when a step failed or was refused; 130 when interrupted."""
    wanted, servers = _named(options.names)
    _refuse_contradictions(options, servers)
    with _source(options, servers, parts, console, sentences, log_file) as at:
        if at.interrupted:
            console.say(sentences("stopped"))
            return exits.INTERRUPTED
        try:
            return _planned(options, wanted, at, parts, console, sentences, log_file)
        except (RepairRunning, JournalNotWritten) as error:  # nothing was begun
            console.say(f"oauthcert: {sentences.error(error)}")
            return exits.STEP_FAILED


def _planned(
    options: argparse.Namespace,
    wanted: list[str],
    at: At,
    parts: Parts,
    console: Console,
    sentences: Sentences,
    log_file: LogFile,
) -> int:
    from oauthcert.casework.planning import plan_of
    from oauthcert.cli.answers import answers_of, checked, completed, unfit

    plan = plan_of(at.case, wanted, {}, parts.now())
    answers = checked(plan.asks, answers_of(options, console, log_file.hide))
    if options.apply and at.practice is not None:
        answers = at.practice.beforehand(plan.asks, answers)
    if options.apply:
        answers = completed(plan.asks, answers, console, sentences)
    if (wrong := unfit(plan.asks, answers, parts.now())) is not None:
        console.say(f"oauthcert: {sentences.error(wrong)}")
        return exits.USAGE
    if answers:
        plan = plan_of(at.case, wanted, answers, parts.now())
    if not (options.apply and options.format == "json") and not options.preview:
        _show(plan, at.case, options, console, sentences)
    if options.preview:
        return _preview(plan, answers, at, options, parts, console, sentences, log_file)
    if not options.apply or not plan.steps:
        _keep(at.case, options, console, sentences)
        return at.case.exit_code
    return _apply(plan, answers, at, options, parts, console, sentences, log_file)


def _apply(
    plan: "Plan",
    answers: "dict[str, Given]",
    at: At,
    options: argparse.Namespace,
    parts: Parts,
    console: Console,
    sentences: Sentences,
    log_file: LogFile,
) -> int:
    from oauthcert.casework.repair import repair
    from oauthcert.cli.agreeing import agreed
    from oauthcert.cli.fix_progress import FixProgress
    from oauthcert.cli.plan_text import plan_json, repair_lines

    _refuse_interrupted(at.case, parts)
    consent = agreed(plan, options.yes, console, sentences)
    if consent is None:
        console.say(sentences("not_agreed"))
        return at.case.exit_code
    made = repair_parts(at, options, parts, console, sentences, log_file)
    done, interrupted = run_look(
        lambda tell, token: repair(at.case, plan, made, answers, consent=consent, token=token, tell=_also_heard(at.practice, tell)),
        console,
        sentences,
        FixProgress(console, sentences, plan, options.quiet),
        stopping="stopping_repair",
    )
    console.result(plan_json(plan, at.case, None, done) if options.format == "json" else "\n".join(repair_lines(done, sentences)))
    _keep(case_left_by(done), options, console, sentences)
    return exits.INTERRUPTED if interrupted else exit_of(done)


def _also_heard(practice: "InPractice | None", tell: "Tell") -> "Tell":
    if practice is None:
        return tell
    hears = practice.heard

    def told(event: "Event | RepairEvent") -> None:
        hears(event)
        tell(event)

    return told


def exit_of(repair: Repair) -> int:
    """4 when a step failed, was refused, or nobody knows; else what the servers look like now."""
    if any(result.outcome in _BAD for result in repair.results):
        return exits.STEP_FAILED
    return (repair.after or repair.before).exit_code


def _preview(
    plan: "Plan",
    answers: "dict[str, Given]",
    at: At,
    options: argparse.Namespace,
    parts: Parts,
    console: Console,
    sentences: Sentences,
    log_file: LogFile,
) -> int:
    from oauthcert.casework.previewing import preview
    from oauthcert.cli.fix_progress import FixProgress
    from oauthcert.cli.plan_text import plan_json, plan_text, preview_lines

    made = repair_parts(at, options, parts, console, sentences, log_file)
    told, interrupted = run_look(
        lambda tell, token: preview(at.case, plan, made, answers, token=token, tell=tell),
        console,
        sentences,
        FixProgress(console, sentences, plan, options.quiet),
    )
    if options.format == "json":
        console.result(plan_json(plan, at.case, told))
    else:
        console.result(plan_text(plan, sentences, scripts=options.scripts) + "\n" + "\n".join(preview_lines(told, plan, sentences)))
    return exits.INTERRUPTED if interrupted else at.case.exit_code


def _show(plan: "Plan", case: "Case", options: argparse.Namespace, console: Console, sentences: Sentences) -> None:
    from oauthcert.cli.plan_text import plan_json, plan_text

    console.result(plan_json(plan, case) if options.format == "json" else plan_text(plan, sentences, scripts=options.scripts))
    console.flush()


def _keep(case: "Case", options: argparse.Namespace, console: Console, sentences: Sentences) -> None:
    if options.save is not None:
        from oauthcert.cli.delivering import keep_case
        from oauthcert.cli.rendering import saved_text

        keep_case(saved_text(case, sentences), options.save, console, sentences, options.quiet)


def repair_parts(
    at: At, options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile
) -> "RepairParts":
    from oauthcert.casework.limits import Limits
    from oauthcert.casework.repair_parts import RepairParts
    from oauthcert.cli.agreeing import PersonAtTheTerminal

    return RepairParts(
        gateway=parts.gateway(),
        credential=lambda _target: at.credential,
        journal_dir=parts.folders().journal_dir,
        now=parts.now,
        person=PersonAtTheTerminal(console, sentences, at.practice),
        limits=Limits(seconds=getattr(options, "timeout", None) or DEFAULT_SECONDS),
        poll_seconds=0.5 if at.practice is not None else 5.0,
        hide=log_file.hide,
    )


def _refuse_interrupted(case: "Case", parts: Parts) -> None:
    """A practice lab is gone when its program is: what was interrupted there stands in nobody's way."""
    from oauthcert.fixes.recovery import unfinished

    names = {target.name for target in case.targets}
    for story in unfinished(parts.folders().journal_dir):
        header = story.record.header
        if not header.source.startswith("practice:") and names & {target.name for target in header.targets}:
            raise InterruptedFirst(f"{story.run} was interrupted", run=story.run)


def _named(names: list[str]) -> tuple[list[str], list[str]]:
    """Findings and repairs on one side, servers on the other: an @ or the id of a repair is no server's name."""
    from oauthcert.fixes.table import FIXES

    known = {one.id for one in FIXES}
    wanted = [name for name in names if name in known or "@" in name]
    return wanted, [name for name in names if name not in wanted]


def _refuse_contradictions(options: argparse.Namespace, servers: list[str]) -> None:
    given = {"SERVER": servers, "--practice": options.practice, "--case": options.case}
    sources = [source for source, value in given.items() if value]
    if len(sources) != 1:
        raise OneSource("name servers, or --practice, or --case: exactly one of them")
    source = sources[0]
    talks = source != "--case" or options.apply or options.preview
    without = {"SERVER": (), "--practice": (*_SIGNING_IN, *_REACHING), "--case": ("https", "port", "product")}[source]
    for name in (*without, *(() if talks else (*_SIGNING_IN, "trust", "timeout"))):
        if getattr(options, name) not in (None, False, []):
            option = "--" + name.replace("_", "-")
            raise OptionWithoutMeaning(f"{option} means nothing together with {source}", option=option, source=source)
    if options.apply and options.preview:
        raise OptionWithoutMeaning("--preview means nothing together with --apply", option="--preview", source="--apply")
    if options.yes and not options.apply:
        raise OptionWithoutMeaning("--yes means nothing without --apply", option="--yes", source="a plan alone")


@contextmanager
def _source(
    options: argparse.Namespace, servers: list[str], parts: Parts, console: Console, sentences: Sentences, log_file: LogFile
) -> Iterator[At]:
    from oauthcert.model.target import Product

    if options.practice is not None:
        with parts.practice(options.practice, 0, None) as practice:
            log_file.hide(practice.credential.password)
            product = Product(options.product or Product.AUTO)
            targets = tuple(replace(target, product=product) for target in practice.targets)
            case, cut = look(options, parts, console, sentences, targets, practice.credential, f"practice:{practice.scenario}")
            from oauthcert.cli.in_practice import InPractice

            yield At(case, practice.credential, InPractice(practice), cut)
        return
    from oauthcert.casework.trust import trust

    if options.case is not None:
        from oauthcert.casework.opening import open_judged

        case = open_judged(Path(options.case), parts.now())
        if not (options.apply or options.preview):
            yield At(case, None, None)
            return
        from oauthcert.model.target import by_name_only
        from oauthcert.report.masking import is_masked

        if is_masked(case):
            raise MaskedCase("its servers have stand-ins for names")
        # Somebody else may have written the file: what it says of its servers beyond their names is not what to sign in by.
        targets = trust(tuple(map(by_name_only, case.targets)), options.trust)
        credential = credential_of(options, console, sentences, parts.vault, log_file.hide)
        fresh, cut = look(options, parts, console, sentences, targets, credential, "live")
        yield At(fresh, credential, None, cut)
        return
    from oauthcert.casework.targets import Reaching, read_targets

    reaching = Reaching(options.https, options.port, Product(options.product or Product.AUTO))
    targets = trust(read_targets(servers, reaching), options.trust)
    credential = credential_of(options, console, sentences, parts.vault, log_file.hide)
    case, cut = look(options, parts, console, sentences, targets, credential, "live")
    yield At(case, credential, None, cut)
