"""`oauthcert journal`: what repairs were begun here, what became of them, and how to go on with one that was interrupted."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.background import run_look
from oauthcert.cli.console import Console
from oauthcert.cli.fix import At, repair_parts
from oauthcert.cli.parts import Parts
from oauthcert.cli.plan_text import result_json
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import credential_of
from oauthcert.fixes.journal_reading import Unreadable, read_run
from oauthcert.fixes.plan_values import moment
from oauthcert.fixes.recovery import State, Story, stories, story_of

if TYPE_CHECKING:
    from oauthcert.casework.resuming import Resumed


def journal(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """`list` and `show` end with 0; `resume` with 3 while something is still not known, 4 when undoing failed, else 0."""
    folder = parts.folders().journal_dir
    if options.action == "list":
        return _list(stories(folder), options, console, sentences)
    story = story_of(read_run(folder, options.run))
    if options.action == "show":
        shown = json.dumps(story_json(story), indent=1) if options.format == "json" else "\n".join(story_lines(story, sentences))
        console.result(shown)
        return exits.OK
    return _resume(story, options, parts, console, sentences, log_file)


def _list(found: tuple[Story | Unreadable, ...], options: argparse.Namespace, console: Console, sentences: Sentences) -> int:
    if options.format == "json":
        told = [{"file": str(one.file), "problem": one.why} if isinstance(one, Unreadable) else _summary(one) for one in found]
        console.result(json.dumps(told, indent=1))
        return exits.OK
    if not found:
        console.say(sentences("journal_empty"))
    for one in found:
        console.result(_unreadable(one, sentences) if isinstance(one, Unreadable) else _line(one, sentences))
    return exits.OK


def _summary(story: Story) -> dict[str, Any]:
    header = story.record.header
    return {
        "run": story.run,
        "when": moment(header.when),
        "source": header.source,
        "account": header.account,
        "steps": len(story.steps),
        "unfinished": story.unfinished,
        "ended": story.how_ended or None,
    }


def _line(story: Story, sentences: Sentences) -> str:
    header = story.record.header
    ended = sentences.term("ended", "unfinished" if story.unfinished else story.how_ended)
    when = sentences.catalogue.formats.moment(header.when)
    return f"{story.run}  {when}  {ended}  {sentences('journal_steps', steps=len(story.steps), servers=_servers(story))}"


def _servers(story: Story) -> str:
    return ", ".join(dict.fromkeys(one.step.server for one in story.steps))


def _unreadable(one: Unreadable, sentences: Sentences) -> str:
    why = sentences.term("unreadable", one.why)
    return f"{one.file.name}  {why}"


def story_lines(story: Story, sentences: Sentences) -> Iterator[str]:
    """The run in words: who, when, each step and how it stands, and what can be done about it."""
    header, record = story.record.header, story.record
    when = sentences.catalogue.formats.moment(header.when)
    yield sentences("story_head", run=story.run, when=when, user=header.user, computer=header.computer, account=header.account)
    if record.damaged:
        yield sentences("story_damaged", lines=", ".join(str(number) for number in record.damaged))
    if record.cut:
        yield sentences("story_cut")
    for one in story.steps:
        why = f": {sentences.catalogue.reason(one.result.reason, one.result.facts)}" if one.result and one.result.reason else ""
        yield f"  {sentences.catalogue.step(one.step).title} - {sentences.term('state', one.state.value)}{why}"
    if not story.unfinished:
        yield sentences("story_ended", how=sentences.term("ended", story.how_ended))
        return
    yield sentences("story_unfinished")
    if story.can_look:
        yield f"  oauthcert journal resume {story.run} --look   {sentences('can_look')}"
    if story.can_undo:
        yield f"  oauthcert journal resume {story.run} --undo   {sentences('can_undo')}"
    yield f"  oauthcert journal resume {story.run} --keep   {sentences('can_keep')}"


def story_json(story: Story) -> dict[str, Any]:
    return {
        **_summary(story),
        "cut": story.record.cut,
        "damaged": list(story.record.damaged),
        "can": [how for how, able in (("look", story.can_look), ("undo", story.can_undo), ("keep", story.unfinished)) if able],
        "steps": [
            {
                "step": one.step.id,
                "server": one.step.server,
                "state": one.state.value,
                "begun": None if one.begun is None else moment(one.begun),
                "result": None if one.result is None else result_json(one.result),
            }
            for one in story.steps
        ],
    }


def _resume(story: Story, options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    from oauthcert.casework.resuming import How, resume
    from oauthcert.cli.fix_progress import FixProgress
    from oauthcert.model.case import Case

    how = How.KEEP if options.keep else How.UNDO if options.undo else How.LOOK
    plan, header = story.record.header.plan, story.record.header
    if how is How.UNDO and not _agreed(story, options, console, sentences):
        console.say(sentences("not_agreed"))
        return exits.OK
    needed = how is not How.KEEP
    credential = credential_of(options, console, sentences, parts.vault, log_file.hide) if needed else None
    at = At(Case(header.when, header.when, header.source, header.targets, ()), credential, None)
    made = repair_parts(at, options, parts, console, sentences, log_file)
    resumed, interrupted = run_look(
        lambda tell, token: resume(story.run, how, made, token=token, tell=tell),
        console,
        sentences,
        FixProgress(console, sentences, plan, options.quiet),
        stopping="stopping_repair",
    )
    console.result("\n".join(story_lines(resumed.story, sentences)))
    return exits.INTERRUPTED if interrupted else _exit_of(resumed, undoing=how is How.UNDO)


def _exit_of(resumed: "Resumed", *, undoing: bool) -> int:
    if undoing and any(not one.outcome.good for one in resumed.results if one.outcome.value in ("failed", "refused", "skipped")):
        return exits.STEP_FAILED
    unknown = any(one.state in (State.UNKNOWN, State.UNDO_UNKNOWN) for one in resumed.story.steps)
    return exits.UNKNOWN if unknown and resumed.story.unfinished else exits.OK


def _agreed(story: Story, options: argparse.Namespace, console: Console, sentences: Sentences) -> bool:
    """Taking back is a change as strong as what it takes back."""
    from dataclasses import replace

    from oauthcert.cli.agreeing import agreed

    steps = tuple(one.step for one in story.steps if one.step.undo is not None and one.state in (State.DONE, State.UNKNOWN))
    return agreed(replace(story.record.header.plan, steps=steps), options.yes, console, sentences) is not None
