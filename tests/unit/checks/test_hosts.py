"""Names: which server is meant, and when nobody can tell."""

import pytest

from oauthcert.checks.hosts import Hosts, is_address, plain, short

HOSTS = Hosts.of(
    [
        ("fe01.contoso.lab", "fe01"),
        ("fe02.contoso.lab",),
        ("fe02.fabrikam.lab",),
        ("fe03",),
        ("10.0.0.4",),
        ("10.0.0.5", "fe05.contoso.lab"),
    ]
)


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("fe01.contoso.lab", 0),
        ("FE01.CONTOSO.LAB.", 0),
        ("fe01", 0),
        ("fe02.contoso.lab", 1),
        ("fe02.fabrikam.lab", 2),
        ("fe03.contoso.lab", 3),
        ("10.0.0.4", 4),
        ("fe05", 5),
    ],
)
def test_that_a_server_is_found_by_full_name_and_by_a_short_one_that_leaves_no_doubt(name: str, position: int) -> None:
    assert HOSTS.find(name) == position


@pytest.mark.parametrize("name", ["fe02", "fe01.fabrikam.lab", "10", "10.0.0.6", "", " ", "fe04.contoso.lab", "contoso.lab"])
def test_that_no_server_is_found_where_none_or_several_are_meant(name: str) -> None:
    assert HOSTS.find(name) is None


def test_that_an_address_has_no_short_name() -> None:
    assert short("10.0.0.4") == ""
    assert short("[fe80::1]") == ""
    assert short("fe01.contoso.lab") == "fe01"
    assert is_address("fe80::1")
    assert not is_address("fe01")
    assert plain(" FE01.Contoso.Lab. ") == "fe01.contoso.lab"
