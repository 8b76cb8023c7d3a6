"""A small drawing surface: shapes with a colour by token, text that fits, one SVG at the end.

Every colour is written twice, as an attribute from the palette (Qt's SVG renderer knows no style sheets) and as a class, with
which the HTML report follows the reader's light or dark theme.
"""

from oauthcert.model.finding import Verdict
from oauthcert.report.markup import Markup, el
from oauthcert.report.tokens import Palette
from oauthcert.words.showing import visible

FONT = "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
_WIDTH_PER_SIZE = 0.56  # average advance of a letter in these fonts, in units of the size; capitals and digits are a little wider

MARKS = {
    Verdict.PASS: "M3 8.5 6.5 12 13 4.5",
    Verdict.WARN: "M8 2.5v7.5M8 13.4v.2",
    Verdict.FAIL: "M4 4l8 8M12 4l-8 8",
    Verdict.UNKNOWN: "M5.4 5.6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.1.9-1.1 2M8 13.4v.2",
    Verdict.NOT_APPLICABLE: "M4 8h8",
}
"""Line shapes in a square of 16: tick, exclamation mark, cross, question mark, dash."""


def text_width(text: str, size: float) -> float:
    return len(text) * size * _WIDTH_PER_SIZE


def fitted(text: str, size: float, width: float) -> str:
    """The text, made visible and shortened with … to about `width`."""
    most = max(2, int(width / (size * _WIDTH_PER_SIZE)))
    shown = visible(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


class Canvas:
    """Collects shapes; `width` and the final height are in px at 100 %."""

    def __init__(self, width: float, palette: Palette) -> None:
        self.width = width
        self._palette = palette
        self._shapes: list[Markup] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, thick: float = 1, dash: str | None = None) -> None:
        self._stroked("line", colour, thick, dash, x1=x1, y1=y1, x2=x2, y2=y2)

    def box(self, x: float, y: float, width: float, height: float, fill: str, border: str | None = None, radius: float = 0) -> None:
        edge: dict[str, str | float] = {} if border is None else {"stroke": self._palette[border], "stroke_width": 1.5}
        classes = f"f-{fill}" + ("" if border is None else f" s-{border}")
        self._shapes.append(
            el("rect", x=x, y=y, width=max(0, width), height=height, rx=radius, class_=classes, fill=self._palette[fill], **edge)
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self._shapes.append(el("circle", cx=x, cy=y, r=radius, class_=f"f-{colour}", fill=self._palette[colour]))

    def mark(self, verdict: Verdict, x: float, y: float, size: float = 12) -> None:
        """The shape of a verdict, its upper left corner at x, y."""
        colour, scale = verdict.value, size / 16
        path = el(
            "path",
            d=MARKS[verdict],
            class_=f"s-{colour}",
            stroke=self._palette[colour],
            stroke_width=2.2,
            fill="none",
            stroke_linecap="round",
            stroke_linejoin="round",
        )
        self._shapes.append(el("g", path, transform=f"translate({x:.1f} {y:.1f}) scale({scale:.3f})"))

    def text(
        self, x: float, y: float, text: str, colour: str = "text", size: float = 12, anchor: str = "start", bold: bool = False
    ) -> None:
        """Plain text with its base line at y; `anchor` is start, middle or end."""
        self._shapes.append(
            el(
                "text",
                visible(text),
                x=x,
                y=y,
                class_=f"f-{colour}",
                fill=self._palette[colour],
                font_size=size,
                font_weight="600" if bold else None,
                text_anchor=anchor,
            )
        )

    def svg(self, height: float, label: str) -> str:
        """The finished picture; `label` is what a screen reader says for it."""
        return el(
            "svg",
            el("title", visible(label)),
            self._shapes,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width:.0f} {height:.0f}",
            width=self.width,
            height=height,
            role="img",
            aria_label=visible(label),
            font_family=FONT,
        )

    def _stroked(self, name: str, colour: str, thick: float, dash: str | None, **where: float) -> None:
        ink = self._palette[colour]
        self._shapes.append(el(name, class_=f"s-{colour}", stroke=ink, stroke_width=thick, stroke_dasharray=dash, **where))
