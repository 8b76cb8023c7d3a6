"""Thresholds refuse what makes no sense."""

import pytest

from oauthcert.checks import Thresholds


@pytest.mark.parametrize(
    "wrong",
    [
        {"skew_warn_seconds": 0},
        {"skew_warn_seconds": float("nan")},
        {"arriving_seconds": float("inf")},
        {"root_count": -1},
        {"skew_warn_seconds": 301},
        {"expiry_fail_days": 91},
    ],
)
def test_that_a_senseless_threshold_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Thresholds(**wrong)  # type: ignore[arg-type]


def test_that_equal_bounds_are_allowed() -> None:
    assert Thresholds(skew_warn_seconds=300, expiry_fail_days=90).skew_warn_seconds == 300
