"""What the probes of platform, published metadata and partners printed."""

from oauthcert.collect.fields import Fields
from oauthcert.model.product_evidence import Challenge, MetadataSeen, OAuthServer, PartnerApplication, PartnersSeen, PlatformSeen


def platform(answer: Fields) -> PlatformSeen:
    return PlatformSeen(
        boot_time=answer.maybe_time("bootTime"),
        free_megabytes=answer.maybe_whole("freeMegabytes"),
        replica_share=answer.flag("replicaShare"),
        client_auth_trust_mode=answer.maybe_whole("clientAuthTrustMode"),
        send_trusted_issuer_list=answer.maybe_whole("sendTrustedIssuerList"),
        enable_session_ticket=answer.maybe_whole("enableSessionTicket"),
    )


def metadata(answer: Fields) -> MetadataSeen:
    return MetadataSeen(
        asked=answer.flag("asked"),
        why=answer.maybe_text("why"),
        url=answer.text("url"),
        status=answer.maybe_whole("status"),
        tls=answer.maybe_text("tls"),
        problem=answer.maybe_text("problem"),
        message=answer.maybe_text("message"),
        readable=answer.flag("readable"),
        realm=answer.maybe_text("realm"),
        issuer=answer.maybe_text("issuer"),
        thumbprints=answer.thumbprints("thumbprints"),
    )


def partners(answer: Fields) -> PartnersSeen:
    return PartnersSeen(
        partners=answer.objects("partners", _application),
        oauth_servers=answer.objects("oauthServers", _oauth_server),
        realm=answer.maybe_text("realm"),
        service_name=answer.maybe_text("serviceName"),
        exchange_autodiscover_url=answer.maybe_text("exchangeAutodiscoverUrl"),
        challenge=answer.maybe_inner("challenge", _challenge),
    )


def _application(item: Fields) -> PartnerApplication:
    return PartnerApplication(
        identity=item.text("identity"),
        application_identifier=item.text("applicationIdentifier"),
        realm=item.maybe_text("realm"),
        trust_level=item.maybe_text("trustLevel"),
        enabled=item.flag("enabled"),
        metadata_url=item.maybe_text("metadataUrl"),
        uses_oauth_server=item.flag("usesOAuthServer"),
    )


def _oauth_server(item: Fields) -> OAuthServer:
    return OAuthServer(item.text("identity"), item.maybe_text("issuerIdentifier"), item.maybe_text("realm"), item.maybe_text("metadataUrl"))


def _challenge(answer: Fields) -> Challenge:
    return Challenge(
        url=answer.text("url"),
        status=answer.maybe_whole("status"),
        tls=answer.maybe_text("tls"),
        trust=answer.maybe_text("trust"),
        problem=answer.maybe_text("problem"),
        message=answer.maybe_text("message"),
        authenticate=answer.maybe_text("authenticate"),
        diagnostics=answer.maybe_text("diagnostics"),
    )
