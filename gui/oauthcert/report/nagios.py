"""A case as the output of a monitoring plugin: a status line, performance data and long output (Nagios, Icinga, Naemon, Checkmk).

Rules: the plugin development guidelines of the Monitoring Plugins project. The exit code that belongs to it is the case's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.figures import expiries, offsets, verdict_counts
from oauthcert.report.outline import CauseTold, outline
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

LONGEST = 8000
"""Bytes. Nagios reads 8 KB of a plugin and cuts off the rest, in the middle of whatever stands there."""
LONGEST_FIGURES = 4000
LONGEST_TEXT = 1000
LONGEST_LINE = 400
STATUS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
"""By exit code; the words are the same in every language, because systems look for them."""

_UNFIT = re.compile(r"[^\w.:@-]")


def render_nagios(case: Case, catalogue: Catalogue, thresholds: Thresholds | None = None) -> str:
    """`OAUTHCERT STATUS - text | figures`, then one line for every cause, the first to mend in front; at most LONGEST bytes."""
    told = outline(case, catalogue)
    text = ": ".join([told.headline, *(cause.told.text.title for cause in told.causes[:1])])
    first = f"OAUTHCERT {STATUS[case.exit_code]} - {_plain(text, LONGEST_TEXT // 2)} ({_plain(told.counts, 200).rstrip('.')})"
    first += f" | {' '.join(_within(_named_once(_figures(case, thresholds or Thresholds())), LONGEST_FIGURES))}"
    lines = [_cause_line(cause, catalogue) for cause in told.causes]
    room = LONGEST - _size(first) - 200
    kept = list(_within(lines, room))
    if left := len(lines) - len(kept):
        kept.append(_plain(catalogue.label("and_more", count=left), LONGEST_LINE))
    return "\n".join([first, *kept]) + "\n"


def _cause_line(cause: CauseTold, catalogue: Catalogue) -> str:
    servers = f" (+ {', '.join(cause.others[:5])}{' …' if len(cause.others) > 5 else ''})" if cause.others else ""
    title = f"{catalogue.verdict(cause.told.finding.verdict)}: {cause.told.text.title}{servers}"
    return _plain(f"{title}. {cause.told.text.action}" if cause.told.text.action else title, LONGEST_LINE)


def _plain(text: str, longest: int) -> str:
    """One line without a pipe, behind which figures would begin, and without what could end a notification's own quotes."""
    return visible(text, longest).translate({ord("|"): "¦", ord("`"): "'"})


def _figures(case: Case, thresholds: Thresholds) -> Iterator[str]:
    counts = verdict_counts(case)
    for verdict in Verdict:
        yield _figure(verdict.value.replace("-", "_"), counts[verdict], worst=verdict in (Verdict.FAIL,))
    yield _figure("servers", len(case.targets))
    warn, fail = f"{_number(thresholds.expiry_warn_days)}:", f"{_number(thresholds.expiry_fail_days)}:"
    for expiry in expiries(case):
        # days have no unit of measurement of their own, so the label says it
        yield f"'{_label(expiry.check)}_{_label(expiry.thumbprint[:8])}_days_left'={_number(expiry.days_left)};{warn};{fail}"
    warn, fail = (f"-{_number(bound)}:{_number(bound)}" for bound in (thresholds.skew_warn_seconds, thresholds.skew_fail_seconds))
    for offset in offsets(case):
        yield f"'{_label(offset.server)}_clock_offset'={_number(offset.seconds)}s;{warn};{fail}"


def _named_once(figures: Iterable[str]) -> Iterator[str]:
    """Names that became the same when they were made fit: the first one counts, which is the worst."""
    names: set[str] = set()
    for figure in figures:
        name = figure.partition("=")[0]
        if name not in names:
            names.add(name)
            yield figure


def _figure(name: str, count: int, *, worst: bool = False) -> str:
    """A count that never goes below 0; failures are critical from the first on."""
    return f"'{name}'={count};;{'0' if worst else ''};0"


def _label(text: str) -> str:
    """Neither quotes nor an equals sign nor blanks, at most 100 characters: what every reader of such data takes."""
    return _UNFIT.sub("_", visible(text, 100))


def _number(value: float) -> str:
    """Digits, at most one point and a sign: no exponent, and no minus in front of nothing."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _within(parts: Iterable[str] | Sequence[str], room: int) -> Iterator[str]:
    """As many as fit into so many bytes, each with what parts it from the next. Nothing is cut in two."""
    for part in parts:
        room -= _size(part) + 1
        if room < 0:
            return
        yield part


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
