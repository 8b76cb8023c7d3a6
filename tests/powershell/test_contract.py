"""Every script that is sent to a server: it parses, calls documented cmdlets with documented parameters, and no probe changes anything."""

import re

import pytest

from oauthcert import assets
from oauthcert.collect.library import bootstrap, library, round_script, stripped
from oauthcert.collect.probes import PROBES, Probe
from oauthcert.lab.fix_table import FIX_FUNCTIONS
from tests.powershell import contract
from tests.powershell.contract import BUILT_IN, DATA, VERSIONS, cmdlets, problems
from tests.powershell.syntax import Function, read

SCRIPTS = assets.resources() / "powershell"
PROBE_FILES = sorted(path.name for path in (SCRIPTS / "probes").glob("*.ps1"))
FIX_FILES = sorted(path.name for path in (SCRIPTS / "fixes").glob("*.ps1"))


def text_of(name: str) -> str:
    return (SCRIPTS / "probes" / name).read_text(encoding="utf-8")


def fix_text(name: str) -> str:
    return (SCRIPTS / "fixes" / name).read_text(encoding="utf-8")


def all_functions() -> list[Function]:
    return [function for name in PROBE_FILES for function in read(text_of(name)).functions]


def fix_functions() -> list[Function]:
    return [function for name in FIX_FILES for function in read(fix_text(name)).functions]


@pytest.mark.parametrize("name", PROBE_FILES)
def test_that_every_probe_file_keeps_the_contract(name: str) -> None:
    assert problems(text_of(name), all_functions()) == []


@pytest.mark.parametrize("name", FIX_FILES)
def test_that_every_file_of_repairs_keeps_the_contract(name: str) -> None:
    assert problems(fix_text(name), [*all_functions(), *fix_functions()], repairs=True) == []


@pytest.mark.parametrize("name", ["bootstrap.ps1", "round.ps1"])
def test_that_the_frame_around_the_probes_keeps_the_contract(name: str) -> None:
    assert problems((SCRIPTS / name).read_text(encoding="utf-8"), may_call_blocks=name == "bootstrap.ps1") == []


REFUSED = {
    "a start of the whole pool": r"Start-CsPool",
    "a topology made anew": r"(Publish|Enable)-CsTopology",
    "a replica's folder": r"xds-replica|RtcReplicaRoot",
    "the service connection point": r"(Set|Remove)-CsManagementConnection|msRTCSIP|\[adsi",
    "the Central Management Store overwritten": r"Import-CsConfiguration(?![^\n]*-LocalStore)|Import-CsCertificate",
    "a failover": r"(Move|Invoke)-CsManagementServer",
    "a key on disk": r"Export\([^)]*(Pfx|Pkcs12)|Export-PfxCertificate|WriteAll|Set-Content|Out-File|-FileName",
    "a weakened machine": r"TrustedHosts|SkipCACheck|Set-ExecutionPolicy|ServerCertificateValidationCallback",
}


@pytest.mark.parametrize("what", REFUSED)
def test_that_no_script_does_what_is_always_refused(what: str) -> None:
    texts = {path.name: stripped(path.read_text(encoding="utf-8")) for path in sorted((SCRIPTS / "fixes").glob("*.ps1"))}
    assert [name for name, text in texts.items() if re.search(REFUSED[what], text, re.IGNORECASE)] == []


def test_that_no_function_is_defined_twice() -> None:
    names = [function.name for function in [*all_functions(), *fix_functions()]]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_that_the_files_of_a_probe_hold_all_it_calls(probe: Probe) -> None:
    script = read(library([probe]))
    defined = {function.name for function in script.functions}
    assert probe.function in defined
    own = {function.name for function in all_functions()}
    wanted, reached = [probe.function], set()
    while wanted:
        name = wanted.pop()
        if name not in reached:
            reached.add(name)
            wanted += [call.name for call in script.calls if call.function == name and call.name in own]
    assert sorted(reached - defined) == []


