"""Time and memory of judging many evidence files:  python -m tests.bench.evidence [--counts 500 5000] [--json FILE]

Files are made by the practice lab, one deployment of each size; each size is judged in a process of its own, three times in
turns, and the best time counts. Start-up (a run over no more than one file) is taken out of the time for one file.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oauthcert.lab import scenario as lab_scenario
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import build
from oauthcert.lab.scenarios import load_scenario
from tests.builders.collected import document, written

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def made(folder: Path, count: int, scenario: str) -> int:
    """Writes the files of a deployment of so many servers, and says how many bytes they have."""
    # nobody listens here, so that the lab's own limit, which is one of open ports, does not matter
    lab_scenario.LARGEST = max(lab_scenario.LARGEST, count)
    plan = load_scenario(scenario).scaled(count)
    now = datetime.now(UTC)
    deployment = build(plan, now, LabAuthority(plan.sip_domain, now))
    looked_at = [deployment.machines[server.name] for server in plan.looked_at()][:count]
    return sum(file.stat().st_size for file in written(folder, (document(deployment, machine, now) for machine in looked_at)))


def judged(folder: Path) -> dict[str, Any]:
    """One run of the command in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.evidence", "--judge", str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "gui"), str(ROOT)])}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def judge(folder: Path) -> dict[str, Any]:
    from oauthcert.casework.evidence_files import collected_case

    begun, used = time.perf_counter(), time.process_time()
    case = collected_case([str(folder)], datetime.now(UTC), lambda _note: None)
    return {
        "files": len(case.targets),
        "findings": len(case.findings),
        "exit": case.exit_code,
        "wall_seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Time and memory of judging many evidence files.")
    parser.add_argument("--counts", type=int, nargs="+", default=[500, 5000])
    parser.add_argument("--scenario", default="healthy-lync")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--judge", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.judge:
        print(json.dumps(judge(Path(options.judge))))
        return
    rows = []
    print("files   MB read   wall s   CPU s   CPU ms/file   x first   peak MB   KB/file beyond start")
    with tempfile.TemporaryDirectory() as place:
        made(Path(place, "one"), 4, options.scenario)
        start = judged(Path(place, "one"))
        sizes = {count: made(Path(place, str(count)), count, options.scenario) for count in options.counts}
        # in turns, so that what else the machine does meanwhile slows all sizes alike
        runs = [{count: judged(Path(place, str(count))) for count in options.counts} for _ in range(ROUNDS)]
        for count, size in sizes.items():
            row = min((one[count] for one in runs), key=lambda one: float(one["cpu_seconds"]))
            row["bytes"] = size
            row["ms_per_file"] = 1000 * (row["cpu_seconds"] - start["cpu_seconds"]) / row["files"]
            row["kb_per_file"] = 1024 * (row["peak_mb"] - start["peak_mb"]) / row["files"]
            rows.append(row)
            times = row["ms_per_file"] / rows[0]["ms_per_file"]
            print(
                f"{row['files']:5d} {size / 1e6:9.1f} {row['wall_seconds']:8.2f} {row['cpu_seconds']:7.2f} {row['ms_per_file']:13.2f}"
                f" {times:9.2f} {row['peak_mb']:9.0f} {row['kb_per_file']:22.1f}"
            )
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
