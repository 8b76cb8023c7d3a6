"""The command line's grammar. Imports nothing of the program's own machinery, so that --help costs nothing."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from oauthcert import __version__
from oauthcert.cli.parser_fix import add_fix, add_journal

DEFAULT_JOBS = 32
DEFAULT_SECONDS = 180.0
FORMATS = ("text", "json", "ndjson", "html", "markdown", "nagios", "prometheus")

_NEVER_ON_THE_LINE = (
    "a password never stands on a command line, where other users and logs can see it: leave it out to be asked, or use --password-stdin"
)

_CHECK_MORE = """\
where to look (one of):
  SERVER...        names, addresses, name:port, [IPv6]:port or URLs; a pasted list in quotes works too
  --practice S     the built-in practice lab (see: oauthcert scenarios)
  --case F         a saved case, judged again without any server
  --evidence F...  files the collector wrote on the servers (see: oauthcert collector)

exit codes:
  0 all pass   1 warnings   2 failures   3 could not look   64 wrong usage   130 interrupted

examples:
  oauthcert check fe01.contoso.com fe02.contoso.com --user CONTOSO\\admin
  oauthcert check --practice first-deployment
  oauthcert check --case contoso.json --format html --output contoso.html
"""


class UsageExit(SystemExit):
    """Ends the command with 64 after its message was printed."""

    def __init__(self) -> None:
        super().__init__(64)


class _Parser(argparse.ArgumentParser):
    """Ends with 64 instead of argparse's 2, which `check` uses for failures."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise UsageExit


class _RefusePassword(argparse.Action):
    """`--password X` is caught by name, so that the password is not repeated in a message about unknown arguments."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.error(_NEVER_ON_THE_LINE)


class _Whole:
    """An argparse type: a whole number between two others."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and self._low <= int(text) <= self._high):
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from {self._low} to {self._high}")
        return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 1 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of seconds from 1 to 86400")
    return seconds


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="oauthcert",
        description="Finds out why server-to-server authentication of Lync / Skype for Business Server and Exchange Server is broken.",
        epilog="Looking is safe: only fix --apply and journal resume --undo change anything on a server, and only what was agreed to.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"OAuthCert Wizard {__version__}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_check(commands)
    add_fix(commands, _add_language, _add_signing_in, _seconds)
    add_journal(commands, _add_language, _add_signing_in)
    _add_credentials(commands)
    _add_lab(commands)
    _add_scenarios(commands)
    _add_explain(commands)
    _add_collector(commands)
    _add_schedule(commands)
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options as they were given. Raises SystemExit: 0 after --help and --version, 64 for anything that is not grammar."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        raise UsageExit
    return options


