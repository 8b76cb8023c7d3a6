"""The exit codes of the command, as scripts and monitoring rely on them. `check` itself ends with 0 to 3 (Case.exit_code)."""

OK = 0
FAILED = 2
UNKNOWN = 3
STEP_FAILED = 4
USAGE = 64
UNEXPECTED = 70
INTERRUPTED = 130
