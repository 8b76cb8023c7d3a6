"""Makes the steps of one fix, numbered server by server."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from oauthcert.fixes.fix import Fix, Placed, Stage
from oauthcert.fixes.situation import Obstacle, Situation
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.plan import Action, Consent, LeftOut, Manner, Step

ARRIVAL = ("replication-up-to-date", "replication-arrived", "local-store-current", "oauth-in-store", "oauth-single")
"""Checks that pass by themselves once the configuration has come through."""
TYPICAL_ARRIVAL_SECONDS = 180.0
LONGEST_ARRIVAL_SECONDS = 600.0
_NO_FACTS: Mapping[str, Fact] = {}


class Maker:
    """Steps of `fix`; ids are `<fix>@<server>/<number>`. `steps` are those made so far."""

    def __init__(self, fix: Fix) -> None:
        self._fix = fix
        self._numbers: Counter[str] = Counter()
        self.steps: list[Placed] = []

    def does(
        self,
        server: str,
        words: str,
        action: Action,
        *,
        undo: Callable[[str], Action] | None = None,
        consent: Consent = Consent.CHANGE,
        stage: Stage | None = None,
        settles: Iterable[str] = (),
        facts: Mapping[str, Fact] = _NO_FACTS,
        needs: tuple[str, ...] | None = None,
        typical: float = 10.0,
        wide: bool = False,
    ) -> Step:
        """`undo` is given the id of the step, for what it takes from before it."""
        name = self._id(server)
        step = Step(
            id=name,
            fix=self._fix.id,
            server=server,
            manner=Manner.DOES,
            words=words,
            consent=consent,
            facts=dict(facts),
            action=action,
            undo=undo(name) if undo else None,
            needs=self._fix.needs if needs is None else needs,
            typical_seconds=typical,
            longest_seconds=action.seconds,
            settles=tuple(dict.fromkeys(settles)),
            wide=wide,
        )
        return self._kept(step, self._fix.stage if stage is None else stage)

    def guides(
        self,
        server: str,
        words: str,
        *,
        settles: Iterable[str] = (),
        facts: Mapping[str, Fact] = _NO_FACTS,
        typical: float = 600.0,
        stage: Stage | None = None,
    ) -> Step:
        step = Step(
            id=self._id(server),
            fix=self._fix.id,
            server=server,
            manner=Manner.GUIDES,
            words=words,
            consent=Consent.LOOK,
            facts=dict(facts),
            typical_seconds=typical,
            longest_seconds=typical,
            settles=tuple(dict.fromkeys(settles)),
        )
        return self._kept(step, self._fix.stage if stage is None else stage)

    def waits(self, server: str, settles: Sequence[str], *, servers: Sequence[str], words: str = "wait-for-arrival") -> Step | None:
        """None when there is nothing to wait for."""
        if not settles:
            return None
        step = Step(
            id=self._id(server),
            fix=self._fix.id,
            server=server,
            manner=Manner.WAITS,
            words=words,
            consent=Consent.LOOK,
            facts={"servers": tuple(dict.fromkeys(servers)), "minutes": int(LONGEST_ARRIVAL_SECONDS // 60)},
            typical_seconds=TYPICAL_ARRIVAL_SECONDS,
            longest_seconds=LONGEST_ARRIVAL_SECONDS,
            settles=tuple(dict.fromkeys(settles)),
        )
        return self._kept(step, Stage.LAST if any(one.stage > Stage.WAIT for one in self.steps) else Stage.WAIT)

    def waits_for_effects(self, situation: Situation, findings: Sequence[Finding], *also: str) -> Step | None:
        """Waits for what these findings hold up and the configuration brings, and for `also`."""
        effects = [f for f in situation.covered([f.id for f in findings]) if f.check in ARRIVAL]
        awaited = dict.fromkeys((*also, *(f.id for f in effects)))
        servers = [name for one in awaited if (name := one.rpartition("@")[2]) != "deployment"]
        cms = situation.deployment.cms_server_name
        places = list(dict.fromkeys(servers)) or [cms or "deployment"]
        where = cms if cms and len(places) > 1 else places[0]
        return self.waits(where, tuple(awaited), servers=places)

    def _id(self, server: str) -> str:
        self._numbers[server] += 1
        return f"{self._fix.id}@{server}/{self._numbers[server]}"

    def _kept(self, step: Step, stage: Stage) -> Step:
        self.steps.append(Placed(stage, step))
        return step


def waiting_longer(step: Step, late: Sequence[str]) -> Step:
    """The same wait for these as well."""
    servers = [name for one in late if (name := one.partition("@")[2]) != "deployment"]
    known = texts(step.facts.get("servers"))
    facts = {**step.facts, "servers": tuple(dict.fromkeys((*known, *servers)))}
    return replace(step, settles=(*step.settles, *late), facts=facts)


def blocked(findings: Iterable[Finding], obstacle: Obstacle) -> tuple[LeftOut, ...]:
    """These findings are left out because of what stands in the way; of a fix that none asked for, the obstacle itself is told."""
    facts: dict[str, Fact] = {**obstacle.facts, "cause": obstacle.cause}
    ids = [finding.id for finding in findings] or [obstacle.cause or "cms-master@deployment"]
    return tuple(LeftOut(one, obstacle.reason, facts) for one in ids)


def variant(finding: Finding) -> str:
    return finding.words.partition(".")[2]


def texts(fact: Fact) -> tuple[str, ...]:
    """A fact that lists names."""
    if isinstance(fact, tuple):
        return fact
    return (fact,) if isinstance(fact, str) and fact else ()
