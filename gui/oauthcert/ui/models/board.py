"""The board for a table view: a row per server, a column per check, and what is going on at the end."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from oauthcert.casework.events import Answered, Connecting, Provisional, ServerFinished, Started
from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.target import Target
from oauthcert.ui.models.board_rows import Light, Place, Row, Stage, places, rows_of
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()

LIGHT_ROLE = Role.UserRole + 1
"""A `Light`, or None where a row has no check in this column."""
ROW_ROLE = Role.UserRole + 2
"""The `Row` behind a cell, to be read only."""

SERVER_COLUMN = 0
# Beyond so many separate stretches of changed rows one larger stretch costs the view less.
_MOST_STRETCHES = 6


class BoardModel(QAbstractTableModel):
    """Never reset while a look runs. What `take` changed is told to views by `flush`, so that bursts cost one repaint."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = catalogue
        self.places: tuple[Place, ...] = places(catalogue.groups)
        self.now_column = len(self.places) + 1
        self._rows: list[Row] = []
        self._by_server: dict[str | None, Row] = {}
        self._numbers: dict[str | None, int] = {}
        self._changed: set[int] = set()
        self._reasons: dict[str, str] = {}
        self.counts: Counter[Verdict] = Counter()

    # --- filling

    def begin(self, targets: Sequence[Target]) -> None:
        """Rows for these servers, nothing known of them."""
        self.beginResetModel()
        self._rows = rows_of(targets) if targets else []
        self._by_server = {row.server: row for row in self._rows}
        self._numbers = {row.server: number for number, row in enumerate(self._rows)}
        self._changed.clear()
        self.counts = Counter()
        self.endResetModel()

    def ask(self, servers: Iterable[str] | None = None) -> None:
        """These servers (all when None) are going to be asked; lights they have already are shown as old."""
        asked = None if servers is None else {*servers, None}
        for number, row in enumerate(self._rows):
            if asked is None or row.server in asked:
                row.ask()
                self._changed.add(number)
        self.flush()

    def take(self, event: object, *, provisional: bool = True) -> None:
        """What a look tells. Events about servers that are not on the board are left aside, findings too without `provisional`."""
        match event:
            case Started(servers):
                self._touch(servers, Stage.QUEUED)
            case Connecting(server):
                self._touch((server,), Stage.ASKING)
            case Answered(server=server, probe=probe):
                if (asked := self._by_server.get(server)) is not None:
                    asked.answered.add(probe)
                    self._changed.add(self._numbers[server])
            case ServerFinished(server, reason):
                self._touch((server,), Stage.FINISHED)
                if (done := self._by_server.get(server)) is not None:
                    done.reason = reason
            case Provisional(findings) if provisional:
                for finding in findings:
                    self._put(finding)

    def show_case(self, case: Case) -> None:
        """The last word: every light of the case, and none that is not in it."""
        if [row.server for row in self._rows[1:]] != [target.name for target in case.targets]:
            self.begin(case.targets)
        for row in self._rows:
            row.findings, row.stale, row.stage = {}, set(), Stage.FINISHED
        for observation in case.observations:
            if (seen := self._by_server.get(observation.server)) is not None:
                seen.answered = {probe for probe in observation.answers if probe in seen.probes}
                seen.reason = observation.lost.reason if observation.lost else None
                seen.looked_at = observation.finished
        for finding in case.findings:
            if (about := self._by_server.get(finding.server)) is not None:
                about.findings[finding.check] = finding
        self.counts = Counter(finding.verdict for row in self._rows for finding in row.findings.values())
        self._changed.update(range(len(self._rows)))
        self.flush()

    def flush(self) -> bool:
        """Tells views what has changed since the last call; whether anything has."""
        if not self._changed:
            return False
        for first, last in _stretches(sorted(self._changed)):
            self.dataChanged.emit(self.index(first, SERVER_COLUMN), self.index(last, self.now_column))
        self._changed.clear()
        return True

    def _touch(self, servers: Iterable[str], stage: Stage) -> None:
        for server in servers:
            if (row := self._by_server.get(server)) is not None:
                row.stage = stage
                self._changed.add(self._numbers[server])

    def _put(self, finding: Finding) -> None:
        row = self._by_server.get(finding.server)
        if row is None:
            return
        before = row.findings.get(finding.check)
        if before is not None:
            self.counts[before.verdict] -= 1
        self.counts[finding.verdict] += 1
        row.findings[finding.check] = finding
        row.stale.discard(finding.check)
        self._changed.add(self._numbers[finding.server])

    # --- asking

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    def row_of(self, server: str | None) -> Row | None:
        return self._by_server.get(server)

    def check_at(self, row: int, column: int) -> str | None:
        """The check whose light stands there."""
        if not 0 < column < self.now_column:
            return None
        return self.places[column - 1].check_for(self._rows[row].server)

    def checks_of(self, row: Row) -> list[str | None]:
        """Its checks, left to right."""
        return [place.check_for(row.server) for place in self.places]

    def name_of(self, server: str | None) -> str:
        return self._words.label("deployment_head") if server is None else visible(server)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.now_column + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        if section == SERVER_COLUMN:
            return self._words.label("server")
        if section == self.now_column:
            return self._words.window("check.now")
        place = self.places[section - 1] if 0 < section < self.now_column else None
        if place is None:
            return None
        about = self._words.check(place.check)
        return about.name if role == Role.DisplayRole else f"{about.group}\n{about.name}: {about.question}"

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if 0 < column < self.now_column:
            return self._about_light(row, self.places[column - 1].check_for(row.server), role)
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return self.name_of(row.server) if column == SERVER_COLUMN else self.now_of(row)
        if role == Role.ToolTipRole:
            return f"{self.name_of(row.server)}\n{self.now_of(row)}"
        return None

    def _about_light(self, row: Row, check: str | None, role: int) -> object:
        if check is None:
            return None
        finding = row.findings.get(check)
        if role == LIGHT_ROLE:
            return Light(check, finding.verdict if finding else None, check in row.stale)
        if role == Role.DisplayRole:
            return self._verdict_word(finding)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            # The first line is our own: Qt takes a text for rich text only when its first line looks like it.
            lines = [f"{self._words.check(check).name}: {self._verdict_word(finding)}", self.name_of(row.server)]
            if check in row.stale:
                lines.append(self._words.window("check.light.old"))
            if finding is not None:
                lines.append(self._words.finding(finding).title)
            return "\n".join(lines)
        return None

    def _verdict_word(self, finding: Finding | None) -> str:
        return self._words.verdict(finding.verdict) if finding else self._words.window("check.light.none")

    def now_of(self, row: Row) -> str:
        """What this server is at, in a few words."""
        if row.server is None:
            return self._words.window("check.now.deployment") if row.stage in (Stage.QUEUED, Stage.ASKING) else ""
        if row.stage is Stage.FINISHED and row.reason:
            if row.reason not in self._reasons:  # asked for at every repaint
                self._reasons[row.reason] = self._words.reason(row.reason).title
            return self._reasons[row.reason]
        if row.stage is Stage.ASKING:
            look = row.waits_for or "hello"
            return self._words.window("check.now.waiting", look=look) if row.answered else self._words.window("check.now.connecting")
        if row.stage is Stage.FINISHED:
            return self._words.window("check.now.answers", done=len(row.answered), total=len(row.probes))
        return self._words.window("check.now.queued") if row.stage is Stage.QUEUED else ""


def _stretches(numbers: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as first and last of each stretch; all in one where there would be too many."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found if len(found) <= _MOST_STRETCHES else [(numbers[0], numbers[-1])]
