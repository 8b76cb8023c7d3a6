"""Damage of every kind between a real client and a real practice server: a named failure or the truth, soon, and nothing left behind."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from oauthcert.lab.wsman import Altered, LoopThread, When, WsmanListener
from oauthcert.model.errors import RemoteError
from oauthcert.remote.failures import ReachFailure, SessionFailure, SignInFailure
from tests.fakes.relay import Change, Relay
from tests.unit.remote.practice import (
    PASSWORD,
    QUICK,
    answering,
    ask,
    comes_true,
    credential,
    echo,
    gateway,
    settings,
    target_of,
    values_of,
)

HASTY = replace(QUICK, answer_seconds=1.0, sign_in_seconds=1.0, contact_seconds=1.0, cleanup_seconds=1.0)
ROUND_SECONDS = 4.0
BOUND_SECONDS = ROUND_SECONDS + 2 * HASTY.cleanup_seconds + 4.0  # what a busy machine may add
STREAM = 8400  # bytes of a server's answers in a round as short as this
FUZZING = trying(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

Edit = Callable[[bytes, int], bytes]


@pytest.fixture(scope="module")
def lab() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture(scope="module")
def server(lab: LoopThread) -> Iterator[WsmanListener]:
    listener = lab.listen(answering, settings(keep_order=False))
    yield listener
    lab.stop(listener)


def _flip(value: int) -> Edit:
    return lambda text, at: text[:at] + bytes([text[at] ^ value]) + text[at + 1 :]


def _insert(piece: bytes) -> Edit:
    return lambda text, at: text[:at] + piece + text[at:]


def _drop(count: int) -> Edit:
    return lambda text, at: text[:at] + text[at + count :]


def _again(count: int) -> Edit:
    return lambda text, at: text[:at] + text[max(0, at - count) : at] + text[at:]


HOSTILE_PIECES = st.sampled_from(
    (
        b"\0",
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
        b"Content-Length: -1\r\n",
        b"<!DOCTYPE x>",
        b"]]>",
        b"\xff",
    )
)
EDITS = st.one_of(
    st.integers(1, 255).map(_flip),
    st.binary(min_size=1, max_size=40).map(_insert),
    HOSTILE_PIECES.map(_insert),
    st.integers(1, 400).map(_drop),
    st.integers(1, 400).map(_again),
)


def look_through(port: int, server: WsmanListener) -> None:
    """Asks one short round through this port. Anything but a named failure or the true answer ends the test."""
    connection = gateway(HASTY).connect(target_of(server, port=port), credential())
    began = time.monotonic()
    failure, answers = None, None
    try:
        answers = ask(connection, echo(Value="true answer"), seconds=ROUND_SECONDS)
    except RemoteError as told:
        failure = told
    finally:
        connection.close()
    assert time.monotonic() - began < BOUND_SECONDS
    if answers is not None:
        assert values_of(answers) == {"echo": {"Value": "true answer"}}
        return
    assert isinstance(failure, ReachFailure | SignInFailure | SessionFailure)
    assert PASSWORD not in repr(failure) + repr(failure.facts)


def once_at(position: int, edit: Edit) -> Change:
    """Edits the stream of answers where it reaches this position, and nowhere else."""

    def change(piece: bytes, begins: int) -> bytes:
        at = position - begins
        return edit(piece, at) if 0 <= at < len(piece) else piece

    return change


@FUZZING
@given(position=st.integers(0, STREAM), edit=EDITS)
def test_that_bytes_changed_on_the_wire_are_only_a_named_failure(server: WsmanListener, position: int, edit: Edit) -> None:
    lost: list[int] = []

    def change(piece: bytes, begins: int) -> bytes:
        changed = once_at(position, edit)(piece, begins)
        if changed != piece:
            lost.append(server.snapshot().operations.get("Create", 0) - created)
        return changed

    created = server.snapshot().operations.get("Create", 0)
    shells = server.snapshot().shells
    with Relay(server.port, change) as relay:
        look_through(relay.port, server)
    # A shell whose name was lost on the way cannot be removed by us; one whose name we know must be gone.
    unnamed = 1 if lost == [1] and server.snapshot().shells > shells else 0
    assert comes_true(lambda: server.snapshot().shells == shells + unnamed)


@FUZZING
@given(operation=st.sampled_from(("Create", "Command", "Send", "Receive", "Delete")), share=st.floats(0, 1), edit=EDITS)
def test_that_answers_changed_behind_the_seal_are_only_a_named_failure(
    server: WsmanListener, operation: str, share: float, edit: Edit
) -> None:
    shells = server.snapshot().shells
    server.inject(Altered(lambda message: edit(message, int(share * (len(message) - 1))), When(operation)))
    try:
        look_through(server.port, server)
    finally:
        server.inject()
    allowed = {shells, shells + 1} if operation == "Create" else {shells}
    assert comes_true(lambda: server.snapshot().shells in allowed)
