"""Reads what operators type or paste where servers are asked for, and says plainly what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from oauthcert.casework import refusals
from oauthcert.model.target import Product, Target

HTTP_PORT = 5985
HTTPS_PORT = 5986

_TLS_PORTS = (HTTPS_PORT, 443)
_SHOWN = 80
_COMMENT = re.compile(r"(?:^|(?<=[\s,;]))#[^\r\n]*")
_SEPARATORS = re.compile(r"[\s,;]+")
_QUOTES = "\"'„“”‚‘’«»"
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_BRACKETED = re.compile(r"\[(?P<address>[^\[\]]*)\](?::(?P<port>.*))?")


@dataclass(frozen=True, slots=True)
class Reaching:
    """How servers are reached that do not say otherwise: `--https`, `--port`, `--product`."""

    https: bool = False
    port: int | None = None
    product: Product = Product.AUTO


def read_targets(typed: Iterable[str], reaching: Reaching) -> tuple[Target, ...]:
    """The servers named in these texts, each of which may be a whole pasted list, in the order of their first mention.

    Names may be separated by commas, semicolons, spaces or lines; `#` begins a comment. Each may be a name, an address, `name:port`, or
    a URL. Ports 5986 and 443 mean HTTPS unless a URL says otherwise. Raises a kind of UsageError for the first that cannot be.
    """
    found: dict[str, Target] = {}
    for text in typed:
        for entry in _SEPARATORS.split(_COMMENT.sub("", text)):
            name = entry.strip(_QUOTES)
            if not name:
                continue
            target = read_target(name, reaching)
            first = found.setdefault(target.name, target)
            if first != target:
                raise refusals.ServerNamedTwice(
                    f"{target.name} is named twice, as {first.endpoint} and as {target.endpoint}; name it once",
                    server=target.name,
                    first=first.endpoint,
                    second=target.endpoint,
                )
    if not found:
        raise refusals.NoServers("name at least one server")
    return tuple(found.values())


def read_target(typed: str, reaching: Reaching) -> Target:
    """One server. Raises a kind of UsageError that names what was typed."""
    # \\server is how Windows people write a server
    text = typed.removeprefix("\\\\")
    if "://" in text:
        return _from_url(text, reaching)
    if (match := _BRACKETED.fullmatch(text)) is not None:
        return _target(_address_v6(match["address"], typed), match["port"], None, reaching, typed)
    if text.count(":") > 1:
        return _target(_address_v6(text, typed), None, None, reaching, typed)
    host, colon, port = text.partition(":")
    return _target(_host(host, typed), port if colon else None, None, reaching, typed)


def _from_url(text: str, reaching: Reaching) -> Target:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise refusals.BadAddress(f"{shown_of(text)} is not a web address", typed=shown_of(text)) from None
    if "@" in parts.netloc:
        raise refusals.PasswordInUrl(
            "a web address must not hold an account or a password; name the account with --user", host=shown_of(host)
        )
    if parts.scheme not in {"http", "https"}:
        raise refusals.UrlNotAServer(f"only http:// and https:// lead to a server, not {shown_of(parts.scheme)}://", host=shown_of(host))
    if parts.path.rstrip("/").lower() not in {"", "/wsman"} or parts.query or parts.fragment:
        raise refusals.UrlNotAServer(
            f"this is the address of a page; if its server is the one you mean, name just {shown_of(host)}",
            host=shown_of(host),
        )
    shown = f"{parts.scheme}://{shown_of(parts.netloc)}"
    name = _address_v6(host, shown) if ":" in host else _host(host, shown)
    return _target(name, _port_text(parts), parts.scheme, reaching, shown)


def _port_text(parts: SplitResult) -> str | None:
    # SplitResult.port reads "+80" and " 80" as numbers and turns "" into None
    _, colon, port = parts.netloc.rpartition("]")[2].partition(":")
    return port if colon else None


def _target(name: str, port_text: str | None, scheme: str | None, reaching: Reaching, typed: str) -> Target:
    if port_text is not None:
        port: int | None = read_port(port_text, typed)
    else:
        # a URL without a port means the port of its scheme; --port is for servers that say nothing
        port = reaching.port if scheme is None else None
    if scheme is None:
        scheme = "https" if reaching.https or port in _TLS_PORTS else "http"
    if port is None:
        port = HTTPS_PORT if scheme == "https" else HTTP_PORT
    return Target(name=name, scheme=scheme, port=port, product=reaching.product)


def read_port(text: str, typed: str | None = None) -> int:
    """A port number. Raises BadPort."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    shown = shown_of(typed or text)
    raise refusals.BadPort(f"{shown}: a port is a number from 1 to 65535 (WinRM listens on 5985, with TLS on 5986)", typed=shown)


def _host(text: str, typed: str) -> str:
    name = text.removesuffix(".").lower()
    labels = name.split(".")
    if name and all(label.isascii() and label.isdigit() for label in labels):
        return _address_v4(name, typed)
    try:
        # the codec of the resolver: what it refuses could never be asked for
        encoded = name.encode("idna")
    except UnicodeError:
        encoded = b""
    if not encoded or len(encoded) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        shown = shown_of(typed)
        raise refusals.BadServerName(f"{shown} is not the name of a server", typed=shown)
    return name


def _address_v4(text: str, typed: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise refusals.BadAddress(f"{shown_of(typed)} is not an IPv4 address", typed=shown_of(typed)) from None


def _address_v6(text: str, typed: str) -> str:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise refusals.BadAddress(f"{shown_of(typed)} is not an IPv6 address", typed=shown_of(typed)) from None
    if address.scope_id is not None:
        # http clients disagree on how a zone is written inside a URL
        raise refusals.BadAddress(f"{shown_of(typed)}: an address with a zone cannot be used; use the server's name", typed=shown_of(typed))
    return str(address)


def shown_of(text: str) -> str:
    """What was typed, short enough to repeat."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
