"""Judges the certificate in a server's store and its private key: there, usable, able to travel, of the kind the product opens."""

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import Held, held_certificate, not_told
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import KeySeen

AT_SIGNATURE = 2
_NO_KEY_FILE = "missing-key-file"


def oauth_in_store(server: ServerView, deployment: DeploymentView) -> Finding:
    held = held_certificate("oauth-in-store", server, deployment)
    return held if isinstance(held, Finding) else say("oauth-in-store", "pass", server.name, thumbprint=held.thumbprint)


def oauth_private_key(server: ServerView, deployment: DeploymentView) -> Finding:
    """That a key is claimed is known from the store; whether it opens, only from trying."""
    check = "oauth-private-key"
    held = held_certificate(check, server, deployment)
    if isinstance(held, Finding):
        return held
    if not held.certificate.has_private_key:
        return say(check, "no-key", server.name, thumbprint=held.thumbprint)
    key = _key(check, server, held)
    if isinstance(key, Finding):
        return key
    if key.problem == _NO_KEY_FILE:
        return say(check, "key-file-missing", server.name, thumbprint=held.thumbprint, container=key.container or "")
    if key.problem == "access-denied":
        denied = NotSeen("access-denied", {"message": key.message or ""})
        return say_unseen(check, server.name, denied, "keys", (server.name,))
    if not key.opens:
        problem, message = key.problem or "other", key.message or ""
        return say(check, "does-not-open", server.name, thumbprint=held.thumbprint, problem=problem, message=message)
    return say(check, "pass", server.name, thumbprint=held.thumbprint, provider=key.provider or "")


def oauth_key_exportable(server: ServerView, deployment: DeploymentView) -> Finding:
    """The key travels through the Central Management Store, so it must be allowed to leave."""
    check = "oauth-key-exportable"
    found = _usable_key(check, server, deployment)
    if isinstance(found, Finding):
        return found
    held, key = found
    if key.exportable is None:
        return _untold(check, server, key)
    if not key.exportable:
        return say(check, "not-exportable", server.name, thumbprint=held.thumbprint, provider=key.provider or "")
    return say(check, "pass", server.name, thumbprint=held.thumbprint)


def oauth_key_provider(server: ServerView, deployment: DeploymentView) -> Finding:
    """A CryptoAPI provider with a key for exchange; keys of CNG storage providers are not opened by the product."""
    check = "oauth-key-provider"
    found = _usable_key(check, server, deployment)
    if isinstance(found, Finding):
        return found
    held, key = found
    provider = key.provider or ""
    kind = (key.kind or "").lower()
    if kind == "cng" or (not kind and "key storage provider" in provider.lower()):
        return say(check, "cng", server.name, thumbprint=held.thumbprint, provider=provider)
    if kind != "csp" or key.key_spec is None:
        return _untold(check, server, key)
    if key.key_spec == AT_SIGNATURE:
        return say(check, "signature-only", server.name, thumbprint=held.thumbprint, provider=provider, key_spec=key.key_spec)
    return say(check, "pass", server.name, thumbprint=held.thumbprint, provider=provider)


def _untold(check: str, server: ServerView, key: KeySeen) -> Finding:
    """A property that only the opened key could tell: not permitted, or simply left out."""
    if key.problem == "access-denied":
        return say_unseen(check, server.name, NotSeen("access-denied", {"message": key.message or ""}), "keys", (server.name,))
    return not_told(check, server, "keys")


def _usable_key(check: str, server: ServerView, deployment: DeploymentView) -> tuple[Held, KeySeen] | Finding:
    held = held_certificate(check, server, deployment)
    if isinstance(held, Finding):
        return held
    if not held.certificate.has_private_key:
        return say(check, "no-key", server.name, thumbprint=held.thumbprint)
    key = _key(check, server, held)
    if isinstance(key, Finding):
        return key
    if key.problem == _NO_KEY_FILE:
        return say(check, "no-key", server.name, thumbprint=held.thumbprint)
    return held, key


def _key(check: str, server: ServerView, held: Held) -> KeySeen | Finding:
    keys = server.evidence.keys
    if isinstance(keys, NotSeen):
        return say_unseen(check, server.name, keys, "keys", (server.name,))
    for key in keys.value:
        if plain_thumbprint(key.thumbprint) == held.thumbprint:
            return key
    return not_told(check, server, "keys")
