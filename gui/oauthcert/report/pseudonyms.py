"""Stable stand-ins for names: the same name gets the same stand-in wherever it occurs, whole or inside a sentence."""

import ipaddress
import re
from collections.abc import Callable

from oauthcert.words.formats import moment_of
from oauthcert.words.showing import ELLIPSIS, short_name

_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{32,}|(?:[0-9A-Fa-f]{2}[ :]){15,}[0-9A-Fa-f]{2})(?![0-9A-Za-z])")
_GUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_OF_WINDOWS = ("builtin", "nt authority", "nt service", "nt-autorität", "vordefiniert")
"""In front of accounts that every Windows has; in its own language."""
_SID = re.compile(r"S-1-5-21(?:-\d+)+")
_MAIL = re.compile(r"([\w.+$'-]+)@([\w-]+(?:\.[\w-]+)*)")
_PATH = re.compile(r"[A-Za-z]:\\(?:[^\\/:*?\"<>|\r\n]+\\)*[^\\/:*?\"<>|\r\n\s]*")
_USERS = re.compile(r"(?<=\\Users\\)[^\\]+", re.IGNORECASE)
_SHARE = re.compile(r"\\\\([\w.-]+)\\([\w.$-]+)")
_ACCOUNT = re.compile(r"(?<![\\\w])([\w.-]+)\\([\w.$-]+)")
_ATTRIBUTE = re.compile(r"\b(CN|OU|O|DC|L|ST|S|E)=([^,;+\"\r\n]{1,64})")
_COLONS = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*[0-9A-Fa-f]?(?:%\w+)?")
_DOTTED = re.compile(r"\w[\w-]*(?:\.[\w-]+)+")
_WORD = re.compile(r"\w+(?:-\w+)*")
_PIECE = re.compile(r"[^\W_]+|[_-]+")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?\Z")
_KEPT = re.compile("[\ue000-\uf8ff]")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILES = words("exe dll psd1 psm1 ps1 xml log txt cer crt crl pfx cfg config json cab msi msp aspx asmx svc sys mdf ldf etl")
_PROGRAMS = frozenset({"system", "microsoft", "windows"})
_PUBLIC = frozenset({"time.windows.com", "pool.ntp.org"})
# Prefixes that are the same on every Windows machine, and roots of the registry and of certificate stores.
_EVERYWHERE = words("authority service builtin nt hklm hkcu hkey_local_machine cert localmachine currentuser")
# Words that are no secret even when a server, an account or a company is called so.
_ORDINARY = words(
    "access account admin administrator administrators ads and application authority broken builtin business cas certificate certificates "
    "com corp corporation database default domain edge error everyone example exchange external failed file for from front group "
    "groups guest home host hub installed int internal intern issuing issuer key keys lab lan local lync machine mail master mbx media "
    "mediation member message microsoft monitor name net network not oauth office org owa personal pool proxy remote replica "
    "replication root running server servers service services sfb share site sip sites skype sql standard stopped store sub subordinate "
    "support system task team test the time token trust trusted user users web was wac windows with"
)
_SHARES = frozenset({"xds-replica", "xds-master", "admin$", "c$", "ipc$", "sysvol", "netlogon"})


