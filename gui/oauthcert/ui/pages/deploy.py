"""First deployment: Steps 1 to 4 of all servers, what to do now and where, what is waited for, and what comes after."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from oauthcert.fixes.deployment_board import CellState
from oauthcert.flow.state import WizardState
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Manner
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.deploy_run import DeployRun
from oauthcert.ui.models.deploy_words import MoveWords
from oauthcert.ui.models.fix_run import Stage
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import stacked
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.deploy_matrix import MatrixCard
from oauthcert.ui.widgets.deploy_now import NowCard, ThenCard
from oauthcert.ui.widgets.deploy_repair import RepairCards
from oauthcert.ui.widgets.fix_asks import ChooseFile, choose_file
from oauthcert.ui.widgets.verify_cards import ForLater

SaveFile = Callable[[QWidget, str, str], str]


def save_file(parent: QWidget, title: str, name: str) -> str:
    """Asks where to save; empty when nowhere."""
    return QFileDialog.getSaveFileName(parent, title, name)[0]


class DeployPage(Page):
    """Leads until every step is finished on every server. The title is always what to do next, or what is waited for."""

    def __init__(self, desk: Desk, theme: Theme, *, choose: ChooseFile = choose_file, save: SaveFile = save_file) -> None:
        super().__init__()
        self._desk, self._save = desk, save
        self.run = DeployRun(desk, self)
        self.matrix = MatrixCard(desk, theme, self)
        self.now = NowCard(desk, self)
        self.then = ThenCard(desk, self)
        self.repair = RepairCards(self.run.fix, desk, theme, self, choose)
        self.column.addWidget(self.matrix)
        self.later = ForLater(desk, self)
        left = stacked(self.now, self.later, *self.repair.left)
        self.column.addWidget(Columns(left, stacked(*self.repair.before, self.then, self.repair.log), theme, shares=(5, 4), gap=16), 1)
        self.run.changed.connect(self._draw)
        self.run.moved.connect(self._on_moved)
        self.run.fix.moved.connect(self._draw)
        self.run.fix.planned.connect(self._draw)
        self.run.fix.ended.connect(self._on_ended)
        self.now.done.connect(self._on_done)
        self.now.lab_wanted.connect(self.run.in_the_lab)
        self.now.allowed.connect(self.run.allow_another_request)
        self.repair.save_wanted.connect(self._on_save_request)
        self.later.save.connect(self._on_save_calendar)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.run.fix.close)

    # --- what the frame asks

    def on_enter(self, state: WizardState) -> None:
        self.run.enter(state)
        self._draw()

    def apply(self, state: WizardState) -> WizardState:
        return self.run.applied(state)

    def news(self) -> News:
        run, phrase = self.run, self._desk.phrase
        guidance, move = run.guidance, run.move
        if guidance is None:
            return News(phrase("deploy.planning.title"), run.trouble or phrase("deploy.planning.sentence"))
        if guidance.ready:
            return News(phrase("deploy.ready.title"), phrase("deploy.ready.sentence"))
        if move is None:
            return News(phrase("deploy.unknown.title"), run.trouble or phrase("deploy.unknown.sentence"))
        words = self._words()
        if run.fix.busy:
            return News(phrase("deploy.running.title", step=move.step, servers=words.servers(move)), self._running())
        key = "deploy.wait.title" if move.manner is Manner.WAITS else "deploy.now.title"
        title = phrase(key, step=move.step, servers=words.servers(move), what=words.what(move))
        return News(title, run.trouble or self._sentence())

    def _running(self) -> str:
        fix, phrase = self.run.fix, self._desk.phrase
        if fix.stage is Stage.VERIFYING:
            return phrase("fix.verifying.sentence")
        if fix.stopping:
            return phrase("fix.stopping.sentence")
        total = len(fix.plan.steps) if fix.plan is not None else 0
        return phrase("fix.running.sentence", done=min(fix.done + 1, total), total=total)

    def _sentence(self) -> str:
        run, phrase = self.run, self._desk.phrase
        if run.looking:
            return phrase("deploy.looking.sentence")
        looked = phrase("deploy.looked", time=f"{run.case.finished.astimezone():%H:%M:%S}") if run.case is not None else ""
        again = run.guidance is not None and bool(run.guidance.waits) and not run.plans
        return f"{looked} {phrase('deploy.again.every')}" if again else looked

    def standing(self) -> Standing:
        run, phrase, guidance = self.run, self._desk.phrase, self.run.guidance
        note = self._note()
        if run.fix.busy:
            verifying = run.fix.stage is Stage.VERIFYING
            words = phrase("fix.primary.verifying" if verifying else "fix.primary.stop")
            return Standing(not verifying and not run.fix.stopping, words, note=note, busy=True)
        if run.working and guidance is not None:
            return Standing(False, phrase("deploy.primary.looking"), note=note)
        if guidance is None:
            why = "" if run.trouble else phrase("deploy.planning.title")
            return Standing(not why, phrase("deploy.primary.again"), why, note=note)
        if guidance.ready:
            return Standing(True, phrase("deploy.primary.report"), note=note)
        move = run.move
        if move is None or move.manner is Manner.WAITS or run.nothing_planned:
            return Standing(True, phrase("deploy.primary.look"), note=note)
        if not move.wanted:
            return Standing(True, phrase("deploy.primary.done"), note=note)
        if run.fix.stage is Stage.OVER:
            return Standing(True, phrase("deploy.primary.again"), note=note)
        why = self.repair.why_not()
        if not why and not run.state.account.ready:
            why = phrase("hindrance.no-password")
        return Standing(not why, self._words().button(move), why, note=note)

    def _note(self) -> str:
        guidance = self.run.guidance
        if guidance is None:
            return ""
        total = sum(cell.state is not CellState.NOT_NEEDED for row in guidance.rows for cell in row.cells)
        return self._desk.phrase("deploy.note", done=guidance.count(CellState.DONE), total=total)

    def on_primary(self) -> bool:
        """Goes on only when the deployment is ready."""
        run = self.run
        if run.fix.busy:
            run.fix.stop()
        elif run.guidance is None:
            run.guide()
        elif run.guidance.ready:
            return True
        elif run.move is None or run.move.manner is Manner.WAITS or run.nothing_planned:
            run.look()
        elif not run.move.wanted:
            run.has_done(run.move.servers)
        elif run.fix.stage is Stage.OVER:
            run.guide()
        else:
            run.fix.start()
        return False

    def on_cancel(self) -> bool:
        return self.run.stop()

    def first_focus(self) -> QWidget | None:
        if self.run.guidance is None:
            return None
        return self.repair.first_focus if self.run.plans else self.matrix.table

    def help_page(self) -> str:
        return "deploy"

    def hideEvent(self, event: QHideEvent) -> None:
        self.run.leave()
        super().hideEvent(event)

    # --- what happens

    def _words(self) -> MoveWords:
        if self.run.guidance is None:
            raise AssertionError("nothing is known yet")
        return MoveWords(self._desk, self.run.case, self.run.guidance)

    def _on_done(self, everywhere: bool) -> None:
        move, guidance = self.run.move, self.run.guidance
        if move is None or guidance is None:
            return
        same = (one for one in (move, *guidance.then) if one.id == move.id)
        self.run.has_done(tuple(server for one in same for server in one.servers) if everywhere else move.servers)

    def _on_moved(self) -> None:
        """Another move is on: it is told, and the matrix shows where."""
        self._draw()
        self.matrix.choose_now()
        if self.isVisible():
            QApplication.alert(self.window())
            if (first := self.first_focus()) is not None:
                first.setFocus()
            news = self.news()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{news.title}. {news.sentence}"))

    def _on_ended(self) -> None:
        if self.run.fix.repair is None and self.run.fix.trouble:
            self.run.trouble = self.run.fix.trouble
        self._draw()

    def _on_save_request(self) -> None:
        """The request leaves as a file: it holds nothing secret."""
        title = self._desk.phrase("fix.guide.save")
        self._save_as(title, "oauth-request.req", self.run.fix.request, "fix.guide.saved", self.repair.guide.say)

    def _on_save_calendar(self) -> None:
        title, name = self._desk.phrase("verify.ics"), self._desk.phrase("verify.ics.name")
        if self.run.case is not None:
            self._save_as(title, name, self._desk.calendar(self.run.case), "verify.ics.saved", self.later.say)

    def _save_as(self, title: str, name: str, text: str, saved: str, say: Callable[[str], None]) -> None:
        chosen = self._save(self, title, name)
        if not chosen:
            return
        try:
            self._desk.write_report(Path(chosen), text)
        except OauthcertError as error:
            say(self._desk.error(error))
            return
        say(self._desk.phrase(saved, file=Path(chosen).name))

    def _draw(self) -> None:
        run, guidance = self.run, self.run.guidance
        for part in (self.matrix, self.now, self.then):
            part.setVisible(guidance is not None)
        if guidance is not None:
            words = self._words()
            move = run.move
            same = sum(len(one.servers) for one in (move, *guidance.then) if one is not None and move is not None and one.id == move.id)
            busy = run.fix.busy or run.working
            self.matrix.show_guidance(guidance, words)
            self.now.show_move(move, words, practising=run.practising, same=same, busy=busy, trouble=run.trouble or run.fix.trouble)
            self.then.show_guidance(guidance, words)
        ready = guidance is not None and guidance.ready and run.case is not None
        self.later.show_calendar(self._desk.calendar(run.case) if ready and run.case is not None else "")
        self.repair.show_run(account=run.state.account.username, practising=run.practising, shown=run.plans or run.fix.busy)
        self.changed.emit()
