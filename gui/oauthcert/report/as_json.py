"""The saved case as JSON, and its findings alone as NDJSON, with the words of the findings in the asked language."""

from collections.abc import Callable

from oauthcert.model.case import Case
from oauthcert.model.codec import ToldFinding, finding_line, to_text
from oauthcert.model.finding import Finding
from oauthcert.words.catalogue import Catalogue


def render_json(case: Case, catalogue: Catalogue) -> str:
    """JSON text of schema 1 (`resources/schema/case-1.json`), with a final line break. `model.codec.from_text` reads it again."""
    return to_text(case, _teller(catalogue), catalogue.language)


def render_ndjson(case: Case, catalogue: Catalogue) -> str:
    """One finding on every line, each the same object as in the JSON of the case; empty for a case without findings."""
    tell = _teller(catalogue)
    return "".join(f"{finding_line(finding, tell(finding))}\n" for finding in case.findings)


def _teller(catalogue: Catalogue) -> Callable[[Finding], ToldFinding]:
    def tell(finding: Finding) -> ToldFinding:
        text = catalogue.finding(finding)
        sources = tuple((source.title, source.url) for source in catalogue.sources(finding.check))
        return ToldFinding(text.title, text.meaning, text.action, sources)

    return tell
