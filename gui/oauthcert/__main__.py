"""`python -m oauthcert` and the `oauthcert` command."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    from oauthcert.cli.main import run
    from oauthcert.compose import real_parts

    return run(sys.argv[1:] if arguments is None else arguments, real_parts())


if __name__ == "__main__":
    sys.exit(main())
