"""Commands that are passed around and do not work or do harm: explain says why not, and gives the form that is right."""

import pytest

from oauthcert.words import Catalogue
from oauthcert.words.explain import explain

CATALOGUES = (Catalogue("en"), Catalogue("de"))
# What is pasted, and what has to stand in the answer in every language.
COMMANDS = [
    ("Import-CsConfiguration -FileName C:\\Temp\\config.zip", "-LocalStore"),
    ("Start-CsPool -PoolFqdn pool01.contoso.com", "Start-CsPool"),
    ("Publish-CsTopology; Enable-CsTopology", "Invoke-CsManagementStoreReplication"),
    ("Restart-CsWindowsService RTCSRV", "Stop-CsWindowsService"),
    ("Import-CsCertificate -Path C:\\oauth.pfx -Password secret -PrivateKeyExportable $true", "Import-PfxCertificate"),
    ("Set-Item WSMan:\\localhost\\Client\\TrustedHosts -Value *", "HTTPS"),
    ("w32tm /resync /force", "w32tm /query /status"),
    ("Test-OAuthConnectivity -Service EWS -TargetUri https://x -OrganizationDomain 'contoso.com'", "-ReloadConfig"),
    ("$result | Select-Object ResultType, ResultDescription | Format-List", "Detail"),
    ("Get-AvailabilityService -Identity user@contoso.com", "Test-OrganizationRelationship"),
    ('Set-AuthServer -Identity "AzureAD" -RefreshAuthMetadata', "Get-AuthServer | Where-Object Type -eq AzureAD"),
    ('New-PartnerApplication -Name "Exchange Online" -LinkedAccount "contoso.onmicrosoft.com"', "Set-PartnerApplication -Enabled $true"),
    ("New-ExchangeCertificate -KeySize 2048 -DomainName $env:COMPUTERNAME -Services SMTP", "-DomainName @()"),
    ("$days = ((Get-AuthConfig).CertificateNotAfter - (Get-Date)).Days", "Get-ExchangeCertificate -Thumbprint"),
    ("Set-AuthConfig -NewCertificateThumbprint $t -NewCertificateEffectiveDate (Get-Date)", "48"),
    ("Set-AuthConfig -ClearPreviousCertificate", "24"),
    ("Restart-Service MSExchangeOWAAppPool", "Restart-WebAppPool MSExchangeOWAAppPool"),
    ("iisreset /noforce", "Restart-WebAppPool"),
    ("Enable-ExchangeCertificate -Thumbprint $t -Services SMTP,IMAP,POP,IIS", "-NetworkServiceAllowed"),
    ("Update-MgServicePrincipal -ServicePrincipalId $sp.Id -KeyCredentials @($keyCredential)", "-UpdateCertificate"),
    ("[System.Net.WebProxy]::GetDefaultProxy()", "netsh winhttp show proxy"),
    ("$cert.PrivateKey.CspKeyContainerInfo.UniqueKeyContainerName", "GetRSAPrivateKey"),
    ("Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Id = 1003 }", "1"),
    ("Set-CsCertificate -Type OAuthTokenIssuer -Thumbprint $t -Roll -EffectiveDate '7/22/2026 1:00 PM'", "-Identity Global"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "right"), COMMANDS)
def test_that_a_command_that_goes_wrong_is_answered_with_the_right_one(pasted: str, right: str) -> None:
    for catalogue in CATALOGUES:
        for text in (pasted, f"PS C:\\Windows\\system32> {pasted}\n", f"# Step 2: mend it\n{pasted} | Out-Null"):
            found = explain(text, catalogue)
            assert found.id.startswith("command-") or found.id in ("roll-fails", "ask-restart"), text
            assert right in found.meaning + found.action, text


def test_that_every_known_command_of_a_pasted_script_is_named() -> None:
    found = explain("\n".join(pasted for pasted, _ in COMMANDS[15:19]), CATALOGUES[0])
    assert len(found.candidates) == 4
    assert all(one.id.startswith("command-") for one in found.candidates[:3])
