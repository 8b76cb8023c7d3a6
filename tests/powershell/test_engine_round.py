"""The frame around the probes in a real PowerShell: values stay data, and no probe takes another with it."""

import base64
import gzip

import pytest

from oauthcert.collect.library import round_script
from oauthcert.model.secret import Secret
from oauthcert.remote.wire import Question, encode_request
from tests.powershell.engine import STRICT, Engine, found

pytestmark = pytest.mark.engine

LIBRARY = (
    STRICT
    + r"""
function Get-Echo {
    [CmdletBinding()]
    param([object] $Value)
    @{ value = $Value }
}
function Get-TypeName {
    [CmdletBinding()]
    param([object] $Value)
    @{ name = $Value.GetType().FullName }
}
function Get-SecretLength {
    [CmdletBinding()]
    param([Security.SecureString] $Value)
    @{ length = $Value.Length }
}
function Get-InnerTypeNames {
    [CmdletBinding()]
    param([hashtable] $Value)
    @{ names = @(foreach ($one in @($Value['one'], @($Value['list'])[0])) { $one.GetType().FullName }) }
}
function Get-Nothing {
    [CmdletBinding()]
    param()
}
function Get-Two {
    [CmdletBinding()]
    param()
    @{ n = 1 }
    @{ n = 2 }
}
function Get-Nested {
    [CmdletBinding()]
    param()
    @{ one = @(1); none = @(); deep = @(@{ list = @(@{ n = 1 }) }) }
}
function Get-Noise {
    [CmdletBinding()]
    param()
    Write-Warning -Message 'careful'
    Write-Error -Message 'not the end' -ErrorAction Continue
    [Console]::Out.WriteLine('stray line')
    @{ n = 1 }
}
function Get-Broken {
    [CmdletBinding()]
    param()
    throw 'boom'
}
function Get-Missing {
    [CmdletBinding()]
    param()
    Get-CsNoSuchCmdlet -Identity 1
    @{ n = 'went on' }
}
function Get-Denied {
    [CmdletBinding()]
    param()
    throw (New-Object UnauthorizedAccessException -ArgumentList @('no'))
}
function Get-Unreadable {
    [CmdletBinding()]
    param()
    [int]::Parse('no number')
}
function Get-Carried {
    [CmdletBinding()]
    param()
    $inner = New-Object InvalidOperationException -ArgumentList @('inner')
    $outer = New-Object UnauthorizedAccessException -ArgumentList @('outer', $inner)
    $record = New-Object Management.Automation.ErrorRecord -ArgumentList @($outer, 'Some.Id', 'PermissionDenied', 'the target')
    $PSCmdlet.ThrowTerminatingError($record)
}
function Get-Stuck {
    [CmdletBinding()]
    param()
    while ($true) { [Threading.Thread]::Sleep(200) }
}
function Stop-Everything {
    [CmdletBinding()]
    param()
    [Environment]::Exit(3)
}
"""
)

