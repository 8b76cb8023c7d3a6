"""`oauthcert lab` and `oauthcert scenarios`, as other programs use them: one line of JSON, real servers behind it, a clean end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oauthcert.lab.scenarios import scenario_ids
from tests.lab.conftest import Command


def _start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "gui"), "HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "oauthcert", "lab", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def running(tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    process = _start(tmp_path, "--scenario", "healthy-lync", "--servers", "6", "--latency", "1")
    yield process
    process.kill()
    process.communicate(timeout=10)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_it_prints_one_line_serves_without_stdin_and_ends_cleanly(
    number: signal.Signals, running: "subprocess.Popen[str]", oauthcert: Command
) -> None:
    assert running.stdout is not None
    told = json.loads(running.stdout.readline())
    assert list(told) == ["scenario", "username", "password", "servers"]
    assert len(told["servers"]) == 6
    assert list(told["servers"][0]) == ["name", "address", "port", "scheme"]

    server = f"{told['servers'][0]['address']}:{told['servers'][0]['port']}"
    tried = oauthcert("credentials", "test", server, "--user", told["username"], "--password-stdin", typed=f"{told['password']}\n")
    assert tried.code == 0, tried.out

    running.send_signal(number)
    out, err = running.communicate(timeout=10)
    assert (running.returncode, out, err) == (0, "", "")


def test_that_an_unknown_scenario_ends_with_64_and_names_those_there_are(oauthcert: Command) -> None:
    ran = oauthcert("lab", "--scenario", "no-such", "--lang", "en")

    assert (ran.code, ran.out) == (64, "")
    assert "no-such" in ran.err


def test_that_more_servers_than_there_can_be_are_refused(oauthcert: Command) -> None:
    assert oauthcert("lab", "--scenario", "healthy-lync", "--servers", "5000").code == 64


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_scenario_is_listed_with_a_title_and_a_story(language: str, oauthcert: Command) -> None:
    listed = json.loads(oauthcert("scenarios", "--format", "json", "--lang", language).out)
    text = oauthcert("scenarios", "--lang", language).out

    assert {one["id"] for one in listed} == set(scenario_ids())
    assert all(one["title"] and one["story"] and one["servers"] >= 1 for one in listed)
    assert [line.split()[0] for line in text.splitlines()] == [one["id"] for one in listed]
