"""The authorities of the lab: each certificate once, real, and made only when somebody asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.issuing import KeyPool
from oauthcert.lab.authority import LabAuthority
from tests.unit.lab.conftest import NOW


def test_that_a_name_has_one_certificate_however_many_ask_at_once(keys: KeyPool) -> None:
    authority = LabAuthority("contoso.lab", NOW, keys)
    with ThreadPoolExecutor(8) as pool:
        thumbprints = {one.thumbprint for one in pool.map(authority.server, ["fe01.contoso.lab"] * 40)}
    assert len(thumbprints) == 1
    assert authority.server("fe02.contoso.lab").thumbprint not in thumbprints


def test_that_two_oauth_certificates_differ_in_key_and_share_the_name(keys: KeyPool) -> None:
    authority = LabAuthority("contoso.lab", NOW, keys)
    first, second = (authority.oauth(label, NOW, NOW + timedelta(days=700)) for label in ("first", "second"))
    assert first.subject == second.subject == "CN=contoso.lab"
    assert read_certificate(first.der).public_key_sha256 != read_certificate(second.der).public_key_sha256
    assert authority.oauth("first", NOW, NOW).thumbprint == first.thumbprint
    assert first.issued_by is authority.issuing
    assert authority.issuing.issued_by is authority.root
    assert authority.root.issued_by is None


def test_that_the_listener_shows_a_certificate_of_an_authority_nobody_knows(keys: KeyPool) -> None:
    authority = LabAuthority("contoso.lab", NOW, keys)
    certificate, key = authority.listener("fe02.contoso.lab")
    assert certificate.count(b"BEGIN CERTIFICATE") == 2
    assert key.startswith(b"-----BEGIN PRIVATE KEY-----")


def test_that_another_domain_gets_its_own_names(keys: KeyPool) -> None:
    authority = LabAuthority("fabrikam.example", NOW, keys)
    assert authority.root.subject == "CN=Fabrikam Root CA, DC=fabrikam, DC=example"
    assert authority.oauth("x", NOW, NOW + timedelta(days=1)).subject == "CN=fabrikam.example"
