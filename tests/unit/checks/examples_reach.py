"""One example for every variant of the checks that come before everything else: words -> evidence and the server it is about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.server_evidence import InstalledProduct, ModuleSeen
from oauthcert.model.target import Product
from tests.builders.evidence import NOW, Deployment, deployment, fields

Example = tuple[Deployment, str | None]
Made = Callable[[], Example]

NO_PRODUCT = {
    "product": fields(products=(), modules=()),
    "module": ModuleSeen(None, None, None, None),
    "topology": NotSeen("cmdlet-missing"),
}
"""A server without either product: the module is not there, and neither are its cmdlets."""


def fe02(**changes: Any) -> Made:
    """The healthy four with these changes on fe02, looked at there."""
    return lambda: (deployment().but("fe02", **changes), "fe02")


def refused(reason: str, **facts: str) -> Made:
    return lambda: (deployment().refused("fe02", reason, **facts), "fe02")


def all_unreached() -> Deployment:
    gone = deployment()
    for name in tuple(gone.servers):
        gone = gone.unreached(name)
    return gone


def version(number: str, name: str = "Skype for Business Server 2019, Core Components") -> Made:
    return fe02(product=fields(products=(InstalledProduct(name, number, "Microsoft"),)))


def healthy(server: str | None = "fe02") -> Made:
    return lambda: (deployment(), server)


def unreached(server: str | None = "fe02") -> Made:
    return lambda: (all_unreached(), server)


def collected(**changes: Any) -> Made:
    """As `fe02`, with all answers collected on the servers themselves."""
    return lambda: (deployment().on_the_spot().but("fe02", **changes), "fe02")


EXAMPLES: dict[str, Made] = {
    "server-reachable.pass": healthy(),
    "server-reachable.could-not-look": unreached(),
    "server-reachable.evidence-refused": lambda: (deployment().unreached("fe02", "evidence-damaged"), "fe02"),
    "server-reachable.not-applicable": collected(),
    "sign-in-accepted.pass": healthy(),
    "sign-in-accepted.sign-in-refused": refused("sign-in-refused"),
    "sign-in-accepted.account-locked": refused("account-locked"),
    "sign-in-accepted.account-expired": refused("account-expired"),
    "sign-in-accepted.account-disabled": refused("account-disabled"),
    "sign-in-accepted.password-expired": refused("password-expired"),
    "sign-in-accepted.clock-skew": refused("clock-skew"),
    "sign-in-accepted.kerberos-name": refused("kerberos-name"),
    "sign-in-accepted.kerberos-no-ticket": refused("kerberos-no-ticket"),
    "sign-in-accepted.not-authorized": refused("not-authorized"),
    "sign-in-accepted.method-not-offered": refused("method-not-offered", offered="Kerberos"),
    "sign-in-accepted.needs-tls": refused("needs-tls"),
    "sign-in-accepted.could-not-look": refused("connection-reset"),
    "sign-in-accepted.not-applicable": collected(),
    "powershell-usable.pass": healthy(),
    "powershell-usable.no-module-needed": fe02(**NO_PRODUCT),
    "powershell-usable.missing": fe02(session=NotSeen("powershell-missing")),
    "powershell-usable.constrained-language": fe02(session=NotSeen("language-constrained", {"mode": "ConstrainedLanguage"})),
    "powershell-usable.too-old": fe02(session=fields(powershell="2.0")),
    "powershell-usable.process-32-bit": fe02(session=fields(process64=False)),
    "powershell-usable.module-missing": fe02(module=ModuleSeen(None, None, None, None)),
    "powershell-usable.module-broken": fe02(module=NotSeen("probe-failed", {"message": "Could not load file or assembly"})),
    "powershell-usable.could-not-look": fe02(session=NotSeen("deadline")),
    "rights-sufficient.pass": healthy(),
    "rights-sufficient.not-elevated": fe02(session=fields(elevated=False), keys=NotSeen("access-denied")),
    "rights-sufficient.group-missing": fe02(session=fields(groups=("CONTOSO\\Helpdesk",)), oauth=NotSeen("access-denied")),
    "rights-sufficient.denied-all-the-same": fe02(events=NotSeen("access-denied")),
    "rights-sufficient.could-not-look": fe02(session=NotSeen("deadline")),
    "second-hop.pass": healthy("fe01"),
    "second-hop.refused": lambda: (deployment().but("fe01", replication=NotSeen("second-hop")), "fe01"),
    "second-hop.could-not-look": lambda: (deployment().but("fe01", replication=NotSeen("probe-deadline")), "fe01"),
    "second-hop.not-applicable": healthy(),
    "time-skew.pass": healthy(),
    "time-skew.drifting": fe02(clock=ClockSeen(200, 1, 5), time=fields(dc_offset_seconds=-200.0)),
    "time-skew.too-large": fe02(clock=ClockSeen(-420, 1, 5), time=fields(dc_offset_seconds=420.0)),
    "time-skew.jumped": fe02(clock=ClockSeen(0, 1, 5, -290)),
    "time-skew.could-not-look": fe02(clock=NotSeen("answer-damaged")),
    "time-skew.not-applicable": collected(time=fields(dc_offset_seconds=None)),
    "time-source.pass": healthy(),
    "time-source.service-stopped": fe02(time=fields(service_state="Stopped")),
    "time-source.no-sync": fe02(time=fields(type="NoSync")),
    "time-source.local-clock": fe02(time=fields(source="Local CMOS Clock")),
    "time-source.virtual-machine-host": fe02(time=fields(source="VM IC Time Synchronization Provider")),
    "time-source.unsynchronised": fe02(time=fields(leap=3)),
    "time-source.stale": fe02(time=fields(last_sync=NOW - timedelta(hours=25))),
    "time-source.could-not-look": fe02(time=NotSeen("probe-deadline")),
    "product-build.pass": healthy(),
    "product-build.serviced-beyond-support": version("7.0.2046.583"),
    "product-build.out-of-support": version("5.0.8308.1198", "Microsoft Lync Server 2013, Core Components"),
    "product-build.update-missing": version("7.0.2046.123"),
    "product-build.unknown-build": version("8.0.1.2", "Skype for Business Server 2031, Core Components"),
    "product-build.could-not-look": fe02(product=NotSeen("probe-deadline")),
    "product-build.not-applicable": fe02(**NO_PRODUCT, product_wanted=Product.EXCHANGE),
}
