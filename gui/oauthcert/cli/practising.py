"""`oauthcert lab` and `oauthcert scenarios`: the practice servers for other programs, and what can be practised."""

import argparse
import json
import threading

from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.console import Console
from oauthcert.cli.parts import Parts
from oauthcert.cli.sentences import Sentences


def lab(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Prints where the servers are, then serves until Ctrl+C or SIGTERM, which is how it is meant to end: 0."""
    del sentences
    with parts.practice(options.scenario, options.latency, options.servers) as practice:
        log_file.hide(practice.credential.password)
        # the password opens nothing but these servers, and whoever starts them has to know it
        console.result(json.dumps(practice.description))
        console.flush()
        try:
            while True:
                # in slices, because Windows delivers Ctrl+C only between waits
                threading.Event().wait(0.5)
        except KeyboardInterrupt:
            return exits.OK


def scenarios(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """One line per scenario, or all of them as JSON."""
    del log_file
    found = parts.scenarios(sentences.language)
    if options.format == "json":
        listing = [{"id": one.id, "title": one.title, "story": one.story, "servers": one.servers} for one in found]
        console.result(json.dumps(listing, ensure_ascii=False, indent=1))
        return exits.OK
    width = max((len(one.id) for one in found), default=0)
    for one in found:
        console.result(f"{one.id.ljust(width)}  {one.title}")
    return exits.OK