def _add_check(commands: "argparse._SubParsersAction[_Parser]") -> None:
    check = commands.add_parser(
        "check",
        help="look at servers, say what is wrong and what to mend first",
        description="Looks at every server at once, judges what it sees and names causes before symptoms. Changes nothing.",
        epilog=_CHECK_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    check.set_defaults(command="check")
    check.add_argument("servers", nargs="*", metavar="SERVER", help="servers to look at")
    check.add_argument("--practice", metavar="S", help="look at the practice lab with this scenario")
    check.add_argument(
        "--latency", metavar="MS", type=_Whole(0, 5000), help="with --practice: delay every answer by this many milliseconds"
    )
    check.add_argument("--case", metavar="F", help="judge a saved case again, without any server")
    check.add_argument(
        "--evidence",
        metavar="F",
        nargs="+",
        action="extend",
        help="judge evidence files that the collector wrote on servers: files, folders with all below them, wildcards",
    )
    check.add_argument("--product", choices=("auto", "lync", "exchange"), help="what the servers are (default: the servers tell)")
    check.add_argument("--format", choices=FORMATS, default="text", help="how to show the result (default: text)")
    check.add_argument("--output", metavar="F", help="write the result to this file instead of standard output")
    check.add_argument("--save", metavar="CASE", help="also save the case: everything seen, to be opened without any server")
    check.add_argument("--jobs", metavar="N", type=_Whole(1, 256), help=f"servers looked at at the same time (default: {DEFAULT_JOBS})")
    check.add_argument("--timeout", metavar="S", type=_seconds, help=f"seconds for one server (default: {DEFAULT_SECONDS:g})")
    check.add_argument("--quiet", action="store_true", help="no progress, only the result and errors")
    _add_language(check)
    _add_signing_in(check)


def _add_signing_in(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("signing in")
    group.add_argument(
        "--user", metavar="U", help="account, as CONTOSO\\admin or admin@contoso.com; the password is the stored one, else asked for"
    )
    group.add_argument("--password-stdin", action="store_true", help="read the password from the first line of standard input")
    group.add_argument("--auth", choices=("ntlm", "kerberos", "credssp", "certificate", "basic"), help="how to sign in (default: ntlm)")
    group.add_argument("--certificate", metavar="PEM", help="with --auth certificate: the client certificate")
    group.add_argument("--key", metavar="PEM", help="with --auth certificate: its private key")
    group.add_argument("--https", action="store_true", help="use TLS (port 5986)")
    group.add_argument(
        "--port", metavar="N", type=_Whole(1, 65535), help="port of servers named without one (default: 5985, with TLS 5986)"
    )
    group.add_argument(
        "--trust",
        metavar="FINGERPRINT",
        action="append",
        default=[],
        help="trust the TLS certificate with this fingerprint: sha256:HEX for a single server, SERVER=sha256:HEX for one of several",
    )
    group.add_argument("--password", nargs="?", action=_RefusePassword, help=argparse.SUPPRESS)


def _add_credentials(commands: "argparse._SubParsersAction[_Parser]") -> None:
    credentials = commands.add_parser(
        "credentials",
        help="stored accounts: list, set, remove, test",
        description="Accounts whose passwords the operating system's own store keeps.",
        allow_abbrev=False,
    )
    credentials.set_defaults(command="credentials", action=None)
    actions = credentials.add_subparsers(title="actions", metavar="ACTION", parser_class=_Parser, required=True)
    listing = actions.add_parser("list", help="show the stored accounts, never their passwords", allow_abbrev=False)
    setting = actions.add_parser("set", help="store a password; it is asked for, or read with --password-stdin", allow_abbrev=False)
    removing = actions.add_parser("remove", help="forget a password", allow_abbrev=False)
    testing = actions.add_parser("test", help="sign in to a server with an account and say what came of it", allow_abbrev=False)
    for action, name in ((listing, "list"), (setting, "set"), (removing, "remove"), (testing, "test")):
        action.set_defaults(action=name)
        _add_language(action)
    for action in (setting, removing):
        action.add_argument("user", metavar="USER", help="account, as CONTOSO\\admin or admin@contoso.com")
    setting.add_argument("--password-stdin", action="store_true", help="read the password from the first line of standard input")
    setting.add_argument("--password", nargs="?", action=_RefusePassword, help=argparse.SUPPRESS)
    testing.add_argument("server", metavar="SERVER", help="the server to sign in to")
    testing.add_argument("--timeout", metavar="S", type=_seconds, help="seconds for the attempt (default: 60)")
    _add_signing_in(testing)


def _add_lab(commands: "argparse._SubParsersAction[_Parser]") -> None:
    lab = commands.add_parser(
        "lab",
        help="run the practice lab for other programs, until interrupted",
        description="Starts simulated servers on the loopback interface, prints one line of JSON, and serves until interrupted.",
        allow_abbrev=False,
    )
    lab.set_defaults(command="lab")
    lab.add_argument("--scenario", metavar="S", required=True, help="what is wrong in the lab (see: oauthcert scenarios)")
    lab.add_argument("--servers", metavar="N", type=_Whole(1, 5000), help="add plain front ends until there are this many servers")
    lab.add_argument("--latency", metavar="MS", type=_Whole(0, 5000), default=0, help="delay every answer by this many milliseconds")
    _add_language(lab)


def _add_scenarios(commands: "argparse._SubParsersAction[_Parser]") -> None:
    scenarios = commands.add_parser("scenarios", help="list what can be practised", allow_abbrev=False)
    scenarios.set_defaults(command="scenarios")
    scenarios.add_argument("--format", choices=("text", "json"), default="text", help="how to show the list (default: text)")
    _add_language(scenarios)


def _add_collector(commands: "argparse._SubParsersAction[_Parser]") -> None:
    collector = commands.add_parser(
        "collector",
        help="print the script that collects evidence on a server by hand",
        description="Prints one self-contained PowerShell script. Run on a server, it reads what check would ask over the network, "
        "changes nothing, and writes one file for: oauthcert check --evidence FILE",
        allow_abbrev=False,
    )
    collector.set_defaults(command="collector")
    collector.add_argument("--output", metavar="F", help="write the script to this file instead of standard output")
    collector.add_argument("--quiet", action="store_true", help="do not say where it was written")
    _add_language(collector)


def _add_schedule(commands: "argparse._SubParsersAction[_Parser]") -> None:
    schedule = commands.add_parser(
        "schedule",
        help="print what to install for regular monitoring",
        description="Prints what to install so that check runs regularly: a task, a service with its timer, a crontab line or a play. "
        "Installs nothing and holds no password.",
        allow_abbrev=False,
    )
    schedule.set_defaults(command="schedule")
    schedule.add_argument("kind", choices=("windows", "systemd", "cron", "ansible"), help="what runs it")
    schedule.add_argument("servers", nargs="*", metavar="SERVER", help="servers to look at (without any: evidence files are judged)")
    schedule.add_argument("--evidence", metavar="F", nargs="+", action="extend", help="evidence files or folders to judge")
    schedule.add_argument("--user", metavar="U", help="account to sign in with")
    schedule.add_argument("--auth", choices=("ntlm", "kerberos", "credssp", "basic"), help="how to sign in (default: ntlm)")
    schedule.add_argument("--https", action="store_true", help="use TLS (port 5986)")
    schedule.add_argument("--every", metavar="HOURS", type=_Whole(1, 24), default=6, help="hours between two runs (default: 6)")
    schedule.add_argument("--format", choices=FORMATS, default="prometheus", help="how to write the result (default: prometheus)")
    schedule.add_argument("--result", metavar="F", help="file for the result")
    schedule.add_argument("--program", metavar="P", help="full path of oauthcert where it will run (default: the one found here)")
    schedule.add_argument("--password", nargs="?", action=_RefusePassword, help=argparse.SUPPRESS)
    _add_language(schedule)


def _add_explain(commands: "argparse._SubParsersAction[_Parser]") -> None:
    explain = commands.add_parser(
        "explain",
        help="what an error text, an event or a question means",
        description="Says what a text means, its likely cause, what to look at and what mends it. Exit code 3 when the text is not known.",
        allow_abbrev=False,
    )
    explain.set_defaults(command="explain")
    explain.add_argument("text", nargs="*", metavar="TEXT", help="the text; without it, or with -, standard input is read")
    explain.add_argument("--format", choices=("text", "json"), default="text", help="how to show the answer (default: text)")
    _add_language(explain)


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=("en", "de"), help="language of what is shown (default: the system's, else English)")
