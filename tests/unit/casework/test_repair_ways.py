"""What a repair does to the way to a server: forgets its clock after setting it, believes a certificate that a person has compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.fixes.functions import call
from oauthcert.model.plan import Manner
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from tests.fakes.fixing import Bystander, World, WorldConnection, plan, standing, turn
from tests.unit.casework.test_repair import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_that_a_clock_that_was_set_is_watched_anew(bench: Bench) -> None:
    """Over the same connection the step of the clock, which the repair made itself, would look like somebody else's."""
    first = turn("fe01")
    setting = replace(first, action=call("Sync-ServerTime", Configure=False, ExpectedType="NT5DS"), undo=None)
    by_hand = standing("fe02", Manner.GUIDES, fix="sync-time-by-hand")
    bench.run(plan(setting, turn("fe02"), by_hand), person=Bystander(says=[True]))
    assert bench.world.closed == 4


@pytest.mark.parametrize(
    ("says", "sha256", "believed"), [(True, "ab" * 32, "ab" * 32), (True, "AB:CD", None), (True, None, None), (False, "ab" * 32, None)]
)
def test_that_a_certificate_is_believed_only_as_it_was_shown_and_confirmed(
    bench: Bench, says: bool, sha256: str | None, believed: str | None
) -> None:
    guided = replace(standing("fe01", Manner.GUIDES, fix="trust-server-tls"), facts={"sha256": sha256})
    asked: list[str | None] = []

    class Watched(World):
        def connect(self, target: Target, credential: Credential | None) -> WorldConnection:
            asked.append(target.fingerprint)
            return World.connect(self, target, credential)

    bench.world = Watched()
    done = bench.run(plan(guided, standing("fe02", Manner.WAITS)), person=Bystander(says=[says]))
    assert done.after is not None
    assert {target.name: target.fingerprint for target in done.after.targets} == {"fe01": believed, "fe02": None}
    assert [one for one in asked if one] == ([believed] if believed else [])
