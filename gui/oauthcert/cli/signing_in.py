"""From the options of a command to the account that signs in: which, how, and where its password comes from."""

import argparse
import getpass
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences
from oauthcert.model.errors import UsageError, VaultError
from oauthcert.model.secret import Credential, Secret, SignInMethod

if TYPE_CHECKING:
    from oauthcert.vault.store import SecretStore


class NoAccount(UsageError):
    """The method needs an account and none was named."""

    words = "no-account"


class NoPassword(UsageError):
    """No stored password, and nobody to ask. Facts: `username`."""

    words = "no-password"


class PasswordNotText(UsageError):
    """Standard input did not bring a line of UTF-8 text."""

    words = "password-not-text"


class CertificateFilesMissing(UsageError):
    """Signing in with a certificate needs it and its key, as two PEM files."""

    words = "certificate-files-missing"


def credential_of(
    options: argparse.Namespace, console: Console, sentences: Sentences, vault: "Callable[[], SecretStore]", hide: Callable[[Secret], None]
) -> Credential:
    """The account of `--user`, its password from standard input, the store, or the terminal, in this order.

    `hide` is told every password before anything else sees it. Raises a kind of UsageError that says what is missing.
    """
    method = SignInMethod(options.auth or SignInMethod.NTLM)
    username = (options.user or "").strip()
    if method is SignInMethod.CERTIFICATE:
        if not options.certificate or not options.key:
            raise CertificateFilesMissing("signing in with a certificate needs --certificate and --key, two PEM files")
        return Credential(username, Secret(""), method, options.certificate, options.key)
    if method is SignInMethod.KERBEROS:
        # Kerberos signs in with the ticket of `kinit` or of the desktop session
        return Credential(username, Secret(""), method)
    if not username:
        raise NoAccount("name the account to sign in with: --user CONTOSO\\admin")
    secret = password_from_stdin(console) if options.password_stdin else _stored_or_asked(username, console, sentences, vault)
    hide(secret)
    return Credential(username, secret, method)


def password_from_stdin(console: Console) -> Secret:
    """The first line of standard input. Raises PasswordNotText when there is none."""
    try:
        line = console.read_line()
    except UnicodeError:
        raise PasswordNotText("the password on standard input is not UTF-8 text") from None
    if not line:
        raise PasswordNotText("standard input brought no password")
    return Secret(line)


def ask(console: Console, prompt: str) -> Secret | None:
    """Asks on the terminal without showing what is typed. None when nothing was given, or the terminal would show it."""
    with warnings.catch_warnings():
        # getpass falls back to visible typing with a warning; better not to ask at all
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            text = getpass.getpass(prompt, console.stderr)
        except (EOFError, getpass.GetPassWarning):
            return None
    return Secret(text) if text else None


def _stored_or_asked(username: str, console: Console, sentences: Sentences, vault: "Callable[[], SecretStore]") -> Secret:
    try:
        secret = vault().get(username)
    except VaultError as error:
        # the store is a convenience: without it there is still the person at the terminal
        console.say(sentences.error(error))
        secret = None
    if secret is None and console.can_ask:
        secret = ask(console, sentences("ask_password", username=username))
    if secret is None:
        raise NoPassword(
            f"no password of {username} is stored and there is no terminal to ask on: store it with oauthcert credentials set, "
            "or hand it over with --password-stdin",
            username=username,
        )
    return secret
