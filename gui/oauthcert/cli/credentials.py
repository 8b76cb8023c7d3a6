"""`oauthcert credentials`: the stored accounts, and whether a server accepts one."""

import argparse

from oauthcert.casework.log_file import LogFile
from oauthcert.cli import exits
from oauthcert.cli.background import run_look
from oauthcert.cli.console import Console
from oauthcert.cli.parts import Parts
from oauthcert.cli.progress import Progress
from oauthcert.cli.sentences import Sentences
from oauthcert.cli.signing_in import ask, credential_of, password_from_stdin
from oauthcert.model.evidence import NotSeen, Observation, Seen
from oauthcert.model.secret import Secret
from oauthcert.vault.store import Place, SecretStore, account_key

_TEST_SECONDS = 60.0


def credentials(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    """Ends with 0; 2 when nothing was stored or removed, or the server refused; 3 when it could not be asked."""
    if options.action == "test":
        return _test(options, parts, console, sentences, log_file)
    if options.action == "list":
        return _list(parts.vault(), console, sentences)
    account_key(options.user)  # refuses an empty name before anybody types a password
    if options.action == "set":
        return _set(options, parts.vault(), console, sentences, log_file)
    return _remove(options, parts.vault(), console, sentences)


def _list(vault: SecretStore, console: Console, sentences: Sentences) -> int:
    accounts = vault.accounts()
    if vault.place is Place.MEMORY:
        console.say(sentences("memory_only"))
    elif not accounts:
        console.say(sentences("no_accounts", place=sentences.place(vault.place)))
    for account in accounts:
        console.result(account)
    return exits.OK


def _set(options: argparse.Namespace, vault: SecretStore, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    if vault.place is Place.MEMORY:
        console.say(sentences("cannot_store"))
        return exits.FAILED
    secret = password_from_stdin(console) if options.password_stdin else _ask_twice(options.user.strip(), console, sentences)
    if secret is None:
        return exits.FAILED
    log_file.hide(secret)
    vault.put(options.user, secret)
    console.say(sentences("stored", username=options.user.strip(), place=sentences.place(vault.place)))
    return exits.OK


def _ask_twice(username: str, console: Console, sentences: Sentences) -> Secret | None:
    first = ask(console, sentences("ask_new_password", username=username)) if console.can_ask else None
    if first is None:
        console.say(sentences("password_empty"))
        return None
    if ask(console, sentences("ask_again")) != first:
        console.say(sentences("not_the_same"))
        return None
    return first


def _remove(options: argparse.Namespace, vault: SecretStore, console: Console, sentences: Sentences) -> int:
    removed = vault.remove(options.user)
    place = sentences.place(vault.place)
    console.say(sentences("removed" if removed else "nothing_to_remove", username=options.user.strip(), place=place))
    return exits.OK if removed else exits.FAILED


def _test(options: argparse.Namespace, parts: Parts, console: Console, sentences: Sentences, log_file: LogFile) -> int:
    from oauthcert.casework.diagnose import Limits, try_sign_in
    from oauthcert.casework.targets import Reaching, read_targets
    from oauthcert.casework.trust import trust

    target = trust(read_targets([options.server], Reaching(options.https, options.port)), options.trust)[0]
    credential = credential_of(options, console, sentences, parts.vault, log_file.hide)
    gateway = parts.gateway()
    limits = Limits(lanes=1, seconds=options.timeout or _TEST_SECONDS)
    observation, interrupted = run_look(
        lambda tell, token: try_sign_in(target, credential, gateway, limits=limits, token=token, tell=tell, now=parts.now),
        console,
        sentences,
        Progress(console, sentences, quiet=not console.on_terminal),
    )
    if interrupted:
        return exits.INTERRUPTED
    key, reason, code = _judged(observation)
    facts = {"server": target.name, "username": credential.username, "method": credential.method.value}
    if reason is not None:
        why = sentences.catalogue.reason(reason.reason, dict(reason.facts))
        console.result(sentences(key, **facts, reason=why.title))
        console.result(why.action)
    else:
        console.result(sentences(key, **facts))
    return code


def _judged(observation: Observation) -> tuple[str, NotSeen | None, int]:
    """The sentence, the reason in it, the exit code."""
    if isinstance(observation.sign_in, Seen):
        if observation.lost is None:
            return "signed_in", None, exits.OK
        return "signed_in_then", observation.lost, exits.UNKNOWN
    if isinstance(observation.reach, Seen):
        return "not_signed_in", observation.sign_in, exits.FAILED
    return "not_reached", observation.reach, exits.UNKNOWN
