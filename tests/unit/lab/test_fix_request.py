"""New certificates through the simulated fixes: from the online authority, and with a request that a person carries there."""

import base64
from datetime import timedelta

import pytest

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.chain import build_chain
from oauthcert.certs.signing_request import read_answer, read_signing_request
from oauthcert.lab.authority import LabAuthority
from tests.unit.lab.conftest import NOW, Asker, Make
from tests.unit.lab.fixing import assigned, deeds, fault, fix, mine, outcome, without_group

ONLINE, OFFLINE, COMPLETE, TAKE_BACK = (
    "Request-OAuthCertificate",
    "New-OAuthSigningRequest",
    "Complete-OAuthSigningRequest",
    "Remove-PendingRequest",
)
CA = r"ca01.contoso.lab\Contoso Issuing CA 1"
REQUESTED = '[[faults]]\nfault = "oauth-requested"\nservers = ["fe01.contoso.lab"]\nat = "2h ago"\n'

PARTS = ("my", "intermediate", "root")


def arguments(lab: Asker, server: str = "fe01", **changed: object) -> dict[str, object]:
    named = {"ExpectedThumbprint": assigned(lab, server), "CandidatesKnown": []}
    return {"FriendlyName": "OAuth 2026", "KeySize": 2048} | named | changed


def online(lab: Asker, server: str = "fe01", **changed: object) -> dict[str, object]:
    return arguments(lab, server, Authority=CA, Template="") | changed


def answered(lab: Asker, request: str, *, chain: bool = False) -> str:
    authority = lab.deployment.authority
    assert isinstance(authority, LabAuthority)
    answer = authority.answer(request.encode(), NOW, NOW + timedelta(days=700), chain=chain)
    return base64.b64encode(answer).decode()


def test_that_the_online_authority_issues_a_real_certificate_with_its_key(make: Make) -> None:
    lab = Asker(make())
    done = fix(lab, "fe01", ONLINE, **online(lab))
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"thumbprint": assigned(lab, "fe01")}
    after = done["after"]
    assert (after["pending"], after["subject"], after["requestId"]) == (False, "CN=contoso.lab", "4712")
    entry = next(one for one in lab.one("fe01", "Get-StoreFacts")["my"] if one["thumbprint"] == after["thumbprint"])
    assert (entry["hasPrivateKey"], entry["friendlyName"]) == (True, "OAuth 2026")
    certificate = read_certificate(base64.b64decode(entry["der"]))
    assert certificate.key_bits == 2048
    assert certificate.issuer == lab.deployment.authority.issuing.subject
    key = next(one for one in lab.all("fe01", "Get-KeyFacts") if one["thumbprint"] == after["thumbprint"])
    assert (key["kind"], key["exportable"]) == ("csp", True)
    assert deeds(lab) == [("fe01", ONLINE, "request 4712")]


def test_that_two_requests_have_two_keys(make: Make) -> None:
    lab = Asker(make())
    first = fix(lab, "fe01", ONLINE, **online(lab))["after"]["thumbprint"]
    second = fix(lab, "fe01", ONLINE, **online(lab, CandidatesKnown=[first]))["after"]["thumbprint"]
    ders = {one["thumbprint"]: base64.b64decode(one["der"]) for one in lab.one("fe01", "Get-StoreFacts")["my"]}
    assert read_certificate(ders[first]).public_key_sha256 != read_certificate(ders[second]).public_key_sha256


