"""Compares what was found with what a scenario says has to be found, and says the difference so that a person sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oauthcert.lab.oracle import Oracle


def differences(document: Mapping[str, Any], exit_code: int, oracle: Oracle) -> list[str]:
    """One line per difference between the JSON of `check` and the oracle; none when they agree."""
    return [*_findings(document["findings"], oracle), *_causes(document["causes"], oracle), *_exit(exit_code, oracle)]


def _findings(found: Sequence[Mapping[str, Any]], oracle: Oracle) -> Iterator[str]:
    by_id = {finding["id"]: finding for finding in found}
    if len(by_id) != len(found):
        yield "a finding stands there twice"
    for finding_id in sorted(oracle.findings.keys() - by_id.keys()):
        yield f"{finding_id}: expected {oracle.findings[finding_id]}, there is no such finding"
    for finding_id, finding in by_id.items():
        expected = oracle.findings.get(finding_id)
        if finding["verdict"] != expected:
            said = f"{finding['verdict']} ({finding['words']} {finding['facts']})"
            yield f"{finding_id}: expected {expected or 'no such finding'}, found {said}"


def _causes(found: Sequence[Mapping[str, Any]], oracle: Oracle) -> Iterator[str]:
    names = [cause["finding"] for cause in found]
    expected_names = [cause.finding for cause in oracle.causes]
    if sorted(names) != sorted(expected_names):
        yield f"causes: missing {sorted(set(expected_names) - set(names))}, not expected {sorted(set(names) - set(expected_names))}"
    elif names != expected_names:
        yield f"causes in another order: expected {expected_names}, found {names}"
    explained = {cause["finding"]: frozenset(cause["explains"]) for cause in found}
    for cause in oracle.causes:
        has = explained.get(cause.finding)
        if has is not None and has != cause.explains:
            yield f"{cause.finding} explains: missing {sorted(cause.explains - has)}, not expected {sorted(has - cause.explains)}"


def _exit(exit_code: int, oracle: Oracle) -> Iterator[str]:
    if exit_code != oracle.exit_code:
        yield f"exit code: expected {oracle.exit_code}, ended with {exit_code}"
