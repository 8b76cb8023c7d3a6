"""Rights: which group is missing for which look, and what a second hop is needed for."""

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import certificate, deployment, fields, found, key_of


def test_that_the_missing_group_and_the_looks_that_need_it_are_named() -> None:
    helpdesk = deployment().but(
        "fe01", session=fields(groups=("CONTOSO\\RTCUniversalReadOnlyAdmins",)), replication=NotSeen("access-denied")
    )

    finding = helpdesk.finding("rights-sufficient", "fe01")

    assert finding.verdict is Verdict.WARN
    assert finding.facts["missing_groups"] == ("RTCUniversalServerAdmins",)
    assert finding.facts["needed_for"] == ("replication",)
    assert finding.facts["denied_looks"] == ("replication",)


def test_that_a_view_only_group_is_enough_while_nothing_was_denied() -> None:
    viewer = deployment().but("fe02", session=fields(groups=("CONTOSO\\rtcuniversalreadonlyadmins",)))

    assert viewer.finding("rights-sufficient", "fe02").facts["sufficient_group"] == "RTCUniversalReadOnlyAdmins"


def test_that_groups_that_could_not_be_resolved_prove_nothing_missing() -> None:
    unresolved = deployment().but("fe02", session=fields(groups=("S-1-5-21-1-2-3-1104",)))

    assert unresolved.finding("rights-sufficient", "fe02").verdict is Verdict.PASS
    denied = unresolved.but("fe02", oauth=NotSeen("access-denied"))
    assert denied.finding("rights-sufficient", "fe02").facts["unresolved_groups"] == 1


@pytest.mark.parametrize("server", ["edge01"])
def test_that_an_edge_server_asks_for_no_group_of_the_domain(server: str) -> None:
    local = deployment().but(server, session=fields(groups=("EDGE01\\Administrators",)))

    assert local.finding("rights-sufficient", server).facts["sufficient_group"] == "Administrators"


def test_that_a_key_that_may_not_be_opened_counts_as_denied() -> None:
    keys = (key_of(certificate(), opens=False, problem="access-denied", exportable=None, kind=None, key_spec=None),)
    plain_user = deployment().but("fe02", session=fields(elevated=False), keys=keys)

    judgement = plain_user.judged()

    rights = found(judgement, "rights-sufficient", "fe02")
    assert rights.words == "rights-sufficient.not-elevated"
    assert rights.facts["needed_for"] == ("keys",)
    for check in ("oauth-private-key", "oauth-key-exportable", "oauth-key-provider"):
        finding = found(judgement, check, "fe02")
        assert finding.verdict is Verdict.UNKNOWN
        assert finding.because == ("rights-sufficient@fe02.contoso.lab",)


def test_that_a_denial_in_spite_of_all_groups_explains_nothing() -> None:
    judgement = deployment().but("fe02", services=NotSeen("access-denied")).judged()

    assert found(judgement, "rights-sufficient", "fe02").words == "rights-sufficient.denied-all-the-same"
    assert found(judgement, "replica-service", "fe02").because == ()


def test_that_a_refused_second_hop_explains_all_that_only_the_cms_server_knows() -> None:
    judgement = deployment().but("fe01", replication=NotSeen("second-hop")).judged()

    hop = found(judgement, "second-hop", "fe01")
    assert hop.facts["refused_looks"] == ("replication",)
    assert "credssp" in str(hop.facts["ways"])
    for check, server in (("cms-master", None), ("replication-up-to-date", "fe01"), ("replication-up-to-date", "edge01")):
        finding = found(judgement, check, server)
        assert finding.verdict is Verdict.UNKNOWN
        assert finding.because == ("second-hop@fe01.contoso.lab",)
    assert found(judgement, "second-hop", "fe02").verdict is Verdict.NOT_APPLICABLE


def test_that_credssp_is_not_proposed_to_who_uses_it_and_trusting_everybody_never() -> None:
    finding = (
        deployment().but("fe01", replication=NotSeen("second-hop"), session=fields(authentication="CredSSP")).finding("second-hop", "fe01")
    )

    assert finding.facts["ways"] == ("product-endpoint", "run-on-the-server")


def test_that_kerberos_may_be_delegated() -> None:
    finding = (
        deployment().but("fe01", replication=NotSeen("second-hop"), session=fields(authentication="Kerberos")).finding("second-hop", "fe01")
    )

    assert finding.facts["ways"] == ("credssp", "product-endpoint", "run-on-the-server", "kerberos-delegation")