def test_that_a_request_made_meanwhile_stops_the_next(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    for function, wanted in ((ONLINE, online(lab)), (OFFLINE, arguments(lab))):
        done = fix(lab, "fe01", function, **wanted)
        assert outcome(done) == ("refused", "requested-meanwhile")
        other = done["before"]["thumbprint"]
        assert other in mine(lab, "fe01")
        assert outcome(fix(lab, "fe01", function, **wanted | {"CandidatesKnown": [other], "Preview": True})) == ("preview", None)
        changed = fix(lab, "fe01", function, **wanted | {"ExpectedThumbprint": ""})
        assert outcome(changed) == ("refused", "changed-meanwhile")
        assert changed["before"] == {"thumbprint": assigned(lab, "fe01")}
    assert deeds(lab) == []


def test_that_an_authority_that_holds_requests_back_leaves_it_pending(make: Make) -> None:
    lab = Asker(make())
    lab.deployment.enrollment.holds = True
    after = fix(lab, "fe01", ONLINE, **online(lab))["after"]
    assert (after["pending"], after["thumbprint"], after["requestId"]) == (True, None, "4712")


def test_that_an_authority_that_cannot_or_will_not_is_told_by_its_number(make: Make) -> None:
    lab = Asker(make())
    before = mine(lab, "fe01")
    unknown = fault(lab, "fe01", ONLINE, **online(lab, Authority=r"ca02.contoso.lab\Other CA"))
    assert (unknown.hresult & 0xFFFFFFFF, "RPC server is unavailable" in unknown.message) == (0x800706BA, True)
    template = fault(lab, "fe01", ONLINE, **online(lab, Template="NoSuchTemplate"))
    assert (template.hresult & 0xFFFFFFFF, "0x80094800" in template.message) == (0x80094800, True)
    lab.deployment.enrollment.enroll = False
    assert fault(lab, "fe01", ONLINE, **online(lab)).hresult & 0xFFFFFFFF == 0x80094012
    lab.deployment.enrollment.reachable = False
    assert fault(lab, "fe01", ONLINE, **online(lab)).hresult & 0xFFFFFFFF == 0x800706BA
    assert mine(lab, "fe01") == before
    assert deeds(lab) == []


def test_that_a_template_may_bring_the_wrong_kind_of_key(make: Make) -> None:
    lab = Asker(make())
    new = fix(lab, "fe01", ONLINE, **online(lab, Template="WebServerNextGeneration"))["after"]["thumbprint"]
    key = next(one for one in lab.all("fe01", "Get-KeyFacts") if one["thumbprint"] == new)
    assert key["kind"] == "cng"


def test_that_requests_take_an_administrator_and_a_server_that_needs_them(make: Make) -> None:
    lab = Asker(make())
    assert fault(lab, "edge01", ONLINE, **online(lab, "edge01")).id.startswith("NoCertificateNeeded")
    wanted = online(lab)
    without_group(lab, "fe01", "Administrators")
    assert fault(lab, "fe01", ONLINE, **wanted).message.startswith("Access is denied")
    without_group(lab, "fe01", "RTCUniversalServerAdmins")
    assert fault(lab, "fe01", ONLINE, **wanted).type == "System.UnauthorizedAccessException"


@pytest.mark.parametrize("chain", [False, True])
def test_that_a_request_in_a_file_comes_back_as_a_certificate_with_its_key(make: Make, chain: bool) -> None:
    lab = Asker(make())
    asked = fix(lab, "fe01", OFFLINE, **arguments(lab))["after"]
    request = read_signing_request(asked["request"].encode())
    assert (request.subject, request.dns_names) == ("CN=contoso.lab", ("contoso.lab",))
    assert asked["request"].startswith("-----BEGIN NEW CERTIFICATE REQUEST-----\r\n")
    answer = answered(lab, asked["request"], chain=chain)
    assert outcome(fix(lab, "fe01", COMPLETE, Answer=answer, Preview=True)) == ("preview", None)
    done = fix(lab, "fe01", COMPLETE, Answer=answer)
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"thumbprint": None, "notBefore": None, "notAfter": None, "hasPrivateKey": False}
    new = done["after"]["thumbprint"]
    assert (done["after"]["hasPrivateKey"], mine(lab, "fe01")[new]) == (True, True)
    assert next(one for one in read_answer(base64.b64decode(answer)) if one.thumbprint == new).public_key == request.public_key
    assert outcome(fix(lab, "fe01", COMPLETE, Answer=answer)) == ("already", None)
    assert outcome(fix(lab, "fe01", TAKE_BACK, Thumbprint=asked["pendingThumbprint"])) == ("already", None)


def test_that_the_answer_to_another_request_is_refused(make: Make) -> None:
    lab = Asker(make())
    first = fix(lab, "fe01", OFFLINE, **arguments(lab))["after"]
    elsewhere = answered(lab, first["request"])
    assert outcome(fix(lab, "fe02", COMPLETE, Answer=elsewhere)) == ("refused", "no-pending-request")
    fix(lab, "fe02", OFFLINE, **arguments(lab, "fe02"))
    assert outcome(fix(lab, "fe02", COMPLETE, Answer=elsewhere)) == ("refused", "wrong-certificate")
    for nothing in ("", "no base64!", base64.b64encode(b"nothing").decode(), base64.b64encode(first["request"].encode()).decode()):
        assert outcome(fix(lab, "fe01", COMPLETE, Answer=nothing)) == ("refused", "wrong-certificate")
    without_group(lab, "fe01", "Administrators")
    assert fault(lab, "fe01", COMPLETE, Answer=elsewhere).message.startswith("Access is denied")


def test_that_a_pending_request_can_be_taken_back(make: Make) -> None:
    lab = Asker(make())
    asked = fix(lab, "fe01", OFFLINE, **arguments(lab))["after"]
    pending = asked["pendingThumbprint"]
    assert outcome(fix(lab, "fe01", TAKE_BACK, Thumbprint=pending, Preview=True)) == ("preview", None)
    done = fix(lab, "fe01", TAKE_BACK, Thumbprint=pending)
    assert (outcome(done), done["before"], done["after"]) == (("changed", None), {"present": True}, {"present": False})
    assert outcome(fix(lab, "fe01", COMPLETE, Answer=answered(lab, asked["request"]))) == ("refused", "no-pending-request")


def test_that_what_was_issued_while_the_lab_runs_has_a_good_chain(make: Make) -> None:
    lab = Asker(make())
    new = fix(lab, "fe01", ONLINE, **online(lab))["after"]["thumbprint"]
    facts = lab.one("fe01", "Get-StoreFacts")
    mine_there, intermediates, roots = ([read_certificate(base64.b64decode(one["der"])) for one in facts[part]] for part in PARTS)
    leaf = next(one for one in mine_there if one.thumbprint == new)
    chain = build_chain(leaf, intermediates, roots, NOW)
    assert (chain.trusted, chain.problems) == (True, ())
