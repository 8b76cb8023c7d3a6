"""Products and builds: which one a version number means, what is still serviced, which build has the known security fixes.

Builds: MicrosoftDocs pages on disabling TLS 1.0/1.1 and the CVE records CVE-2022-33633, CVE-2023-41763, CVE-2026-66302, -66303 and
-83746. Ends of support: Microsoft's lifecycle pages (Lync 2013: 11 April 2023; Skype for Business Server 2015 and 2019: 14 October
2025). For the latter two the CVE records show fixes published in October 2026, so they count as serviced beyond support.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from oauthcert.model.server_evidence import InstalledProduct

Version = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One product. `required` is the oldest build with all known security fixes, published in `required_since` (year-month).

    `support_ended` is None while it is supported; `serviced` tells whether security fixes still appear.
    """

    name: str
    marks: tuple[str, ...]
    base: tuple[int, int, int]
    required: Version
    required_since: str
    support_ended: date | None
    serviced: bool


LYNC_2013 = Line("Lync Server 2013", ("lync server 2013",), (5, 0, 8308), (5, 0, 8308, 1198), "2022-07", date(2023, 4, 11), serviced=False)
SKYPE_2015 = Line(
    "Skype for Business Server 2015",
    ("skype for business server 2015",),
    (6, 0, 9319),
    (6, 0, 9319, 886),
    "2026-10",
    date(2025, 10, 14),
    serviced=True,
)
SKYPE_2019 = Line(
    "Skype for Business Server 2019",
    ("skype for business server 2019",),
    (7, 0, 2046),
    (7, 0, 2046, 583),
    "2026-10",
    date(2025, 10, 14),
    serviced=True,
)
SKYPE_SE = Line(
    "Skype for Business Server Subscription Edition",
    ("subscription edition",),
    (7, 0, 2046),
    (7, 0, 2046, 889),
    "2026-10",
    None,
    serviced=True,
)
LINES = (LYNC_2013, SKYPE_2015, SKYPE_2019, SKYPE_SE)
# 2019 and the Subscription Edition share 7.0.2046: where the name does not tell, only these fourth numbers do.
_NEWEST_KNOWN_2019 = 583
_OLDEST_KNOWN_SE = 879


def parse_version(text: str) -> Version | None:
    """Four numbers; missing ones at the end are 0. None for anything else."""
    parts = text.strip().split(".")
    if not 2 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    numbers = [int(part) for part in parts] + [0] * (4 - len(parts))
    return numbers[0], numbers[1], numbers[2], numbers[3]


def main_component(products: Sequence[InstalledProduct]) -> InstalledProduct | None:
    """The entry whose version stands for the server: Core Components, which every update raises, else the highest version."""
    core = [product for product in products if "core components" in product.name.lower()]
    return max(core or products, key=lambda product: parse_version(product.version) or (0, 0, 0, 0), default=None)


def line_of(product: InstalledProduct) -> Line | None:
    """The product line by version and DisplayName; None when the version fits none or 2019 and SE cannot be told apart."""
    version = parse_version(product.version)
    if version is None:
        return None
    fitting = [line for line in LINES if version[:3] == line.base]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    named = [line for line in fitting if any(mark in product.name.lower() for mark in line.marks)]
    if len(named) == 1:
        return named[0]
    if version[3] <= _NEWEST_KNOWN_2019:
        return SKYPE_2019
    return SKYPE_SE if version[3] >= _OLDEST_KNOWN_SE else None
