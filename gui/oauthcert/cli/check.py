"""`oauthcert check`: look, judge, show."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.background import run_look
from oauthcert.cli.console import Console
from oauthcert.cli.delivering import deliver, keep_case
from oauthcert.cli.parser import DEFAULT_JOBS, DEFAULT_SECONDS
from oauthcert.cli.parts import Parts
from oauthcert.cli.progress import Progress
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import credential_of
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError

if TYPE_CHECKING:
    from oauthcert.model.secret import Credential
    from oauthcert.model.target import Target

# what says how real servers are reached has no meaning for the practice lab or a saved case
_FOR_SERVERS = ("user", "password_stdin", "auth", "certificate", "key", "https", "port", "trust")
_FOR_LOOKING = ("product", "jobs", "timeout")
_MEANINGLESS = {
    "SERVER": ("latency",),
    "--practice": _FOR_SERVERS,
    "--case": (*_FOR_SERVERS, *_FOR_LOOKING, "latency"),
    "--evidence": (*_FOR_SERVERS, *_FOR_LOOKING, "latency"),
}


class OneSource(UsageError):
    """Servers, practice and a saved case exclude each other."""

    words = "one-source"


class OptionWithoutMeaning(UsageError):
    """Facts: `option`, `source`."""

    words = "option-without-meaning"


class SameFileTwice(UsageError):
    """Facts: `file`."""

    words = "same-file-twice"


def check(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Ends with the case's exit code, or 130 when it was interrupted; then the result is about what had arrived."""
    _refuse_contradictions(options)
    if options.save is not None:
        from oauthcert.casework.case_file import refuse_other_files

        refuse_other_files(Path(options.save))
    case, interrupted = _case(options, parts, console, sentences, log_file)
    from oauthcert.cli.rendering import render, saved_text

    if options.save is not None:
        keep_case(saved_text(case, sentences), options.save, console, sentences, options.quiet)
    if interrupted:
        console.say(sentences("stopped"))
    deliver(
        render(case, options.format, sentences, console, to_file=options.output is not None),
        options.output,
        console,
        sentences,
        options.quiet,
    )
    return exits.INTERRUPTED if interrupted else case.exit_code


def _refuse_contradictions(options: argparse.Namespace) -> None:
    given = {"SERVER": options.servers, "--practice": options.practice, "--case": options.case, "--evidence": options.evidence}
    sources = [source for source, value in given.items() if value]
    if len(sources) != 1:
        raise OneSource("name servers, or --practice, or --case, or --evidence: exactly one of them")
    source = sources[0]
    for name in _MEANINGLESS[source]:
        value = getattr(options, name)
        # False and [] are what argparse fills in; 0 would be a latency somebody asked for
        if value is not None and value is not False and value != []:
            option = "--" + name.replace("_", "-")
            raise OptionWithoutMeaning(f"{option} means nothing together with {source}", option=option, source=source)
    if options.output and options.save and Path(options.output).resolve() == Path(options.save).resolve():
        raise SameFileTwice("--output and --save name the same file", file=options.output)


def _case(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> tuple[Case, bool]:
    if options.case is not None:
        from oauthcert.casework.opening import open_judged

        return open_judged(Path(options.case), parts.now()), False
    if options.evidence:
        from oauthcert.cli.collecting import judged_evidence

        return judged_evidence(options.evidence, parts.now(), console, sentences, options.quiet), False
    if options.practice is not None:
        return _practice(options, parts, console, sentences, log_file)
    from oauthcert.casework.targets import Reaching, read_targets
    from oauthcert.casework.trust import trust
    from oauthcert.model.target import Product

    reaching = Reaching(options.https, options.port, Product(options.product or Product.AUTO))
    targets = trust(read_targets(options.servers, reaching), options.trust)
    credential = credential_of(options, console, sentences, parts.vault, log_file.hide)
    return look(options, parts, console, sentences, targets, credential, "live")


def _practice(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> tuple[Case, bool]:
    from dataclasses import replace

    from oauthcert.model.target import Product

    with parts.practice(options.practice, options.latency or 0, None) as practice:
        log_file.hide(practice.credential.password)
        targets = practice.targets
        if options.product:
            targets = tuple(replace(target, product=Product(options.product)) for target in targets)
        return look(options, parts, console, sentences, targets, practice.credential, f"practice:{practice.scenario}")


def look(
    options: argparse.Namespace,
    parts: Parts,
    console: Console,
    sentences: Sentences,
    targets: "tuple[Target, ...]",
    credential: "Credential",
    source: str,
) -> tuple[Case, bool]:
    from oauthcert.casework.diagnose import Limits, diagnose
    from oauthcert.casework.survey import over_the_network

    limits = Limits(lanes=options.jobs or DEFAULT_JOBS, seconds=options.timeout or DEFAULT_SECONDS)
    gateway = parts.gateway()
    return run_look(
        lambda tell, token: diagnose(
            targets,
            lambda _target: credential,
            gateway,
            limits=limits,
            token=token,
            tell=tell,
            now=parts.now,
            source=source,
            identify=over_the_network(),
        ),
        console,
        sentences,
        Progress(console, sentences, options.quiet),
    )
