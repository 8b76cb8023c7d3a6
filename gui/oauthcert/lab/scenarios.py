"""The scenarios that ship with the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from oauthcert import assets
from oauthcert.lab.scenario import Scenario
from oauthcert.lab.scenario_file import read_scenario
from oauthcert.model.errors import ScenarioError


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """What a list of scenarios shows; `title` and `story` by language code."""

    id: str
    title: Mapping[str, str]
    story: Mapping[str, str]
    servers: int


def scenario_ids(root: Traversable | None = None) -> tuple[str, ...]:
    """In alphabetical order."""
    folder = (root or assets.resources()) / "scenarios"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_scenario(scenario_id: str, root: Traversable | None = None) -> Scenario:
    """Raises ScenarioError for an unknown id, naming those there are, and for a file that is not as it should be."""
    known = scenario_ids(root)
    if scenario_id not in known:
        raise ScenarioError(f"no scenario {scenario_id}", file="", key="scenario", allowed=", ".join(known))
    name = f"scenarios/{scenario_id}.toml"
    scenario = read_scenario(assets.text(name, root), name)
    if scenario.id != scenario_id:
        raise ScenarioError(f"{name}: id must be {scenario_id}", file=name, key="id", allowed=scenario_id)
    return scenario


def scenarios(root: Traversable | None = None) -> tuple[ScenarioEntry, ...]:
    """All of them, healthy first, then by id."""
    found = (load_scenario(one, root) for one in scenario_ids(root))
    entries = (ScenarioEntry(one.id, one.title, one.story, len(one.looked_at())) for one in found)
    return tuple(sorted(entries, key=lambda entry: (not entry.id.startswith("healthy"), entry.id)))
