"""What `oauthcert-wizard` understands on its command line. Knows neither Qt nor the rest of the program, so that --help costs nothing."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from oauthcert import __version__

USAGE = 64
FIRST_SCENARIO = "first-deployment"


@dataclass(frozen=True, slots=True)
class Options:
    """`style` and `language` are empty where the settings, else the system decide. `tour` is the folder for pictures."""

    case: Path | None = None
    scenario: str | None = None
    tour: Path | None = None
    style: str = ""
    language: str = ""


class _Parser(argparse.ArgumentParser):
    """Ends with 64 where argparse would end with 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parse(arguments: Sequence[str]) -> Options:
    """Raises SystemExit: 0 after --help and --version, 64 for wrong usage; both have said why."""
    if not arguments:
        return Options()  # as most starts are; a parser takes longer than it looks
    parser = _Parser(prog="oauthcert-wizard", description="Finds out why server-to-server authentication is broken, in a window.")
    parser.add_argument("case", nargs="?", type=Path, metavar="CASE", help="a saved case to open")
    parser.add_argument(
        "--practice",
        nargs="?",
        const=FIRST_SCENARIO,
        metavar="SCENARIO",
        help=f"start the built-in practice lab (default: {FIRST_SCENARIO}; see: oauthcert scenarios)",
    )
    parser.add_argument("--tour", type=Path, metavar="DIR", help="draw every page with practice data into DIR, without a screen, and end")
    parser.add_argument(
        "--style", choices=("light", "dark", "contrast"), default="", help="default: as in the settings, else as the desktop"
    )
    parser.add_argument("--lang", choices=("en", "de"), default="", help="default: as in the settings, else as the system")
    parser.add_argument("--version", action="version", version=f"OAuthCert Wizard {__version__}")
    told = parser.parse_args(arguments)
    if told.case is not None and (told.practice is not None or told.tour is not None):
        parser.error("a case cannot be opened together with --practice or --tour")
    if told.tour is not None and told.tour.exists() and not told.tour.is_dir():
        parser.error(f"{told.tour} is no folder")
    return Options(told.case, told.practice, told.tour, told.style, told.lang)
