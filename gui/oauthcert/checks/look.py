"""What a judgement needs beside the evidence: the time of the look, the thresholds, a reader of certificates."""

from dataclasses import dataclass, field
from datetime import datetime

from oauthcert.certs.certificate import CertificateReader
from oauthcert.checks.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Look:
    """`now` is the workstation's clock at the time of the look, aware. The reader remembers, so use one for one judgement."""

    now: datetime
    certificates: CertificateReader = field(default_factory=CertificateReader)
    thresholds: Thresholds = field(default_factory=Thresholds)
