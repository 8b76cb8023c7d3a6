"""Which Windows services the topology gives a machine (lync.md B5). Short names are the same in all versions and languages."""

from oauthcert.checks.builds import LYNC_2013, SKYPE_2015, Line

# Without these a role does nothing at all.
_ESSENTIAL = {
    "registrar": ("RTCSRV", "FabricHostSvc", "MSSQL$LYNCLOCAL"),
    "userservices": ("RTCSRV", "RTCIMMCU"),
    "webservices": ("W3SVC",),
    "mediationserver": ("RTCMEDSRV",),
    "edgeserver": ("RTCSRV",),
    "centralmgmt": ("MASTER", "FTA"),
}
# Come with a role unless it was set up without that part.
_USUAL = {"confservices": ("RTCDATAMCU", "RTCASMCU", "RTCAVMCU")}
_DIRECTOR_LACKS = frozenset({"RTCIMMCU", "RTCDATAMCU", "RTCASMCU", "RTCAVMCU"})
_EVERYWHERE = ("RTCCLSAGT",)

STARTED = (
    "RTCSRV", "W3SVC", "FabricHostSvc", "MSSQL$LYNCLOCAL", "MSSQL$RTC", "RTCIMMCU", "RTCDATAMCU", "RTCASMCU", "RTCAVMCU", "RTCMEDSRV",
    "RTCCLSAGT", "RTCHA", "RTCATS", "RTCCAA", "RTCCAS", "RTCCPS", "RTCRGS", "RTCXMPPTGW", "LYNCBACKUP",
)  # fmt: skip
"""Services that Step 4 starts, in the order to look at them. Step 1 has its own checks for the replica, its database and the CMS."""
CORE = frozenset({"RTCSRV", "W3SVC", "FabricHostSvc", "MSSQL$LYNCLOCAL", "MSSQL$RTC", "RTCIMMCU", "RTCMEDSRV"})
"""Of these, the ones without which clients or partners find nobody."""
_ENDED = {"RTCXMPPTGW": (LYNC_2013, SKYPE_2015)}
"""Services of which later versions keep at most a remainder that nobody needs: the XMPP gateway ended with the version of 2015."""


def essential(roles: frozenset[str]) -> tuple[str, ...]:
    """What a machine with these roles must have, in the order of the wizard's Step 2."""
    names = [name for role, services in _ESSENTIAL.items() if role in roles for name in services]
    lacks = _DIRECTOR_LACKS if "director" in roles else frozenset[str]()
    return tuple(dict.fromkeys(name for name in (*names, *(_EVERYWHERE if names else ())) if name not in lacks))


def usual(roles: frozenset[str]) -> tuple[str, ...]:
    """What it has as a rule."""
    return tuple(name for role, services in _USUAL.items() if role in roles for name in services)


def started(line: Line | None) -> tuple[str, ...]:
    """What Step 4 starts in this version, as far as it is installed; in any version when that is not known."""
    return tuple(name for name in STARTED if line is None or name not in _ENDED or line in _ENDED[name])
