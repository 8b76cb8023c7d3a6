"""Progress: a line that is kept up to date on a terminal, a line per server elsewhere, nothing when quiet."""

import pytest

from oauthcert.casework.events import Answered, Connecting, Event, ServerFinished, Started
from oauthcert.cli.progress import Progress
from oauthcert.cli.sentences import Sentences
from tests.fakes.terminal import FakeConsole

EVENTS: list[Event] = [
    Started(("fe01", "fe02")),
    Connecting("fe01"),
    Connecting("fe02"),
    Answered("fe01", "session", True, 1, 14),
    ServerFinished("fe02", "refused"),
    ServerFinished("fe01", None),
]


def test_that_each_server_gets_a_line_where_lines_stay() -> None:
    console = FakeConsole()
    progress = Progress(console, Sentences("en"), quiet=False)
    for event in EVENTS:
        progress.take(event)
    progress.clear()

    assert len(console.err_lines) == 2
    assert console.err_lines[0].startswith("fe02: ")
    assert console.err_lines[0].endswith("(1 of 2 servers)")
    assert console.err_lines[1] == "fe01: all questions answered (2 of 2 servers)"
    assert console.out == ""


def test_that_a_terminal_shows_one_line_with_whom_it_waits_for_and_since_when() -> None:
    console = FakeConsole(terminal=True)
    seconds = iter([0.0, *[65.0] * 100])
    progress = Progress(console, Sentences("en"), quiet=False, clock=lambda: next(seconds))
    for event in EVENTS[:4]:
        progress.take(event)

    assert console.err.split("\r")[-1] == "0 of 2 servers, 1:05 · waiting for fe01, fe02"
    assert "\n" not in console.err
    assert "\x1b" not in console.err


def test_that_a_shorter_line_covers_the_longer_one_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    console = FakeConsole(terminal=True)
    progress = Progress(console, Sentences("en"), quiet=False)
    progress.take(Started(("a" * 100, "b")))
    progress.take(Connecting("a" * 100))
    long = console.err.split("\r")[-1]
    progress.take(ServerFinished("a" * 100, None))

    assert len(long) == 59
    assert long.endswith("…")
    assert len(console.err.split("\r")[-1]) == 59
    progress.clear()
    assert console.err.endswith("\r")


def test_that_many_servers_are_counted_not_listed() -> None:
    console = FakeConsole(terminal=True)
    progress = Progress(console, Sentences("en"), quiet=False)
    progress.take(Started(tuple(f"fe{number:02}" for number in range(20))))
    for number in range(20):
        progress.take(Connecting(f"fe{number:02}"))

    assert console.err.split("\r")[-1].rstrip().endswith("waiting for fe00, fe01, fe02 and 17 more")


@pytest.mark.parametrize("terminal", [True, False])
def test_that_quiet_means_quiet(terminal: bool) -> None:
    console = FakeConsole(terminal=terminal)
    progress = Progress(console, Sentences("en"), quiet=True)
    for event in EVENTS:
        progress.take(event)
    progress.tick()
    progress.clear()

    assert console.err == ""
