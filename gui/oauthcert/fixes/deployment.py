"""Leads through a first deployment: Steps 1 to 4 on all servers, what to do now, where and why, and what comes by itself. Pure.

The trap it keeps people out of: where Step 1 ran before the OAuth certificate existed, Step 3 shows none and stays so. Nothing is
requested there; the configuration is brought over, then Step 3 and Step 4 go on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oauthcert.fixes.deployment_board import CellState, Held, Line, Role, lines
from oauthcert.fixes.deployment_moves import Move, Moves
from oauthcert.fixes.deployment_record import Deployment
from oauthcert.fixes.deployment_request import Refused, SecondRequest, refusal, requests
from oauthcert.fixes.situation import Situation
from oauthcert.model.evidence import Seen
from oauthcert.model.plan import Manner, Plan

ANSWER_STEPS = frozenset({"carry-request", "complete-request", "assign-new-oauth"})
"""What is left of a request by file once the request itself was made."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`findings` are the ids of what holds this step up; `move` is the id of what is done about it, empty where nothing is now."""

    step: int
    state: CellState
    findings: tuple[str, ...] = ()
    move: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    server: str
    role: Role
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """`now` is what to do or to wait for; None when the deployment is `ready` or nothing more can be told. `then` comes after it.

    `waits` are all that come by themselves meanwhile. `refused` is why no certificate is requested any more. `skype`: the product is
    Skype for Business Server, not Lync Server 2013.
    """

    rows: tuple[Row, ...]
    now: Move | None
    then: tuple[Move, ...]
    waits: tuple[Move, ...]
    refused: Refused | None
    skype: bool = True

    @property
    def ready(self) -> bool:
        return bool(self.rows) and all(cell.state in (CellState.DONE, CellState.NOT_NEEDED) for row in self.rows for cell in row.cells)

    def count(self, state: CellState) -> int:
        return sum(cell.state is state for row in self.rows for cell in row.cells)


def guidance(situation: Situation, known: Deployment) -> Guidance:
    """What the findings of the last look and what is remembered of this deployment come to, at `situation.now`."""
    board = lines(situation)
    refused = refusal(situation, known)
    moves = Moves(situation, known, refused)
    found = list(_open_moves(board, moves))
    if not any(line.role is Role.CENTRAL for line in board):
        found = [moves.without_home(board), *(one for one in found if one.manner is not Manner.WAITS)][:1]
    grouped = _grouped(found)
    doing = sorted((one for one in grouped if one.manner is not Manner.WAITS), key=lambda one: (one.aside, one.step))
    waits = tuple(one for one in grouped if one.manner is Manner.WAITS)
    now = doing[0] if doing else next(iter(waits), None)
    then = tuple(one for one in (*doing, *waits) if one is not now)
    rows = tuple(Row(line.server, line.role, tuple(_cell(line, held, now, waits, moves) for held in line.steps)) for line in board)
    return Guidance(rows, now, then, waits, refused, _calls_itself_skype(situation))


def _calls_itself_skype(situation: Situation) -> bool:
    """Which words the Deployment Wizard has on its buttons."""
    seen = (server.evidence.product for server in situation.deployment.servers)
    return any("skype" in one.name.lower() for product in seen if isinstance(product, Seen) for one in product.value.products)


def allowed(plan: Plan, move: Move, situation: Situation, known: Deployment) -> Plan:
    """The plan as this flow runs it: waiting is done between moves, and what was requested is only completed. Raises SecondRequest."""
    steps = tuple(step for step in plan.steps if step.manner is not Manner.WAITS)
    if move.id == "finish-request":
        steps = tuple(step for step in steps if step.words in ANSWER_STEPS)
    trimmed = replace(plan, steps=steps)
    refuse_second(trimmed, refusal(situation, known))
    return trimmed


def refuse_second(plan: Plan, refused: Refused | None) -> None:
    """Raises SecondRequest when the plan asks an authority for a certificate although there may be no request any more, or asks twice."""
    asking = requests(plan)
    if asking and refused is not None:
        raise SecondRequest(f"a certificate was requested already: {refused.why}", why=refused.why.value, server=refused.server)
    if len(asking) > 1:
        raise SecondRequest("a plan asks for two certificates", why="twice", server=asking[1].server)


def _open_moves(board: Sequence[Line], moves: Moves) -> Iterator[Move]:
    """One for each server that can be worked on: the Central Management Server first, the others when nothing is to be done there."""
    home = next((line for line in board if line.role is Role.CENTRAL), None)
    first = _line_moves(home, moves) if home is not None else ()
    yield from first
    if any(one.manner is not Manner.WAITS for one in first):
        return
    for line in board:
        if line is not home:
            yield from _line_moves(line, moves)


def _line_moves(line: Line, moves: Moves) -> tuple[Move, ...]:
    """What is to be done on a server now: about its first step that is not finished."""
    if not line.answers:
        return (moves.reach(line),)
    held = _current(line, moves)
    return () if held is None else (moves.for_step(line, held),)


def _current(line: Line, moves: Moves) -> Held | None:
    for held in line.steps:
        if held.needed and (not held.finished or moves.to_be_finished(line, held)):
            return held
    return None


def _grouped(found: Sequence[Move]) -> list[Move]:
    """The same move on several servers is one, where the program does it or nobody has to; a person goes from server to server."""
    kept: dict[tuple[object, ...], Move] = {}
    for one in found:
        key: tuple[object, ...] = (one.id, one.step) if one.together else (one.id, one.step, one.servers)
        before = kept.get(key)
        kept[key] = one if before is None else before.joined(one)
    return list(kept.values())


def _cell(line: Line, held: Held, now: Move | None, waits: Sequence[Move], moves: Moves) -> Cell:
    ids = tuple(one.id for one in held.findings)
    if not held.needed:
        return Cell(held.step, CellState.NOT_NEEDED)
    if now is not None and now.step == held.step and line.server in now.servers and now.manner is not Manner.WAITS:
        return Cell(held.step, CellState.NOW, ids, now.id)
    for one in waits:
        if one.step == held.step and line.server in one.servers:
            return Cell(held.step, CellState.WAITING, ids, one.id)
    if held.finished and not moves.to_be_finished(line, held):
        return Cell(held.step, CellState.DONE)
    if not line.answers or held.unseen:
        return Cell(held.step, CellState.UNSEEN, ids)
    return Cell(held.step, CellState.LATER, ids)
