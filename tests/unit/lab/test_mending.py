"""What a scenario says of how far repairing gets."""

import pytest

from oauthcert.lab.scenario import Mending
from oauthcert.lab.scenario_file import read_scenario
from oauthcert.model.errors import ScenarioError
from tests.unit.lab.conftest import HEAD


def test_that_repairing_clears_everything_unless_the_file_says_otherwise() -> None:
    assert read_scenario(HEAD, "small.toml").mending == Mending(0, 3)
    assert read_scenario(HEAD + "[repair]\nexit = 1\nplans = 2\n", "small.toml").mending == Mending(1, 2)


@pytest.mark.parametrize(("line", "key"), [("exit = 4", "repair.exit"), ("plans = 0", "repair.plans"), ("hope = true", "repair.hope")])
def test_that_a_wrong_hope_is_refused_at_its_key(line: str, key: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(f"{HEAD}[repair]\n{line}\n", "small.toml")
    assert caught.value.facts["key"] == key
