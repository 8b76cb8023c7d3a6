"""The grammar of the command line: what is taken, what is refused with 64, and what is never repeated."""

import pytest

from oauthcert.cli.parser import parse


@pytest.mark.parametrize(
    "line",
    [
        "",
        "fix --password x",
        "journal",
        "journal resume",
        "journal resume RUN --look --undo",
        "fix --yes look",
        "check --frob",
        "check fe01 --format yaml",
        "check fe01 --jobs 0",
        "check fe01 --jobs 257",
        "check fe01 --jobs many",
        "check fe01 --timeout 0",
        "check fe01 --timeout nan",
        "check fe01 --timeout soon",
        "check fe01 --port 65536",
        "check fe01 --product office",
        "check fe01 --auth magic",
        "check fe01 --lang fr",
        "check fe01 --prac x",
        "lab",
        "lab --scenario x --latency -1",
        "credentials",
        "credentials frob",
        "credentials set",
        "credentials test",
        "scenarios --format html",
    ],
)
def test_that_what_is_not_grammar_ends_with_64_and_a_sentence(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line.split())

    streams = capsys.readouterr()
    assert ended.value.code == 64
    assert streams.out == ""
    assert "usage: oauthcert" in streams.err


@pytest.mark.parametrize(
    "line", ["--help", "--version", "check --help", "credentials --help", "credentials test -h", "lab -h", "scenarios -h"]
)
def test_that_asking_for_help_is_no_error(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line.split())

    streams = capsys.readouterr()
    assert ended.value.code == 0
    assert streams.out.isascii()
    assert streams.err == ""


def test_that_only_what_is_there_is_announced(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])

    text = capsys.readouterr().out
    commands = ("check", "fix ", "journal", "credentials", "lab", "scenarios", "explain", "collector", "schedule")
    assert [word for word in commands if word not in text] == []


@pytest.mark.parametrize(
    "line",
    [
        ["check", "fe01", "--password", "CANARY-81"],
        ["check", "--password=CANARY-81", "fe01"],
        ["credentials", "set", "a", "--password", "CANARY-81"],
    ],
)
def test_that_a_password_on_the_command_line_is_refused_and_not_repeated(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line)

    assert ended.value.code == 64
    streams = capsys.readouterr()
    assert "CANARY" not in streams.err + streams.out
    assert "--password-stdin" in streams.err


def test_that_all_options_of_a_check_arrive() -> None:
    where = ["check", "fe01", "fe02:8080", "--product", "lync", "--jobs", "8", "--timeout", "2.5"]
    what = ["--format", "html", "--output", "r.html", "--save", "c.json", "--lang", "de", "--quiet"]
    who = ["--user", "CONTOSO\\a", "--auth", "credssp", "--https", "--port", "5999", "--password-stdin"]
    options = parse([*where, *what, *who, "--trust", "sha256:aa", "--trust", "fe02=sha256:bb"])

    assert options.command == "check"
    assert options.servers == ["fe01", "fe02:8080"]
    assert (options.product, options.format, options.output, options.jobs, options.timeout) == ("lync", "html", "r.html", 8, 2.5)
    assert (options.save, options.user, options.auth, options.https, options.port) == ("c.json", "CONTOSO\\a", "credssp", True, 5999)
    assert options.trust == ["sha256:aa", "fe02=sha256:bb"]
    assert options.password_stdin
    assert options.quiet
    assert options.lang == "de"
