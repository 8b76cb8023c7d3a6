"""The figures that turn a measurement into a verdict. All are settings; these are the defaults."""

from dataclasses import dataclass, fields
from math import isfinite


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Raises ValueError for a figure that is not positive, or for bounds in the wrong order.

    skew_warn_seconds, skew_fail_seconds: distance of a clock from the reference; beyond the second Kerberos refuses (KB 938295).
    sync_age_hours: how long ago Windows Time may have synchronised last.
    arriving_seconds: how long after an assignment a server may lack it without being at fault; replication takes 2 to 5 minutes.
    report_age_hours: how much older than the newest change a replica's last report may be.
    heartbeat_minutes: age of the CMS master's last sign of life.
    expiry_fail_days, expiry_warn_days: rest of the certificate's life.
    request_days: how young a certificate must be to count as requested lately; two weeks is the length of a deployment.
    key_bits: the shortest RSA key (server-to-server authentication asks for 2048).
    lead_hours: how long before its effective date a certificate must be staged; tokens live 24 hours.
    previous_days: how long the previous certificate may be left behind after a change.
    publish_minutes: how long after an assignment a web site may still publish the certificate before it.
    start_minutes: how long after Windows started its services may be on their way.
    setup_gigabytes: the room on one disk without which the product's setup creates no database.
    root_count: more trusted roots than this, and Windows cuts the list of trusted issuers it sends (Schannel, 16 KB).
    """

    skew_warn_seconds: float = 120
    skew_fail_seconds: float = 300
    sync_age_hours: float = 24
    arriving_seconds: float = 300
    report_age_hours: float = 24
    heartbeat_minutes: float = 15
    expiry_fail_days: float = 30
    expiry_warn_days: float = 90
    request_days: float = 14
    root_count: int = 100
    publish_minutes: float = 60
    start_minutes: float = 20
    setup_gigabytes: float = 16
    key_bits: int = 2048
    lead_hours: float = 24
    previous_days: float = 30

    def __post_init__(self) -> None:
        for field in fields(self):
            figure = getattr(self, field.name)
            if not (isfinite(figure) and figure > 0):
                raise ValueError(f"{field.name} must be a positive number, not {figure}")
        if self.skew_warn_seconds > self.skew_fail_seconds:
            raise ValueError("skew_warn_seconds must not exceed skew_fail_seconds")
        if self.expiry_fail_days > self.expiry_warn_days:
            raise ValueError("expiry_fail_days must not exceed expiry_warn_days")
