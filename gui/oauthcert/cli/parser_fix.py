"""The grammar of `oauthcert fix` and `oauthcert journal`; like `parser`, it imports nothing of the program's machinery."""

import argparse
from collections.abc import Callable
from typing import Any

LEVELS = ("change", "disruptive", "irreversible")

_FIX_MORE = """\
what to mend (any of; nothing named means: what explains everything else):
  FINDING          an id of a finding, such as replica-service@fe02.contoso.com
  FIX              an id of a repair, such as force-replication

where (one of):
  SERVER...        as for check; a name that is neither finding nor repair is a server
  --practice S     the built-in practice lab
  --case F         a saved case: the plan is made from it; --apply looks at its servers again first

agreement:
  Without --apply the plan is printed and nothing is changed. With --apply each level is asked about on a terminal;
  elsewhere --yes LEVEL agrees to it and all weaker ones.

exit codes:
  as for check, for the state found (without --apply) or left (with it)
  4 a step failed or was refused   64 wrong usage   130 interrupted

examples:
  oauthcert fix fe01.contoso.com fe02.contoso.com --user CONTOSO\\admin
  oauthcert fix replica-service@fe02.contoso.lab --practice replica-stopped --apply --yes change
"""

Add = Callable[[argparse.ArgumentParser], None]


def add_fix(commands: "argparse._SubParsersAction[Any]", language: Add, signing_in: Add, numbers: Callable[[str], float]) -> None:
    fix = commands.add_parser(
        "fix",
        help="plan what mends the findings, and do it when told to",
        description="Makes a plan for what explains everything else, shows each step, and with --apply carries it out and looks again.",
        epilog=_FIX_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    fix.set_defaults(command="fix", latency=None, jobs=None)
    fix.add_argument("names", nargs="*", metavar="FINDING|FIX|SERVER", help="what to mend, and the servers to look at")
    fix.add_argument("--practice", metavar="S", help="mend the practice lab with this scenario")
    fix.add_argument("--case", metavar="F", help="make the plan from a saved case")
    fix.add_argument("--product", choices=("auto", "lync", "exchange"), help="what the servers are (default: the servers tell)")
    fix.add_argument("--apply", action="store_true", help="carry the plan out; without this nothing is changed")
    fix.add_argument("--yes", choices=LEVELS, metavar="LEVEL", help="agree to steps up to this level: change, disruptive or irreversible")
    fix.add_argument("--preview", action="store_true", help="ask the servers what each step would do, without doing it")
    fix.add_argument("--answer", action="append", default=[], metavar="ID=VALUE", help="the answer to a question of the plan; no secrets")
    fix.add_argument("--answer-file", action="append", default=[], metavar="ID=PATH", help="the answer is in this file")
    fix.add_argument(
        "--answer-stdin",
        action="append",
        default=[],
        metavar="ID",
        help="the answer (a password of a file, say) is the next line of standard input, after that of --password-stdin",
    )
    fix.add_argument("--scripts", action="store_true", help="show the whole text of each command")
    fix.add_argument("--format", choices=("text", "json"), default="text", help="how to show the plan and the result (default: text)")
    fix.add_argument("--save", metavar="CASE", help="also save the case as it is in the end")
    fix.add_argument("--timeout", metavar="S", type=numbers, help="seconds for one look at one server (default: 180)")
    fix.add_argument("--quiet", action="store_true", help="no progress, only the result and errors")
    language(fix)
    signing_in(fix)


def add_journal(commands: "argparse._SubParsersAction[Any]", language: Add, signing_in: Add) -> None:
    journal = commands.add_parser(
        "journal",
        help="repairs that were begun here: list, show, resume",
        description="Every repair writes down what it is about to do before it does it. This is where that can be read.",
        allow_abbrev=False,
    )
    journal.set_defaults(command="journal", action=None)
    actions = journal.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="all repairs, newest first", allow_abbrev=False)
    showing = actions.add_parser("show", help="what one repair intended, what is done, what is not known", allow_abbrev=False)
    resuming = actions.add_parser("resume", help="look into an interrupted repair, undo it or leave it as it is", allow_abbrev=False)
    for action, name in ((listing, "list"), (showing, "show"), (resuming, "resume")):
        action.set_defaults(action=name)
        language(action)
    for action in (listing, showing):
        action.add_argument("--format", choices=("text", "json"), default="text", help="how to show it (default: text)")
    for action in (showing, resuming):
        action.add_argument("run", metavar="RUN", help="the id of the repair, as list shows it")
    how = resuming.add_mutually_exclusive_group()
    how.add_argument("--look", action="store_true", help="ask the servers what became of what is not known; changes nothing (the default)")
    how.add_argument("--undo", action="store_true", help="look, then take back what was changed and can be taken back, newest first")
    how.add_argument("--keep", action="store_true", help="leave everything as it is and close the repair; asks no server")
    resuming.add_argument("--yes", choices=LEVELS, metavar="LEVEL", help="with --undo: agree to steps up to this level")
    resuming.add_argument("--quiet", action="store_true", help="no progress, only the result and errors")
    signing_in(resuming)
