"""A case that can be shown to strangers: names, addresses, accounts and certificates replaced, what was found kept as it was judged."""

from collections.abc import Mapping
from dataclasses import replace

from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, Fault, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Cause, Fact, Finding
from oauthcert.model.repair_record import RepairRecord, StepRecord
from oauthcert.model.target import Target
from oauthcert.report.pseudonyms import Pseudonyms, shortened, words

_MARK = "masked:"

# Ids of this program; and what programs are called, which holds dots and numbers like names and addresses do.
_OURS = words("probe scheme method reason look why problem needed_for denied_looks reference way kind role by")
_PROGRAMS = words(
    "powershell edition os_version os_name version product_version module module_version product publisher id type category path log"
)
_HOSTS = words(
    "server servers fqdn computer dc_name active_master replica cluster machines active_file_transfer_agents file_transfer_agents "
    "reference_server cms_server asked_servers servers_read servers_needing odd_servers ntp_server source host replicas"
)
_DOMAINS = words("domain default_sip_domain sip_domains")
_ACCOUNTS = words("username account")
_GROUPS = words("groups missing_groups sufficient_group accounts readers denied_by")
_SUBJECTS = words("subject issuer root missing_subject wanted_by misplaced broken_at")
_LABELS: Mapping[str, str] = {"friendly_name": "label", "container": "container", "address": "address"}


def is_masked(case: Case) -> bool:
    """Whether names were taken out. Such a case must not be judged again: its certificates are gone."""
    return case.source.startswith(_MARK)


def original_source(case: Case) -> str:
    """Where the case came from before it was masked."""
    return case.source.removeprefix(_MARK)


def masked(case: Case) -> Case:
    """The same case with stand-ins (`fe01.contoso.lab` becomes `server-1.example`); a masked case stays as it is.

    Findings keep verdict, words and order. Certificates are left out, thumbprints and serial numbers keep their first eight digits.
    """
    if is_masked(case):
        return case
    names = Pseudonyms()
    _introduce(case, names)
    mask = _Mask(names)
    # The first round only meets the names: what is said last may be named in what was said first.
    mask.case(case)
    names.start_over()
    return mask.case(case)


def _introduce(case: Case, names: Pseudonyms) -> None:
    """Servers get the lowest numbers, in the order they were listed, under every name they go by."""
    for target in case.targets:
        names.host(target.name, "server")
    for observation in case.observations:
        stand_in = names.host(observation.server, "server")
        for probe, fields in (("session", ("fqdn", "computer")), ("hello", ("computer",))):
            answer = observation.answers.get(probe)
            for value in answer.value if answer is not None else ():
                for field in fields:
                    name = value.get(field) if isinstance(value, dict) else None
                    if isinstance(name, str):
                        names.also(name, stand_in)
    for observation in case.observations:
        answer = observation.answers.get("topology")
        for value in answer.value if answer is not None else ():
            clusters = value.get("clusters") if isinstance(value, dict) else None
            for cluster in clusters if isinstance(clusters, list) else ():
                fqdn, machines = (cluster.get("fqdn"), cluster.get("machines")) if isinstance(cluster, dict) else (None, None)
                for machine in machines if isinstance(machines, list) else ():
                    if isinstance(machine, str):
                        names.host(machine, "server")
                if isinstance(fqdn, str):
                    names.host(fqdn, "pool")


