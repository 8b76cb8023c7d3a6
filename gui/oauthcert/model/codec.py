"""A case as JSON text and back. The format has a number (`schema`); its description is `resources/schema/case-1.json`.

The text is ASCII, sorted as the fields are documented, and holds no secret because no value it is made from can hold one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from oauthcert.model.case import SCHEMA, Case
from oauthcert.model.codec_fields import DamagedCase
from oauthcert.model.codec_reading import CaseTooLarge, NotACase, OtherSchema, read_case
from oauthcert.model.codec_writing import case_parts, finding_fields
from oauthcert.model.finding import Finding

LONGEST_TEXT = 512 * 1024 * 1024
"""Characters. 10000 servers stay below half of it."""


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """The words of a finding in one language, written beside its facts so that other programs can show them."""

    title: str = ""
    meaning: str = ""
    action: str = ""
    sources: tuple[tuple[str, str], ...] = ()  # (title, url)


def untold(_finding: Finding) -> ToldFinding:
    return ToldFinding()


def to_pieces(case: Case, tell: Callable[[Finding], ToldFinding] = untold, language: str = "en") -> Iterator[str]:
    """The case as JSON text, piece by piece, with a final line break. Every finding and every observation is one line.

    Numbers that JSON cannot hold (infinity) become null.
    """
    before = "{"
    for name, value in case_parts(case, lambda finding: _told(tell(finding)), language):
        yield f'{before}\n "{name}": '
        before = ","
        if not isinstance(value, Iterator):
            yield json.dumps(value)
            continue
        between = "["
        for element in value:
            yield f"{between}\n  {json.dumps(element, allow_nan=False)}"
            between = ","
        yield "[]" if between == "[" else "\n ]"
    yield "\n}\n"


def finding_line(finding: Finding, told: ToldFinding) -> str:
    """One finding as JSON on one line, without a line break: the same object as in the case."""
    return json.dumps(finding_fields(finding, _told(told)), allow_nan=False)


def to_text(case: Case, tell: Callable[[Finding], ToldFinding] = untold, language: str = "en") -> str:
    """The whole of `to_pieces`."""
    return "".join(to_pieces(case, tell, language))


def _told(words: ToldFinding) -> Mapping[str, object]:
    return {
        "title": words.title,
        "meaning": words.meaning,
        "action": words.action,
        "sources": [{"title": title, "url": url} for title, url in words.sources],
    }


def from_text(text: str) -> Case:
    """The case in `text`. Raises CaseFileError (DamagedCase or a kind of `codec_reading`) for all that is not a whole case of schema 1.

    The words stored beside findings are checked but not kept: they are told anew in the reader's language.
    """
    if len(text) > LONGEST_TEXT:
        raise CaseTooLarge(f"{len(text)} characters")
    try:
        # A byte order mark is what editors on Windows put in front when someone looked into the file and saved it.
        document = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object_without_repeats, parse_constant=_refuse_constant)
    except DamagedCase:
        raise
    except json.JSONDecodeError as error:
        raise NotACase(f"line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):  # a number of more than 4300 digits; thousands of nested brackets
        raise NotACase("numbers or nesting beyond any case") from None
    if not isinstance(document, dict) or "schema" not in document:
        raise NotACase("no schema number")
    if type(document["schema"]) is not int or document["schema"] != SCHEMA:
        raise OtherSchema(document["schema"])
    return read_case(document)


def _object_without_repeats(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DamagedCase("a field", "stands there twice")
    return found


def _refuse_constant(name: str) -> object:
    raise DamagedCase("a number", f"{name} is not one")
