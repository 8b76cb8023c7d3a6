"""Builds: 2013, 2015, 2019 and the Subscription Edition told apart, and what is behind."""

from datetime import UTC, datetime

import pytest

from oauthcert.checks.builds import LYNC_2013, SKYPE_2015, SKYPE_2019, SKYPE_SE, Line, line_of, main_component, parse_version
from oauthcert.model.server_evidence import InstalledProduct
from tests.builders.evidence import deployment, fields


def entry(name: str, version: str) -> InstalledProduct:
    return InstalledProduct(name, version, "Microsoft Corporation")


@pytest.mark.parametrize(
    ("name", "version", "line"),
    [
        ("Microsoft Lync Server 2013, Core Components", "5.0.8308.887", LYNC_2013),
        ("Skype for Business Server 2015, Core Components", "6.0.9319.886", SKYPE_2015),
        ("Skype for Business Server 2019, Core Components", "7.0.2046.583", SKYPE_2019),
        ("Skype for Business Server 2019, Core Components", "7.0.2046.900", SKYPE_2019),
        ("Skype for Business Server Subscription Edition, Core Components", "7.0.2046.500", SKYPE_SE),
        ("Skype for Business Server, Core Components", "7.0.2046.123", SKYPE_2019),
        ("Skype for Business Server, Core Components", "7.0.2046.889", SKYPE_SE),
        ("Skype for Business Server, Core Components", "7.0.2046.700", None),
        ("Microsoft Lync Server 2010, Core Components", "4.0.7577.0", None),
        ("Skype for Business Server 2019, Core Components", "?", None),
    ],
)
def test_that_a_product_line_is_told_by_version_and_name(name: str, version: str, line: Line | None) -> None:
    assert line_of(entry(name, version)) is line


@pytest.mark.parametrize("text", ["", "7", "7.0.2046.583.1", "7.0.x.1", "-7.0", "7..1", "٧.0", "9" * 12 + ".0"])
def test_that_no_version_is_read_from_what_is_none(text: str) -> None:
    assert parse_version(text) is None


def test_that_the_core_components_stand_for_the_server() -> None:
    products = (
        entry("Skype for Business Server 2019, Front End Server", "7.0.2046.999"),
        entry("Skype for Business Server 2019, Core Components", "7.0.2046.530"),
        entry("Skype for Business Server 2019, Core Components", "junk"),
    )
    core = main_component(products)
    assert core is not None
    assert core.version == "7.0.2046.530"
    assert main_component(()) is None


@pytest.mark.parametrize(
    ("version", "variant"),
    [("7.0.2046.888", "update-missing"), ("7.0.2046.889", "pass"), ("7.0.2046.1002", "pass")],
)
def test_that_the_required_build_itself_is_enough(version: str, variant: str) -> None:
    product = fields(products=(entry("Skype for Business Server Subscription Edition, Core Components", version),))

    assert deployment().but("fe02", product=product).finding("product-build", "fe02").words == f"product-build.{variant}"


def test_that_support_is_judged_at_the_time_of_the_look() -> None:
    product = fields(products=(entry("Microsoft Lync Server 2013, Core Components", "5.0.8308.1198"),))
    then = deployment().but("fe02", product=product).seen_at(datetime(2023, 4, 11, 23, tzinfo=UTC))

    assert then.finding("product-build", "fe02").words == "product-build.pass"
    after = then.seen_at(datetime(2023, 4, 12, tzinfo=UTC))
    assert after.finding("product-build", "fe02").words == "product-build.out-of-support"