def test_that_no_function_and_no_file_is_left_over() -> None:
    used = {probe.function for probe in PROBES} | {call.name for name in PROBE_FILES for call in read(text_of(name)).calls}
    assert sorted(function.name for function in all_functions() if function.name not in used) == []
    assert sorted({name for probe in PROBES for name in probe.scripts}) == PROBE_FILES


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_that_the_arguments_of_a_probe_are_parameters_of_its_function(probe: Probe) -> None:
    function = next(function for function in all_functions() if function.name == probe.function)
    assert set(probe.arguments) <= set(function.parameters)


@pytest.mark.parametrize("name", FIX_FUNCTIONS)
def test_that_a_repair_takes_the_arguments_that_the_lab_takes(name: str) -> None:
    function = next(function for function in fix_functions() if function.name == name)
    assert function.parameters == tuple(FIX_FUNCTIONS[name].parameters)


def test_that_no_function_of_repairs_is_left_over() -> None:
    called = {(call.function, call.name) for name in FIX_FILES for call in read(fix_text(name)).calls}
    reached: set[str] = set()
    wanted = list(FIX_FUNCTIONS)
    while wanted:
        name = wanted.pop()
        if name not in reached:
            reached.add(name)
            wanted += [callee for caller, callee in called if caller == name]
    assert sorted(function.name for function in fix_functions() if function.name not in reached) == []


def test_that_no_repair_takes_a_text_for_a_program() -> None:
    """Programs of Windows are started by three functions alone, with arguments that are words, digits, or checked."""
    starters = {call.function for name in FIX_FILES for call in read(fix_text(name)).calls if call.name == "Invoke-SystemTool"}
    assert starters == {"Repair-KeyLink", "Invoke-TimeCommand", "Test-Bound"}


def test_that_the_bootstrap_fits_on_a_command_line() -> None:
    encoded = len(bootstrap().encode("utf-16-le")) * 4 / 3
    assert encoded < 8191 - 600  # cmd.exe's limit, less the rest of the line


def test_that_the_whole_library_is_small_on_the_wire() -> None:
    assert len(library(PROBES)) < 60_000


@pytest.mark.parametrize("name", [f"probes/{name}" for name in PROBE_FILES] + [f"fixes/{name}" for name in FIX_FILES])
def test_that_stripping_keeps_every_call_and_function(name: str) -> None:
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    whole, short = read(text), read(stripped(text))
    assert short.broken_lines == ()
    assert [function.name for function in short.functions] == [function.name for function in whole.functions]
    assert [(call.name, call.parameters) for call in short.calls] == [(call.name, call.parameters) for call in whole.calls]
    assert not re.search(r"^\s*#", short.text, re.MULTILINE)


def test_that_a_hash_sign_in_a_text_is_no_comment() -> None:
    assert stripped("$a = '#oac1 ' + ' # x' # y\n\n   # all\n  $b = 1") == "$a = '#oac1 ' + ' # x'\n$b = 1"


def test_that_a_script_which_cannot_be_stripped_is_refused() -> None:
    with pytest.raises(ValueError, match="here-strings"):
        stripped("$a = @'\n# text\n'@")


def test_that_the_round_and_the_bootstrap_survive_stripping() -> None:
    assert read(round_script()).broken_lines == ()


def test_that_the_contract_holds_no_more_than_the_scripts_need() -> None:
    texts = [text_of(name) for name in PROBE_FILES] + [fix_text(name) for name in FIX_FILES]
    texts += [(SCRIPTS / name).read_text(encoding="utf-8") for name in ("bootstrap.ps1", "round.ps1")]
    called = {call.name for text in texts for call in read(text).calls}
    assert sorted(cmdlet["name"] for cmdlet in cmdlets().values() if cmdlet["name"] not in called) == []
    assert sorted(name for name in BUILT_IN if name not in called) == []
    assert DATA.stat().st_size < 200_000


