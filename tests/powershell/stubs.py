"""Writes strict stand-ins of documented cmdlets for tests: exactly their parameters, sets and closed value lists, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.powershell.contract import COMMON, cmdlets

_TYPES = {
    "SwitchParameter": "switch",
    "Boolean": "bool",
    "Int32": "int",
    "Int64": "long",
    "UInt32": "uint32",
    "String": "string",
    "String[]": "string[]",
    "Hashtable[]": "hashtable[]",
    "DateTime": "datetime",
}
_NOT_WRITTEN = COMMON | {"whatif", "confirm"}

ANSWERING = """function Invoke-StandIn {
    [CmdletBinding()]
    param([string] $Name, [object] $Bound)
    if (-not $global:StandIns.ContainsKey($Name)) { throw "no answer was prepared for $Name" }
    & $global:StandIns[$Name] $Bound
}
"""
"""Answers come from script blocks in $global:StandIns of the same runspace; each is handed the bound parameters."""


def stand_in(name: str) -> str:
    """One function with the cmdlet's contract. Error and warning records among its answers go to their own streams."""
    cmdlet = cmdlets()[name.casefold()]
    parameters = ",\n".join(
        _parameter(parameter, facts, cmdlet)
        for parameter, facts in cmdlet["parameters"].items()
        if parameter.casefold() not in _NOT_WRITTEN
    )
    default = cmdlet.get("default_set") or cmdlet["parameter_sets"][0]  # the documentation prints the default set first
    bindings = [] if default == "(All)" else [f"DefaultParameterSetName={quoted(default)}"]
    if cmdlet.get("supports_should_process"):
        bindings.append("SupportsShouldProcess=$true")
    binding = ", ".join(bindings)
    return f"""function {cmdlet["name"]} {{
    [CmdletBinding({binding})]
    param(
{parameters}
    )
    foreach ($item in @(Invoke-StandIn -Name {quoted(cmdlet["name"])} -Bound $PSBoundParameters)) {{
        if ($item -is [Management.Automation.ErrorRecord]) {{ $PSCmdlet.WriteError($item) }}
        elseif ($item -is [Management.Automation.WarningRecord]) {{ $PSCmdlet.WriteWarning($item.Message) }}
        else {{ $item }}
    }}
}}
"""


def _parameter(name: str, facts: Mapping[str, Any], cmdlet: Mapping[str, Any]) -> str:
    sets = [one for one in facts.get("parameter_sets", []) if one in cmdlet["parameter_sets"] and one != "(All)"]
    attributes = []
    for one in sets or [None]:
        arguments = [f"ParameterSetName={quoted(one)}"] if one else []
        if facts.get("required") or one in facts.get("required_in", ()):
            arguments.append("Mandatory=$true")
        attributes.append(f"[Parameter({', '.join(arguments)})]")
    accepted = facts.get("accepted_values")
    if accepted and facts["type"] not in ("SwitchParameter", "Boolean"):
        attributes.append(f"[ValidateSet({', '.join(quoted(str(value)) for value in accepted)})]")
    return f"        {' '.join(attributes)} [{_TYPES.get(facts['type'], 'object')}] ${name}"


def module(names: Iterable[str]) -> str:
    """A script module with these stand-ins."""
    return ANSWERING + "".join(stand_in(name) for name in names) + "Export-ModuleMember -Function '*-Cs*'\n"


def quoted(text: str) -> str:
    """A text as PowerShell takes it literally. Typographic quotes end a text there as well."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"


def literal(value: object) -> str:
    """A value as PowerShell source. A datetime becomes what the product's cmdlets return: local time that does not say so."""
    match value:
        case None:
            return "$null"
        case bool():
            return "$true" if value else "$false"
        case int() | float():
            return str(value)
        case datetime():
            ticks = (value.astimezone(UTC) - datetime(1, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
            moment = f"(New-Object DateTime -ArgumentList @([long] {ticks}, [DateTimeKind]::Utc)).ToLocalTime()"
            return f"([DateTime]::SpecifyKind({moment}, [DateTimeKind]::Unspecified))"
        case str():
            return quoted(str(value))
        case list() | tuple():
            return f"@({', '.join(literal(item) for item in value)})"
        case Mapping():
            return "([pscustomobject] @{ " + "; ".join(f"{quoted(name)} = {literal(item)}" for name, item in value.items()) + " })"
    raise TypeError(type(value).__name__)
