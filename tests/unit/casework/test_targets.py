"""What operators type and paste where servers are asked for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.casework import refusals
from oauthcert.casework.targets import Reaching, read_target, read_targets
from oauthcert.model.errors import UsageError
from oauthcert.model.target import Product, Target

PLAIN = Reaching()


@pytest.mark.parametrize(
    ("typed", "endpoint"),
    [
        ("fe01", "http://fe01:5985/wsman"),
        ("FE01.Contoso.LAB", "http://fe01.contoso.lab:5985/wsman"),
        ("fe01.contoso.lab.", "http://fe01.contoso.lab:5985/wsman"),
        ("fe01:8080", "http://fe01:8080/wsman"),
        ("fe01:5986", "https://fe01:5986/wsman"),
        ("fe01:443", "https://fe01:443/wsman"),
        ("10.0.0.7", "http://10.0.0.7:5985/wsman"),
        ("10.0.0.7:5986", "https://10.0.0.7:5986/wsman"),
        ("2001:DB8:0:0::7", "http://[2001:db8::7]:5985/wsman"),
        ("[2001:db8::7]", "http://[2001:db8::7]:5985/wsman"),
        ("[2001:db8::7]:5986", "https://[2001:db8::7]:5986/wsman"),
        ("http://fe01", "http://fe01:5985/wsman"),
        ("https://FE01/", "https://fe01:5986/wsman"),
        ("https://fe01:443/wsman", "https://fe01:443/wsman"),
        ("http://fe01:5986/WSMAN/", "http://fe01:5986/wsman"),
        ("https://[2001:db8::7]:444/wsman", "https://[2001:db8::7]:444/wsman"),
        ("HTTPS://fe01", "https://fe01:5986/wsman"),
        ("\\\\fe01", "http://fe01:5985/wsman"),
        ("sql_server-1", "http://sql_server-1:5985/wsman"),
        ("bücher.contoso.lab", "http://bücher.contoso.lab:5985/wsman"),
    ],
)
def test_that_each_way_to_name_a_server_is_understood(typed: str, endpoint: str) -> None:
    assert read_target(typed, PLAIN).endpoint == endpoint


@pytest.mark.parametrize(
    ("typed", "reaching", "endpoint"),
    [
        ("fe01", Reaching(https=True), "https://fe01:5986/wsman"),
        ("fe01", Reaching(port=8080), "http://fe01:8080/wsman"),
        ("fe01", Reaching(port=5986), "https://fe01:5986/wsman"),
        ("fe01:8080", Reaching(https=True, port=9), "https://fe01:8080/wsman"),
        ("http://fe01", Reaching(https=True, port=9), "http://fe01:5985/wsman"),
    ],
)
def test_that_what_is_typed_with_a_server_goes_before_the_options(typed: str, reaching: Reaching, endpoint: str) -> None:
    assert read_target(typed, reaching).endpoint == endpoint


def test_that_a_pasted_list_is_read_in_order_without_its_comments_and_repetitions() -> None:
    pasted = """# front ends
    "FE01.contoso.lab"; fe02.contoso.lab,\tfe03.contoso.lab   # the third
    fe01.contoso.lab.,,
    #fe09.contoso.lab
    [2001:db8::7]:5986"""

    targets = read_targets([pasted, "FE02.contoso.lab"], Reaching(product=Product.LYNC))

    assert [target.name for target in targets] == ["fe01.contoso.lab", "fe02.contoso.lab", "fe03.contoso.lab", "2001:db8::7"]
    assert {target.product for target in targets} == {Product.LYNC}


@pytest.mark.parametrize("typed", [[], [""], [" ,;\n"], ["# nothing but a comment, fe01"], ['""']])
def test_that_a_list_without_servers_is_refused(typed: list[str]) -> None:
    with pytest.raises(refusals.NoServers):
        read_targets(typed, PLAIN)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("fe01:", refusals.BadPort),
        ("fe01:0", refusals.BadPort),
        ("fe01:65536", refusals.BadPort),
        ("fe01:http", refusals.BadPort),
        ("fe01:-1", refusals.BadPort),
        ("fe01:٣", refusals.BadPort),
        ("http://fe01:", refusals.BadPort),
        ("http://fe01:x", refusals.BadPort),
        ("[::1]:", refusals.BadPort),
        ("fe-[01-03]", refusals.BadServerName),
        ("fe*", refusals.BadServerName),
        ("-fe01", refusals.BadServerName),
        ("fe01..contoso.lab", refusals.BadServerName),
        ("CONTOSO\\fe01", refusals.BadServerName),
        ("admin@fe01", refusals.BadServerName),
        ("fe01/wsman", refusals.BadServerName),
        ("a" * 64, refusals.BadServerName),
        ("a." * 127 + "aa", refusals.BadServerName),
        (".", refusals.BadServerName),
        ("http://", refusals.BadServerName),
        ("--apply", refusals.BadServerName),
        ("10.0.0.256", refusals.BadAddress),
        ("10.1", refusals.BadAddress),
        ("1234", refusals.BadAddress),
        ("fe80::1%eth0", refusals.BadAddress),
        ("[fe80::1%eth0]:5985", refusals.BadAddress),
        ("[fe01]:5985", refusals.BadAddress),
        ("1:2:3", refusals.BadAddress),
        ("http://[::1", refusals.BadAddress),
        ("https://mail.contoso.com/owa/#path", refusals.UrlNotAServer),
        ("https://mail.contoso.com/?a=b", refusals.UrlNotAServer),
        ("ldap://dc01", refusals.UrlNotAServer),
    ],
)
def test_that_what_cannot_be_a_server_is_refused_by_name(typed: str, kind: type[UsageError]) -> None:
    with pytest.raises(kind) as caught:
        read_target(typed, PLAIN)

    assert caught.value.detail
    assert len(caught.value.detail) < 300


def test_that_a_password_typed_into_a_web_address_is_not_repeated() -> None:
    with pytest.raises(refusals.PasswordInUrl) as caught:
        read_target("http://admin:CANARY-11@fe01:5985/wsman", PLAIN)

    assert "CANARY" not in str(caught.value) + str(caught.value.facts)
    assert caught.value.facts == {"host": "fe01"}


def test_that_a_server_named_with_two_ports_is_refused() -> None:
    with pytest.raises(refusals.ServerNamedTwice) as caught:
        read_targets(["fe01, FE01:8080"], PLAIN)

    assert caught.value.facts == {"server": "fe01", "first": "http://fe01:5985/wsman", "second": "http://fe01:8080/wsman"}


@given(st.lists(st.text(), max_size=3))
def test_that_whatever_is_pasted_is_servers_or_a_refusal(typed: list[str]) -> None:
    targets: tuple[Target, ...] = ()
    with suppress(UsageError):
        targets = read_targets(typed, PLAIN)

    assert all(target.name and target.name == target.name.strip() for target in targets)
