"""Reads PowerShell scripts with tree-sitter: functions with their parameters, and every command call with what it is given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))


@dataclass(frozen=True, slots=True)
class Call:
    """One command as written. `splats` are variable names, `literals` the plain texts given to parameters, `fed` = behind a pipe."""

    name: str
    line: int
    parameters: tuple[str, ...]
    positional: tuple[str, ...]
    splats: tuple[str, ...]
    literals: dict[str, str]
    fed: bool
    through_variable: bool
    function: str | None


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    line: int
    parameters: tuple[str, ...]
    advanced: bool
    """Has [CmdletBinding()], so that an argument it does not know is an error."""
    variables: tuple[str, ...] = ()
    """As they are written, in order of first use."""


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed script. `tables` maps (function, variable) to the keys of the hashtable literal assigned to it."""

    text: str
    broken_lines: tuple[int, ...]
    functions: tuple[Function, ...]
    calls: tuple[Call, ...]
    tables: dict[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)


@cache
def read(text: str) -> Script:
    root = _PARSER.parse(text.encode()).root_node
    broken = tuple(sorted({node.start_point[0] + 1 for node in _every(root) if node.is_error or node.is_missing}))
    functions = tuple(_function(node) for node in _every(root) if node.type == "function_statement")
    calls = tuple(_call(node) for node in _every(root) if node.type == "command")
    return Script(text, broken, functions, calls, dict(_tables(root)))


def _every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _every(child)


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _within(node: Node) -> str | None:
    """The name of the function around a node."""
    above = node.parent
    while above is not None:
        if above.type == "function_statement":
            return _text(_first(above, "function_name"))
        above = above.parent
    return None


def _first(node: Node, kind: str) -> Node | None:
    return next((child for child in node.children if child.type == kind), None)


def _function(node: Node) -> Function:
    block = next((found for found in _every(node) if found.type == "param_block"), None)
    own = block is not None and _within(block) == _text(_first(node, "function_name"))
    parameters = [found for found in _every(block) if found.type == "script_parameter"] if block is not None and own else []
    names = tuple(_text(_first(parameter, "variable")).removeprefix("$") for parameter in parameters)
    header = _text(_first(block, "attribute_list")) if block is not None else ""
    variables = dict.fromkeys(_text(found).strip("${}") for found in _every(node) if found.type in ("variable", "braced_variable"))
    return Function(_text(_first(node, "function_name")), node.start_point[0] + 1, names, "CmdletBinding" in header, tuple(variables))


def _call(node: Node) -> Call:
    name = _first(node, "command_name")
    elements = _first(node, "command_elements")
    parameters: list[str] = []
    positional: list[str] = []
    splats: list[str] = []
    literals: dict[str, str] = {}
    waiting: str | None = None
    for element in elements.children if elements is not None else []:
        text = _text(element)
        if element.type == "command_parameter":
            waiting = text.removeprefix("-").rstrip(":")
            parameters.append(waiting)
        elif element.type in ("command_argument_sep", "redirection"):
            continue
        elif text.startswith("@") and text[1:].isidentifier():
            splats.append(text[1:])
        elif waiting is not None:
            if element.type == "generic_token" or (text[:1] == "'" and text[-1:] == "'"):
                literals[waiting] = text.strip("'")
            waiting = None
        else:
            positional.append(text)
    above = node.parent
    fed = above is not None and any(child.type == "command" or child.type == "logical_expression" for child in _before(above, node))
    return Call(
        name=_text(name) or _text(node).split()[0],
        line=node.start_point[0] + 1,
        parameters=tuple(parameters),
        positional=tuple(positional),
        splats=tuple(splats),
        literals=literals,
        fed=fed,
        through_variable=name is None,
        function=_within(node),
    )


def _before(parent: Node, node: Node) -> Iterator[Node]:
    for child in parent.children:
        if child.id == node.id:
            return
        yield child


def _tables(root: Node) -> Iterator[tuple[tuple[str | None, str], tuple[str, ...]]]:
    for node in _every(root):
        if node.type != "assignment_expression":
            continue
        target = _text(_first(node, "left_assignment_expression"))
        table = next((found for found in _every(node) if found.type == "hash_literal_expression"), None)
        value = _text(_first(node, "pipeline"))
        if target.startswith("$") and table is not None and value.startswith("@{"):
            keys = tuple(
                _text(_first(entry, "key_expression"))
                for entry in _every(table)
                if entry.type == "hash_entry" and entry.parent is not None and entry.parent.parent == table
            )
            yield (_within(node), target.removeprefix("$")), keys
