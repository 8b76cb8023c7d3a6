"""Which steps may run beside each other, and which have lost their ground because an earlier one did not go well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oauthcert.fixes.arguments import asks_of, sources
from oauthcert.model.plan import Manner, Plan, Step
from oauthcert.model.repair import Outcome, StepResult


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps that may run at the same time: one lane for each server, the steps of a lane one after the other."""

    lanes: tuple[tuple[Step, ...], ...]


def batches(plan: Plan) -> Iterator[Batch]:
    """All steps, in order. A step for the whole deployment, a wait, a person's step and a question each have a batch of their own."""
    lanes: dict[str, list[Step]] = {}
    within: set[str] = set()
    for step in plan.steps:
        alone = step.wide or step.manner is not Manner.DOES or bool(asks_of(step.action))
        needs_other = any(source.step in within and _server_of(plan, source.step) != step.server for source in sources(step.action))
        if lanes and (alone or needs_other):
            yield _batch(lanes)
            lanes, within = {}, set()
        lanes.setdefault(step.server, []).append(step)
        within.add(step.id)
        if alone:
            yield _batch(lanes)
            lanes, within = {}, set()
    if lanes:
        yield _batch(lanes)


def _batch(lanes: Mapping[str, Sequence[Step]]) -> Batch:
    return Batch(tuple(tuple(steps) for steps in lanes.values()))


def _server_of(plan: Plan, step: str) -> str:
    return next((one.server for one in plan.steps if one.id == step), "")


def lost_ground(step: Step, plan: Plan, results: Mapping[str, StepResult]) -> str:
    """The id of the earlier step without whose success this one makes no sense; empty when there is none."""
    brought = {source.step for source in sources(step.action)}
    earlier = plan.steps[: plan.steps.index(step)]
    for one in earlier:
        result = results.get(one.id)
        if result is None or result.outcome.good:
            continue
        same = one.fix == step.fix and one.server == step.server
        if one.id in brought or (one.wide and result.outcome is not Outcome.STILL_ON_ITS_WAY) or same:
            return one.id
    if step.manner is Manner.WAITS:
        made = [one for one in earlier if one.fix == step.fix and one.manner is not Manner.WAITS]
        if made and not any(one.id in results and results[one.id].outcome.good for one in made):
            return made[-1].id
    return ""
