"""What is printed for a scheduler: run or read as that scheduler does, it starts exactly the command that was meant."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from oauthcert.casework.scheduling import Kind, NotForALine, Wanted, check_arguments, schedule

AWKWARD = (
    "fe01", "100%", "%PATH%",
    "$HOME", "$(id)", "`id`", "a b", "it's", 'quo"te', "back\\slash", "back\\", "a;b&c|d>e", "*", "ü漢", "@x@", "",
)  # fmt: skip
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def wanted(*arguments: str, program: str = "/opt/oauth cert/oauthcert", signs_in: bool = False, hours: int = 6) -> Wanted:
    return Wanted(program, arguments, hours, signs_in)


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    """A program that writes its arguments and its input beside itself."""
    file = tmp_path / "echo it"
    code = "import json, pathlib, sys; pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps([sys.argv[1:], sys.stdin.read()]))"
    file.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def heard(echo: Path) -> list[object]:
    return list(json.loads(echo.with_suffix(".json").read_text(encoding="utf-8")))


@pytest.mark.skipif(os.name != "posix", reason="cron runs its lines with sh")
def test_that_a_crontab_line_starts_what_was_meant(echo: Path) -> None:
    text = schedule(Kind.CRON, wanted(*AWKWARD, program=str(echo)))
    line = text.splitlines()[-1]
    assert re.match(r"17 5,11,17,23 \* \* \* ", line)
    command = line.split(" ", 5)[5]
    # cron: an unescaped percent sign is a line break, an escaped one loses its backslash
    assert re.search(r"(?<!\\)%", command) is None
    subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], check=True, stdin=subprocess.DEVNULL)
    assert heard(echo)[0] == list(AWKWARD)


def systemd_words(line: str) -> list[str]:
    """As systemd.service describes it: quotes as in C, %% and $$ stand for themselves, all else of the kind would be replaced."""
    assert re.search(r"(?<!%)%(?:%%)*(?!%)", line) is None
    assert re.search(r"(?<!\$)\$(?:\$\$)*(?!\$)", line) is None
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]


def test_that_a_service_starts_what_was_meant() -> None:
    text = schedule(Kind.SYSTEMD, wanted(*AWKWARD))
    (line,) = [line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")]
    assert systemd_words(line) == ["/opt/oauth cert/oauthcert", *AWKWARD]
    assert "LoadCredential" not in text


@pytest.mark.skipif(os.name != "posix", reason="systemd runs it with sh")
def test_that_a_service_that_signs_in_reads_the_password_from_its_credential(echo: Path, tmp_path: Path) -> None:
    text = schedule(Kind.SYSTEMD, wanted(*AWKWARD, program=str(echo), signs_in=True))
    assert "LoadCredential=password:/etc/oauthcert/password" in text
    (line,) = [line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")]
    (tmp_path / "password").write_text("CANARY\n", encoding="utf-8")
    subprocess.run(systemd_words(line), check=True, env={**os.environ, "CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert heard(echo) == [[*AWKWARD, "--password-stdin"], "CANARY\n"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze to read the units")
def test_that_systemd_itself_takes_the_units(tmp_path: Path) -> None:
    text = schedule(Kind.SYSTEMD, wanted("check", "--evidence", "/var/lib/oauthcert/evidence", program="/bin/true"))
    parts = re.split(r"# --- /etc/systemd/system/(\S+)\n", text)
    for name, unit in zip(parts[1::2], parts[2::2], strict=True):
        (tmp_path / name).write_text(unit, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in parts[1::2])], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "oauthcert" in line]
    assert said == []


def test_that_a_task_starts_what_was_meant() -> None:
    text = schedule(Kind.WINDOWS, wanted(*AWKWARD, program="C:\\Program Files\\OAuthCert & more\\oauthcert.exe"))
    assert text.isascii()
    task = ElementTree.fromstring(text)
    action = task.find(f"{TASK}Actions/{TASK}Exec")
    assert action is not None
    assert action.findtext(f"{TASK}Command") == "C:\\Program Files\\OAuthCert & more\\oauthcert.exe"
    assert action.findtext(f"{TASK}Arguments") == subprocess.list2cmdline(AWKWARD)
    assert task.findtext(f"{TASK}Triggers/{TASK}TimeTrigger/{TASK}Repetition/{TASK}Interval") == "PT6H"


class UnsafeLoader(yaml.SafeLoader):  # type: ignore[misc]
    """Knows Ansible's mark for text that is no template."""


UnsafeLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_sequence(node))


def test_that_a_play_hands_the_arguments_over_as_data() -> None:
    text = schedule(Kind.ANSIBLE, wanted(*AWKWARD, "{{ lookup('env', 'HOME') }}"))
    (play,) = yaml.load(text, UnsafeLoader)
    (task,) = play["tasks"]
    assert task["vars"]["oauthcert_judge"]["oauthcert_check_arguments"] == [*AWKWARD, "{{ lookup('env', 'HOME') }}"]
    assert "!unsafe [" in text
    assert task["ansible.builtin.cron"]["hour"] == "5,11,17,23"


@pytest.mark.parametrize("kind", list(Kind))
def test_that_nothing_that_breaks_a_line_gets_into_a_schedule(kind: Kind) -> None:
    for value in ("a\nb", "a\r", "nul\0", "\u2028"):
        with pytest.raises(NotForALine):
            schedule(kind, wanted("check", value))


@pytest.mark.parametrize("hours", [1, 5, 6, 24])
@pytest.mark.parametrize("kind", list(Kind))
def test_that_every_template_is_filled_without_a_rest(kind: Kind, hours: int) -> None:
    text = schedule(kind, wanted("check", "fe01", hours=hours, signs_in=True))
    assert "@" not in text
    assert "password stands" not in text.lower()


def test_that_the_command_is_one_that_check_understands() -> None:
    from oauthcert.cli.parser import parse

    servers = parse(check_arguments(["fe01"], [], "CONTOSO\\x", "ntlm", True, "nagios", "r.txt"))
    evidence = parse(check_arguments([], ["/e"], None, None, False, "prometheus", "r.prom"))
    assert (servers.servers, servers.user, servers.https) == (["fe01"], "CONTOSO\\x", True)
    assert (servers.format, servers.output) == ("nagios", "r.txt")
    assert (evidence.evidence, evidence.format, evidence.quiet) == (["/e"], "prometheus", True)