class Pseudonyms:
    """Grows as names are met. Names met late also stand in texts masked before: mask twice and keep the second result."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._inside: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._done: dict[str, str] = {}
        self._phrases: re.Pattern[str] | None = None

    def start_over(self) -> None:
        """Forgets finished texts, keeps names: the next ones are masked with everything known by now."""
        self._done.clear()
        longest_first = sorted(self._inside, key=len, reverse=True)
        self._phrases = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None

    def host(self, name: str, kind: str = "host") -> str:
        """`<kind>-<n>.example` for a name with or without its domain; addresses are hosts too."""
        key = name.strip().rstrip(".").casefold()
        if not key or key in _PUBLIC:
            return name
        if key not in self._known:
            stand_in = f"{self._numbered(kind)}.example"
            self.also(key, stand_in)
            domain = "" if _address(key) else key.partition(".")[2]
            if domain:
                self.domain(domain)
        return self._known[key]

    def also(self, name: str, stand_in: str) -> None:
        """Another name of the same thing. Its first label alone stands for it as well."""
        key = name.strip().rstrip(".").casefold()
        if not key:
            return
        self._known.setdefault(key, stand_in)
        short = short_name(key)
        if short != key and short not in _ORDINARY and len(short) > 1:
            self._known.setdefault(short, short_name(stand_in))

    def domain(self, name: str) -> str:
        """`domain-<n>.example`; its telling labels are recognised inside other words from now on."""
        key = name.strip().rstrip(".").casefold()
        if not key:
            return name
        if key not in self._known:
            self._known[key] = f"{self._numbered('domain')}.example"
            for label in key.split(".")[:-1] or [key]:
                self._recognise(label, short_name(self._known[key]))
        return self._known[key]

    def account(self, text: str) -> str:
        """`CONTOSO\\admin`, `admin@contoso.com` or a bare name."""
        domain, slash, user = text.rpartition("\\")
        if slash:
            return text if domain.casefold() in _OF_WINDOWS else f"{self._flat_domain(domain)}\\{self._user(user)}"
        user, sign, domain = text.partition("@")
        return f"{self._user(user)}@{self.domain(domain)}" if sign else self._user(text)

    def group(self, text: str) -> str:
        """Groups of Windows and of the products keep their names; the names of others tell something."""
        domain, slash, name = text.rpartition("\\")
        plain = name.casefold()
        told = plain.startswith(("rtc", "cs", "domain ", "enterprise ", "schema ")) or plain in _ORDINARY
        if domain.casefold() in _OF_WINDOWS or (not slash and text.startswith("S-1-") and not _SID.match(text)):
            return text
        shown = name if told else self.named(plain, "group")
        return f"{self._flat_domain(domain)}\\{shown}" if slash else shown

    def subject(self, text: str) -> str:
        """A distinguished name by its common name alone."""
        common = next((value.strip() for name, value in _ATTRIBUTE.findall(text) if name == "CN"), "")
        for _, value in _ATTRIBUTE.findall(text):
            self._value(value.strip())
        shown = f"CN={self._value(common or text.strip())}" if text.strip() else text
        if len(text) > 3:
            self._inside.setdefault(text.casefold(), shown)
        return shown

    def named(self, text: str, kind: str) -> str:
        """`<kind>-<n>` for any other text that may tell who it is."""
        key = f"{kind}:{text.casefold()}"
        return self._known.setdefault(key, self._known.get(key) or self._numbered(kind)) if text.strip() else text

    def hosts(self, text: str) -> str:
        """A field that holds names of servers (`dc01`, `ntp.contoso.lab,0x8 ntp2,0x8`); everything else is a text."""
        pieces = [piece.partition(",") for piece in text.split()]
        listed = len(pieces) == 1 or all(comma for _, comma, _ in pieces)
        if not pieces or not listed or not all(_HOST.match(name) or _address(name) for name, _, _ in pieces):
            return self.text(text)
        return " ".join(f"{self.host(name)}{comma}{flags}" for name, comma, flags in pieces)

    def light(self, text: str) -> str:
        """For what programs are called: only names already known to be telling are replaced."""
        shown = _DOTTED.sub(lambda found: self._known.get(found[0].casefold(), found[0]), text)
        return self._phrases.sub(lambda found: self._inside[found[0].casefold()], shown) if self._phrases else shown

    def text(self, text: str) -> str:
        """A sentence with every name in it replaced: known ones, and whatever looks like one."""
        if text not in self._done:
            self._done[text] = text if moment_of(text) else self._masked(text)
        return self._done[text]

    def _masked(self, text: str) -> str:
        kept: list[str] = []

        def keep(shown: str) -> str:
            # what stands here already is not looked at again
            kept.append(shown)
            return chr(0xE000 + len(kept) - 1) if len(kept) <= 0x1900 else ""

        def replace(pattern: re.Pattern[str], stand_in: Callable[[re.Match[str]], str | None]) -> None:
            nonlocal text

            def put(found: re.Match[str]) -> str:
                shown = stand_in(found)
                return found[0] if shown is None else keep(shown)

            text = pattern.sub(put, text)

        text = _KEPT.sub("?", text)
        replace(_HEX, lambda found: shortened(found[0]))
        replace(_GUID, lambda found: self.named(found[0], "id"))
        replace(_SID, lambda found: self.named(found[0], "group"))
        replace(_MAIL, lambda found: self.account(found[0]))
        replace(_SHARE, lambda found: f"\\\\{self.host(found[1])}\\{self._share(found[2])}")
        replace(_PATH, lambda found: self.light(_USERS.sub(lambda user: self._user(user[0]), found[0])))
        replace(_ACCOUNT, lambda found: None if found[1].casefold() in _EVERYWHERE else self.account(found[0]))
        replace(_COLONS, lambda found: self.address(found[0]) if _address(found[0]) else None)
        replace(_DOTTED, lambda found: self._dotted(found[0]))
        if self._phrases:
            replace(self._phrases, lambda found: self._inside.get(found[0].casefold()))
        replace(_ATTRIBUTE, lambda found: None if _KEPT.fullmatch(found[2].strip()) else f"{found[1]}={self._value(found[2].strip())}")
        replace(_WORD, lambda found: self._word(found[0]))
        return _KEPT.sub(lambda found: kept[ord(found[0]) - 0xE000], text)

    def address(self, text: str) -> str:
        """`address-<n>`, or the server's stand-in when it was named by its address."""
        return self._known.get(text.casefold()) or self.named(text, "address")

    def _dotted(self, text: str) -> str | None:
        key = text.casefold()
        if key in self._known:
            return self._known[key]
        if _address(key):
            return self.address(text)
        first, last = key.partition(".")[0], key.rpartition(".")[2]
        telling = len(last) > 1 and last.isalpha() and first not in _PROGRAMS and last not in _FILES and key not in _PUBLIC
        return self.host(text) if telling or last.startswith("xn--") else None

    def _word(self, text: str) -> str | None:
        """The word, or known names among its pieces: `svc_fe01-backup`."""
        if len(text) == 1:
            return None
        if (known := self._known.get(text.casefold())) is not None:
            return known
        pieces = _PIECE.findall(text)
        shown: list[str] = []
        start = 0
        while start < len(pieces):
            for end in range(min(len(pieces), start + 9), start, -1):
                known = self._known.get("".join(pieces[start:end]).casefold())
                if known is not None or end == start + 1:
                    shown.append(pieces[start] if known is None else known)
                    start = end
                    break
        return "".join(shown) if shown != pieces else None

    def _value(self, text: str) -> str:
        """The value of an attribute of a distinguished name."""
        key = text.casefold()
        if key in self._known:
            return self._known[key]
        shown = self.named(text, "name")
        if len(text) > 3 and key not in _ORDINARY:
            self._inside.setdefault(key, shown)
        return shown

    def _user(self, text: str) -> str:
        name = text.removesuffix("$")
        key = name.casefold()
        if name != text or (key in self._known and not self._known[key].startswith("domain")):
            return short_name(self._known.get(key) or self.host(name))
        shown = self.named(name, "account")
        if len(key) > 2 and key not in _ORDINARY:
            self._known.setdefault(key, shown)
        return shown

    def _flat_domain(self, text: str) -> str:
        """The short name in front of an account: a domain's, or a server's own."""
        key = text.casefold()
        if not key or key in _EVERYWHERE or key == ".":
            return text
        if key in self._known:
            return short_name(self._known[key])
        stand_in = self._inside.get(key) or self._numbered("domain")
        self._known[key] = stand_in
        self._recognise(key, stand_in)
        return stand_in

    def _recognise(self, word: str, stand_in: str) -> None:
        if len(word) > 3 and word not in _ORDINARY:
            self._inside.setdefault(word, stand_in)

    def _share(self, text: str) -> str:
        return text if text.casefold() in _SHARES else self.named(text, "share")

    def _numbered(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}-{self._counts[kind]}"


def shortened(text: str) -> str:
    """The first eight digits of a thumbprint or a number like it: enough to tell two apart in one report."""
    digits = re.sub(r"[ :]", "", text)
    return digits[:8] + ELLIPSIS if len(digits) > 8 else text


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True
