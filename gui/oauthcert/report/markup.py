"""Builds HTML and SVG from trees of elements: text is escaped where it enters, never later."""

from html import escape
from typing import Self


class Markup(str):
    """Text that is already markup. Only this module and finished pieces made with it may call it so."""

    __slots__ = ()

    @classmethod
    def joined(cls, parts: "list[Markup] | tuple[Markup, ...]", between: str = "") -> Self:
        return cls(between.join(parts))


_EMPTY = frozenset({"meta", "br", "hr", "img", "link"})

Child = str | None | list[Markup] | tuple[Markup, ...]


def el(name: str, *children: Child, **attributes: str | float | None) -> Markup:
    """`<name …>children</name>`. Plain text is escaped, None left out; `class_` and `stroke_width` become class and stroke-width."""
    shown = "".join(f' {_name(key)}="{escape(_value(value), quote=True)}"' for key, value in attributes.items() if value is not None)
    if name in _EMPTY:
        return Markup(f"<{name}{shown}>")
    return Markup(f"<{name}{shown}>{''.join(_inner(child) for child in children)}</{name}>")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _inner(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return str(child)
    if isinstance(child, list | tuple):
        return "".join(child)
    return escape(child, quote=False)
