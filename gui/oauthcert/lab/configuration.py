"""The package of Export-CsConfiguration: a zip with the configuration, and in it what must never be seen outside: key material."""

import io
import json
import zipfile
from datetime import datetime

from oauthcert.lab.deployment import Deployment
from oauthcert.lab.topology import topology_xml

CANARY = "KEY-MATERIAL-OF-THE-PRACTICE-LAB"
"""Begins the text that stands for private keys in a package; what follows is new in each lab."""
_MARK = "exported.json"


class NotThisConfiguration(ValueError):
    """These bytes are no package that this lab made."""


def exported(deployment: Deployment, moment: datetime) -> bytes:
    """The Central Management Store at a moment. The same content at the same moment gives the same bytes."""
    assigned = deployment.assigned(moment)
    certificate = assigned.oauth.certificate if assigned and assigned.oauth else None
    key = f"{CANARY}-{deployment.canary}" if assigned and assigned.oauth and assigned.oauth.key else ""
    files = {
        _MARK: json.dumps({"moment": moment.isoformat(), "deployment": deployment.master}),
        "DocItemSet.xml": topology_xml(deployment),
        "OAuthTokenIssuer.xml": f"<Certificate Thumbprint='{certificate.thumbprint if certificate else ''}'><Key>{key}</Key></Certificate>",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            # the key lies there as it is, so that a search for it in bytes finds it
            kind = zipfile.ZIP_STORED if name.startswith("OAuth") else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text, compress_type=kind)
    return written.getvalue()


def moment_of(package: bytes) -> datetime:
    """When this package was exported. Raises NotThisConfiguration."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            return datetime.fromisoformat(json.loads(opened.read(_MARK))["moment"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as problem:
        raise NotThisConfiguration(str(problem)) from problem
