"""`oauthcert schedule`: prints what to install, and installs nothing."""

import argparse
import shutil

from oauthcert.casework.log_file import LogFile
from oauthcert.casework.scheduling import Kind, Wanted, check_arguments, schedule
from oauthcert.casework.targets import Reaching, read_targets
from oauthcert.cli import exits
from oauthcert.cli.console import Console
from oauthcert.cli.parts import Parts
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import NoAccount
from oauthcert.model.errors import UsageError

_ENDINGS = {"prometheus": "prom", "markdown": "md", "nagios": "txt", "text": "txt"}
_PLACES = {Kind.WINDOWS: "C:\\ProgramData\\OAuthCert\\"}
_ELSEWHERE = "/var/lib/oauthcert/"
_WITH_PASSWORD = (None, "ntlm", "credssp", "basic")


class OneScheduledSource(UsageError):
    """Servers and evidence exclude each other here too."""

    words = "one-scheduled-source"


def scheduled(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Servers are looked at as --user, whose password is read where it runs; without any, evidence files are judged."""
    del parts, sentences, log_file
    kind = Kind(options.kind)
    if options.servers and (options.evidence or kind is Kind.ANSIBLE):
        raise OneScheduledSource("name servers or evidence, not both")
    place = _PLACES.get(kind, _ELSEWHERE)
    targets = read_targets(options.servers, Reaching(options.https)) if options.servers else ()
    signs_in = bool(targets) and options.auth in _WITH_PASSWORD
    if signs_in and not (options.user or "").strip():
        raise NoAccount("name the account to sign in with: --user CONTOSO\\admin")
    evidence = options.evidence or ([] if options.servers else [f"{place}evidence"])
    result = options.result or f"{place}oauthcert.{_ENDINGS.get(options.format, options.format)}"
    arguments = check_arguments(options.servers, evidence, options.user, options.auth, options.https, options.format, result)
    program = options.program or shutil.which("oauthcert") or "oauthcert"
    console.result(schedule(kind, Wanted(program, arguments, options.every, signs_in)))
    return exits.OK
