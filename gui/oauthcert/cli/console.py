"""The three streams of the command. Text leaves as UTF-8 whatever the terminal says, and a reader that went away is not an error."""

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from typing import Literal, TextIO

from oauthcert.model.errors import OauthcertError

_LONGEST_LINE = 65536


class OutputLost(OauthcertError):
    """Standard output takes nothing more, for another reason than that nobody reads it. Facts: `why`."""

    words = "output-lost"


class Console:
    """`stdin`, `stdout` and `stderr` are text streams; results go to stdout, everything else to stderr."""

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self._reader_left = False

    @classmethod
    def of_process(cls) -> "Console":
        """The process's own streams, set to UTF-8: Windows opens pipes in its code page, which lacks most of what servers are named."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                # a lone surrogate (a file name that is no text) must not end the program
                reconfigure(encoding="utf-8", errors="backslashreplace")
        # started without a console (pythonw) there are no streams
        return cls(sys.stdin or _nowhere("r"), sys.stdout or _nowhere("w"), sys.stderr or _nowhere("w"))

    def result(self, text: str) -> None:
        """Part of what was asked for; ends with a line break. Raises OutputLost when it cannot be written."""
        self._out(lambda: self.stdout.write(text if text.endswith("\n") else text + "\n"))

    def say(self, text: str) -> None:
        """Something to know beside the result. Lost when nobody listens."""
        with contextlib.suppress(OSError, ValueError):
            self.stderr.write(f"{text}\n")
            self.stderr.flush()

    def flush(self) -> None:
        """Brings everything out. Raises OutputLost."""
        self._out(self.stdout.flush)

    @property
    def on_terminal(self) -> bool:
        """Whether someone watches stderr, so that a line may be updated in place."""
        return _is_terminal(self.stderr)

    @property
    def shows_results(self) -> bool:
        """Whether stdout is a screen."""
        return _is_terminal(self.stdout)

    @property
    def can_ask(self) -> bool:
        return _is_terminal(self.stdin)

    def read_line(self) -> str | None:
        """One line of standard input as UTF-8, without its end; None at the end of input. Raises UnicodeError for other bytes."""
        raw = getattr(self.stdin, "buffer", None)
        line = self.stdin.readline(_LONGEST_LINE) if raw is None else raw.readline(_LONGEST_LINE).decode("utf-8-sig")
        return line.rstrip("\r\n") if line else None

    def _out(self, write: Callable[[], object]) -> None:
        if self._reader_left:
            return
        try:
            write()
        except OSError as error:
            # what is still buffered goes nowhere, so that the interpreter does not stumble over it when it ends
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
            self._reader_left = True
            # `| head` had enough; Windows says EINVAL for that
            if not isinstance(error, BrokenPipeError) and not (sys.platform == "win32" and error.errno == errno.EINVAL):
                why = error.strerror or type(error).__name__
                raise OutputLost(f"standard output cannot be written: {why}", why=why) from error


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (ValueError, OSError):
        return False


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    return open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123 - lives as long as the process
