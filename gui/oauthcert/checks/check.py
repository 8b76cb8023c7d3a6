"""What a check is: its id, its place, and every variant it can yield with the facts its text may rely on."""

from dataclasses import dataclass
from enum import StrEnum

from oauthcert.model.finding import Severity, Verdict


class Group(StrEnum):
    """Where a check is read: before anything else, or at a step of the product's own deployment wizard."""

    REACH = "reach"
    STEP_1 = "step-1"
    STEP_2 = "step-2"
    STEP_3 = "step-3"
    STEP_4 = "step-4"
    PARTNERS = "partners"


class Scope(StrEnum):
    """SERVER: one finding for every server. DEPLOYMENT: one finding for all of them together."""

    SERVER = "server"
    DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing a check can say. Its text is `<check>.<id>`; `facts` are always filled, further ones may be there.

    `fixes` are offered in this order; only warnings and failures have any.
    """

    id: str
    verdict: Verdict
    severity: Severity
    facts: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A question the wizard answers. The order of the table is the order in which findings are read."""

    id: str
    group: Group
    scope: Scope
    variants: tuple[Variant, ...]

    @property
    def fixes(self) -> tuple[str, ...]:
        """Every fix any variant offers, in the order of first mention."""
        return tuple(dict.fromkeys(fix for variant in self.variants for fix in variant.fixes))

    def variant(self, variant_id: str) -> Variant:
        """The variant with this id; raises KeyError."""
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        raise KeyError(f"{self.id}.{variant_id}")


def passes(*facts: str, named: str = "pass") -> Variant:
    return Variant(named, Verdict.PASS, Severity.INFO, facts)


def warns(named: str, *facts: str, fixes: tuple[str, ...] = (), severity: Severity = Severity.MEDIUM) -> Variant:
    return Variant(named, Verdict.WARN, severity, facts, fixes)


def fails(named: str, *facts: str, fixes: tuple[str, ...] = (), severity: Severity = Severity.HIGH) -> Variant:
    return Variant(named, Verdict.FAIL, severity, facts, fixes)


# Every check may fail to look: `reason` is a words id (a reason of model.evidence.NotSeen or of table.OWN_REASONS), `look` names the
# probe or part of the connection that has not been seen, `asked_servers` whom it was asked of (the CMS server for what only that one
# knows; empty when there was nobody to ask). The facts of the reason itself come along under their own names.
UNSEEN = Variant("could-not-look", Verdict.UNKNOWN, Severity.LOW, ("reason", "look", "asked_servers"))
# A broken look at what everything rests on weighs more.
UNSEEN_GRAVE = Variant("could-not-look", Verdict.UNKNOWN, Severity.MEDIUM, ("reason", "look", "asked_servers"))
# `why` is one of NOT_NEEDED.
NOT_APPLICABLE = Variant("not-applicable", Verdict.NOT_APPLICABLE, Severity.INFO, ("why",))
NOTHING_ASSIGNED = Variant("nothing-assigned", Verdict.NOT_APPLICABLE, Severity.INFO)
NO_CERTIFICATE = Variant("no-certificate", Verdict.NOT_APPLICABLE, Severity.INFO, ("thumbprint",))
NO_KEY = Variant("no-key", Verdict.NOT_APPLICABLE, Severity.INFO, ("thumbprint",))
ABOUT_CERTIFICATE = (UNSEEN, NOT_APPLICABLE, NOTHING_ASSIGNED, NO_CERTIFICATE)
