"""The saved case as JSON, with the words of its findings in the asked language."""

from oauthcert.model.case import Case
from oauthcert.model.codec import ToldFinding, to_text
from oauthcert.model.finding import Finding
from oauthcert.words.catalogue import Catalogue


def render_json(case: Case, catalogue: Catalogue) -> str:
    """JSON text of schema 1 (`resources/schema/case-1.json`), with a final line break. `model.codec.from_text` reads it again."""

    def tell(finding: Finding) -> ToldFinding:
        text = catalogue.finding(finding)
        sources = tuple((source.title, source.url) for source in catalogue.sources(finding.check))
        return ToldFinding(text.title, text.meaning, text.action, sources)

    return to_text(case, tell, catalogue.language)
