"""Servers whose every text is an attack, or is only unusual: a whole check by the command, and what it shows stays harmless."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.lab import engine
from oauthcert.lab.machines import Certificate, Placed, ProbeQuirk, StoreName
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenario import Scenario
from oauthcert.remote.wire import encode_frame
from tests.lab.conftest import Command, Ran
from tests.unit.report.test_html import assert_harmless

SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202egnp.exe\u2066\u200b\x00\x7f"
ATTACKS = (SCRIPT, STEERING, "{server} %s ${x} $(calc)", "A" * 65536, "]]></style></svg><iframe src=//evil>")
UNUSUAL = "Сервер Ελλάδα 😀 服务器"
# Texts that nothing is computed from, so that the rest of the round keeps its meaning.
FREE_TEXTS = {"displayName", "friendlyName", "osName", "source", "ntpServer", "zone", "message", "publisher", "site", "provider", "groups"}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")

Poison = Callable[[str, str], str]
"""A printed text's name and the text -> what is printed in its place."""


def poisoned(value: object, poison: Poison, name: str = "") -> object:
    if isinstance(value, str):
        return poison(name, value)
    if isinstance(value, list):
        return [poisoned(one, poison, name) for one in value]
    if isinstance(value, Mapping):
        return {key: poisoned(one, poison, key) for key, one in value.items()}
    return value


def printing(monkeypatch: pytest.MonkeyPatch, poison: Poison) -> None:
    """From now on every server of the lab prints poisoned texts in the values and errors of its probes."""

    def encoded(frame: Mapping[str, object]) -> bytes:
        said = {"value", "fault"} if frame["probe"] else set()
        return encode_frame({key: poisoned(value, poison, key) if key in said else value for key, value in frame.items()})

    monkeypatch.setattr(engine, "encode_frame", encoded)


