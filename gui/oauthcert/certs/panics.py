"""The cryptographic library is written in Rust; where it meets a case its authors held impossible it panics, which is no Exception."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Turns a panic of the library into a ValueError without its text, which may quote a password; lets everything else through.

    pyo3 derives PanicException from BaseException and does not export it, hence the comparison by name.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError("the cryptographic library gave up") from None
        raise
