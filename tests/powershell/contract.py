"""Holds scripts to the documented cmdlets: existence, parameters, product versions, and the style that keeps them safe to run anywhere."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.powershell.syntax import Call, Function, Script, read

DATA = Path(__file__).parents[1] / "data" / "cmdlets.json"
VERSIONS = ("Lync Server 2013", "Skype for Business Server 2015", "Skype for Business Server 2019")
BUILT_IN: Mapping[str, frozenset[str]] = {
    "Write-Warning": frozenset({"Message"}),
    "Remove-TypeData": frozenset({"TypeName"}),
}
"""Commands of the language itself that the collected documentation lacks, with the parameters scripts may use (both exist since 3.0)."""
POSITIONAL = {"New-Object": 1, "Where-Object": 1, "ForEach-Object": 1, "Set-StrictMode": 0}
"""How many arguments may stand without a parameter name; own functions may take as many as they have parameters."""
LATER_THAN_3 = {
    ("Get-ChildItem", "Depth"),
    ("Get-ChildItem", "FollowSymlink"),
    ("Get-Module", "FullyQualifiedName"),
    ("Get-Module", "PSEdition"),
}
READING = ("Get", "Test")
VERBS = frozenset({"Add", "ConvertFrom", "ConvertTo", "Get", "Import", "Invoke", "Limit", "New", "Read", "Select", "Test", "Use", "Write"})
CHANGING_VERBS = frozenset({"Assert", "Complete", "Enable", "Export", "Grant", "Install", "Join", "Move", "Open"}) | frozenset(
    {"Remove", "Repair", "Request", "Restore", "Set", "Start", "Stop", "Sync", "Wait"}
)
CHANGES = frozenset(
    {
        "Enable-CsReplica",
        "Export-CsConfiguration",
        "Import-CsConfiguration",
        "Invoke-CsManagementStoreReplication",
        "Remove-CsCertificate",
        "Request-CsCertificate",
        "Set-CsCertificate",
    }
)
"""The cmdlets of the product by which a repair may change something. Whatever is not among them is not to be called at all."""
COMMON = frozenset(
    {"verbose", "debug", "erroraction", "warningaction", "errorvariable", "warningvariable", "outvariable", "outbuffer", "pipelinevariable"}
)
AUTOMATIC = (
    "args|error|event|eventargs|eventsubscriber|executioncontext|foreach|home|host|input|lastexitcode|matches|myinvocation|ofs|pid|profile|"
    "psboundparameters|pscmdlet|pshome|psitem|pwd|sender|shellid|stacktrace|switch|this"
)
"""Variables that PowerShell sets itself: some refuse to be set, others change under one's hands."""
BANNED = {
    r"\bInvoke-Expression\b|\biex\b": "builds code from text",
    r"\bRead-Host\b|\bGet-Credential\b": "waits for somebody",
    r"\bWrite-Host\b": "goes nowhere, or into the frames",
    r"EncodedCommand|FromBase64String\([^)]*\).*Invoke": "builds a command line",
    r"`\s*$": "continues a line with a backtick",
    r"\$input\b": "makes powershell.exe take stdin for itself",
    r"<#|#>|@['\"]\s*$": "cannot be stripped line by line",
    r"(?<![<>=!])==(?!=)": "is no comparison",
    rf"(?i)\$({AUTOMATIC})\s*(=(?!=)|\+=|,|\)\s*$|\s+in\s)": "takes a variable of PowerShell's own",
    r"::new\(|^\s*(class|enum|using)\s": "needs PowerShell 5",
    r"&&|\|\||\?\?|\w\?\.\w|[\w)]\s\?\s": "needs PowerShell 7",
    r"[^\x00-\x7F]": "is not ASCII",
}


