"""Masking: the same stand-in everywhere, nothing recognisable left, and what was found stays found."""

import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.report.cases import NOW, THUMBPRINT, a_case, a_finding, large, replica_stopped

from oauthcert.casework.desk import DeskParts, RunningLab, WindowDesk
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text
from oauthcert.model.evidence import Answer, Fault, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.report import render_html, render_json, render_text
from oauthcert.report.markdown import render_markdown
from oauthcert.report.masking import is_masked, masked, original_source
from oauthcert.report.print_html import render_print
from oauthcert.report.pseudonyms import Pseudonyms
from oauthcert.vault.store import MemoryStore
from oauthcert.words import Catalogue

WORDS = Catalogue("en")
SUBJECT = "CN=Contoso Issuing CA 1, O=Contoso Trading Ltd, DC=contoso, DC=lab"


def answer(probe: str, *values: JsonValue) -> Answer:
    return Answer(probe, True, values)


def rich(case: Case) -> Case:
    """The case with what real servers print: names in every place where names occur."""
    names = [target.name for target in case.targets]
    topology: JsonValue = {
        "clusters": [{"fqdn": "pool01.contoso.lab", "site": "Munich HQ", "machines": list(names)}],
        "services": [{"role": "Registrar", "cluster": "pool01.contoso.lab"}],
        "defaultSipDomain": "contoso.com",
        "sipDomains": ["contoso.com", "fabrikam.example.net"],
    }

    def observed(observation: Observation) -> Observation:
        short = observation.server.partition(".")[0].upper()
        answers = (
            answer("hello", {"computer": short, "edition": "5.1.17763.1"}),
            answer(
                "session",
                {
                    "computer": short,
                    "fqdn": observation.server,
                    "domain": "contoso.lab",
                    "account": "CONTOSO\\jane.doe",
                    "groups": [
                        "CONTOSO\\RTCUniversalServerAdmins",
                        "CONTOSO\\Munich Telephony",
                        "BUILTIN\\Users",
                        "S-1-5-21-11-22-33-1104",
                    ],
                    "osVersion": "10.0.17763",
                },
            ),
            answer("time", {"dcName": "DC01", "source": "dc01.contoso.lab", "ntpServer": "ntp.contoso.lab,0x8 10.20.30.40,0x8"}),
            answer("topology", topology),
            answer(
                "store",
                {
                    "my": [{"thumbprint": THUMBPRINT, "der": b64encode(SUBJECT.encode()).decode(), "friendlyName": "Contoso OAuth 2026"}],
                    "misplacedRoots": [{"thumbprint": THUMBPRINT, "subject": SUBJECT, "issuer": SUBJECT}],
                },
            ),
            answer(
                "events",
                {
                    "message": f"Transfer to \\\\{observation.server}\\xds-replica failed for contoso\\jane.doe (jane.doe@contoso.com), "
                    f"see https://{short}:4443/x and {SUBJECT} at fe80::1%3, 10.20.30.40, svc_{short.lower()} in C:\\Users\\jane.doe\\x.log"
                },
            ),
            Answer("hop", False, (), Fault("SecurityError", "Denied", "System.Exception", f"{short}$ may not log on", target=short)),
        )
        return replace(
            observation,
            reach=Seen(ReachSeen("10.20.30.40", 5985, "http")),
            sign_in=Seen(SignInSeen("CONTOSO\\jane.doe", "ntlm")),
            clock=NotSeen("name-not-found", {"server": observation.server}),
            tls=TlsSeen("ab" * 32, f"CN={observation.server}", SUBJECT, NOW, NOW),
            answers={**observation.answers, **{given.probe: given for given in answers}},
        )

    targets = tuple(replace(target, address="10.20.30.40", fingerprint="cd" * 32) for target in case.targets)
    return replace(case, targets=targets, observations=tuple(map(observed, case.observations)), source="live")


