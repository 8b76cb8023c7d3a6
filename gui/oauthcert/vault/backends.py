"""Which of the machine's password stores is trusted. keyring picks up any plug-in that is installed, also ones that write plain
text; only stores of the operating system are let in, by the exact class."""

import logging
from typing import TYPE_CHECKING

from oauthcert.vault.store import Place

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

_ALLOWED = {
    ("keyring.backends.Windows", "WinVaultKeyring"): Place.WINDOWS,
    ("keyring.backends.SecretService", "Keyring"): Place.SECRET_SERVICE,
    ("keyring.backends.macOS", "Keyring"): Place.KEYCHAIN,
    ("keyring.backends.kwallet", "DBusKeyring"): Place.KWALLET,
}


def place_of(backend: object) -> Place | None:
    """Where this backend keeps things, None when it is not one to be trusted (subclasses included: they may do anything)."""
    kind = type(backend)
    return _ALLOWED.get((kind.__module__, kind.__qualname__))


def trusted_backend() -> "tuple[KeyringBackend, Place] | None":
    """The store that keyring would use, when it is trusted; a chain of stores is looked into. None: keep passwords in memory only.

    A store the user switched off (PYTHON_KEYRING_BACKEND, keyringrc.cfg) is not brought back. May block on a locked desktop.
    """
    from keyring import core
    from keyring.backends.chainer import ChainerBackend

    try:
        chosen = core.get_keyring()
    except Exception as error:
        log.warning("keyring is set up in a way that fails (%s); passwords are kept in memory only", type(error).__name__)
        return None
    candidates = chosen.backends if type(chosen) is ChainerBackend else [chosen]
    for backend in candidates:
        place = place_of(backend)
        if place is not None:
            if place is Place.WINDOWS:
                # the default, ENTERPRISE, copies passwords to every machine the user signs in to
                backend.persist = "local machine"  # type: ignore[union-attr]
            return backend, place
        log.info("password store %s.%s is not trusted", type(backend).__module__, type(backend).__qualname__)
    return None
