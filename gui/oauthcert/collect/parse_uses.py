"""What the probes of certificate uses and of access to private keys printed."""

from oauthcert.collect.fields import Fields
from oauthcert.model.certificate_evidence import AccessRule, AccessSeen, CertificateUse, KeyAccess, ServiceAccount


def use(item: Fields) -> CertificateUse:
    return CertificateUse(
        use=item.maybe_text("use"),
        thumbprint=item.maybe_thumbprint("thumbprint"),
        subject=item.maybe_text("subject"),
        not_before=item.maybe_time("notBefore"),
        not_after=item.maybe_time("notAfter"),
        not_found_or_untrusted=item.flag("notFoundOrUntrusted"),
        message=item.maybe_text("message"),
    )


def access(answer: Fields) -> AccessSeen:
    return AccessSeen(answer.objects("accounts", _account), answer.objects("keys", _key))


def _account(item: Fields) -> ServiceAccount:
    return ServiceAccount(item.text("account"), item.text("sid"), item.texts("services"))


def _key(item: Fields) -> KeyAccess:
    return KeyAccess(
        thumbprint=item.thumbprint("thumbprint"),
        container=item.maybe_text("container"),
        rules=item.objects("rules", _rule),
        problem=item.maybe_text("problem"),
        message=item.maybe_text("message"),
    )


def _rule(item: Fields) -> AccessRule:
    return AccessRule(item.text("sid"), item.maybe_text("account"), item.flag("allow"), item.flag("read"))