def told(oauthcert: Command, lab: PracticeLab, folder: Path, *formats: str) -> dict[str, Ran]:
    """Checks the lab's servers once, and tells the saved case in each format."""
    names = ",".join(f"{host}:{target.port}" for host, target in zip(("127.0.0.1", "localhost"), lab.targets, strict=False))
    oauthcert.vault.put(lab.credential.username, lab.credential.password)
    case = str(folder / "case.json")
    first = oauthcert("check", names, "--user", lab.credential.username, "--save", case, "--format", "json", "--quiet")
    assert first.code in (0, 1, 2, 3), first.err
    return {shape: oauthcert("check", "--case", case, "--format", shape, "--lang", "de") for shape in formats} | {"live": first}


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("attack", ATTACKS, ids=["markup", "terminal", "templates", "64 KB", "style"])
def test_that_texts_of_a_hostile_server_stay_texts(
    attack: str, everything: bool, oauthcert: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printing(monkeypatch, lambda name, text: f"{text}{attack}" if everything or name in FREE_TEXTS else text)
    with PracticeLab.open("clock-off-7-minutes") as lab:
        shown = told(oauthcert, lab, tmp_path, "text", "html", "json")

    assert not CONTROL.search(shown["text"].out)
    assert len(shown["text"].out) < 40_000
    assert_harmless(shown["html"].out)
    document = shown["json"].out
    assert document.isascii()
    assert not CONTROL.search(document)
    findings = json.loads(document)["findings"]
    assert {finding["check"] for finding in findings} >= {"server-reachable", "oauth-chain"}
    assert all(finding["verdict"] == "pass" for finding in findings if finding["check"] == "sign-in-accepted")
    assert (tmp_path / "case.json").stat().st_size < 20_000_000


def test_that_names_of_every_script_are_read_and_shown(oauthcert: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = f"Local CMOS Clock {UNUSUAL}"
    printing(monkeypatch, lambda name, text: {"source": source}.get(name, UNUSUAL) if name in FREE_TEXTS - {"message"} else text)
    with PracticeLab.open("healthy-lync") as lab:
        shown = told(oauthcert, lab, tmp_path, "text", "html")
    found = {finding["check"]: finding for finding in json.loads(shown["live"].out)["findings"] if finding["server"] == "127.0.0.1"}
    assert found["time-source"]["facts"]["source"] == source
    assert UNUSUAL in shown["html"].out
    assert UNUSUAL in " ".join(shown["text"].out.split())


def test_that_a_hostile_subject_is_read_from_the_certificate_and_stays_text(
    oauthcert: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scenario, "sip_domain", property(lambda _: "<script>x</script>\x1b[2J\x07"))  # what certificates are issued to
    with PracticeLab.open("oauth-expired") as lab:
        shown = told(oauthcert, lab, tmp_path, "text", "html")
    subjects = {finding["facts"].get("subject") for finding in json.loads(shown["live"].out)["findings"]}
    assert any(subject and "<script>" in subject for subject in subjects)
    assert not CONTROL.search(shown["text"].out)
    assert_harmless(shown["html"].out)


def numbered(certificate: Certificate, count: int) -> list[Certificate]:
    """Copies whose signatures are wrong and whose thumbprints differ: enough to fill a store with, at no cost."""
    tail = len(certificate.der) - 4
    made = [certificate.der[:tail] + number.to_bytes(4, "big") for number in range(count)]
    return [replace(certificate, der=der, thumbprint=hashlib.sha1(der).hexdigest().upper()) for der in made]


def verdicts(shown: Mapping[str, Ran]) -> dict[str, str]:
    found = json.loads(shown["live"].out)["findings"]
    return {finding["check"]: finding["words"].partition(".")[2] for finding in found if finding["server"] == "127.0.0.1"}


def test_that_five_thousand_certificates_in_a_store_hide_nothing(oauthcert: Command, tmp_path: Path) -> None:
    with PracticeLab.open("healthy-lync") as lab:
        machine = lab.deployment.machines[lab.targets[0].name]
        crowd = numbered(lab.deployment.authority.server(machine.name), 5000)
        machine.placed.setdefault(StoreName.MY, []).extend(map(Placed, crowd))
        shown = told(oauthcert, lab, tmp_path)
    found = verdicts(shown)
    assert {check: words for check, words in found.items() if check.startswith("oauth-") and words != "pass"} == {}
    observation = next(one for one in json.loads(shown["live"].out)["observations"] if one["server"] == "127.0.0.1")
    assert observation["lost"] is None


def test_that_a_certificate_which_cannot_be_parsed_costs_only_what_rests_on_it(
    oauthcert: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = base64.b64encode(b"\x30\x82\xff\xff damaged").decode()
    printing(monkeypatch, lambda name, text: damaged if name == "der" else text)
    with PracticeLab.open("healthy-lync") as lab:
        shown = told(oauthcert, lab, tmp_path, "text", "html")
    found = verdicts(shown)
    assert found["oauth-chain"] == "could-not-look"
    assert found["oauth-validity"] == "pass"  # the assignment tells the dates
    judged = json.loads(shown["live"].out)["findings"]
    assert "fail" not in {finding["verdict"] for finding in judged if finding["server"] == "127.0.0.1"}
    assert_harmless(shown["html"].out)


def test_that_a_probe_that_throws_and_a_process_that_dies_cost_only_their_own_answers(oauthcert: Command, tmp_path: Path) -> None:
    with PracticeLab.open("healthy-lync") as lab:
        throwing, dying = (lab.deployment.machines[target.name] for target in lab.targets[:2])
        throwing.noise = True
        throwing.quirks["time"] = ProbeQuirk(throws="Etwas ist schiefgegangen: Ошибка 😀")
        dying.ends_after = 6
        shown = told(oauthcert, lab, tmp_path)
        assert sum(one.shells for one in lab.counters().values()) == 0
    observed = {one["server"]: one for one in json.loads(shown["live"].out)["observations"]}
    assert observed["127.0.0.1"]["lost"] is None
    assert [probe for probe, answer in observed["127.0.0.1"]["answers"].items() if not answer["ok"]] == ["time"]
    assert verdicts(shown)["time-source"] == "could-not-look"
    assert observed["localhost"]["lost"]["reason"] == "probe-process-died"
    assert len(observed["localhost"]["answers"]) == 1 + 6
