"""A case in the text exposition format (version 0.0.4), for the textfile collector of an exporter or a push gateway.

Names and units follow Prometheus' own rules; figures come without time stamps, as a file that is read again and again has to.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from oauthcert.model.case import Case
from oauthcert.report.figures import STATES, expiries, offsets, verdict_counts

Labels = Mapping[str, str]
Samples = Iterable[tuple[Labels, float]]


@dataclass(frozen=True, slots=True)
class _Metric:
    """All are gauges. `explained` is shown to people by Prometheus, and is English as everything there."""

    name: str
    explained: str


BUILD = _Metric("oauthcert_build_info", "Version of OAuthCert Wizard that judged; the value is always 1.")
STARTED = _Metric("oauthcert_look_start_timestamp_seconds", "When the look at the servers began.")
ENDED = _Metric("oauthcert_look_end_timestamp_seconds", "When the look at the servers ended; what is told here is as old as that.")
SERVERS = _Metric("oauthcert_servers", "Servers that were to be looked at.")
RESULT = _Metric("oauthcert_result", "Result of the whole check: 0 all pass, 1 warnings, 2 failures, 3 only unknown.")
FINDINGS = _Metric("oauthcert_findings", "Number of findings by verdict.")
CAUSES = _Metric("oauthcert_causes", "Number of findings that nothing else explains.")
STATE = _Metric(
    "oauthcert_finding_state",
    "One finding: 0 pass, 1 warn, 2 fail, 3 unknown (could not look). Without server: about the deployment. Not applicable: left out.",
)
EXPIRY = _Metric("oauthcert_certificate_expiry_timestamp_seconds", "When a certificate that was judged ends.")
OFFSET = _Metric("oauthcert_clock_offset_seconds", "Clock of a server minus the reference clock.")
OFFSET_ERROR = _Metric("oauthcert_clock_offset_error_seconds", "How far off the measured clock offset may be, in both directions.")


def render_prometheus(case: Case) -> str:
    """The whole exposition, ending in a line break; a metric without samples is left out."""
    return "".join(line + "\n" for line in _lines(case))


def _lines(case: Case) -> Iterator[str]:
    measured = offsets(case)
    yield from _family(BUILD, [({"version": case.tool_version}, 1)])
    yield from _family(STARTED, [({}, _seconds(case.started))])
    yield from _family(ENDED, [({}, _seconds(case.finished))])
    yield from _family(SERVERS, [({}, len(case.targets))])
    yield from _family(RESULT, [({}, case.exit_code)])
    yield from _family(FINDINGS, [({"verdict": verdict.value}, count) for verdict, count in verdict_counts(case).items()])
    yield from _family(CAUSES, [({}, len(case.causes))])
    yield from _family(
        STATE, [({"check": f.check, "server": f.server or ""}, STATES[f.verdict]) for f in case.findings if f.verdict in STATES], most=True
    )
    ending = [(one, one.ends) for one in expiries(case)]
    yield from _family(EXPIRY, [({"check": one.check, "thumbprint": one.thumbprint}, _seconds(ends)) for one, ends in ending if ends])
    yield from _family(OFFSET, [({"server": one.server}, one.seconds) for one in measured])
    errors = [({"server": one.server}, one.error_seconds) for one in measured if one.error_seconds is not None]
    yield from _family(OFFSET_ERROR, errors)


def _family(metric: _Metric, samples: Samples, *, most: bool = False) -> Iterator[str]:
    """HELP, TYPE and one line for every set of labels. Where two become the same the first counts, with `most` the largest."""
    found: dict[str, float] = {}
    for labels, value in samples:
        key = _labels(labels)
        found[key] = max(found[key], value) if most and key in found else found.get(key, value)
    if not found:
        return
    yield f"# HELP {metric.name} {_escaped(metric.explained)}"
    yield f"# TYPE {metric.name} gauge"
    for key, value in found.items():
        yield f"{metric.name}{key} {_number(value)}"


def _labels(labels: Labels) -> str:
    """An empty value is the same as no label."""
    pairs = [f'{name}="{_quoted(value)}"' for name, value in labels.items() if value]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escaped(text: str) -> str:
    """For a HELP line: backslash and line feed. Lone surrogates are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    """For a label's value: quotes as well. A carriage return would end the line for readers that take it for one."""
    return _escaped(text.replace("\r", " ").replace("\0", " ")).replace('"', '\\"')


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
