"""The catalogue: finished sentences, in the asked language, that hostile facts cannot bend."""

import logging
from pathlib import Path

import pytest

from oauthcert.model.errors import CaseFileError, OauthcertError, UsageError
from oauthcert.model.finding import Finding, Severity, Verdict
from oauthcert.words import Catalogue
from oauthcert.words.filling import fill, placeholders

ENGLISH, GERMAN = Catalogue("en"), Catalogue("de")


def stopped(**facts: str) -> Finding:
    return Finding("replica-service", "fe02.contoso.lab", Verdict.FAIL, Severity.HIGH, "replica-service.stopped", facts)


def test_that_a_finding_is_told_in_the_asked_language() -> None:
    facts = {"state": "Stopped", "start_mode": "Auto"}
    assert ENGLISH.finding(stopped(**facts)).title == "The replica service is stopped on fe02"
    assert GERMAN.finding(stopped(**facts)).title == "Der Replikatdienst ist auf fe02 angehalten"
    assert "Start-Service REPLICA" in ENGLISH.finding(stopped(**facts)).action
    assert "fe02.contoso.lab" in GERMAN.finding(stopped(**facts)).action


@pytest.mark.parametrize(("tag", "language"), [("de_AT.UTF-8", "de"), ("de-CH", "de"), ("EN", "en"), ("fr_FR", "en"), ("", "en")])
def test_that_languages_are_found_by_any_tag(tag: str, language: str) -> None:
    assert Catalogue(tag).language == language


def test_that_a_missing_fact_shows_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        text = ENGLISH.finding(stopped(start_mode="Auto"))
    assert text.meaning.startswith("REPLICA is ?, start mode Auto.")
    assert "'state'" in caplog.text


@pytest.mark.parametrize("value", ["{start_mode}", "{0.__class__}", "%s ${x} {}", "{state:short}", "}{"])
def test_that_values_are_never_read_as_templates(value: str) -> None:
    assert ENGLISH.finding(stopped(state=value, start_mode="SECRET")).meaning.startswith(f"REPLICA is {value}, start mode SECRET.")


def test_that_braces_of_commands_stay_as_they_are() -> None:
    template = "Get-Service | ? {$_.Name -eq 'REPLICA'} on {server}; @{a=1}"
    assert placeholders(template) == {"server"}
    assert fill(template, {"server": "fe01"}, ENGLISH.formats) == "Get-Service | ? {$_.Name -eq 'REPLICA'} on fe01; @{a=1}"


def test_that_a_full_stop_is_not_doubled() -> None:
    assert fill("It said: {message}. Then", {"message": "Not running."}, ENGLISH.formats) == "It said: Not running. Then"
    assert fill("It said: {message}", {"message": "Not running."}, ENGLISH.formats) == "It said: Not running."


def test_that_an_unknown_manner_is_logged_and_the_fact_still_shown(caplog: pytest.LogCaptureFixture) -> None:
    assert fill("{server:loudly}", {"server": "fe01"}, ENGLISH.formats) == "fe01"
    assert "loudly" in caplog.text


def test_that_facts_cannot_break_out_of_their_line() -> None:
    text = ENGLISH.finding(stopped(state="Stopped\r\n\u202eFAKE: all is well\x1b[2J", start_mode="A" * 70_000))
    assert "\n" not in text.meaning
    assert "⟨U+202E⟩" in text.meaning
    assert len(text.meaning) < 800


def test_that_findings_nobody_has_words_for_are_still_shown(caplog: pytest.LogCaptureFixture) -> None:
    odd = Finding("odd\u202e", None, Verdict.FAIL, Severity.HIGH, "odd.variant\u202e")
    assert ENGLISH.finding(odd).title == "odd.variant⟨U+202E⟩"
    assert "no words for" in caplog.text


def test_that_could_not_look_gives_the_reason_and_its_way_out() -> None:
    facts = {"reason": "access-denied", "look": "keys"}
    text = ENGLISH.finding(
        Finding("oauth-private-key", "fe01.contoso.lab", Verdict.UNKNOWN, Severity.LOW, "oauth-private-key.could-not-look", facts)
    )
    assert text.title == "Private key: could not look (fe01)"
    assert "The account is not allowed to look at this." in text.meaning
    assert "does not mean that something is missing" in text.meaning
    assert "RTCUniversalServerAdmins" in text.action


def test_that_the_facts_of_a_reason_reach_its_words() -> None:
    facts = {"reason": "not-wsman", "look": "reach", "status": "200", "server": "nginx"}
    finding = Finding("server-reachable", "fe01.contoso.lab", Verdict.UNKNOWN, Severity.MEDIUM, "server-reachable.could-not-look", facts)
    assert "HTTP status 200" in ENGLISH.finding(finding).action


def test_that_the_server_is_the_finding_s_whatever_a_fact_claims() -> None:
    facts = {"reason": "not-wsman", "look": "reach", "status": "200", "server": "nginx"}
    finding = Finding("server-reachable", "fe01.contoso.lab", Verdict.UNKNOWN, Severity.MEDIUM, "server-reachable.could-not-look", facts)
    assert ENGLISH.finding(finding).title == "fe01 cannot be reached"


class Untold(OauthcertError):
    words = "refused"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("no server named"), "This cannot be done as asked: no server named See: oauthcert --help"),
        (CaseFileError("line 3"), "This file cannot be read as a case: line 3 Use the file as it was saved by this program."),
        (Untold(), "The server is there, but nothing listens on the port for remote management."),
    ],
)
def test_that_errors_are_told_with_what_to_do(error: OauthcertError, said: str) -> None:
    assert ENGLISH.error(error).startswith(said)


def test_that_a_missing_language_key_falls_back_to_english_and_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for language, text in {"en": '[refused]\ntitle = "Nobody listens."\naction = ""\n', "de": ""}.items():
        (tmp_path / "words" / language).mkdir(parents=True)
        (tmp_path / "words" / language / "reasons.toml").write_text(text, encoding="utf-8")
        (tmp_path / "words" / language / "terms.toml").write_text("[format]\n", encoding="utf-8")
    assert Catalogue("de", tmp_path).reason("refused").title == "Nobody listens."
    assert "no words for refused in de" in caplog.text


def test_that_only_the_asked_language_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "words" / "de"
    folder.mkdir(parents=True)
    (folder / "terms.toml").write_text('[format]\n[verdict]\nfail = "Fehler"\n', encoding="utf-8")
    assert Catalogue("de", tmp_path).verdict(Verdict.FAIL) == "Fehler"


def test_that_labels_count() -> None:
    assert ENGLISH.label("explains", count=1) == "explains 1 other finding"
    assert ENGLISH.label("explains", count=4) == "explains 4 other findings"


def test_that_an_unknown_label_is_shown_by_its_key(caplog: pytest.LogCaptureFixture) -> None:
    assert GERMAN.label("no-such-label") == "no-such-label"
    assert "no-such-label" in caplog.text


def test_that_help_is_found_by_check_and_never_outside_its_folder() -> None:
    assert GERMAN.help("replica-service").startswith("# ")
    for page in ("no-such-check", "../words/en/terms", "..", ""):
        with pytest.raises(KeyError):
            ENGLISH.help(page)


def test_that_checks_and_fixes_have_short_names() -> None:
    assert ENGLISH.check("time-skew").name == "Clock"
    assert GERMAN.check("time-skew").group == "Erreichbarkeit"
    assert ENGLISH.fix("start-replica").name == "Start the replica service"
    assert ENGLISH.sources("time-skew")[0].url.startswith("https://")
    assert ENGLISH.sources("no-such-check") == ()
