"""What the probes of the machine itself printed: session, product, module, time, services, second hop, and the first frame."""

from oauthcert.collect.fields import Fields
from oauthcert.model.server_evidence import (
    AvailableModule,
    HelloSeen,
    HopSeen,
    InstalledProduct,
    ModuleSeen,
    ProductSeen,
    ServiceSeen,
    SessionSeen,
    TimeSeen,
)


def hello(answer: Fields) -> HelloSeen:
    return HelloSeen(
        edition=answer.text("edition"),
        process64=answer.flag("process64"),
        computer=answer.text("computer"),
        utc=answer.maybe_time("utc"),
    )


def session(answer: Fields) -> SessionSeen:
    return SessionSeen(
        powershell=answer.text("powershell"),
        process64=answer.flag("process64"),
        os64=answer.flag("os64"),
        computer=answer.text("computer"),
        fqdn=answer.text("fqdn"),
        domain_joined=answer.flag("domainJoined"),
        domain=answer.maybe_text("domain"),
        os_version=answer.text("osVersion"),
        os_name=answer.text("osName"),
        account=answer.text("account"),
        authentication=answer.text("authentication"),
        impersonation=answer.text("impersonation"),
        elevated=answer.flag("elevated"),
        groups=answer.texts("groups"),
    )


def product(answer: Fields) -> ProductSeen:
    return ProductSeen(
        products=answer.objects("products", _installed),
        modules=answer.objects("modules", _available),
        dot_net_release=answer.maybe_whole("dotNetRelease"),
        exchange_installed=answer.flag("exchangeInstalled"),
    )


def _installed(item: Fields) -> InstalledProduct:
    return InstalledProduct(item.text("name"), item.text("version"), item.text("publisher"))


def _available(item: Fields) -> AvailableModule:
    return AvailableModule(item.text("name"), item.text("version"), item.text("path"))


def module(answer: Fields) -> ModuleSeen:
    return ModuleSeen(answer.maybe_text("name"), answer.maybe_text("version"), answer.maybe_text("path"), answer.maybe_text("by"))


def time(answer: Fields) -> TimeSeen:
    return TimeSeen(
        utc=answer.maybe_time("utc"),
        zone=answer.text("zone"),
        service_state=answer.maybe_text("serviceState"),
        service_start_mode=answer.maybe_text("serviceStartMode"),
        type=answer.maybe_text("type"),
        ntp_server=answer.maybe_text("ntpServer"),
        source=answer.maybe_text("source"),
        leap=answer.maybe_whole("leap"),
        stratum=answer.maybe_whole("stratum"),
        last_sync=answer.maybe_time("lastSync"),
        vmic_enabled=answer.maybe_flag("vmicEnabled"),
        virtual_machine=answer.maybe_flag("virtualMachine"),
        dc_name=answer.maybe_text("dcName"),
        dc_offset_seconds=answer.maybe_number("dcOffsetSeconds"),
        dc_offset_error=answer.maybe_number("dcOffsetError"),
        domain_joined=answer.flag("domainJoined"),
    )


def service(item: Fields) -> ServiceSeen:
    return ServiceSeen(
        name=item.text("name"),
        display_name=item.text("displayName"),
        state=item.text("state"),
        start_mode=item.text("startMode"),
        delayed=item.later_flag("delayed"),
        deleting=item.later_flag("deleting"),
    )


def hop(answer: Fields) -> HopSeen:
    return HopSeen(answer.text("directory"), answer.maybe_text("directoryMessage"))
