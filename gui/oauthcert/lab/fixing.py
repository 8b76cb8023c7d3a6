"""What every simulated fix is made of: its arguments as PowerShell binds them, its one result, and a note of each change it made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.deployment import Deed, Deployment
from oauthcert.lab.errors import CmdletError, ErrorRecord, parameter_not_found, parameter_not_taken, store_denied
from oauthcert.lab.machines import Machine
from oauthcert.lab.stamps import Answers
from oauthcert.model.secret import Secret

Fact = str | int | float | bool | None | Sequence[str]
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Result:
    """What a fix function prints. `before` and `after` are flat, thumbprints in upper case, times as text in UTC.

    None where nothing was there to look at, or nothing was looked at again.
    """

    outcome: str
    before: Facts | None = None
    after: Facts | None = None
    reason: str | None = None
    notes: Sequence[str] = ()

    def printed(self) -> Answers:
        before = None if self.before is None else dict(self.before)
        after = None if self.after is None else dict(self.after)
        return [{"outcome": self.outcome, "reason": self.reason, "before": before, "after": after, "notes": list(self.notes)}]


def already(before: Facts) -> Result:
    return Result("already", before, before)


def refused(reason: str, before: Facts | None = None, after: Facts | None = None, notes: Sequence[str] = ()) -> Result:
    return Result("refused", before, after, reason, notes)


def preview(before: Facts) -> Result:
    return Result("preview", before)


def changed(before: Facts, after: Facts, notes: Sequence[str] = ()) -> Result:
    return Result("changed", before, after, notes=notes)


class Doing:
    """One call of a fix on one machine at one moment, with its arguments. Whoever runs it holds the deployment's lock."""

    def __init__(self, at: Cmdlets, function: str, arguments: Mapping[str, object]) -> None:
        self.at = at
        self.function = function
        self._arguments = arguments

    @property
    def deployment(self) -> Deployment:
        return self.at.deployment

    @property
    def machine(self) -> Machine:
        return self.at.machine

    @property
    def moment(self) -> datetime:
        return self.at.moment

    @property
    def preview(self) -> bool:
        return self._arguments["Preview"] is True

    def text(self, name: str) -> str:
        return str(self._arguments[name])

    def flag(self, name: str) -> bool:
        return self._arguments[name] is True

    def number(self, name: str) -> int:
        value = self._arguments[name]
        return value if isinstance(value, int) else 0

    def texts(self, name: str) -> list[str]:
        value = self._arguments[name]
        return [str(one) for one in value] if isinstance(value, list) else []

    def secret(self, name: str) -> Secret:
        value = self._arguments[name]
        return value if isinstance(value, Secret) else Secret("")

    def secrets(self, name: str) -> list[Secret]:
        value = self._arguments[name]
        return [one for one in value if isinstance(one, Secret)] if isinstance(value, list) else []

    def thumbprint(self, name: str = "Thumbprint") -> str:
        return self.text(name).upper()

    def needs_administrator(self) -> None:
        """For stores, keys and services of this machine. Raises CmdletError."""
        if not self.machine.account.administrator:
            raise store_denied()

    def did(self, what: str) -> None:
        """Notes that the change was made, once for each."""
        self.deployment.deeds.append(Deed(self.machine.name, self.function, self.moment, what))


@dataclass(frozen=True, slots=True)
class FixFunction:
    """`parameters` by name with what PowerShell takes for them: str, bool, int, list (texts or secrets) or Secret."""

    run: Callable[[Doing], Result]
    parameters: Mapping[str, type]

    def call(self, at: Cmdlets, name: str, arguments: Mapping[str, object]) -> Answers | ErrorRecord:
        """What the function prints, or the error that ends it."""
        try:
            return self.run(Doing(at, name, self._bound(name, arguments))).printed()
        except CmdletError as error:
            return error.record

    def _bound(self, function: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """What is not given has the empty value of its type, as a parameter that is not mandatory has."""
        names = {name.casefold(): name for name in self.parameters}
        bound: dict[str, object] = {name: _EMPTY[kind] for name, kind in self.parameters.items()}
        for name, value in arguments.items():
            if name.casefold() not in names:
                raise CmdletError(parameter_not_found(function, name))
            own = names[name.casefold()]
            bound[own] = _converted(function, own, self.parameters[own], value)
        return bound


_EMPTY: Mapping[type, object] = {str: "", bool: False, int: 0, list: (), Secret: None}


def _converted(function: str, name: str, kind: type, value: object) -> object:
    if value is None:
        return _EMPTY[kind]
    if kind is list:
        return list(value) if isinstance(value, list | tuple) else [value]
    if kind is str and isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    if kind is int and isinstance(value, str | int | float) and str(value).strip().lstrip("-").isdigit():
        return int(value)
    if isinstance(value, kind):
        return value
    raise CmdletError(parameter_not_taken(function, name, kind.__name__))
