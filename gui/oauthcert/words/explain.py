"""What a pasted error, event or question means: compared with what is known, without guessing."""

from collections.abc import Mapping

from oauthcert.words.catalogue import Catalogue
from oauthcert.words.knowledge import Hit, Knowledge
from oauthcert.words.own_sentences import ERROR, FINDING, REASON, without_values
from oauthcert.words.pasted import Pasted, words_of
from oauthcert.words.showing import visible
from oauthcert.words.texts import Candidate, Explanation, Source

MOST_OTHERS = 3
_MOST_SEARCHED = 8
# words that say nothing about the matter
_PLAIN = frozenset(
    words_of(
        "about after also been before from have into more only should that their them then there these they this were what when where "
        "which will with would your aber alle auch beim dann dass denen dies diese dieser eine einem einen einer eines haben kann kein "
        "mein mich muss nach nicht noch oder sich sind wenn werden wird wurde"
    )
)
_CLOSE = 0.85  # a resemblance this near to the best one may be meant as well


def explain(text: str, catalogue: Catalogue) -> Explanation:
    """The meaning of `text` in the catalogue's language. Never raises; takes time in proportion to the text, at most LONGEST of it."""
    pasted = Pasted(text)
    known = catalogue.knowledge
    hits = known.hits(pasted)
    if not hits:
        return Explanation("", "", catalogue.label("explain_next"), tried=_searched(pasted))
    best, *others = (Candidate(hit.of, _words(hit.of, catalogue)["title"]) for hit in hits[: 1 + MOST_OTHERS])
    words = _words(best.id, catalogue)
    meaning = words["meaning"]
    if "serial" in words and pasted.turned_serial:
        meaning = f"{meaning} {words['serial'].replace('{serial}', pasted.turned_serial)}"
    checks, fixes, sources = _leads(best.id, known, catalogue)
    return Explanation(
        title=words["title"],
        meaning=meaning,
        action=words["action"],
        checks=checks,
        looks=tuple(catalogue.check(check).name for check in checks),
        others=tuple(candidate.title for candidate in others),
        id=best.id,
        cause=words.get("cause", ""),
        fixes=fixes,
        mends=tuple(catalogue.fix(fix).name for fix in fixes),
        sources=sources,
        sure=_sure(hits),
        candidates=(best, *others),
    )


def _sure(hits: list[Hit]) -> bool:
    """Whether nothing else may be meant as well."""
    best = hits[0]
    if best.exact:
        return len(hits) == 1 or hits[1].weight < best.weight
    return len(hits) == 1 or hits[1].weight < _CLOSE * best.weight


def _words(name: str, catalogue: Catalogue) -> Mapping[str, str]:
    """`title`, `meaning`, `action` and what else is said about a symptom or about one of the program's own sentences."""
    if name.startswith(REASON):
        told = catalogue.template("reasons", name.removeprefix(REASON))
    elif name.startswith(ERROR):
        told = catalogue.template("errors", name.removeprefix(ERROR))
    elif name.startswith(FINDING):
        told = catalogue.template("findings", *name.removeprefix(FINDING).split(".", 1))
    else:
        return catalogue.symptom(name)
    plain = {part: without_values(str(text)) for part, text in told.items()}
    own = catalogue.label("explain_own")
    return {"title": plain.get("title", name).rstrip("."), "meaning": plain.get("meaning", own), "action": plain.get("action", "")}


def _leads(name: str, known: Knowledge, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Source, ...]]:
    """Checks to look at, fixes that may help and public pages; only those that this version has."""
    symptom = known.symptoms.get(name)
    fixes: tuple[str, ...] = ()
    pages: tuple[Source, ...] = ()
    if symptom is not None:
        checks, fixes, pages = symptom.checks, symptom.fixes, symptom.pages
    elif name.startswith(FINDING):
        checks = (name.removeprefix(FINDING).partition(".")[0],)
    else:
        checks = tuple(catalogue.reason_checks.get(name.partition(":")[2], ())) if name.startswith(REASON) else ()
    checks = tuple(check for check in checks if catalogue.has("checks", check))
    if not pages and checks:
        pages = catalogue.sources(checks[0])
    return checks, tuple(fix for fix in fixes if catalogue.has("fixes", fix)), pages


def _searched(pasted: Pasted) -> tuple[str, ...]:
    """What the text was searched for: numbers of events, codes, and the words that say most."""
    numbers = pasted.numbers
    events = [str(event) for event in sorted(numbers.events)[:3]]
    codes = [f"0x{number:08x}" for number in sorted(numbers.codes) if number > 0xFFFF][:3]
    words = [word for word in dict.fromkeys(pasted.words) if len(word) > 3 and not word.isdigit() and word not in _PLAIN]
    telling = set(sorted(words, key=lambda word: (-len(word), word))[: _MOST_SEARCHED - len(events) - len(codes)])
    return tuple(visible(part, 40) for part in (*events, *codes, *(word for word in words if word in telling)))
