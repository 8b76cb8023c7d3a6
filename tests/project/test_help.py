"""The help pages: one for every check, repair and step in every language, in step with each other, naming only commands that exist."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.checks.rules import RULES
from oauthcert.checks.table import CHECKS
from oauthcert.checks.thresholds import Thresholds
from oauthcert.fixes.table import FIXES, FOR_REASON, fix
from oauthcert.flow.steps import Step
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Manner
from oauthcert.words import Catalogue
from oauthcert.words.shelves import LANGUAGES

ROOT = assets.resources() / "help"
IDS = [check.id for check in CHECKS]
FIX_IDS = [fix.id for fix in FIXES]
WIZARD = [f"wizard-{step.value}" for step in Step]
PAGES = [(language, check) for language in LANGUAGES for check in IDS]
FIX_PAGES = [(language, name) for language in LANGUAGES for name in FIX_IDS]
ALL = [*IDS, *(f"fix-{name}" for name in FIX_IDS), *WIZARD]
ALL_PAGES = [(language, name) for language in LANGUAGES for name in ALL]
COMMANDS = json.loads((Path(__file__).parents[1] / "data" / "cmdlets.json").read_text(encoding="utf-8"))
REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "help_commands.json").read_text(encoding="utf-8"))
"""The commands that pages show, with their documented parameters; taken from the reference named in `source`."""
COMMON = {"Verbose", "Debug", "ErrorAction", "Confirm", "WhatIf"}
# Sections that every page has, by language.
SECTIONS = {
    "en": ("What it means", "How it is judged", "Look by hand", "Never", "Sources"),
    "de": ("Was es bedeutet", "Wie beurteilt wird", "Von Hand nachsehen", "Niemals", "Quellen"),
}
FIX_SECTIONS = {
    "en": ["What it does", "What to expect", "By hand", "Afterwards", "Never", "Sources"],
    "de": ["Was geschieht", "Was zu erwarten ist", "Von Hand", "Danach", "Niemals", "Quellen"],
}
# What a technician asks before anything is changed: what changes, who notices, how long, and the way back.
EXPECT = {"en": ("Changes", "Who notices", "Takes", "Way back"), "de": ("Ändert", "Wer es merkt", "Dauert", "Weg zurück")}
REPAIRS = {"en": "Repairs", "de": "Reparaturen"}
CAUSES = {"en": "Cause and effect", "de": "Ursache und Folge"}
JUDGED = {"en": "How it is judged", "de": "Wie beurteilt wird"}
AS_SET = Thresholds()
# What the pages say must be what the checks compare with. Units as both languages begin them.
LIMITS: tuple[tuple[str, float, str, str], ...] = (
    ("time-skew", AS_SET.skew_warn_seconds / 60, "minute", "Minute"),
    ("time-skew", AS_SET.skew_fail_seconds / 60, "minute", "Minute"),
    ("time-source", AS_SET.sync_age_hours, "hour", "Stunde"),
    ("cms-master", AS_SET.heartbeat_minutes, "minute", "Minute"),
    ("replication-up-to-date", AS_SET.report_age_hours, "hour", "Stunde"),
    ("replication-up-to-date", AS_SET.arriving_seconds / 60, "minute", "Minute"),
    ("replication-arrived", AS_SET.arriving_seconds / 60, "minute", "Minute"),
    ("local-store-current", AS_SET.arriving_seconds / 60, "minute", "Minute"),
    ("components-installed", AS_SET.setup_gigabytes, "GB", "GB"),
    ("oauth-single", AS_SET.request_days, "day", "Tag"),
    ("oauth-validity", AS_SET.expiry_fail_days, "day", "Tag"),
    ("oauth-validity", AS_SET.expiry_warn_days, "day", "Tag"),
    ("oauth-strength", AS_SET.key_bits, "bit", "Bit"),
    ("oauth-rollover", AS_SET.lead_hours, "hour", "Stunde"),
    ("oauth-rollover", AS_SET.previous_days, "day", "Tag"),
    ("services-started", AS_SET.start_minutes, "minute", "Minute"),
    ("metadata-published", AS_SET.publish_minutes, "minute", "Minute"),
)
# Exist in every Windows, but not in the excerpt of the command reference that the project keeps.
WINDOWS = {
    "Disable-WSManCredSSP",
    "Enter-PSSession",
    "Enable-WSManCredSSP",
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
    "Import-Certificate",
    "Import-Module",
    "Import-PfxCertificate",
    "Invoke-Command",
    "Move-Item",
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
    "Configure-EnterprisePartnerApplication",  # a script that comes with Exchange
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
    "Remove-AcceptedDomain",
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
KNOWN = {*WINDOWS, *PRODUCT, *COMMANDS, *REFERENCE}
DOING = ("Get", "Set", "New", "Remove", "Start", "Stop", "Restart", "Enable", "Disable", "Import", "Export", "Invoke")
LOOKING = ("Configure", "Move", "Request", "Reset", "Publish", "Test", "Resolve", "Enter", "Read", "Format", "Select", "Sort", "Where")
VERBS = "|".join((*DOING, *LOOKING))
COMMAND = re.compile(rf"\b(?:{VERBS})-[A-Z][A-Za-z]+\b")


def page(language: str, check: str) -> str:
    return Catalogue(language).help(check)


def command_lines(text: str) -> list[str]:
    """The lines of code blocks, without comments."""
    blocks = re.findall(r"^ *```powershell\n(.*?)^ *```", text, re.M | re.S)
    return [line.split("#", 1)[0].strip() for block in blocks for line in block.splitlines() if line.split("#", 1)[0].strip()]


def section(text: str, head: str) -> str:
    """What stands below a heading; empty where there is none."""
    found = re.search(rf"^## {re.escape(head)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1].strip() if found else ""


def links(text: str) -> list[str]:
    """The pages of ours that a text leads to, by id."""
    return re.findall(r"\]\(([a-z0-9-]+)\.md\)", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_check_repair_and_step_has_its_page_and_no_page_is_left_over(language: str) -> None:
    assert sorted(file.stem for file in (ROOT / language).iterdir()) == sorted(ALL)


@pytest.mark.parametrize(("language", "name"), ALL_PAGES)
def test_that_links_between_pages_lead_to_pages_of_the_same_language(language: str, name: str) -> None:
    text = page(language, name)
    assert [link for link in links(text) if link not in ALL] == []
    assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://") and not link.endswith(".md")] == []


@pytest.mark.parametrize("name", ALL)
def test_that_both_languages_have_the_same_outline_and_lead_to_the_same_places(name: str) -> None:
    english, german = page("en", name), page("de", name)
    assert english.count("\n## ") == german.count("\n## ")
    assert english.count("\n- ") == german.count("\n- ")
    assert english.count("\n|") == german.count("\n|")
    assert sorted(re.findall(r"\]\(([^)]+)\)", english)) == sorted(re.findall(r"\]\(([^)]+)\)", german))


@pytest.mark.parametrize(("language", "name"), FIX_PAGES)
def test_that_the_page_of_a_repair_tells_all_that_is_asked_before_a_change(language: str, name: str) -> None:
    text = page(language, f"fix-{name}")
    assert text.startswith(f"# {Catalogue(language).fix(name).name}: ")
    assert re.findall(r"^## (.+)$", text, re.M) == FIX_SECTIONS[language]
    assert [head for head in FIX_SECTIONS[language] if not section(text, head)] == []
    expected = section(text, FIX_SECTIONS[language][1])
    assert [label for label in EXPECT[language] if f"- **{label}:** " not in expected] == []
    assert len(text.splitlines()) <= 60
    assert command_lines(text)


@pytest.mark.parametrize(("language", "name"), FIX_PAGES)
def test_that_the_page_of_a_repair_leads_to_what_shows_that_it_worked(language: str, name: str) -> None:
    after = section(page(language, f"fix-{name}"), FIX_SECTIONS[language][3])
    assert set(links(after)) & (set(fix(name).settles) | {f"fix-{other.id}" for other in FIXES})


@pytest.mark.parametrize(("language", "name"), FIX_PAGES)
def test_that_what_the_program_does_names_the_rights_it_needs(language: str, name: str) -> None:
    label = "- **Needs:** " if language == "en" else "- **Braucht:** "
    if fix(name).manner is Manner.DOES:
        assert label in page(language, f"fix-{name}")


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_check_leads_to_every_repair_it_offers(language: str, check: str) -> None:
    one = next(one for one in CHECKS if one.id == check)
    wanted = set(one.fixes)
    if check == "server-reachable":
        wanted = {name for names in FOR_REASON.values() for name in names if check in fix(name).settles}
    assert set(links(section(page(language, check), REPAIRS[language]))) == {f"fix-{name}" for name in wanted}


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_check_leads_to_what_explains_it_and_what_it_explains(language: str, check: str) -> None:
    pairs = {(rule.cause.check, rule.effect.check) for rule in RULES if rule.effect.check != "*"}
    around = {other for pair in pairs if check in pair for other in pair} - {check}
    text = section(page(language, check), CAUSES[language])
    assert text
    assert around - set(links(text)) == set()


@pytest.mark.parametrize(("check", "limit", "english", "german"), LIMITS)
def test_that_a_page_names_the_limit_by_which_is_judged(check: str, limit: float, english: str, german: str) -> None:
    for language, unit in (("en", english), ("de", german)):
        assert re.search(rf"(?<!\d){limit:g} {unit}", section(page(language, check), JUDGED[language])), language


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_page_calls_verdicts_as_the_program_does(language: str, check: str) -> None:
    verdicts = tuple(Catalogue(language).verdict(verdict).casefold() for verdict in Verdict)
    labels = re.findall(r"^- \*\*([^*]+)\*\*", section(page(language, check), JUDGED[language]), re.M)
    assert [label for label in labels if not label.casefold().startswith(verdicts)] == []


def test_that_help_lists_the_repairs_in_the_order_of_their_table() -> None:
    by_program = [one.id for one in FIXES if one.manner is Manner.DOES]
    repairs = Catalogue("en").repairs
    assert list(repairs["program"]) == by_program
    assert list(repairs["person"]) == [name for name in FIX_IDS if name not in by_program]


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_page_tells_all_a_technician_needs(language: str, check: str) -> None:
    text = page(language, check)
    heads = re.findall(r"^## (.+)$", text, re.M)
    assert text.startswith("# ")
    assert text.splitlines()[0].removeprefix("# ").startswith(Catalogue(language).check(check).name)
    assert [head for head in SECTIONS[language] if head in heads] == list(SECTIONS[language])
    assert 25 <= len(text.splitlines()) <= 70  # one who is tired reads it to its end
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize(("language", "check"), PAGES)
def test_that_a_page_names_the_same_sources_as_the_findings(language: str, check: str) -> None:
    assert re.findall(r"^- \[.+\]\((.+)\)$", page(language, check), re.M) == [source.url for source in Catalogue(language).sources(check)]


@pytest.mark.parametrize("check", ALL)
def test_that_both_languages_show_the_same_commands(check: str) -> None:
    english, german = page("en", check), page("de", check)
    plain = [[re.sub(r"<[^>]+>", "<>", re.sub(r"\s+", " ", line)) for line in command_lines(text)] for text in (english, german)]
    assert plain[0] == plain[1]
    assert len(re.findall(r"\(inferred\)|inferred", english)) == len(re.findall(r"abgeleitet", german))


@pytest.mark.parametrize(("language", "check"), ALL_PAGES)
def test_that_pages_name_only_commands_that_exist(language: str, check: str) -> None:
    assert set(COMMAND.findall(page(language, check))) - KNOWN == set()


@pytest.mark.parametrize(("language", "name"), ALL_PAGES)
def test_that_commands_in_pages_are_written_with_parameters_they_have(language: str, name: str) -> None:
    for line in command_lines(page(language, name)):
        quoted = re.sub(r"'[^']*'|\"[^\"]*\"", "''", line)
        for call in re.split(r"[|;{}()]", quoted):
            command = COMMAND.search(call)
            if command is None or command[0] not in REFERENCE:
                continue
            known = {parameter.lower() for parameter in (*REFERENCE[command[0]]["parameters"], *COMMON)}
            for parameter in re.findall(r"\s-([A-Za-z]+)", call[command.end() :]):
                assert parameter.lower() in known, line
            for parameter, values in REFERENCE[command[0]].get("closed", {}).items():
                given = re.search(rf"\s-{parameter}\s+(\w+)", call)
                assert given is None or given[1] in values, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_texts_name_only_commands_that_exist(language: str) -> None:
    folder = assets.resources() / "words" / language
    found = {name for file in folder.iterdir() for name in COMMAND.findall(file.read_text(encoding="utf-8"))}
    assert found - KNOWN == set()


@pytest.mark.parametrize(("language", "check"), ALL_PAGES)
def test_that_no_command_that_does_harm_is_shown_as_one_to_run(language: str, check: str) -> None:
    for line in command_lines(page(language, check)):
        assert not line.startswith(("Start-CsPool", "Publish-CsTopology", "Enable-CsTopology"))
        assert "TrustedHosts" not in line
        assert "/force" not in line.lower()
        if line.startswith("Import-CsConfiguration"):
            assert "-LocalStore" in line
        if line.startswith("Remove-CsCertificate"):
            assert "-Previous" in line
        if line.startswith("Request-CsCertificate -New"):
            assert "-PrivateKeyExportable $true" in line
        if "-EffectiveDate" in line:
            assert not re.search(r"-EffectiveDate\s+['\"\d]", line)  # a text would be read in the region of the server
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