BAD = {
    "an alias": ("gci 'x'", "neither documented"),
    "an unknown cmdlet": ("Get-CsReplica", "neither documented"),
    "an unknown parameter": ("Get-CsTopology -Local", "no parameter -Local"),
    "a parameter cut short": ("Get-CsTopology -LocalSt", "no parameter -LocalSt"),
    "a splatted unknown parameter": ("$t = @{ Typ = 'x' }\nGet-CsCertificate @t", "no parameter -Typ"),
    "a splat from elsewhere": ("Get-CsCertificate @PSBoundParameters", "not to be seen"),
    "a wrong own parameter": ("Get-Own -Other 1", "no parameter -Other"),
    "too many own arguments": ("Get-Own 1 2", "more arguments"),
    "a bare argument": ("Get-CsCertificate OAuthTokenIssuer", "without a parameter name"),
    "code from text": ("Invoke-Expression -Command $x", "builds code"),
    "a prompt": ("$x = Read-Host", "waits for somebody"),
    "an equality of another language": ("if ($a == 1) { 2 }", "no comparison"),
    "output to the screen": ("Write-Host 'x'", "goes nowhere"),
    "a line continued": ("Get-CsTopology `\n -LocalStore", "backtick"),
    "the automatic input": ("$input", "takes stdin|take stdin"),
    "a silent failure": ("Test-CsReplica -ErrorAction SilentlyContinue", "without a reason"),
    "a call through a variable": ("& $x", "through a variable"),
    "a brace too few": ("function Get-Own { [CmdletBinding()] param()", "does not parse"),
    "a text not closed": ("$x = 'abc", "does not parse"),
    "a letter beyond ASCII": ("$x = 'ä'", "not ASCII"),
    "a missing mandatory parameter": ("ConvertFrom-Json", "lacks -InputObject"),
    "a function that takes anything": ("function Get-Thing($A) { $A }", "unknown arguments silently"),
    "a constructor of later versions": ("$x = [Text.StringBuilder]::new()", "PowerShell 5"),
    "a class": ("class Fact { }", "PowerShell 5"),
    "two commands in one": ("Get-CsTopology && Test-CsReplica", "PowerShell 7"),
    "a choice in one line": ("$x = $y ? 1 : 2", "PowerShell 7"),
    "a value for nothing": ("$x = $y ?? 1", "PowerShell 7"),
    "a lone else": ("else { 1 }", "neither documented|does not parse"),
    "a variable of PowerShell's own": ("$error = 1", "PowerShell's own"),
    "one as a loop's": ("foreach ($event in $list) { 1 }", "PowerShell's own"),
    "a variable in two spellings": (
        "function Get-Thing {\n [CmdletBinding()]\n param([string[]] $Names)\n $names = @{}\n $Names }",
        "Names and names",
    ),
    "an odd verb": ("function Frobnicate-Thing {\n [CmdletBinding()]\n param()\n 1 }", "verb"),
}


@pytest.mark.parametrize("case", BAD)
def test_that_the_checker_finds(case: str) -> None:
    text, expected = BAD[case]
    own = Function("Get-Own", 1, ("Name",), advanced=True)
    found = problems(text, [own])
    assert any(re.search(expected, problem) for problem in found), found


def test_that_the_checker_lets_good_code_pass() -> None:
    good = (
        "$t = @{ Type = 'OAuthTokenIssuer' }",
        "$c = @(Get-CsCertificate @t)",
        "# SilentlyContinue: looked at below.",
        "Test-CsReplica -ErrorAction SilentlyContinue",
    )
    assert problems("\n".join(good)) == []


def test_that_a_cmdlet_or_parameter_of_another_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = {"applies_to": [VERSIONS[-1]]}
    young = {"name": "Get-CsYoung", "product": "skype", "parameters": {}, **newest}
    grown = {"name": "Get-CsGrown", "product": "skype", "parameters": {"New": newest}, "applies_to": VERSIONS}
    change = {"name": "Set-CsThing", "product": "skype", "parameters": {}, "applies_to": VERSIONS}
    stand_ins = {str(one["name"]).casefold(): one for one in (young, grown, change)}
    monkeypatch.setattr(contract, "cmdlets", lambda: stand_ins)
    assert "line 1: Get-CsYoung does not exist in Lync Server 2013" in problems("Get-CsYoung")
    assert "line 1: Get-CsGrown has -New not in Lync Server 2013" in problems("Get-CsGrown -New 'x'")
    assert "line 1: Set-CsThing changes something" in problems("Set-CsThing")