HOSTILE = (
    "'; Remove-Item x #",
    "$(Get-Date)",
    '"`n"',
    "line\r\nbreak",
    "nul\0nul",
    "Ünïcødé Ж 漢 😀",
    "x" * 65536,
    "",
    "@{a=1}",
    "-Force",
    "%PATH%",
    "{0}",
    "\u2028\u2029",
    "‘’“”",
    "2026-11-21T00:00:00Z",
    "/Date(0)/",
    "\\/Date(0)\\/",
    "1e5",
    "true",
    "null",
    "=x",
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def ask(function: str, seconds: float = 20, **arguments: object) -> Question:
    return Question(function, function, seconds, arguments)


def test_that_hostile_texts_stay_data(engine: Engine) -> None:
    questions = [Question(str(number), "Get-Echo", 20, {"Value": text}) for number, text in enumerate(HOSTILE)]
    outcome = engine.run(questions, LIBRARY)
    assert [outcome.value(str(number)) for number in range(len(HOSTILE))] == [[{"value": text}] for text in HOSTILE]
    assert (outcome.exit_code, outcome.reader.damaged, outcome.reader.ended) == (0, 0, True)


SHAPES: tuple[object, ...] = (
    None,
    0,
    -1,
    1.5,
    True,
    False,
    [1],
    [],
    ["a"],
    [[1, 2], [3]],
    [[1]],
    [None],
    {"a": [1], "b": ["/Date(0)/"]},
    {},
)


def test_that_every_shape_of_argument_arrives_and_comes_back(engine: Engine) -> None:
    questions = [Question(str(number), "Get-Echo", 20, {"Value": value}) for number, value in enumerate(SHAPES)]
    outcome = engine.run(questions, LIBRARY)
    assert [outcome.value(str(number)) for number in range(len(SHAPES))] == [[{"value": value}] for value in SHAPES]


def test_that_a_secret_arrives_as_a_secure_string_and_in_no_output(engine: Engine) -> None:
    secret = Secret("pä'ss\"wörd-canary")
    outcome = engine.run([ask("Get-SecretLength", Value=secret), ask("Get-TypeName", Value=secret)], LIBRARY)
    assert outcome.value("Get-SecretLength") == [{"length": 17}]
    assert outcome.value("Get-TypeName") == [{"name": "System.Security.SecureString"}]
    assert "canary" not in outcome.stderr + "".join(outcome.reader.stray)


def test_that_secrets_within_lists_and_tables_are_secure_strings_too(engine: Engine) -> None:
    outcome = engine.run([ask("Get-InnerTypeNames", Value={"one": Secret("a"), "list": [Secret("b")]})], LIBRARY)
    assert outcome.value("Get-InnerTypeNames") == [{"names": ["System.Security.SecureString"] * 2}]


def test_that_answers_keep_their_shape(engine: Engine) -> None:
    outcome = engine.run([ask("Get-Nothing"), ask("Get-Two"), ask("Get-Nested")], LIBRARY)
    assert outcome.value("Get-Nothing") == []
    assert outcome.value("Get-Two") == [{"n": 1}, {"n": 2}]
    assert outcome.value("Get-Nested") == [{"one": [1], "none": [], "deep": [{"list": [{"n": 1}]}]}]


def test_that_the_first_frame_greets(engine: Engine) -> None:
    outcome = engine.run([], LIBRARY)
    assert outcome.order == ("hello",)
    greeting = outcome.value("hello")[0]
    assert isinstance(greeting, dict)
    assert greeting["protocol"] == 1
    assert str(greeting["utc"]).endswith("Z")


def test_that_noise_does_not_hurt_the_answers(engine: Engine) -> None:
    outcome = engine.run([ask("Get-Noise"), ask("Get-Two")], LIBRARY)
    assert outcome.value("Get-Noise") == [{"n": 1}]
    assert outcome.answers["Get-Noise"].warnings == ("careful",)
    assert outcome.answers["Get-Noise"].errors[0].message == "not the end"
    assert outcome.reader.stray == ["stray line"]
    assert outcome.value("Get-Two") == [{"n": 1}, {"n": 2}]


def test_that_errors_are_told_by_what_no_language_changes(engine: Engine) -> None:
    names = ("Get-Broken", "Get-Missing", "Get-Denied", "Get-Unreadable", "Get-Carried", "Get-NoFunction")
    outcome = engine.run([*map(ask, names), ask("Get-Two", Wrong=1), Question("after", "Get-Two", 20)], LIBRARY)
    faults = {name: outcome.answers[name].fault for name in names}
    assert all(fault is not None for fault in faults.values())
    told = {name: (fault.category, fault.id.partition(",")[0], fault.type) for name, fault in faults.items() if fault}
    assert told == {
        "Get-Broken": ("OperationStopped", "boom", "System.Management.Automation.RuntimeException"),
        "Get-Missing": ("ObjectNotFound", "CommandNotFoundException", "System.Management.Automation.CommandNotFoundException"),
        "Get-Denied": ("OperationStopped", "no", "System.UnauthorizedAccessException"),
        "Get-Unreadable": ("NotSpecified", "FormatException", "System.FormatException"),
        "Get-Carried": ("PermissionDenied", "Some.Id", "System.UnauthorizedAccessException"),
        "Get-NoFunction": ("ObjectNotFound", "CommandNotFoundException", "System.Management.Automation.CommandNotFoundException"),
    }
    missing, carried = faults["Get-Missing"], faults["Get-Carried"]
    assert missing is not None
    assert missing.target == "Get-CsNoSuchCmdlet"
    assert carried is not None
    assert carried.inner == ("System.InvalidOperationException: inner",)
    wrong = outcome.answers["Get-Two"].fault
    assert wrong is not None
    assert wrong.id.startswith("NamedParameterNotFound")
    assert outcome.value("after") == [{"n": 1}, {"n": 2}]


def test_that_a_stuck_probe_is_left_behind(engine: Engine) -> None:
    outcome = engine.run([ask("Get-Stuck", 1.5), ask("Get-Two")], LIBRARY, seconds=30)
    fault = outcome.answers["Get-Stuck"].fault
    assert fault is not None
    assert (fault.category, fault.id) == ("OperationTimeout", "ProbeDeadline")
    assert outcome.value("Get-Two") == [{"n": 1}, {"n": 2}]
    assert (outcome.exit_code, outcome.reader.ended) == (0, True)


def test_that_one_stuck_probe_after_the_other_is_left_behind(engine: Engine) -> None:
    questions = [Question(str(number), "Get-Stuck", 0.5, {}) for number in range(3)]
    outcome = engine.run([*questions, ask("Get-Two")], LIBRARY, seconds=30)
    assert [outcome.answers[str(number)].ok for number in range(3)] == [False] * 3
    assert outcome.value("Get-Two") == [{"n": 1}, {"n": 2}]
    assert (outcome.exit_code, outcome.reader.ended) == (0, True)


def test_that_a_dying_process_keeps_what_was_answered(engine: Engine) -> None:
    outcome = engine.run([ask("Get-Two"), ask("Stop-Everything"), ask("Get-Nothing")], LIBRARY)
    assert outcome.order == ("hello", "Get-Two")
    assert (outcome.exit_code, outcome.reader.ended) == (3, False)


def test_that_constrained_language_is_said(engine: Engine) -> None:
    outcome = engine.run([], LIBRARY, preamble="$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n")
    assert (outcome.exit_code, outcome.reader.language_mode, outcome.order) == (97, "ConstrainedLanguage", ())


def test_that_a_library_which_does_not_parse_is_said(engine: Engine) -> None:
    outcome = engine.run([ask("Get-Two")], "function Get-Two { ")
    assert outcome.exit_code == 98
    assert outcome.reader.broken


def _stdin(script: bytes, request: bytes) -> bytes:
    return base64.b64encode(gzip.compress(script)) + b"\n" + base64.b64encode(request) + b"\n"


@pytest.mark.parametrize(
    "stdin",
    [
        b"",
        b"!!!!\n!!!!\n",
        encode_request("x", "y", []).splitlines(keepends=True)[0],
        _stdin(round_script().encode(), b""),
        _stdin(round_script().encode(), b"{"),
        _stdin(round_script().encode(), b"{}"),
        _stdin(b"function Get-Two {", b"{}"),
    ],
    ids=["nothing", "no base64", "one line", "an empty line", "no JSON", "nothing asked", "no script"],
)
def test_that_a_broken_request_is_said(engine: Engine, stdin: bytes) -> None:
    outcome = engine.run([], LIBRARY, stdin=stdin)
    assert outcome.exit_code == 98
    assert outcome.reader.broken
