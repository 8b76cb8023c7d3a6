"""Stand-ins for what the probes of published metadata and partners meet: the web sites of the practice lab and the partners' cmdlets."""

from collections.abc import Callable, Mapping, Sequence

from oauthcert.lab.answer_product import exchange_web, metadata_web, oauth_configuration, oauth_servers, partner_applications
from oauthcert.lab.cmdlets import Cmdlets
from tests.powershell.stubs import literal


def https_answers(at: Cmdlets) -> str:
    """The body of Get-HttpsAnswer: this server's own web site under its own name, Exchange under any other."""
    own, other = literal(dict(metadata_web(at).as_json())), literal(dict(exchange_web(at).as_json()))
    return f"if ($HostName -eq '{at.machine.name}') {{ {own} }}\n    else {{ {other} }}"


def partner_cmdlets(at: Cmdlets) -> Mapping[str, Callable[[], Sequence[object]]]:
    """What Get-CsPartnerApplication, Get-CsOAuthServer and Get-CsOAuthConfiguration give, all with -LocalStore."""
    return {
        "Get-CsPartnerApplication": lambda: partner_applications(at),
        "Get-CsOAuthServer": lambda: oauth_servers(at),
        "Get-CsOAuthConfiguration": lambda: oauth_configuration(at),
    }