@cache
def cmdlets() -> Mapping[str, Any]:
    documented: Mapping[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return {name.casefold(): {**cmdlet, "name": name} for name, cmdlet in documented.items()}


def problems(text: str, also_defined: Iterable[Function] = (), *, may_call_blocks: bool = False, repairs: bool = False) -> list[str]:
    """Everything wrong with a script, as `line N: what`.

    `also_defined` are functions of other scripts in the same library. `repairs`: it may change something, but never without its word on
    whether somebody is asked.
    """
    script = read(text)
    known = {function.name.casefold(): function for function in (*also_defined, *script.functions)}
    found = [f"line {line}: does not parse" for line in script.broken_lines]
    found += _style(text)
    for function in script.functions:
        found += [
            f"line {function.line}: {function.name} {what}" for what in _shape(function, VERBS | CHANGING_VERBS if repairs else VERBS)
        ]
    for call in script.calls:
        if call.through_variable:
            if not may_call_blocks:
                found.append(f"line {call.line}: a call through a variable")
            continue
        found += [f"line {call.line}: {call.name} {what}" for what in _call(call, script, known, repairs=repairs)]
    return found


def _style(text: str) -> Iterator[str]:
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        code = line.split(" # ")[0] if not line.lstrip().startswith("#") else ""
        for pattern, why in BANNED.items():
            if re.search(pattern, line if "ASCII" in why else code):
                yield f"line {number}: {why}"
        if "SilentlyContinue" in code:
            near = (lines[number - 2] if number > 1 else "", line)
            if not any("# " in one for one in near):
                yield f"line {number}: SilentlyContinue without a reason"


def _shape(function: Function, verbs: frozenset[str]) -> Iterator[str]:
    if not function.advanced:
        yield "takes unknown arguments silently: no [CmdletBinding()]"
    verb = function.name.partition("-")[0]
    if verb not in verbs:
        yield f"has the verb {verb}, which is not on the list"
    spellings: dict[str, set[str]] = {}
    for variable in function.variables:
        spellings.setdefault(variable.casefold(), set()).add(variable)
    # A local variable named like a typed parameter is that parameter, type and all.
    yield from (f"writes one variable as {' and '.join(sorted(ways))}" for ways in spellings.values() if len(ways) > 1)


def _call(call: Call, script: Script, known: Mapping[str, Function], *, repairs: bool) -> Iterator[str]:
    given = list(call.parameters)
    for name in call.splats:
        keys = script.tables.get((call.function, name))
        if keys is None:
            yield f"is given @{name}, whose content is not to be seen here"
        else:
            given += keys
    own = known.get(call.name.casefold())
    if own is not None:
        names = {name.casefold() for name in own.parameters} | COMMON
        yield from (f"has no parameter -{name}" for name in given if name.casefold() not in names)
        if len(call.positional) + len(call.parameters) > len(own.parameters) + len(COMMON & {name.casefold() for name in given}):
            yield "gets more arguments than it takes"
        return
    allowed = {name.casefold(): parameters for name, parameters in BUILT_IN.items()}.get(call.name.casefold())
    if allowed is not None:
        names = {name.casefold() for name in allowed} | COMMON
        yield from (f"has no parameter -{name}" for name in given if name.casefold() not in names)
        return
    cmdlet = cmdlets().get(call.name.casefold())
    if cmdlet is None:
        yield "is neither documented nor our own"
        return
    yield from _documented(call, given, cmdlet)
    yield from _changing(call, given, cmdlet, repairs=repairs)


def _changing(call: Call, given: list[str], cmdlet: Mapping[str, Any], *, repairs: bool) -> Iterator[str]:
    """Nobody is there to answer a question, and a repair can be tried without doing it."""
    names = {name.casefold() for name in given}
    asks = cmdlet.get("supports_should_process") and call.name.partition("-")[0] not in (*READING, "New", "ForEach")
    if cmdlet["product"] == "skype" and call.name.partition("-")[0] not in READING and not (repairs and call.name in CHANGES):
        yield "changes something"
    if asks and not repairs:
        yield "changes something"
    if asks and "confirm" not in names:
        yield "may ask whether it should: no -Confirm"
    if call.name == "Import-CsConfiguration" and "localstore" not in names:
        yield "overwrites the Central Management Store: no -LocalStore"


def _documented(call: Call, given: list[str], cmdlet: Mapping[str, Any]) -> Iterator[str]:
    if call.name != cmdlet["name"]:
        yield f"is written {cmdlet['name']}"
    product = cmdlet["product"]
    needed = VERSIONS if product == "skype" else ()
    yield from (f"does not exist in {version}" for version in needed if version not in cmdlet["applies_to"])
    parameters = {name.casefold(): (name, parameter) for name, parameter in cmdlet["parameters"].items()}
    for name in given:
        if name.casefold() not in parameters:
            if name.casefold() not in COMMON:
                yield f"has no parameter -{name}"
            continue
        written, parameter = parameters[name.casefold()]
        yield from (f"has -{name} not in {version}" for version in needed if version not in parameter.get("applies_to", needed))
        if (cmdlet["name"], written) in LATER_THAN_3:
            yield f"has -{name} only after PowerShell 3.0"
        value, accepted = call.literals.get(name), parameter.get("accepted_values")
        if value is not None and accepted and value.casefold() not in {str(one).casefold() for one in accepted}:
            yield f"does not take {value} for -{name}"
    if len(call.positional) > POSITIONAL.get(cmdlet["name"], 0):
        yield "has arguments without a parameter name"
    names = {name.casefold() for name in given}
    missing = [name for name, parameter in cmdlet["parameters"].items() if parameter.get("required") and name.casefold() not in names]
    if missing and not call.fed and not call.positional:
        yield f"lacks -{', -'.join(missing)}"
