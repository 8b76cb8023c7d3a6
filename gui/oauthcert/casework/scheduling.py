"""What to install so that servers are looked at regularly: templates of `resources/schedule`, filled in. Installs nothing."""

import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from oauthcert import assets
from oauthcert.model.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PASSWORD_FILE = "/etc/oauthcert/password"  # noqa: S105 - a path
_CREDENTIAL = "password"


class Kind(StrEnum):
    """The schedulers that are known."""

    WINDOWS = "windows"
    SYSTEMD = "systemd"
    CRON = "cron"
    ANSIBLE = "ansible"


class NotForALine(UsageError):
    """A value that no scheduler can hold on one line. Facts: `value`."""

    words = "not-for-a-line"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to run: `program` with `arguments`, every `hours` hours. `signs_in`: it needs a password, which is read from a file."""

    program: str
    arguments: tuple[str, ...]
    hours: int = 6
    signs_in: bool = False


def schedule(kind: Kind, wanted: Wanted, root: "Traversable | None" = None) -> str:
    """The text to install, with final line break. Raises NotForALine."""
    for value in (wanted.program, *wanted.arguments):
        if not value.isprintable():
            raise NotForALine("a line break or a control character", value=value[:80])
    match kind:
        case Kind.WINDOWS:
            return _filled("windows.xml", _windows(wanted), root)
        case Kind.SYSTEMD:
            return _filled("systemd.txt", _systemd(wanted), root)
        case Kind.CRON:
            return _filled("cron.txt", _cron(wanted), root)
        case Kind.ANSIBLE:
            arguments = json.dumps(list(wanted.arguments))
            return _filled("ansible.yml", {"arguments": arguments, "times": _times(wanted.hours)}, root)


def _filled(name: str, values: Mapping[str, str], root: "Traversable | None") -> str:
    """Each mark is replaced once and in one pass, so that nothing in a value is taken for a mark."""
    pieces = assets.text(f"schedule/{name}", root).split("@")
    # no template has an @ that is not part of a mark
    return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def _windows(wanted: Wanted) -> dict[str, str]:
    """The task's account reads the password from its own part of the Windows Credential Manager."""
    password = (
        "--user, that account must have stored the password before: runas /user:CONTOSO\\svc-oauthcert cmd,\n"
        "     and in that window: oauthcert credentials set USER. Nothing of it stands in this task."
        if wanted.signs_in
        else "evidence files no other password is needed."
    )
    program, arguments = _xml(wanted.program), _xml(subprocess.list2cmdline(wanted.arguments))
    return {"hours": str(wanted.hours), "password": password, "program": program, "arguments": arguments}


def _xml(text: str) -> str:
    """ASCII, so that it means the same in whatever encoding the file is saved."""
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _systemd(wanted: Wanted) -> dict[str, str]:
    command = (wanted.program, *wanted.arguments)
    credential = ""
    if wanted.signs_in:
        # the shell is needed for the redirection alone; what it gets is quoted for it, then for systemd
        line = f'exec {shlex.join((*command, "--password-stdin"))} < "$CREDENTIALS_DIRECTORY/{_CREDENTIAL}"'
        command = ("/bin/sh", "-c", line)
        credential = f"# one line, readable by root alone: chmod 600\nLoadCredential={_CREDENTIAL}:{PASSWORD_FILE}\n"
    return {"credential": credential, "command": " ".join(map(_systemd_word, command)), "hours": str(wanted.hours)}


def _systemd_word(word: str) -> str:
    """Percent signs are specifiers, dollar signs variables, backslashes and quotes as in C (systemd.service, COMMAND LINES)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if escaped == word and word and not set(word) & set(" ';#&|<>()*?`") else f'"{escaped}"'


def _cron(wanted: Wanted) -> dict[str, str]:
    """A percent sign ends the command of a crontab, even inside quotes, unless a backslash stands in front of it."""
    line = shlex.join((wanted.program, *wanted.arguments))
    note = "Evidence files need no password."
    if wanted.signs_in:
        line += f" --password-stdin < {shlex.quote(PASSWORD_FILE)}"
        note = f"The password is the first line of {PASSWORD_FILE}, readable by that account alone (chmod 600)."
    return {"command": line.replace("%", "\\%"), "password": note, "times": _times(wanted.hours)}


def _times(hours: int) -> str:
    return ",".join(str(hour) for hour in range(5 % hours, 24, hours))


def check_arguments(
    servers: Sequence[str], evidence: Sequence[str], user: str | None, auth: str | None, https: bool, shape: str, result: str
) -> tuple[str, ...]:
    """The arguments of the `oauthcert check` that is to run."""
    signing = [*(("--user", user) if user else ()), *(("--auth", auth) if auth else ()), *(("--https",) if https else ())]
    place = ["--evidence", *evidence] if evidence else [*servers, *signing]
    return ("check", *place, "--format", shape, "--output", result, "--quiet")