class _Mask:
    def __init__(self, names: Pseudonyms) -> None:
        self._names = names

    def case(self, case: Case) -> Case:
        return replace(
            case,
            source=_MARK + case.source,
            targets=tuple(self._target(target) for target in case.targets),
            observations=tuple(self._observation(observation) for observation in case.observations),
            findings=tuple(self._finding(finding) for finding in case.findings),
            causes=tuple(Cause(self._id(cause.finding), tuple(map(self._id, cause.explains))) for cause in case.causes),
            repairs=tuple(map(self._repair, case.repairs)),
        )

    def _target(self, target: Target) -> Target:
        address = None if target.address is None else self._names.address(target.address)
        return replace(target, name=self._names.host(target.name), address=address, fingerprint=None)

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            server=finding.server and self._names.host(finding.server),
            facts={name: self._fact(name, value) for name, value in finding.facts.items()},
            because=tuple(map(self._id, finding.because)),
        )

    def _repair(self, record: RepairRecord) -> RepairRecord:
        return replace(
            record, accounts=tuple(map(self._names.account, record.accounts)), steps=tuple(self._step(step) for step in record.steps)
        )

    def _step(self, step: StepRecord) -> StepRecord:
        return replace(
            step,
            step=self._step_id(step.step),
            server=self._names.host(step.server),
            facts={name: self._fact(name, value) for name, value in step.facts.items()},
            reason_facts={name: self._fact(name, value) for name, value in step.reason_facts.items()},
        )

    def _step_id(self, step: str) -> str:
        fix, at, rest = step.partition("@")
        server, _, number = rest.rpartition("/")
        return f"{fix}@{self._names.host(server)}/{number}" if at else self._names.text(step)

    def _id(self, finding: str) -> str:
        check, at, server = finding.partition("@")
        return finding if not at or server == "deployment" else f"{check}@{self._names.host(server)}"

    def _fact(self, name: str, value: Fact) -> Fact:
        if isinstance(value, tuple):
            return tuple(self._text(name, part) for part in value)
        return self._text(name, value) if isinstance(value, str) else value

    def _observation(self, observation: Observation) -> Observation:
        return replace(
            observation,
            server=self._names.host(observation.server),
            reach=self._reach(observation.reach),
            sign_in=self._sign_in(observation.sign_in),
            clock=self._not_seen(observation.clock) if isinstance(observation.clock, NotSeen) else observation.clock,
            answers={probe: self._answer(answer) for probe, answer in observation.answers.items()},
            lost=None if observation.lost is None else self._not_seen(observation.lost),
            tls=None if observation.tls is None else self._tls(observation.tls),
        )

    def _reach(self, look: Seen[ReachSeen] | NotSeen) -> Seen[ReachSeen] | NotSeen:
        if isinstance(look, NotSeen):
            return self._not_seen(look)
        return Seen(replace(look.value, address=self._names.address(look.value.address)))

    def _sign_in(self, look: Seen[SignInSeen] | NotSeen) -> Seen[SignInSeen] | NotSeen:
        if isinstance(look, NotSeen):
            return self._not_seen(look)
        return Seen(replace(look.value, username=self._names.account(look.value.username)))

    def _not_seen(self, look: NotSeen) -> NotSeen:
        return NotSeen(look.reason, {name: self._text(name, value) for name, value in look.facts.items()})

    def _tls(self, tls: TlsSeen) -> TlsSeen:
        return replace(tls, sha256=shortened(tls.sha256), subject=self._names.subject(tls.subject), issuer=self._names.subject(tls.issuer))

    def _answer(self, answer: Answer) -> Answer:
        return replace(
            answer,
            value=tuple(self._json("", value) for value in answer.value),
            fault=None if answer.fault is None else self._fault(answer.fault),
            errors=tuple(self._fault(fault) for fault in answer.errors),
            warnings=tuple(self._names.text(warning) for warning in answer.warnings),
        )

    def _fault(self, fault: Fault) -> Fault:
        text = self._names.text
        return replace(
            fault,
            id=self._names.light(fault.id),
            message=text(fault.message),
            target=text(fault.target),
            inner=tuple(map(text, fault.inner)),
        )

    def _json(self, name: str, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self._text(name, value)
        if isinstance(value, list):
            return [self._json(name, part) for part in value]
        if isinstance(value, dict):
            return {key if key.isalnum() else self._names.text(key): self._json(key, part) for key, part in value.items()}
        return value

    def _text(self, name: str, value: str) -> str:
        """Names of fields are camelCase in answers and snake_case in facts."""
        key = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
        names = self._names
        if key == "der":
            return ""
        if key in _OURS:
            return value
        if key == "earlier":
            return self._step_id(value)
        if key in _LABELS:
            return names.address(value) if key == "address" and value else names.named(value, _LABELS[key])
        if key == "site":
            return value if value.isdigit() else names.named(value, "site")
        if key == "serial":
            return shortened(value)
        for keys, change in (
            (_PROGRAMS, names.light),
            (_HOSTS, names.hosts),
            (_ACCOUNTS, names.account),
            (_GROUPS, names.group),
            (_SUBJECTS, names.subject),
        ):
            if key in keys:
                return change(value)
        return names.domain(value) if key in _DOMAINS else names.text(value)
