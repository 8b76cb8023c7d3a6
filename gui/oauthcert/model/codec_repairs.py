"""The repairs in a case file: written field by field, read back trusting nothing. Older files have none."""

from collections.abc import Callable, Mapping

from oauthcert.model.codec_fields import DamagedCase, each, exactly, mapping, moment, one_of, perhaps, text, whole
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Consent, Manner
from oauthcert.model.repair import Outcome
from oauthcert.model.repair_record import ProblemCount, RepairRecord, StepRecord

ReadFact = Callable[[object, str], Fact]
WriteFact = Callable[[Fact], object]
WriteMoment = Callable[..., str]


def repair_fields(record: RepairRecord, fact: WriteFact, written: WriteMoment) -> dict[str, object]:
    """`fact` and `written` write a fact and a time as everywhere in the file."""
    return {
        "run": record.run,
        "started": written(record.started),
        "finished": written(record.finished),
        "accounts": list(record.accounts),
        "before": _problems(record.before),
        "after": _problems(record.after),
        "steps": [_step_fields(step, fact, written) for step in record.steps],
    }


def _problems(count: ProblemCount | None) -> dict[str, int] | None:
    return None if count is None else {"failed": count.failed, "warned": count.warned}


def _step_fields(step: StepRecord, fact: WriteFact, written: WriteMoment) -> dict[str, object]:
    return {
        "step": step.step,
        "fix": step.fix,
        "server": step.server,
        "manner": step.manner.value,
        "consent": step.consent.value,
        "words": step.words,
        "facts": {name: fact(value) for name, value in step.facts.items()},
        "outcome": step.outcome.value,
        "reason": step.reason,
        "reason_facts": {name: fact(value) for name, value in step.reason_facts.items()},
        "started": written(step.started),
        "finished": written(step.finished),
    }


def read_repair(value: object, where: str, fact: ReadFact) -> RepairRecord:
    """Raises DamagedCase."""
    found = exactly(value, where, "run started finished accounts before after steps")
    return RepairRecord(
        run=text(found["run"], f"{where}.run"),
        started=moment(found["started"], f"{where}.started"),
        finished=moment(found["finished"], f"{where}.finished"),
        steps=each(found["steps"], f"{where}.steps", lambda step, place: _read_step(step, place, fact)),
        accounts=each(found["accounts"], f"{where}.accounts", text),
        before=perhaps(found["before"], f"{where}.before", _read_problems),
        after=perhaps(found["after"], f"{where}.after", _read_problems),
    )


def _read_problems(value: object, where: str) -> ProblemCount:
    found = exactly(value, where, "failed warned")
    failed, warned = (whole(found[name], f"{where}.{name}") for name in ("failed", "warned"))
    if failed < 0 or warned < 0:
        raise DamagedCase(where, "is less than none")
    return ProblemCount(failed, warned)


def _read_step(value: object, where: str, fact: ReadFact) -> StepRecord:
    found = exactly(value, where, "step fix server manner consent words facts outcome reason reason_facts started finished")
    step, fix, server, words, reason = (text(found[name], f"{where}.{name}") for name in ("step", "fix", "server", "words", "reason"))
    return StepRecord(
        step=step,
        fix=fix,
        server=server,
        manner=one_of(Manner, found["manner"], f"{where}.manner"),
        words=words,
        outcome=one_of(Outcome, found["outcome"], f"{where}.outcome"),
        started=moment(found["started"], f"{where}.started"),
        finished=moment(found["finished"], f"{where}.finished"),
        consent=one_of(Consent, found["consent"], f"{where}.consent"),
        facts=_facts(found["facts"], f"{where}.facts", fact),
        reason=reason,
        reason_facts=_facts(found["reason_facts"], f"{where}.reason_facts", fact),
    )


def _facts(value: object, where: str, fact: ReadFact) -> Mapping[str, Fact]:
    return {name: fact(one, f"{where}.{name}") for name, one in mapping(value, where).items()}
