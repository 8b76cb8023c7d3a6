"""The file that remembers first deployments which were begun and are not ready: written whole, read with care. Holds no secret."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oauthcert.casework.whole_file import FileNotWritten, why_of, write_whole
from oauthcert.fixes.deployment_record import Assigned, Deployment, How, Requested, RequestState, Sent
from oauthcert.model.errors import CaseFileError
from oauthcert.model.target import Product, Target

log = logging.getLogger(__name__)

_FORMAT = 1
MOST = 8
_MOST_BYTES = 4_000_000
_MOST_TARGETS = 5000
_MOST_SENT = 20_000


class DeploymentsUnreadable(CaseFileError):
    """What was begun is not known any more, so that nothing may be requested. Facts: `file`."""

    words = "deployments-unreadable"


def read_deployments(file: Path) -> tuple[Deployment, ...]:
    """Newest first; nothing when there is no file. Raises DeploymentsUnreadable: a request that is forgotten would be made twice."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        return _read(content)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        log.warning("what was begun cannot be read: %s: %s", file, type(error).__name__)
        raise DeploymentsUnreadable(f"{file} cannot be read", file=str(file)) from error


def _read(content: bytes) -> tuple[Deployment, ...]:
    if len(content) > _MOST_BYTES:
        raise ValueError("too large")
    written = json.loads(content.decode("utf-8"))
    if not isinstance(written, dict) or written.get("format") != _FORMAT:
        raise ValueError("another format")
    return tuple(_deployment(one) for one in _items(written["deployments"], MOST))


def write_deployments(file: Path, deployments: Sequence[Deployment]) -> None:
    """All of it or nothing; without any deployment the file goes. Raises FileNotWritten."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not deployments:
            file.unlink(missing_ok=True)
            return
    except OSError as error:
        raise FileNotWritten(f"{file} cannot be written: {why_of(error)}", file=str(file), why=why_of(error)) from error
    written = {"format": _FORMAT, "deployments": [_plain(one) for one in deployments[:MOST]]}
    write_whole(file, json.dumps(written, indent=1, default=_text_of) + "\n")


def _plain(one: Deployment) -> dict[str, object]:
    return {**asdict(one), "finished": sorted(one.finished)}


def _text_of(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)


def _deployment(fields: Mapping[str, Any]) -> Deployment:
    request, assigned = fields["request"], fields["assigned"]
    return Deployment(
        begun=_moment(fields["begun"]),
        targets=tuple(_target(one) for one in _items(fields["targets"], _MOST_TARGETS)),
        account=_text(fields["account"]),
        method=_text(fields["method"]),
        source=_text(fields["source"]),
        request=None if request is None else _requested(request),
        assigned=None
        if assigned is None
        else Assigned(_text(assigned["server"]), _text(assigned["thumbprint"]), _moment(assigned["when"])),
        sent=tuple(Sent(_text(one["server"]), _moment(one["when"]), How(one["how"])) for one in _items(fields["sent"], _MOST_SENT)),
        finished=frozenset(_text(one) for one in _items(fields["finished"], _MOST_TARGETS)),
    )


def _requested(fields: Mapping[str, Any]) -> Requested:
    texts = (_text(fields[name]) for name in ("thumbprint", "text", "number"))
    return Requested(_text(fields["server"]), _moment(fields["when"]), RequestState(fields["state"]), *texts)


def _target(fields: Mapping[str, Any]) -> Target:
    port = fields["port"]
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
        raise ValueError("a port")
    address, fingerprint = fields["address"], fields["fingerprint"]
    return Target(
        name=_text(fields["name"]),
        scheme={"http": "http", "https": "https"}[fields["scheme"]],
        port=port,
        address=None if address is None else _text(address),
        product=Product(fields["product"]),
        fingerprint=None if fingerprint is None else _text(fingerprint),
    )


def _items(value: object, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("a list is missing or too long")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _moment(value: object) -> datetime:
    when = datetime.fromisoformat(_text(value))
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    return when.astimezone(UTC)
