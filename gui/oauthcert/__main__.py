"""`python -m oauthcert` and the commands `oauthcert` and `oauthcert-wizard`."""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    from oauthcert.cli.main import run
    from oauthcert.compose import real_parts

    return run(sys.argv[1:] if arguments is None else arguments, real_parts())


def wizard(arguments: Sequence[str] | None = None) -> int:
    """Opens the window and returns its exit code."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        # in a frozen program the processes of the practice lab and of a look begin here too
        freeze_support()
    # Nothing made while the window opens is garbage soon, and looking for it takes a tenth of that time; `run_window` turns it on again.
    gc.disable()
    from oauthcert.compose import start_window

    try:
        return start_window(sys.argv[1:] if arguments is None else arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 64
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
