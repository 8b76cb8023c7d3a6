"""The way of the configuration: from the server in charge to every replica, with what each last confirmed."""

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.pictures.canvas import Canvas, fitted
from oauthcert.report.tokens import Palette
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of

WIDTH = 520
_COLUMNS, _GAP, _HEIGHT, _STEP = 4, 10, 62, 92
_TOP = 86
_URGENCY = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WARN, Verdict.PASS)
_DASHES = {Verdict.FAIL: "5 4", Verdict.WARN: "2 3", Verdict.UNKNOWN: "1 5"}


def replication(case: Case, catalogue: Catalogue, palette: Palette, longest: int = 12) -> str | None:
    """The master above, its replicas below, troubled ones first; None when nobody asked for the status."""
    replicas = [finding for finding in case.findings if finding.check == "replication-up-to-date" and finding.verdict in _URGENCY]
    master = next((finding for finding in case.findings if finding.check == "cms-master"), None)
    if not replicas or master is None or master.verdict is Verdict.NOT_APPLICABLE:
        return None
    rows = replicas if len(replicas) <= longest else sorted(replicas, key=lambda finding: _URGENCY.index(finding.verdict))
    shown, rest = rows[:longest], len(rows[longest:])
    columns = min(_COLUMNS, len(shown))
    width = min(150.0, (WIDTH - 24 - _GAP * (columns - 1)) / columns)
    canvas, lines = Canvas(WIDTH, palette), -(-len(shown) // columns)
    many = lines > 1
    _trunk(canvas, master, lines)
    for index, finding in enumerate(shown):
        row, column = divmod(index, columns)
        in_row = min(columns, len(shown) - row * columns)
        left = (WIDTH - (in_row * width + (in_row - 1) * _GAP)) / 2 if not many else 20 + column * (width + _GAP)
        x, y = left + column * (width + _GAP) if not many else left, _TOP + row * _STEP
        _wire(canvas, finding.verdict, x + width / 2, y, many)
        _replica(canvas, finding, x, y, width, case, catalogue)
    _master(canvas, master, catalogue)
    height = _TOP + (lines - 1) * _STEP + _HEIGHT
    if rest:
        canvas.text(20, height + 18, catalogue.label("and_more", count=rest), "mute", 11)
        height += 22
    return canvas.svg(height + 4, catalogue.label("replication"))


def _trunk(canvas: Canvas, master: Finding, lines: int) -> None:
    """From the master down: straight to one row, along the left margin to several."""
    dash = _DASHES.get(master.verdict)
    if lines == 1:
        canvas.line(WIDTH / 2, 46, WIDTH / 2, _TOP - 18, "mute", 1.5, dash)
        return
    canvas.line(WIDTH / 2, 25, 6, 25, "mute", 1.5, dash)
    canvas.line(6, 25, 6, _TOP + (lines - 1) * _STEP - 18, "mute", 1.5, dash)


def _wire(canvas: Canvas, verdict: Verdict, x: float, y: float, many: bool) -> None:
    """The last piece to one replica: solid where changes arrive, broken where they do not."""
    colour, dash = verdict.value, _DASHES.get(verdict)
    canvas.line(6 if many else WIDTH / 2, y - 18, x, y - 18, "line", 1.5)
    canvas.line(x, y - 18, x, y, colour, 2, dash)


def _master(canvas: Canvas, master: Finding, catalogue: Catalogue) -> None:
    name = master.facts.get("active_master") or master.facts.get("cms_server") or ""
    known = isinstance(name, str) and bool(name)
    head = catalogue.formats.short("server", name) if known else catalogue.label("master_unknown")
    word = catalogue.verdict(master.verdict)
    canvas.box(WIDTH / 2 - 100, 4, 200, 44, "panel", master.verdict.value, 7)
    label = f"{fitted(head, 12, 120)} · {catalogue.label('master')}" if known else head
    canvas.text(WIDTH / 2, 22, label, "text", 12, "middle", bold=True)
    _state(canvas, master.verdict, word, WIDTH / 2, 39)


def _replica(canvas: Canvas, finding: Finding, x: float, y: float, width: float, case: Case, catalogue: Catalogue) -> None:
    colour = finding.verdict.value
    canvas.box(x, y, width, _HEIGHT, f"{colour}-soft" if finding.verdict is not Verdict.PASS else "panel", colour, 7)
    middle = x + width / 2
    canvas.text(
        middle, y + 18, fitted(catalogue.formats.short("server", finding.server or ""), 12, width - 14), "text", 12, "middle", bold=True
    )
    _state(canvas, finding.verdict, fitted(catalogue.verdict(finding.verdict), 11, width - 30), middle, y + 36)
    canvas.text(middle, y + 52, fitted(_age(finding, case, catalogue), 10, width - 8), "mute", 10, "middle")


def _state(canvas: Canvas, verdict: Verdict, word: str, middle: float, y: float) -> None:
    half = len(word) * 11 * 0.27 + 8
    canvas.mark(verdict, middle - half - 5, y - 10, 11)
    canvas.text(middle - half + 9, y, word, verdict.value, 11)


def _age(finding: Finding, case: Case, catalogue: Catalogue) -> str:
    if finding.words.endswith(".never-reported"):
        return catalogue.label("never_reported")
    at = moment_of(finding.facts.get("last_status_report"))
    if at is None:
        return "" if finding.verdict is Verdict.PASS else catalogue.label("not_known") if finding.verdict is Verdict.UNKNOWN else ""
    age = max(0.0, (case.finished - at).total_seconds())
    return catalogue.label("last_report", age=catalogue.formats.duration(age if age < 60 else age // 60 * 60))
