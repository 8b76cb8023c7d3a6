"""The help pages: one for every check in every language, in step with each other, and naming only commands that exist."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.checks.table import CHECKS
from oauthcert.flow.steps import PATHS, Goal
from oauthcert.words import Catalogue
from oauthcert.words.shelves import LANGUAGES

ROOT = assets.resources() / "help"
IDS = [check.id for check in CHECKS]
PAGES = [(language, check) for language in LANGUAGES for check in IDS]
COMMANDS = json.loads((Path(__file__).parents[1] / "data" / "cmdlets.json").read_text(encoding="utf-8"))
# Sections that every page has, by language.
SECTIONS = {
    "en": ("What it means", "How it is judged", "Look by hand", "Never", "Sources"),
    "de": ("Was es bedeutet", "Wie beurteilt wird", "Von Hand nachsehen", "Niemals", "Quellen"),
}
# Exist in every Windows, but not in the excerpt of the command reference that the project keeps.
WINDOWS = {
    "Disable-WSManCredSSP",
    "Enter-PSSession",
    "Export-PfxCertificate",
    "Format-List",
    "Format-Table",
    "Get-ADGroupMember",
    "Get-ChildItem",
    "Get-CimInstance",
    "Get-Date",
    "Get-Item",
    "Get-Module",
    "Get-PSSessionConfiguration",
    "Get-Service",
    "Get-WinEvent",
    "Import-Module",
    "Import-PfxCertificate",
    "Invoke-Command",
    "Read-Host",
    "Resolve-DnsName",
    "Restart-Service",
    "Restart-WebAppPool",
    "Select-Object",
    "Set-Service",
    "Sort-Object",
    "Start-Service",
    "Test-NetConnection",
    "Test-WSMan",
    "Where-Object",
}
# Documented commands of the products that the pages and texts name; lync.md A, the rest from Exchange.
PRODUCT = {
    "Enable-CsReplica",
    "Enable-CsTopology",
    "Enable-ExchangeCertificate",
    "Export-CsConfiguration",
    "Get-AuthConfig",
    "Get-AuthServer",
    "Get-CsAdminRole",
    "Get-CsCertificate",
    "Get-CsComputer",
    "Get-CsManagementConnection",
    "Get-CsManagementStoreReplicationStatus",
    "Get-CsServerPatchVersion",
    "Get-CsServerVersion",
    "Get-CsWindowsService",
    "Get-ExchangeCertificate",
    "Get-ExchangeServer",
    "Get-PartnerApplication",
    "Import-CsCertificate",
    "Import-CsConfiguration",
    "Import-ExchangeCertificate",
    "Invoke-CsManagementServerFailover",
    "Invoke-CsManagementStoreReplication",
    "New-AcceptedDomain",
    "New-CsWebTrustedCACertificate",
    "New-ExchangeCertificate",
    "Publish-CsTopology",
    "Remove-CsCertificate",
    "Request-CsCertificate",
    "Set-AuthServer",
    "Set-CsCertificate",
    "Set-CsOAuthConfiguration",
    "Set-CsPartnerApplication",
    "Set-PartnerApplication",
    "Start-CsPool",
    "Start-CsWindowsService",
    "Stop-CsWindowsService",
    "Test-CsReplica",
    "Test-OAuthConnectivity",
    "Test-OrganizationRelationship",
}
DOING = ("Get", "Set", "New", "Remove", "Start", "Stop", "Restart", "Enable", "Disable", "Import", "Export", "Invoke")
LOOKING = ("Request", "Publish", "Test", "Resolve", "Enter", "Read", "Format", "Select", "Sort", "Where")
VERBS = "|".join((*DOING, *LOOKING))
COMMAND = re.compile(rf"\b(?:{VERBS})-[A-Z][A-Za-z]+\b")


def page(language: str, check: str) -> str:
    return Catalogue(language).help(check)


def command_lines(text: str) -> list[str]:
    """The lines of code blocks, without comments."""
    blocks = re.findall(r"^ *```powershell\n(.*?)^ *```", text, re.M | re.S)
    return [line.split("#", 1)[0].strip() for block in blocks for line in block.splitlines() if line.split("#", 1)[0].strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_check_has_its_page_and_no_page_is_left_over(language: str) -> None:
    assert sorted(file.stem for file in (ROOT / language).iterdir()) == sorted(
        [*IDS, *(f"wizard-{step.value}" for step in PATHS[Goal.TROUBLESHOOT])]
    )


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_page_tells_all_a_technician_needs(language: str, check: str) -> None:
    text = page(language, check)
    heads = re.findall(r"^## (.+)$", text, re.M)
    assert text.startswith("# ")
    assert text.splitlines()[0].removeprefix("# ").startswith(Catalogue(language).check(check).name)
    assert [head for head in SECTIONS[language] if head in heads] == list(SECTIONS[language])
    assert 25 <= len(text.splitlines()) <= 90
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_page_names_the_same_sources_as_the_findings(language: str, check: str) -> None:
    assert re.findall(r"^- \[.+\]\((.+)\)$", page(language, check), re.M) == [source.url for source in Catalogue(language).sources(check)]


@pytest.mark.parametrize("check", IDS)
def test_that_both_languages_show_the_same_commands(check: str) -> None:
    english, german = page("en", check), page("de", check)
    plain = [[re.sub(r"<[^>]+>", "<>", re.sub(r"\s+", " ", line)) for line in command_lines(text)] for text in (english, german)]
    assert plain[0] == plain[1]
    assert english.count("\n## ") == german.count("\n## ")
    assert english.count("\n- ") == german.count("\n- ")
    assert len(re.findall(r"\(inferred\)|inferred", english)) == len(re.findall(r"abgeleitet", german))


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_pages_name_only_commands_that_exist(language: str, check: str) -> None:
    assert set(COMMAND.findall(page(language, check))) - WINDOWS - PRODUCT - set(COMMANDS) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_texts_name_only_commands_that_exist(language: str) -> None:
    folder = assets.resources() / "words" / language
    found = {name for file in folder.iterdir() for name in COMMAND.findall(file.read_text(encoding="utf-8"))}
    assert found - WINDOWS - PRODUCT - set(COMMANDS) == set()


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_no_command_that_does_harm_is_shown_as_one_to_run(language: str, check: str) -> None:
    for line in command_lines(page(language, check)):
        assert not line.startswith(("Start-CsPool", "Publish-CsTopology", "Enable-CsTopology"))
        assert "TrustedHosts" not in line
        assert "/force" not in line.lower()
        if line.startswith("Import-CsConfiguration"):
            assert "-LocalStore" in line
        if line.startswith("Set-CsCertificate"):
            assert "-Identity Global" in line
        if line.startswith("Import-PfxCertificate"):
            assert "-Exportable" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_no_text_advises_what_does_harm(language: str) -> None:
    for file in (assets.resources() / "words" / language).glob("findings-*.toml"):
        for check, variants in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for variant, words in variants.items():
                action = words.get("action", "")
                assert "Start-CsPool" not in action, (check, variant)
                if "Import-CsConfiguration" in action:
                    assert "-LocalStore" in action, (check, variant)
                if "Set-CsCertificate" in action:
                    assert "-Identity Global" in action, (check, variant)
