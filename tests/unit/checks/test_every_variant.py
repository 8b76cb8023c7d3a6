"""Every variant of the table is said by an example, with the facts the table promises; and nothing is said that is not in the table."""

import pytest

from oauthcert.checks import CHECKS
from oauthcert.checks.check import Scope
from oauthcert.checks.table import NOT_NEEDED, OWN_REASONS
from oauthcert.model.finding import Fact, Finding, Verdict
from tests.builders.evidence import found
from tests.unit.checks import examples_certificate, examples_product, examples_reach, examples_step_1, examples_step_3

EXAMPLES = {
    **examples_reach.EXAMPLES,
    **examples_step_1.EXAMPLES,
    **examples_step_3.EXAMPLES,
    **examples_certificate.EXAMPLES,
    **examples_product.EXAMPLES,
}
TABLE = {f"{check.id}.{variant.id}": (check, variant) for check in CHECKS for variant in check.variants}


def test_that_every_variant_of_the_table_has_an_example() -> None:
    assert set(EXAMPLES) == set(TABLE)


def test_that_no_two_checks_and_no_two_variants_share_an_id() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert len(TABLE) == sum(len(check.variants) for check in CHECKS)


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_that_the_example_yields_its_variant(words: str) -> None:
    check, variant = TABLE.get(words, (None, None))
    assert check is not None
    assert variant is not None
    deployment, server = EXAMPLES[words]()

    judgement = deployment.judged()
    finding = found(judgement, check.id, server)

    assert finding.words == words
    assert (finding.verdict, finding.severity, finding.fixes) == (variant.verdict, variant.severity, variant.fixes)
    for one in judgement.findings:
        _keeps_the_promise(one)


def _keeps_the_promise(finding: Finding) -> None:
    check, variant = TABLE[finding.words]
    assert (finding.server is None) == (check.scope is Scope.DEPLOYMENT)
    assert set(variant.facts) <= set(finding.facts), finding.words
    for name, fact in finding.facts.items():
        _is_plain(name, fact)
    if finding.verdict is Verdict.UNKNOWN and "reason" in variant.facts:
        assert finding.facts["reason"]
    if "why" in variant.facts:
        assert finding.facts["why"] in NOT_NEEDED


def _is_plain(name: str, fact: Fact) -> None:
    assert fact is not None, name
    if isinstance(fact, tuple):
        assert all(isinstance(part, str) for part in fact), name


def test_that_only_warnings_and_failures_offer_fixes() -> None:
    for words, (_, variant) in TABLE.items():
        assert not variant.fixes or variant.verdict in (Verdict.WARN, Verdict.FAIL), words


def test_that_every_check_can_say_that_it_could_not_look_and_never_calls_it_anything_else() -> None:
    for check in CHECKS:
        assert check.variant("could-not-look").verdict is Verdict.UNKNOWN
        assert {v.verdict for v in check.variants} & {Verdict.FAIL, Verdict.WARN} or check.id == "server-reachable"


def test_that_the_reasons_of_the_checks_are_words() -> None:
    for word in (*OWN_REASONS, *NOT_NEEDED):
        assert word == word.lower()
        assert " " not in word
