"""How long the first window takes, against an empty PySide6 window in the same run:  python -m tests.bench.start [--runs N]

Each run is a new process, alternating; what counts is the ratio of the medians. Wall is from the start of the process until the window
was painted, CPU is what the process used until then.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOUND = 2.0

# Ends itself as soon as the window has been painted once.
AT_FIRST_PAINT = """
import sys, time
from PySide6.QtCore import QObject, QEvent, QTimer
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write(str(time.process_time()))
            sys.stdout.flush()
            import os
            os._exit(0)
        return False
"""
EMPTY = f"""{AT_FIRST_PAINT}
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.resize(1280, 820)
watcher = FirstPaint()
window.installEventFilter(watcher)
window.show()
application.exec()
"""
OURS = f"""
import sys
from oauthcert.__main__ import wizard
from PySide6.QtWidgets import QWidget
{AT_FIRST_PAINT}
import oauthcert.ui.wizard as module
show = module.Wizard.show
def watched(self):
    self.watcher = FirstPaint()
    self.frame.installEventFilter(self.watcher)
    show(self)
module.Wizard.show = watched
sys.exit(wizard([]))
"""


def once(program: str, home: str) -> tuple[float, float]:
    """Wall and CPU seconds of one start."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "gui"),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C",
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_STATE_HOME": home,
        "APPDATA": home,
        "LOCALAPPDATA": home,
        # compiled once, as an installed program is
        "PYTHONPYCACHEPREFIX": str(Path(home) / "compiled"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    if done.returncode != 0 or not done.stdout:
        raise SystemExit(f"the window did not come up:\n{done.stderr[-2000:]}")
    return wall, float(done.stdout)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--json", type=Path, default=ROOT / "out" / "bench-start.json")
    chosen = options.parse_args()
    seen: dict[str, list[tuple[float, float]]] = {"empty": [], "wizard": []}
    with tempfile.TemporaryDirectory() as home:
        for run in range(chosen.runs + 1):
            for name, program in (("empty", EMPTY), ("wizard", OURS)):
                figures = once(program, home)
                if run:  # the first ones warm the disk's cache
                    seen[name].append(figures)
    medians = {name: [statistics.median(figure) for figure in zip(*runs, strict=True)] for name, runs in seen.items()}
    ratios = [mine / theirs for mine, theirs in zip(medians["wizard"], medians["empty"], strict=True)]
    print(f"First window, median of {chosen.runs} starts each (bound: {BOUND} x an empty window)")
    print("          wall s   CPU s")
    for name, (wall, cpu) in medians.items():
        print(f"{name:8s} {wall:7.3f} {cpu:7.3f}")
    print(f"ratio    {ratios[0]:7.2f} {ratios[1]:7.2f}")
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps({"medians": medians, "ratios": ratios, "runs": seen}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
