"""Puts results where they were asked for, after they exist as text; what cannot be put there comes out another way."""

import tempfile
from contextlib import suppress
from pathlib import Path

from oauthcert.casework.case_file import save_case
from oauthcert.casework.whole_file import FileNotWritten, write_whole
from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences
from oauthcert.model.errors import CaseFileError


def deliver(text: str, output: str | None, console: Console, sentences: Sentences, quiet: bool) -> None:
    """To the file, else to standard output; also there, with a warning, when the file cannot be written."""
    if output is not None:
        try:
            write_whole(Path(output), text)
        except FileNotWritten as error:
            console.say(sentences.error(error))
            console.say(sentences("not_written"))
        else:
            if not quiet:
                console.say(sentences("written", file=output))
            return
    console.result(text)
    console.flush()


def keep_case(text: str, save: str, console: Console, sentences: Sentences, quiet: bool) -> None:
    """Saves the case under this name; under another one, and says so, when that cannot be. A look at servers is not done twice for that."""
    try:
        save_case(Path(save), text)
    except CaseFileError as error:
        console.say(sentences.error(error))
        for folder in (Path.cwd(), Path(tempfile.gettempdir())):
            with suppress(FileNotWritten):
                file = _free_name(folder)
                write_whole(file, text)
                console.say(sentences("saved_elsewhere", file=str(file)))
                return
        console.say(sentences("not_saved"))
    else:
        if not quiet:
            console.say(sentences("saved", file=save))


def _free_name(folder: Path) -> Path:
    names = [folder / f"oauthcert-case{f'-{number}' if number else ''}.json" for number in range(1000)]
    return next((name for name in names if not name.exists()), names[0])
