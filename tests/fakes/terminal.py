"""Streams of a command that can be looked at afterwards."""

import io
from collections.abc import Sequence

from oauthcert.cli.console import Console


class FakeStream(io.StringIO):
    """A text stream that may claim to be a terminal."""

    def __init__(self, content: str = "", *, terminal: bool = False) -> None:
        super().__init__(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class FakeConsole(Console):
    """Reads `typed`; `out` and `err` are what was written."""

    def __init__(self, typed: str = "", *, terminal: bool = False) -> None:
        super().__init__(FakeStream(typed, terminal=terminal), FakeStream(), FakeStream(terminal=terminal))

    @property
    def out(self) -> str:
        assert isinstance(self.stdout, FakeStream)
        return self.stdout.getvalue()

    @property
    def err(self) -> str:
        assert isinstance(self.stderr, FakeStream)
        return self.stderr.getvalue()

    @property
    def err_lines(self) -> Sequence[str]:
        return self.err.splitlines()
