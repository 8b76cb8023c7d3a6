"""The report on paper: fills a text document piece by piece, for the preview and for PDF alike."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QLocale, QMarginsF, QObject, QRectF, QSaveFile, QSizeF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)
from PySide6.QtSvg import QSvgRenderer

from oauthcert.casework.whole_file import FileNotWritten
from oauthcert.report.print_html import PrintPage
from oauthcert.ui.bridge import Outcome

POINTS = 9.0
_MARGIN_MM = 18.0
_FOOT_MM = 8.0
_HEADING_TOP = 14.0
# Pictures are drawn this much larger than they stand on the page, so that paper shows them sharp.
SHARPNESS = 2
# Countries that print on Letter paper; all others on A4 (the list of Unicode's supplemental data).
_LETTER = frozenset(
    "BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split()  # noqa: SIM905 - a table of codes is easier to compare as one line
)


def paper(country: str) -> QPageSize.PageSizeId:
    """`country` is a code of two letters."""
    return QPageSize.PageSizeId.Letter if country.upper() in _LETTER else QPageSize.PageSizeId.A4


def own_paper() -> QPageSize.PageSizeId:
    """What the system's locale prints on."""
    return paper(QLocale.territoryToCode(QLocale.system().territory()))


def new_document(page: PrintPage, pictures: Mapping[str, QImage], points: float = POINTS, scale: float = 1.0) -> QTextDocument:
    """An empty document that knows the page's style, and its pictures at `scale` times their size."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    font = QFont()
    font.setPointSizeF(points)
    # Joined letters (fi) cannot be searched for in some viewers.
    font.setFeature(QFont.Tag("liga"), 0)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(page.style)
    option = QTextOption()
    # A thumbprint or a path without a blank must not run out of the page.
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    for name, image in pictures.items():
        scaled = QImage(image)
        scaled.setDevicePixelRatio(SHARPNESS / scale)
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), scaled)
    return document


def drawn(svg: str) -> QImage:
    """A picture of the report, larger than it will stand on the page. Takes some tens of milliseconds."""
    renderer = QSvgRenderer(svg.encode())
    size = renderer.defaultSize()
    image = QImage(size * SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def pour(document: QTextDocument, page: PrintPage) -> Iterator[int]:
    """Puts one piece after the other at the end of the document; yields how many stand there."""
    cursor = QTextCursor(document)
    for number, piece in enumerate(page.pieces, 1):
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if number > 1:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        start = cursor.position()
        cursor.insertHtml(piece)
        if piece.startswith("<h2>"):
            # What is inserted takes the format of the block it is put into, not its own.
            heading = QTextBlockFormat()
            heading.setHeadingLevel(2)
            heading.setTopMargin(_HEADING_TOP)
            heading.setBottomMargin(_HEADING_TOP / 2)
            first = QTextCursor(document)
            first.setPosition(start)
            first.mergeBlockFormat(heading)
        yield number


def write_pdf(page: PrintPage, file: Path, size: QPageSize.PageSizeId, creator: str) -> int:
    """Writes the whole PDF or nothing, and says how many pages it has. Raises FileNotWritten."""
    return sum(pdf_steps(page, file, size, creator))


def pdf_steps(page: PrintPage, file: Path, size: QPageSize.PageSizeId, creator: str) -> Iterator[int]:
    """The same in steps of some tens of milliseconds; each yields how many pages it has put down. Closing it early leaves no file.

    To be taken on the window's thread: Qt does not draw text safely on another while the window's style changes.
    """
    saved = QSaveFile(str(file))
    if not saved.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise FileNotWritten(f"{file} cannot be written: {saved.errorString()}", file=str(file), why=saved.errorString())
    writer = QPdfWriter(saved)
    writer.setTitle(page.title)
    writer.setCreator(creator)
    writer.setResolution(300)
    writer.setPageSize(QPageSize(size))
    writer.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM), QPageLayout.Unit.Millimeter)
    try:
        yield from _draw(page, writer)
    finally:
        del writer  # it may write until its end, so it ends before the file does
    if not saved.commit():
        raise FileNotWritten(f"{file} cannot be written: {saved.errorString()}", file=str(file), why=saved.errorString())


def _draw(page: PrintPage, writer: QPdfWriter) -> Iterator[int]:
    pictures: dict[str, QImage] = {}
    for name, svg in page.pictures.items():
        pictures[name] = drawn(svg)
        yield 0
    document = new_document(page, pictures)
    document.documentLayout().setPaintDevice(writer)
    foot = _FOOT_MM / 25.4 * writer.resolution()
    area = QSizeF(writer.width(), writer.height() - foot)
    document.setPageSize(area)
    start = 0
    for _ in pour(document, page):
        # What is new is laid out now; all at once at the end would hold up the window for long.
        keep_headings(document, area.height(), start)
        document.pageCount()
        start = document.characterCount() - 1
        yield 0
    count = document.pageCount()
    painter = QPainter(writer)
    font = QFont(document.defaultFont())
    font.setPointSizeF(POINTS - 1)
    try:
        for number in range(count):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * area.height())
            document.drawContents(painter, QRectF(0, number * area.height(), area.width(), area.height()))
            painter.restore()
            painter.setFont(font)
            bottom = QRectF(0, area.height(), area.width(), foot)
            painter.drawText(bottom, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{number + 1} / {count}")
            shown = painter.fontMetrics().elidedText(page.title, Qt.TextElideMode.ElideRight, round(area.width() * 0.8))
            painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)
            yield 1
    finally:
        painter.end()


def keep_headings(document: QTextDocument, height: float, start: int = 0) -> None:
    """From `start` on, a heading at the foot of a page goes with what it stands above; headings below each other go together."""
    layout, block = document.documentLayout(), document.findBlock(start)
    while block.isValid():
        following = block.next()
        if _heading(block):
            while _heading(following):
                following = following.next()
            ends = layout.blockBoundingRect(following).bottom() - 1 if following.isValid() else 0.0
            if int(layout.blockBoundingRect(block).top() / height) < int(ends / height):
                broken = QTextBlockFormat()
                broken.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).mergeBlockFormat(broken)
        block = following


def _heading(block: QTextBlock) -> bool:
    """Whether this is a heading of its own, not one inside a frame of a cause."""
    return block.isValid() and block.blockFormat().headingLevel() > 0 and QTextCursor(block).currentTable() is None


class Printer(QObject):
    """Takes the steps of one PDF while the window goes on. `finished` carries an Outcome whose value is the file."""

    finished = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[int] | None = None
        self._file = Path()
        self._ticks = QTimer(self)
        self._ticks.setInterval(0)
        self._ticks.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        return self._steps is not None

    def start(self, page: PrintPage, file: Path, creator: str) -> None:
        self._file, self._steps = file, pdf_steps(page, file, own_paper(), creator)
        self._ticks.start()

    def cancel(self) -> None:
        if self._steps is not None:
            self._end(Outcome(cancelled=True))

    def _step(self) -> None:
        try:
            if self._steps is None or next(self._steps, None) is None:
                self._end(Outcome(value=self._file))
        except Exception as error:  # told to the page, which has words for it
            self._end(Outcome(error=error))

    def _end(self, outcome: Outcome) -> None:
        self._ticks.stop()
        self._steps = None  # an unfinished file goes with it
        self.finished.emit(outcome)
