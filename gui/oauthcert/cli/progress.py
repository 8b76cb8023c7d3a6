"""Progress on stderr: one line that is kept up to date on a terminal, a line per server everywhere else."""

import shutil
import time
from collections.abc import Callable

from oauthcert.casework import events
from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences

_NAMES = 3


class Progress:
    """Fed with the events of a look; `tick` keeps the clock on the line running while nothing comes."""

    def __init__(self, console: Console, sentences: Sentences, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._sentences = sentences
        self._quiet = quiet
        self._in_place = console.on_terminal and not quiet
        self._clock = clock
        self._begun = clock()
        self._total = 0
        self._done = 0
        self._waiting: dict[str, None] = {}
        self._shown = 0

    def take(self, event: events.Event) -> None:
        match event:
            case events.Started(servers):
                self._total = len(servers)
            case events.Connecting(server):
                self._waiting[server] = None
            case events.ServerFinished(server, reason):
                self._waiting.pop(server, None)
                self._done += 1
                self._line_for(server, reason)
            case events.Answered() | events.Judged():
                pass
        self.tick()

    def tick(self) -> None:
        """Draws the line anew; does nothing where lines cannot be redrawn."""
        if not self._in_place or not self._total:
            return
        text = self._sentences("progress", done=self._done, total=self._total, elapsed=self._elapsed())
        names = list(self._waiting)[:_NAMES]
        if names:
            more = len(self._waiting) - len(names)
            key = "waiting_more" if more else "waiting"
            text += " · " + self._sentences(key, servers=", ".join(names), more=more)
        room = shutil.get_terminal_size().columns - 1
        text = text if len(text) <= room else text[: max(0, room - 1)] + "…"
        # spaces instead of an escape sequence: older Windows consoles print those
        self._write("\r" + text.ljust(self._shown))
        self._shown = len(text)

    def clear(self) -> None:
        """Removes the line, so that other text can be written. The next tick draws it again."""
        if self._shown:
            self._write("\r" + " " * self._shown + "\r")
            self._shown = 0

    def _line_for(self, server: str, reason: str | None) -> None:
        if self._quiet or self._in_place:
            return
        place = {"done": self._done, "total": self._total}
        if reason is None:
            self._console.say(self._sentences("server_done", server=server, **place))
        else:
            title = self._sentences.catalogue.reason(reason).title.rstrip(".")
            self._console.say(self._sentences("server_ended", server=server, reason=title, **place))

    def _elapsed(self) -> str:
        minutes, seconds = divmod(int(self._clock() - self._begun), 60)
        return f"{minutes}:{seconds:02d}"

    def _write(self, text: str) -> None:
        try:
            self._console.stderr.write(text)
            self._console.stderr.flush()
        except (OSError, ValueError):
            self._in_place = False
