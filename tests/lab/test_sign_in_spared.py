"""A wrong password against many real servers."""

from datetime import UTC, datetime

from oauthcert.casework.diagnose import Limits, diagnose
from oauthcert.casework.sign_in_gate import MOST_REFUSALS
from oauthcert.casework.survey import over_the_network
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Seen
from oauthcert.model.finding import Verdict
from oauthcert.model.secret import Credential, Secret
from oauthcert.remote.winrm_gateway import WinrmGateway


def test_that_a_wrong_password_reaches_three_servers_of_twenty_and_clocks_are_known_all_the_same() -> None:
    with PracticeLab.open("healthy-lync", servers=20) as lab:
        case = diagnose(
            lab.targets,
            lambda _target: Credential(lab.credential.username, Secret("wrong")),
            WinrmGateway(),
            limits=Limits(lanes=16, seconds=60),
            token=CancelToken(),
            tell=lambda _event: None,
            now=lambda: datetime.now(UTC),
            identify=over_the_network(),
        )
        assert sum(snapshot.refused_sign_ins for snapshot in lab.counters().values()) == MOST_REFUSALS
    verdicts = [finding.verdict for finding in case.findings if finding.check == "sign-in-accepted"]
    assert verdicts.count(Verdict.FAIL) == MOST_REFUSALS
    assert verdicts.count(Verdict.UNKNOWN) == len(lab.targets) - MOST_REFUSALS
    assert all(isinstance(observation.clock, Seen) and isinstance(observation.reach, Seen) for observation in case.observations)
    assert {cause.finding.partition("@")[0] for cause in case.causes} == {"sign-in-accepted"}
    assert len(case.causes) == MOST_REFUSALS
    assert case.exit_code == 2
