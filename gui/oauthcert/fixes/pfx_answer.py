"""Whether a PFX file is the one that is needed, before anything of it is sent to a server. Pure; says in named errors what is wrong."""

from collections.abc import Iterable
from datetime import datetime

from oauthcert.certs.certificate import Certificate
from oauthcert.certs.chain import ChainProblem, build_chain
from oauthcert.certs.pfx import PfxContents, PfxProblem, inspect_pfx
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Secret

_DATES = frozenset({ChainProblem.EXPIRED, ChainProblem.NOT_YET_VALID})
_SHORTEST_KEY = 1024
"""Bits; below this the product refuses to sign."""


class PfxUnfit(OauthcertError):
    """The file can be opened, but does not help. `reason` is one of

    no-key · key-does-not-match · several-keys · no-certificate · other-certificate (fact wanted) · expired · not-yet-valid · not-rsa ·
    short-key · chain-incomplete (fact issuer). Facts: reason, subject, thumbprint, not_before, not_after, wanted, issuer; texts.
    """

    words = "pfx-unfit"

    def __init__(self, reason: str, contents: PfxContents, *, wanted: str = "", issuer: str = "") -> None:
        leaf = contents.leaf
        super().__init__(
            reason,
            reason=reason,
            subject=leaf.subject if leaf else "",
            thumbprint=leaf.thumbprint if leaf else "",
            not_before=leaf.not_before.isoformat() if leaf else "",
            not_after=leaf.not_after.isoformat() if leaf else "",
            wanted=wanted,
            issuer=issuer,
        )
        self.reason = reason


def fitting_pfx(
    data: bytes,
    password: Secret,
    at: datetime,
    *,
    wanted: Iterable[str] = (),
    intermediates: Iterable[Certificate] = (),
    roots: Iterable[Certificate] = (),
) -> Certificate:
    """The certificate in the file, when it can be imported for the deployment. Raises PfxUnreadable, PfxUnfit.

    `wanted` are the thumbprints that will do (none named: any). `intermediates` and `roots` are what the server knows already; the chain
    is judged only where roots are given, since otherwise nothing can end in a trusted one.
    """
    contents = inspect_pfx(data, password)
    named = tuple(thumbprint.upper() for thumbprint in wanted)
    for problem in (PfxProblem.NO_CERTIFICATE, PfxProblem.NO_KEY, PfxProblem.SEVERAL_KEYS, PfxProblem.KEY_DOES_NOT_MATCH):
        if problem in contents.problems:
            raise PfxUnfit(problem.value, contents)
    leaf = contents.leaf
    if leaf is None:
        raise PfxUnfit(PfxProblem.NO_CERTIFICATE.value, contents)
    if named and leaf.thumbprint not in named:
        raise PfxUnfit("other-certificate", contents, wanted=", ".join(named))
    if contents.key_algorithm != "RSA":
        raise PfxUnfit("not-rsa", contents)
    if contents.key_bits < _SHORTEST_KEY:
        raise PfxUnfit("short-key", contents)
    if leaf.not_after <= at:
        raise PfxUnfit("expired", contents)
    if leaf.not_before > at:
        raise PfxUnfit("not-yet-valid", contents)
    _whole_chain(contents, leaf, at, tuple(intermediates), tuple(roots))
    return leaf


def _whole_chain(
    contents: PfxContents, leaf: Certificate, at: datetime, intermediates: tuple[Certificate, ...], roots: tuple[Certificate, ...]
) -> None:
    if not roots:
        return
    chain = build_chain(leaf, (*contents.chain, *intermediates), roots, at)
    problem = next((one for one in chain.problems if one.problem not in _DATES or one.link > 0), None)
    if problem is not None:
        issuer = problem.certificate.issuer if problem.problem is ChainProblem.MISSING_ISSUER else problem.certificate.subject
        raise PfxUnfit("chain-incomplete", contents, issuer=issuer)
