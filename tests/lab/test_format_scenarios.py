"""Every format of `oauthcert check`, on what every practice scenario finds."""

import json
from pathlib import Path

import pytest

from oauthcert.lab.scenarios import scenario_ids
from tests.builders.exposition import exposition, plugin_output
from tests.lab.conftest import Command


@pytest.mark.parametrize("scenario", scenario_ids())
def test_that_every_format_tells_the_same(scenario: str, oauthcert: Command, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    looked = oauthcert("check", "--practice", scenario, "--save", str(case), "--quiet")
    told = {shape: oauthcert("check", "--case", str(case), "--format", shape) for shape in ("ndjson", "markdown", "nagios", "prometheus")}

    findings = json.loads(case.read_text(encoding="utf-8"))["findings"]
    assert {ran.code for ran in told.values()} == {looked.code}
    assert "".join(ran.err for ran in told.values()) == ""
    assert [json.loads(line) for line in told["ndjson"].out.splitlines()] == findings
    assert told["markdown"].out.startswith("# ")
    output, samples = plugin_output(told["nagios"].out), exposition(told["prometheus"].out)
    assert output.status == ("OK", "WARNING", "CRITICAL", "UNKNOWN")[looked.code]
    for verdict in ("pass", "warn", "fail", "unknown", "not-applicable"):
        count = sum(one["verdict"] == verdict for one in findings)
        assert output.figures[verdict.replace("-", "_")].value == count
        assert samples["oauthcert_findings", (("verdict", verdict),)] == count
    states = {"pass": 0, "warn": 1, "fail": 2, "unknown": 3}
    assert {labels: value for (name, labels), value in samples.items() if name == "oauthcert_finding_state"} == {
        tuple(sorted({"check": one["check"], **({"server": one["server"]} if one["server"] else {})}.items())): states[one["verdict"]]
        for one in findings
        if one["verdict"] in states
    }
