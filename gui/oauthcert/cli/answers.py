"""The operator's answers to the questions of a plan: from options, files, standard input and the terminal. Secrets never from options."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from oauthcert.casework.case_file import FileNotRead
from oauthcert.casework.repair_parts import Given
from oauthcert.casework.whole_file import why_of
from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import ask as ask_secret
from oauthcert.cli.signing_in import password_from_stdin
from oauthcert.model.errors import OauthcertError, UsageError
from oauthcert.model.plan import Ask, AskKind
from oauthcert.model.secret import Secret

LONGEST_FILE = 4 * 1024 * 1024  # bytes
LONGEST_TEXT = 2000


class BadAnswer(UsageError):
    """Facts: `ask`, `why` (an id: not-asked, form, choice, moment, secret, file, too-long, text)."""

    words = "bad-answer"


class AnswerMissing(UsageError):
    """Facts: `ask`, `question`."""

    words = "answer-missing"


def answers_of(options: argparse.Namespace, console: Console, hide: Callable[[Secret], None]) -> dict[str, Given]:
    """Those that the options bring, unchecked but for their form. Raises BadAnswer, FileNotRead, PasswordNotText."""
    given: dict[str, Given] = {}
    for text in options.answer:
        name, value = _pair(text)
        given[name] = value
    for text in options.answer_file:
        name, path = _pair(text)
        given[name] = _content(name, Path(path))
    for name in options.answer_stdin:
        secret = password_from_stdin(console)
        hide(secret)
        given[name] = secret
    return given


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BadAnswer(f"{name[:40]} has no value", ask=name[:40], why="form")
    return name, value


def _content(name: str, file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(LONGEST_FILE + 1)
    except OSError as error:
        raise FileNotRead(f"{file} cannot be read: {why_of(error)}", file=str(file), why=why_of(error)) from error
    if len(content) > LONGEST_FILE:
        raise BadAnswer(f"{file} is too large", ask=name, why="too-long")
    return content


def checked(asks: Sequence[Ask], given: Mapping[str, Given]) -> dict[str, Given]:
    """The answers in the shape their questions want. Raises BadAnswer."""
    by_id = {ask.id: ask for ask in asks}
    for name in given:
        if name not in by_id:
            raise BadAnswer(f"nobody asks for {name[:40]}", ask=name[:40], why="not-asked")
    return {name: _checked(by_id[name], value) for name, value in given.items()}


def _checked(ask: Ask, value: Given) -> Given:
    if ask.kind is AskKind.SECRET:
        if not isinstance(value, Secret):
            raise BadAnswer(f"{ask.id} is a secret", ask=ask.id, why="secret")
        return value
    if ask.kind is AskKind.FILE:
        if not isinstance(value, bytes):
            raise BadAnswer(f"{ask.id} is a file", ask=ask.id, why="file")
        return value
    if not isinstance(value, str | Secret):
        raise BadAnswer(f"{ask.id} is a text", ask=ask.id, why="text")
    text = value.reveal() if isinstance(value, Secret) else value
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise BadAnswer(f"{ask.id} is no line of text", ask=ask.id, why="text")
    if ask.kind is AskKind.CHOICE and text not in ask.choices:
        raise BadAnswer(f"{ask.id} has no such choice", ask=ask.id, why="choice")
    if ask.kind is AskKind.MOMENT:
        _moment(ask, text)
    return text


def _moment(ask: Ask, text: str) -> None:
    try:
        zone = datetime.fromisoformat(text).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise BadAnswer(f"{ask.id} is no time", ask=ask.id, why="moment")


def unfit(asks: Sequence[Ask], given: Mapping[str, Given], now: datetime) -> OauthcertError | None:
    """What is wrong with the first answer that will not do: a file of another certificate, a wrong password, a moment too soon.

    It is found out here, before anything of it goes to a server.
    """
    from oauthcert.casework.planning import wrong_answer

    wrong = (wrong_answer(ask, given[ask.id], given, now) for ask in asks if ask.id in given)
    return next((error for error in wrong if error is not None), None)


def completed(asks: Sequence[Ask], given: Mapping[str, Given], console: Console, sentences: Sentences) -> dict[str, Given]:
    """Asks on the terminal for what is missing. Raises AnswerMissing where nobody can be asked."""
    answers = dict(given)
    for ask in asks:
        if ask.id not in answers and ask.required:
            answers[ask.id] = asked(ask, console, sentences)
    return answers


def asked(ask: Ask, console: Console, sentences: Sentences) -> Given:
    """One answer from the terminal; an empty one means the default. Raises AnswerMissing."""
    question = sentences.catalogue.ask(ask).question
    missing = AnswerMissing(f"{ask.id} has no answer", ask=ask.id, question=question)
    if not console.can_ask:
        if ask.default:
            return ask.default
        raise missing
    if ask.kind is AskKind.SECRET:
        secret = ask_secret(console, f"{question} ")
        if secret is None:
            raise missing
        return secret
    choices = f" ({', '.join(ask.choices)})" if ask.choices else ""
    console.say(f"{question}{choices}{f' [{ask.default}]' if ask.default else ''}")
    text = (console.read_line() or "").strip() or ask.default
    if not text:
        raise missing
    return _checked(ask, _content(ask.id, Path(text)) if ask.kind is AskKind.FILE else text)
