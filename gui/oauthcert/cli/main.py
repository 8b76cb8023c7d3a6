"""The `oauthcert` command: options in, exit code out. Every way a command can end passes through here."""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from oauthcert.cli import exits
from oauthcert.cli.parser import parse

if TYPE_CHECKING:
    import argparse

    from oauthcert.casework.log_file import LogFile
    from oauthcert.cli.console import Console
    from oauthcert.cli.parts import Parts
    from oauthcert.cli.sentences import Sentences

    Command = Callable[[argparse.Namespace, Parts, Console, Sentences, LogFile], int]

log = logging.getLogger("oauthcert.cli")


def run(arguments: Sequence[str], parts: "Parts", console: "Console | None" = None) -> int:
    """Runs one command. Raises nothing: wrong usage, refusals, interrupts and bugs all end as an exit code with a sentence."""
    try:
        options = parse(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else exits.USAGE
    from oauthcert.casework.log_file import LogFile
    from oauthcert.cli.console import Console
    from oauthcert.cli.interrupting import terminable

    console = console or Console.of_process()
    log_file = LogFile(parts.folders().log_file)
    log_file.open()
    try:
        with terminable():
            return _run(options, parts, console, log_file)
    finally:
        log_file.close()


def _run(options: "argparse.Namespace", parts: "Parts", console: "Console", log_file: "LogFile") -> int:
    from oauthcert.cli.language import system_language
    from oauthcert.cli.sentences import Sentences
    from oauthcert.model.errors import Cancelled, CaseFileError, OauthcertError, ScenarioError, UsageError, VaultError

    sentences = Sentences(options.lang or system_language())
    try:
        code = _command(options.command)(options, parts, console, sentences, log_file)
        console.flush()
    except (KeyboardInterrupt, Cancelled):
        console.say(sentences("interrupted"))
        return exits.INTERRUPTED
    except OauthcertError as error:
        console.say(f"oauthcert: {sentences.error(error)}")
        if isinstance(error, UsageError | ScenarioError | CaseFileError):
            return exits.USAGE
        return exits.FAILED if isinstance(error, VaultError) else exits.UNEXPECTED
    except Exception as error:
        log.exception("the command broke")
        kind = type(error).__name__
        written = log_file.written
        console.say(sentences("crash", type=kind, file=str(log_file.file)) if written else sentences("crash_unlogged", type=kind))
        return exits.UNEXPECTED
    return code


def _command(name: str) -> "Command":
    if name == "check":
        from oauthcert.cli.check import check

        return check
    if name == "credentials":
        from oauthcert.cli.credentials import credentials

        return credentials
    if name == "fix":
        from oauthcert.cli.fix import fix

        return fix
    if name == "journal":
        from oauthcert.cli.journal import journal

        return journal
    if name == "collector":
        from oauthcert.cli.collecting import collector

        return collector
    if name == "schedule":
        from oauthcert.cli.scheduling import scheduled

        return scheduled
    if name == "explain":
        from oauthcert.cli.explain import explain

        return explain
    from oauthcert.cli.practising import lab, scenarios

    return lab if name == "lab" else scenarios
