"""`oauthcert explain`: what an error, an event or a question means, from the command line, a pipe or a file that is piped in."""

import argparse
import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

from oauthcert.cli import exits
from oauthcert.cli.console import Console
from oauthcert.cli.piped_text import read_text
from oauthcert.cli.sentences import Sentences
from oauthcert.model.errors import UsageError
from oauthcert.words.showing import visible
from oauthcert.words.texts import Explanation

_WIDTH = 100


class NoText(UsageError):
    """Neither an argument nor standard input held anything to explain."""

    words = "no-text"


def explain(options: argparse.Namespace, parts: object, console: Console, sentences: Sentences, log_file: object) -> int:
    """0 when the text is known, 3 when it is not: then what was searched for and what to do instead."""
    from oauthcert.words.explain import explain as explained

    del parts, log_file
    text = " ".join(options.text)
    if text in ("", "-"):
        if console.can_ask:
            console.say(sentences("explain_paste"))
        text = read_text(console.stdin)
    if not text.strip():
        raise NoText("there is no text to explain")
    found = explained(text, sentences.catalogue)
    if options.format == "json":
        console.result(json.dumps({"known": bool(found.title), **asdict(found)}, ensure_ascii=False, indent=1))
    else:
        console.result("\n".join(_lines(found, sentences)))
    return exits.OK if found.title else exits.UNKNOWN


def _lines(found: Explanation, sentences: Sentences) -> Iterator[str]:
    if not found.title:
        yield sentences("explain_unknown")
        if found.tried:
            yield from _told(sentences("explain_searched", words=", ".join(found.tried)))
        yield from _told(found.action)
        return
    yield from textwrap.wrap(visible(found.title), _WIDTH)
    yield from _told(found.meaning)
    if found.cause:
        yield from _told(sentences("explain_cause", cause=found.cause.removesuffix(".")))
    yield from _told(sentences("explain_do", action=found.action.removesuffix(".")))
    if found.checks:
        yield from _told(sentences("explain_checks", checks=_named(found.checks, found.looks)))
    if found.fixes:
        yield from _told(sentences("explain_fixes", fixes=_named(found.fixes, found.mends)))
    for source in found.sources:
        yield f"  {sentences('explain_source', title=source.title)}"
        yield f"    {source.url}"
    if found.others:
        key = "explain_also" if found.sure else "explain_perhaps"
        yield from _told(sentences(key, others=" · ".join(found.others)))


def _named(ids: tuple[str, ...], names: tuple[str, ...]) -> str:
    return ", ".join(f"{one} ({name})" for one, name in zip(ids, names, strict=True))


def _told(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
