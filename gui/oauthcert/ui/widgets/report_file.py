"""Where a report or a case is saved: the dialog that asks, and the name it begins with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from oauthcert.model.case import Case


@dataclass(frozen=True, slots=True)
class Asked:
    """Which file is wanted: title of the dialog, the folder and name it begins with, and what kinds of file it lists."""

    title: str
    suggestion: Path
    suffix: str
    kinds: str


Ask = Callable[[QWidget, Asked], Path | None]


def ask_in_dialog(parent: QWidget, asked: Asked) -> Path | None:
    """The system's dialog. It asks itself before an existing file is replaced."""
    dialog = QFileDialog(parent, asked.title, str(asked.suggestion.parent), asked.kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(asked.suffix)
    dialog.selectFile(asked.suggestion.name)
    return Path(dialog.selectedFiles()[0]) if dialog.exec() and dialog.selectedFiles() else None


def suggested_name(case: Case, what: str, hidden: bool) -> str:
    """`oauth-report-2026-11-21-contoso.lab`, with hidden names `…-without-names`: a file's name is the first thing others see."""
    domains = (
        target.name.partition(".")[2] for target in case.targets if not target.name.replace(".", "").isdigit() and ":" not in target.name
    )
    domain = "without-names" if hidden else next((domain for domain in domains if domain), "")
    parts = ("oauth", what, f"{case.finished:%Y-%m-%d}", re.sub(r"[^\w.-]", "", domain)[:60].strip("."))
    return "-".join(part for part in parts if part)
