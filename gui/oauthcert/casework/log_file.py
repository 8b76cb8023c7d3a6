"""The program's log: a few rotating files, opened when the first line is written, with every known secret taken out."""

import logging
from pathlib import Path

from oauthcert.model.secret import Secret

_BYTES = 1_000_000
_FILES = 3
_DOTS = "•••"


class _Discreet(logging.Formatter):
    """Takes secrets out of the finished text, so that tracebacks and other libraries' messages are covered too."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._hidden: set[str] = set()

    def hide(self, secret: Secret) -> None:
        text = secret.reveal()
        if text:
            # a traceback or repr shows some characters escaped
            self._hidden |= {text, repr(text)[1:-1], text.encode("unicode_escape").decode("ascii")}

    def format(self, record: logging.LogRecord) -> str:
        return self.clean(super().format(record))

    def clean(self, text: str) -> str:
        for hidden in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(hidden, _DOTS)
        return text


class _Forgiving(logging.FileHandler):
    """A log that cannot be written (disk full, folder locked away) must not disturb the work it tells of.

    A full file is put aside as `.1`, that as `.2`. The handler of the standard library that does this brings sockets and queues along,
    which every start of the program would wait for.
    """

    broken = False

    def emit(self, record: logging.LogRecord) -> None:
        if self.broken:
            return
        file = Path(self.baseFilename)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.is_file() and file.stat().st_size >= _BYTES:
                self._put_aside(file)
        except OSError:
            self.broken = True
            return
        super().emit(record)

    def _put_aside(self, file: Path) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None  # opened again by the next line
        kept = [file, *(file.with_name(f"{file.name}.{number}") for number in range(1, _FILES))]
        for older, newer in zip(kept[:0:-1], kept[-2::-1], strict=True):
            if newer.exists():
                newer.replace(older)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - named by logging
        self.broken = True


class LogFile:
    """Attached to all loggers between `open` and `close`; other libraries are heard from warnings on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._formatter = _Discreet()
        self._handler: _Forgiving | None = None
        self._levels: tuple[int, int] = (logging.NOTSET, logging.NOTSET)

    def open(self) -> None:
        handler = _Forgiving(self.file, encoding="utf-8", delay=True)
        handler.setFormatter(self._formatter)
        root, own = logging.getLogger(), logging.getLogger("oauthcert")
        self._levels = (root.level, own.level)
        root.addHandler(handler)
        own.setLevel(logging.INFO)
        self._handler = handler

    def hide(self, secret: Secret) -> None:
        """From now on this text appears as dots. Called for each password as soon as it is known."""
        self._formatter.hide(secret)

    def clean(self, text: str) -> str:
        """The text as the log would show it: every known password as dots."""
        return self._formatter.clean(text)

    @property
    def written(self) -> bool:
        """Whether there is a file to point to."""
        return self.file.is_file()

    def close(self) -> None:
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            logging.getLogger("oauthcert").setLevel(self._levels[1])
            self._handler.close()
            self._handler = None
