"""Times in scenario files: "23h ago", "2h58m30s ago", "in 20d", relative to the moment the lab starts."""

import re
from datetime import timedelta

_PARTS = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?")
_UNITS = ("days", "hours", "minutes", "seconds")
ALLOWED = 'a time such as "23h ago", "1h30m ago" or "in 20d", or "now"'


def parse_when(text: str) -> timedelta:
    """The distance from the start of the lab, negative for the past. Raises ValueError with what is allowed."""
    if text == "now":
        return timedelta()
    if text.startswith("in "):
        return parse_duration(text[3:])
    if text.endswith(" ago"):
        return -parse_duration(text[:-4])
    raise ValueError(ALLOWED)


def parse_duration(text: str) -> timedelta:
    """A length such as 2h30m or 730d; days, hours, minutes, seconds in this order, at least one."""
    match = _PARTS.fullmatch(text)
    if match is None or not text:
        raise ValueError('a length such as "90s", "2h30m" or "730d"')
    return timedelta(**{unit: int(number) for unit, number in zip(_UNITS, match.groups(), strict=True) if number})
