"""A plan, what became of it and the story of a run as text for a terminal, and as JSON. Texts of servers stand there as plain text."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from oauthcert.casework.previewing import Previewed
from oauthcert.cli.sentences import Sentences
from oauthcert.fixes.plan_values import facts_as_json, moment, plan_as_json
from oauthcert.model.case import Case
from oauthcert.model.plan import Ask, LeftOut, Manner, Plan, Step
from oauthcert.model.repair import Repair, StepResult
from oauthcert.words.showing import visible

_LEFT_OUT_SILENTLY = "explained-by"
SCHEMA = 1


def plan_text(plan: Plan, sentences: Sentences, *, scripts: bool = False) -> str:
    """Every step with what it runs, what that does and the way back."""
    return "\n".join(_plan_lines(plan, sentences, scripts)) + "\n"


def _plan_lines(plan: Plan, sentences: Sentences, scripts: bool) -> Iterator[str]:
    if not plan.steps:
        yield sentences("plan_empty")
    else:
        servers = len({step.server for step in plan.steps})
        yield sentences("plan_head", steps=len(plan.steps), servers=servers, consent=sentences.term("consent", plan.consent.value))
    for number, step in enumerate(plan.steps, start=1):
        yield ""
        yield from _step_lines(number, step, sentences, scripts)
    if plan.asks:
        yield ""
        yield sentences("plan_asks")
        for ask in plan.asks:
            yield f"  {_ask_line(ask, sentences)}"
    shown = [one for one in plan.left_out if one.reason != _LEFT_OUT_SILENTLY]
    if shown:
        yield ""
        yield sentences("plan_left_out")
        for one in shown:
            yield f"  {_left_out_line(one, sentences)}"


def _step_lines(number: int, step: Step, sentences: Sentences, scripts: bool) -> Iterator[str]:
    text = sentences.catalogue.step(step)
    level = sentences.term("manner", step.manner.value) if step.manner is not Manner.DOES else sentences.term("consent", step.consent.value)
    yield f"{number}. {text.title} [{level}]"
    yield f"   {visible(step.id)}"
    for line in (text.effect, text.do, sentences("step_notice", text=text.notice) if text.notice else ""):
        if line:
            yield from (f"   {part}" for part in line.splitlines())
    if step.action is not None:
        yield from _action_lines(step, sentences, scripts)
        back = text.undo or sentences("step_undo" if step.undo is not None else "step_no_undo")
        yield f"   {sentences('step_back', text=back)}"
    duration = sentences.catalogue.formats.duration
    yield f"   {sentences('step_time', typical=duration(step.typical_seconds), longest=duration(step.longest_seconds))}"


def _action_lines(step: Step, sentences: Sentences, scripts: bool) -> Iterator[str]:
    from oauthcert.casework.step_script import parameters_of, script_of

    if step.action is None:
        return
    told = " ".join(f"-{name} {visible(value)}" for name, value in parameters_of(step.action.arguments))
    yield f"   {sentences('step_runs', server=step.server)} {step.action.function} {told}".rstrip()
    if scripts:
        yield from (f"   | {line}" for line in script_of(step.action).text.splitlines())


def _ask_line(ask: Ask, sentences: Sentences) -> str:
    text = sentences.catalogue.ask(ask)
    more = [", ".join(ask.choices)] if ask.choices else []
    if ask.default:
        more.append(sentences("ask_default", value=ask.default))
    if not ask.required:
        more.append(sentences("ask_optional"))
    return f"{ask.id}: {text.question}" + (f" ({'; '.join(more)})" if more else "")


def _left_out_line(one: LeftOut, sentences: Sentences) -> str:
    return f"{visible(one.finding)}: {sentences.catalogue.reason(one.reason, one.facts)}"


def result_line(result: StepResult, plan: Plan, sentences: Sentences) -> str:
    """One step and what became of it."""
    try:
        title = sentences.catalogue.step(plan.step(result.step)).title
    except KeyError:
        title = visible(result.step)
    said = sentences.term("outcome", result.outcome.value)
    why = f": {sentences.catalogue.reason(result.reason, result.facts)}" if result.reason else ""
    return f"{title} - {said}{why}"


def preview_lines(previews: Sequence[Previewed], plan: Plan, sentences: Sentences) -> Iterator[str]:
    yield sentences("preview_head")
    for one in previews:
        why = f": {sentences.catalogue.reason(one.reason, one.facts)}" if one.reason else ""
        yield f"  {sentences.catalogue.step(plan.step(one.step)).title} - {sentences.term('preview', one.outcome)}{why}"
        yield from (f"    {visible(line)}" for note in one.notes for line in note.splitlines())


def repair_lines(repair: Repair, sentences: Sentences) -> Iterator[str]:
    """What became of each step, and of the findings that had to pass."""
    yield sentences("repair_head", run=repair.run)
    for result in repair.results:
        yield f"  {result_line(result, repair.plan, sentences)}"
    begun = {result.step for result in repair.results}
    for step in repair.plan.steps:
        if step.id not in begun:
            yield f"  {sentences.catalogue.step(step).title} - {sentences('not_begun')}"
    if repair.after is None:
        yield sentences("not_verified")
        return
    yield from _verdict_lines(repair, repair.after, sentences)


def _verdict_lines(repair: Repair, after: Case, sentences: Sentences) -> Iterator[str]:
    before = {finding.id: finding.verdict for finding in repair.before.findings}
    changed = [one for one in after.findings if before.get(one.id, one.verdict) is not one.verdict]
    yield sentences("verified_head", count=len(changed))
    for one in changed:
        verdicts = f"{sentences.catalogue.verdict(before[one.id])} -> {sentences.catalogue.verdict(one.verdict)}"
        yield f"  {visible(one.id)}: {verdicts}"
    for cause in after.causes:
        yield f"  {sentences('still_wrong', finding=cause.finding)}"


def plan_json(plan: Plan, case: Case, previews: Sequence[Previewed] | None = None, repair: Repair | None = None) -> str:
    document: dict[str, Any] = {"schema": SCHEMA, "exit": case.exit_code, "plan": plan_as_json(plan)}
    if previews is not None:
        document["preview"] = [
            {
                "step": one.step,
                "outcome": one.outcome,
                "reason": one.reason,
                "facts": facts_as_json(one.facts),
                "before": facts_as_json(one.before),
                "notes": list(one.notes),
            }
            for one in previews
        ]
    if repair is not None:
        document["run"] = repair.run
        document["results"] = [result_json(one) for one in repair.results]
        document["before"] = {one.id: one.verdict.value for one in repair.before.findings}
        document["after"] = None if repair.after is None else {one.id: one.verdict.value for one in repair.after.findings}
        document["exit"] = (repair.after or repair.before).exit_code
    return json.dumps(document, indent=1) + "\n"


def result_json(result: StepResult) -> dict[str, Any]:
    return {
        "step": result.step,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "started": moment(result.started),
        "finished": moment(result.finished),
        "facts": facts_as_json(result.facts),
        "before": facts_as_json(result.before),
        "after": facts_as_json(result.after),
        "notes": list(result.notes),
    }
