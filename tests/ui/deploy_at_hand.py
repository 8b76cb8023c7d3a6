"""Deployments for tests of their page: some servers, a move, and what holds the steps up."""

from datetime import UTC, datetime, timedelta

from oauthcert.fixes.deployment import Cell, Guidance, Row
from oauthcert.fixes.deployment_board import CellState, Role
from oauthcert.fixes.deployment_moves import Move
from oauthcert.fixes.deployment_request import Refusal, Refused
from oauthcert.model.plan import Manner

DONE, NOW, WAITING, LATER, NOT_NEEDED, UNSEEN = CellState
STATES = {"d": DONE, "n": NOW, "w": WAITING, "l": LATER, "-": NOT_NEEDED, "?": UNSEEN}
FE01, FE02, FE03 = (f"fe0{number}.contoso.lab" for number in (1, 2, 3))
REFUSED = Refused(Refusal.ASSIGNED, FE01, "AB" * 20)
BEGAN = datetime.now(UTC) - timedelta(seconds=95)

REPLICA = Move("start-replica", 1, (FE02, FE03), Manner.DOES, (f"replica-service@{FE02}",))
WAIT = Move("replication", 1, (FE02, FE03), Manner.WAITS, since=BEGAN, until=BEGAN + timedelta(minutes=10))
FINISH = Move("finish-step-3", 3, (FE02,), Manner.GUIDES, confirmed=True, together=False)
FINISH_TOO = Move("finish-step-3", 3, (FE03,), Manner.GUIDES, confirmed=True, together=False)
BEGUN = Move("request-begun", 3, (FE01,), Manner.GUIDES, facts={"server": FE01}, together=False)


def guidance(*rows: str, now: Move | None = None, then: tuple[Move, ...] = (), refused: Refused | None = REFUSED) -> Guidance:
    """A letter for each step of each server: d(one), n(ow), w(aiting), l(ater), - (not needed), ? (could not look)."""
    made = []
    for number, letters in enumerate(rows, start=1):
        role = Role.CENTRAL if number == 1 else Role.EDGE if "-" in letters else Role.FRONT_END
        name = f"fe{number:02}.contoso.lab"
        held = (f"replica-service@{name}",)
        cells = tuple(Cell(step, STATES[letter], () if letter in "d-" else held) for step, letter in enumerate(letters, start=1))
        made.append(Row(name, role, cells))
    waits = tuple(one for one in (now, *then) if one is not None and one.manner is Manner.WAITS)
    return Guidance(tuple(made), now, then, waits, refused)


STARTING = guidance("dddd", "ndll", "ndll", now=REPLICA)
ON_ITS_WAY = guidance("dddd", "wdll", "wdll", now=WAIT)
FINISHING = guidance("dddd", "ddnl", "ddll", now=FINISH, then=(FINISH_TOO,))
READY = guidance("dddd", "dddd", "dddd")