def everything(case: Case, language: str = "en") -> str:
    words = Catalogue(language)
    page = render_print(case, words)
    return "\n".join(
        (
            render_json(case, words),
            render_html(case, words),
            render_markdown(case, words),
            render_text(case, words),
            page.title,
            *page.pieces,
        )
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_nothing_recognisable_is_left_of_a_large_case(language: str) -> None:
    case = rich(large(60))
    shown = everything(masked(case), language).casefold()
    originals = {"contoso", "fabrikam", "jane", "munich", "10.20.30.40", "fe80::1", "dc01", "ntp.", "pool01", "s-1-5-21"}
    originals |= {name for target in case.targets for name in (target.name, target.name.partition(".")[0])}
    originals |= {THUMBPRINT.casefold(), "ab" * 32, "cd" * 32, b64encode(SUBJECT.encode()).decode().casefold()}
    left = {name for name in originals if name in shown and re.search(rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])", shown)}
    assert left == set()
    assert "contoso" not in shown


def test_that_a_server_has_one_name_wherever_it_is_mentioned() -> None:
    case = masked(rich(replica_stopped()))
    observation = case.observations[1]
    event = observation.answers["events"].value[0]
    session = observation.answers["session"].value[0]
    assert isinstance(event, dict)
    assert isinstance(session, dict)
    assert case.targets[1].name == observation.server == session["fqdn"] == "server-2.example"
    assert session["computer"] == "server-2"
    message = str(event["message"])
    assert message.startswith("Transfer to \\\\server-2.example\\xds-replica failed for domain-")
    assert "https://server-2:4443/x" in message
    assert "svc_server-2 in C:\\Users\\account-1\\" in message
    hop = observation.answers["hop"].fault
    assert hop is not None
    assert hop.message == "server-2$ may not log on"


def test_that_findings_stay_as_they_were_judged() -> None:
    case = rich(replica_stopped())
    hidden = masked(case)
    assert [(f.check, f.verdict, f.words, len(f.because)) for f in hidden.findings] == [
        (f.check, f.verdict, f.words, len(f.because)) for f in case.findings
    ]
    known = {finding.id for finding in hidden.findings}
    assert {cause.finding for cause in hidden.causes} <= known
    assert all(set(cause.explains) <= known for cause in hidden.causes)
    assert [len(cause.explains) for cause in hidden.causes] == [len(cause.explains) for cause in case.causes]


def test_that_a_masked_case_can_be_saved_and_opened() -> None:
    hidden = masked(rich(replica_stopped()))
    assert from_text(render_json(hidden, WORDS)) == hidden


def test_that_a_masked_case_opened_again_keeps_what_was_found(tmp_path: Path) -> None:
    def no_practice(_scenario: str) -> RunningLab:
        raise AssertionError("nobody asked for the lab")

    listing = tmp_path / "settings" / "recent.json"
    parts = DeskParts(WORDS, WinrmGateway(), MemoryStore, no_practice, tuple, lambda: NOW, recent_file=listing)
    desk, file = WindowDesk(parts), tmp_path / "masked.json"
    desk.write_report(file, desk.render(rich(replica_stopped()), "json", True))
    opened = desk.open_case(file)
    assert opened.findings == masked(rich(replica_stopped())).findings
    assert [case.file for case in desk.recent_cases()] == [file]
    assert "contoso" not in listing.read_text(encoding="utf-8").replace(str(tmp_path), "")


@pytest.mark.parametrize("kind", ["html", "markdown", "json", "text"])
def test_that_the_desk_hides_names_in_every_kind(kind: str) -> None:
    def no_practice(_scenario: str) -> RunningLab:
        raise AssertionError("nobody asked for the lab")

    desk = WindowDesk(DeskParts(WORDS, WinrmGateway(), MemoryStore, no_practice, tuple, lambda: NOW))
    assert "contoso" in desk.render(replica_stopped(), kind).casefold()
    assert "contoso" not in desk.render(rich(replica_stopped()), kind, masked=True).casefold()


def test_that_a_masked_case_says_so_and_stays_as_it_is() -> None:
    case = replica_stopped()
    hidden = masked(case)
    assert not is_masked(case)
    assert is_masked(hidden)
    assert original_source(hidden) == case.source
    assert masked(hidden) is hidden


def test_that_what_helps_to_understand_is_kept() -> None:
    session = masked(rich(replica_stopped())).observations[0].answers["session"].value[0]
    assert isinstance(session, dict)
    groups = session["groups"]
    assert isinstance(groups, list)
    assert session["osVersion"] == "10.0.17763"
    assert str(groups[0]).endswith("\\RTCUniversalServerAdmins")
    assert groups[2] == "BUILTIN\\Users"


def test_that_certificates_are_left_out_and_thumbprints_shortened() -> None:
    store = masked(rich(replica_stopped())).observations[0].answers["store"].value[0]
    assert isinstance(store, dict)
    own = store["my"]
    assert isinstance(own, list)
    assert own[0] == {"thumbprint": "6D4A1C0E…", "der": "", "friendlyName": "label-1"}


def test_that_a_case_without_servers_can_be_masked() -> None:
    assert masked(a_case([])).targets == ()


def test_that_servers_named_by_address_are_masked_too() -> None:
    case = a_case(
        [a_finding("server-reachable", "could-not-look", "10.1.2.3"), a_finding("server-reachable", "could-not-look", "2001:db8::7")]
    )
    case = replace(case, targets=(Target("10.1.2.3"), Target("2001:db8::7")))
    hidden = masked(case)
    assert [finding.server for finding in hidden.findings] == ["server-1.example", "server-2.example"]
    assert "10.1.2.3" not in everything(hidden)
    assert "2001:db8::7" not in everything(hidden)


@pytest.mark.parametrize(
    "text",
    [
        "Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))",
        "System.UnauthorizedAccessException in Microsoft.Rtc.Management.dll",
        "Running",
        "2026-11-21T03:30:28.3682710Z",
        "03:30:28",
        "HKLM\\SOFTWARE",
        "BUILTIN\\Administrators",
        "",
        "e.g. this",
    ],
)
def test_that_texts_without_names_stay(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize("count", [7000])
def test_that_more_names_than_there_are_marks_for_leak_nothing(count: int) -> None:
    names = Pseudonyms()
    text = " ".join(f"host{number}.fabrikam.net" for number in range(count))
    assert "fabrikam" not in names.text(text)


def test_that_marks_in_a_servers_text_cannot_bring_names_back() -> None:
    assert Pseudonyms().text("\ue000 a.contoso.com \ue001") == "? host-1.example ?"


def test_that_accounts_every_windows_has_keep_their_names_and_others_do_not() -> None:
    access: JsonValue = {
        "accounts": [{"account": "NT AUTHORITY\\NETWORK SERVICE", "sid": "S-1-5-20", "services": ["RTCSRV"]}],
        "keys": [{"rules": [{"sid": "S-1-5-21-11-22-33-1105", "account": "CONTOSO\\svc-keys", "allow": True, "read": True}]}],
    }
    case = replica_stopped()
    first = replace(case.observations[0], answers={**case.observations[0].answers, "access": answer("access", access)})
    text = render_json(masked(replace(case, observations=(first, *case.observations[1:]))), WORDS)
    assert "NETWORK SERVICE" in text
    assert "svc-keys" not in text
    assert "11-22-33" not in text
