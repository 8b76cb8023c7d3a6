"""What can go wrong between here and the place that keeps passwords; each kind has its own words. No text ever holds a password."""

from oauthcert.model.errors import VaultError


class VaultLocked(VaultError):
    """The store is locked, or waits for someone to unlock it. Facts: `place`, `seconds` when a wait ran out."""

    words = "vault-locked"


class PasswordTooLong(VaultError):
    """Facts: `limit` and `length`, both in UTF-16 units, as Windows counts."""

    words = "vault-password-too-long"


class PasswordUnusable(VaultError):
    """An empty password, or one that is not valid Unicode text, cannot be kept."""

    words = "vault-password-unusable"


class NoAccountName(VaultError):
    """A password is kept under the name of its account, and there was none."""

    words = "vault-no-account"


class VaultRefused(VaultError):
    """The store answered with an error of its own. Facts: `place`, `kind` (the name of the error, never its text)."""

    words = "vault-refused"


class NothingKept(VaultError):
    """The store said yes, and then did not have the password."""

    words = "vault-nothing-kept"
