"""What an operator asked for and cannot have, each kind with its own words and the facts to name it."""

from oauthcert.model.errors import UsageError


class NoServers(UsageError):
    """Nothing to look at was named."""

    words = "no-servers"


class BadServerName(UsageError):
    """Facts: `typed`."""

    words = "bad-server-name"


class BadPort(UsageError):
    """Facts: `typed`."""

    words = "bad-port"


class BadAddress(UsageError):
    """An IP address that is none, or one that cannot be used as such. Facts: `typed`."""

    words = "bad-address"


class UrlNotAServer(UsageError):
    """A web address with more in it than a server. Facts: `host`."""

    words = "url-not-a-server"


class PasswordInUrl(UsageError):
    """An account or password inside a web address; it is not repeated. Facts: `host`."""

    words = "password-in-url"


class ServerNamedTwice(UsageError):
    """The same server with different ports or schemes. Facts: `server`, `first`, `second`."""

    words = "server-named-twice"


class BadFingerprint(UsageError):
    """Facts: `typed`."""

    words = "bad-fingerprint"


class FingerprintForWhom(UsageError):
    """One fingerprint and several servers: trust is given to one server. Facts: `servers` (their number)."""

    words = "fingerprint-for-whom"


class FingerprintWithoutTls(UsageError):
    """There is no certificate to trust on a connection without TLS. Facts: `server`."""

    words = "fingerprint-without-tls"


class FingerprintOfStranger(UsageError):
    """A fingerprint for a server that is not among those to look at. Facts: `server`."""

    words = "fingerprint-of-stranger"
