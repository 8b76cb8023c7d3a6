"""Distinguished names: as text the way Windows writes it, and in a form in which two spellings of one name are equal."""

from typing import NamedTuple

from oauthcert.certs import der

# What CertNameToStr (and so .NET's X509Certificate2.Subject) prints in front of a value; note S for the state and E for e-mail.
_KEYS = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "S",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.13": "Description",
    "2.5.4.17": "PostalCode",
    "2.5.4.20": "Phone",
    "2.5.4.42": "G",
    "2.5.4.43": "I",
    "0.9.2342.19200300.100.1.1": "OID.0.9.2342.19200300.100.1.1",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "E",
}
_COMMON_NAME = "2.5.4.3"
# String types of X.520 and how they are encoded; T61 has no working definition and is read as Latin-1, as everyone does.
_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_QUOTED = frozenset(',+="\n<>#;')
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Attribute(NamedTuple):
    key: str
    value: str


class Name(NamedTuple):
    """A distinguished name in the order of its encoding (widest first, as a rule); each part holds one or more attributes."""

    parts: tuple[tuple[Attribute, ...], ...]

    @property
    def text(self) -> str:
        """As Windows shows it: last part first, `CN=fe01, OU=Voice, DC=contoso, DC=lab`."""
        return ", ".join(
            " + ".join(f"{_KEYS.get(a.key, 'OID.' + a.key)}={_quoted(a.value)}" for a in part) for part in reversed(self.parts)
        )

    @property
    def common_name(self) -> str:
        """The most specific CN, or empty."""
        return next((a.value for part in reversed(self.parts) for a in part if a.key == _COMMON_NAME), "")

    @property
    def folded(self) -> tuple[tuple[Attribute, ...], ...]:
        """Equal for names that differ only in case, blanks and string type (the comparison of RFC 5280, 7.1)."""
        return tuple(tuple(sorted(Attribute(a.key, " ".join(a.value.casefold().split())) for a in part)) for part in self.parts)


def read_name(element: der.Element) -> Name:
    """A name from its SEQUENCE; raises DerError."""
    parts: list[tuple[Attribute, ...]] = []
    for relative in der.expect(element, der.SEQUENCE).parts():
        attributes: list[Attribute] = []
        for pair in der.expect(relative, der.SET).parts():
            fields = der.expect(pair, der.SEQUENCE).parts()
            if len(fields) != 2:
                raise der.DerError("a part of a name that is not a pair")
            attributes.append(Attribute(der.oid(fields[0]), read_text(fields[1])))
        parts.append(tuple(attributes))
    return Name(tuple(parts))


def read_text(element: der.Element) -> str:
    """A string of any of the X.520 types; what cannot be decoded or shown on one line becomes a replacement character."""
    encoding = _ENCODINGS.get(element.tag)
    if encoding is None:
        return "#" + element.raw.hex()
    return shown(element.content.decode(encoding, "replace"))


def shown(text: str) -> str:
    """`text` without control and direction characters, which could make a subject look like another one."""
    return text if text.isprintable() else "".join(c if c.isprintable() else REPLACEMENT for c in text)


def _quoted(value: str) -> str:
    if not value or value != value.strip() or not _QUOTED.isdisjoint(value):
        return '"' + value.replace('"', '""') + '"'
    return value
