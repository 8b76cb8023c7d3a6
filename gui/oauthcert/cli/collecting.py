"""`oauthcert collector`, and what is said about evidence files while they are read."""

import argparse
from collections.abc import Sequence
from datetime import datetime

from oauthcert.casework.evidence_files import FarApart, Note, Refused, Superseded, collected_case
from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.console import Console
from oauthcert.cli.parts import Parts
from oauthcert.cli.sentences import Sentences
from oauthcert.model.case import Case
from oauthcert.words.showing import visible


def judged_evidence(places: Sequence[str], now: datetime, console: Console, sentences: Sentences, quiet: bool) -> Case:
    """The case of all evidence at these places. Refused files are always said, the rest unless `quiet`. Raises NoEvidence."""

    def tell(note: Note) -> None:
        match note:
            case Refused(file, error):
                console.say(f"{visible(file)}: {sentences.error(error)}")
            case Superseded(file, server, newer) if not quiet:
                console.say(sentences("evidence_older", file=file, server=server, newer=newer))
            case FarApart(oldest, newest) if not quiet:
                moments = (moment.isoformat(timespec="minutes").replace("+00:00", "Z") for moment in (oldest, newest))
                console.say(sentences("evidence_apart", oldest=next(moments), newest=next(moments)))

    return collected_case(places, now, tell)


def collector(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Prints the script, or writes it to --output."""
    del parts, log_file
    from oauthcert import __version__
    from oauthcert.cli.delivering import deliver
    from oauthcert.collect.collector import collector_script

    deliver(collector_script(__version__), options.output, console, sentences, options.quiet)
    return exits.OK
