"""Answers on the command line are judged before anything of them goes to a server, as the window does it."""

from pathlib import Path

import pytest

from oauthcert.lab.practice import PracticeLab
from oauthcert.model.secret import Secret
from tests.lab.conftest import Command
from tests.lab.mending import CA

PASSWORD = "CANARY-pfx"
APPLY = ("--apply", "--yes", "irreversible", "--lang", "en", "--quiet")


def changes(oauthcert: Command) -> list[str]:
    return [deed.function for lab in oauthcert.labs for deed in lab.deeds]


@pytest.mark.parametrize(
    "answers",
    [
        ("request-oauth.way=online", "request-oauth.authority=no authority"),
        ("request-oauth.way=online", f"request-oauth.authority={CA}", "request-oauth.template=two words"),
        ("request-oauth.way=online", f"request-oauth.authority={CA}", f"request-oauth.name={'x' * 2001}"),
        ("request-oauth.way=online", f"request-oauth.authority={CA}", f"request-oauth.name={'x' * 101}"),
        ("request-oauth.way=online", f"request-oauth.authority={CA}", "request-oauth.name=\x1b[2J"),
        ("request-oauth.way=online", f"request-oauth.authority={CA}", "request-oauth.name=a\0b"),
        ("request-oauth.way=carrier pigeon",),
        ("stage-oauth.effective=2020-01-01T00:00:00Z",),
        ("not.asked=1",),
    ],
)
def test_that_an_answer_that_will_not_do_ends_with_64_and_reaches_no_server(oauthcert: Command, answers: tuple[str, ...]) -> None:
    fix, scenario = ("stage-oauth", "default-reused") if answers[0].startswith("stage") else ("request-oauth", "oauth-expired")
    given = [part for answer in answers for part in ("--answer", answer)]
    ran = oauthcert("fix", fix, "--practice", scenario, *given, *APPLY)
    assert (ran.code, ran.out) == (64, ""), ran.err
    assert "\x1b" not in ran.err
    assert "\0" not in ran.err
    assert changes(oauthcert) == []
    assert not oauthcert.folders.journal_dir.exists()


@pytest.mark.parametrize("wrong", ["file", "password", "certificate"])
def test_that_a_pfx_is_opened_here_before_it_goes_to_a_server(oauthcert: Command, tmp_path: Path, wrong: str) -> None:
    with PracticeLab.open("no-private-key") as other:
        _thumbprint, data = other.new_pfx(Secret(PASSWORD))
    file = tmp_path / "given.pfx"
    file.write_bytes(b"0\x82 not a PFX" if wrong == "file" else data)
    typed = "CANARY-other\n" if wrong == "password" else f"{PASSWORD}\n"
    where = ("--answer-file", f"import-oauth-pfx.file={file}", "--answer-stdin", "import-oauth-pfx.password")
    ran = oauthcert("fix", "import-oauth-pfx", "--practice", "no-private-key", *where, *APPLY, typed=typed)
    assert (ran.code, ran.out) == (64, ""), ran.err
    assert "CANARY" not in ran.err
    assert changes(oauthcert) == []
