"""Prints the benchmark tables and writes them as JSON:  python -m tests.bench [--quick] [--json FILE]

Servers run in one process, clients in another, so that neither borrows the other's processor time. Absolute seconds move with the
machine; what counts are the ratios within one run.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "gui"), str(ROOT)])}


@dataclass(frozen=True, slots=True)
class Servers:
    """A running set of practice servers."""

    description: str
    pipe_in: IO[str]
    pipe_out: IO[str]

    def counts(self) -> dict[str, int]:
        self.pipe_in.write("\n")
        self.pipe_in.flush()
        return dict(json.loads(self.pipe_out.readline()))


@contextmanager
def servers(count: int, latency_ms: int, scenario: str = "healthy-lync") -> Iterator[Servers]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.servers", scenario, str(count), str(latency_ms)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Servers(process.stdout.readline(), process.stdin, process.stdout)
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def client(kind: str, lanes: int, running: Servers) -> dict[str, Any]:
    """Figures of one client run, counts per server included (the one warm-up server taken out)."""
    before = running.counts()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.clients", kind, str(lanes)],
        cwd=ROOT,
        env=ENVIRONMENT,
        input=running.description,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{kind}: {done.stderr[-2000:]}")
    after = running.counts()
    figures: dict[str, Any] = json.loads(done.stdout)
    count = len(json.loads(running.description)["servers"])
    figures.update({key: (after[key] - before[key]) / (count + 1) for key in ("requests", "connections", "sign_ins")})
    figures.update(kind=kind, lanes=lanes, servers=count, shells_left=after["shells"])
    return figures


def speed(count: int, latencies: list[int], lanes: int) -> list[dict[str, Any]]:
    print(f"\nSpeed: {count} servers, {lanes} lanes (requests, connections, sign-ins and CPU are per server)")
    print("latency  client   wall s  x naive   x bare  requests  connections  sign-ins  CPU ms  x bare  first answer s")
    rows = []
    for latency in latencies:
        with servers(count, latency) as running:
            found = {kind: client(kind, lanes, running) for kind in ("naive", "bare", "wizard")}
        for kind, row in found.items():
            row["latency_ms"] = latency
            row["wall_vs_naive"], row["wall_vs_bare"] = (row["wall"] / found[other]["wall"] for other in ("naive", "bare"))
            row["cpu_vs_bare"] = row["cpu"] / found["bare"]["cpu"]
            first = f"{row['first_answer']:.2f}" if "first_answer" in row else ""
            ratios = f"{row['wall_vs_naive']:8.2f} {row['wall_vs_bare']:8.2f}"
            print(
                f"{latency:4d} ms  {kind:7s} {row['wall']:7.2f} {ratios} {row['requests']:9.1f} "
                f"{row['connections']:12.1f} {row['sign_ins']:9.1f} {1000 * row['cpu'] / count:7.1f} {row['cpu_vs_bare']:7.2f}  {first}"
                + (f"  BROKEN {row['broken']}" if row["broken"] else ""),
                flush=True,
            )
            rows.append(row)
    return rows


def growth(sizes: list[int], lanes: int) -> list[dict[str, Any]]:
    print(f"\nGrowth: the wizard, 0 ms, {lanes} lanes")
    print("servers   wall s  ms per server  x smallest  CPU ms per server  memory KB per server")
    rows: list[dict[str, Any]] = []
    for size in sizes:
        with servers(size, 0) as running:
            row = client("wizard", lanes, running)
        row["ms_per_server"] = 1000 * row["wall"] / size
        rows.append(row)
        ratio = row["ms_per_server"] / rows[0]["ms_per_server"]
        print(
            f"{size:7d} {row['wall']:8.2f} {row['ms_per_server']:14.2f} {ratio:11.2f} {1000 * row['cpu'] / size:18.2f} "
            f"{row['memory_kb'] / size:21.0f}",
            flush=True,
        )
    return rows


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--servers", type=int, default=200)
    options.add_argument("--lanes", type=int, default=64)
    options.add_argument("--latency", type=int, nargs="+", default=[0, 20, 100], metavar="MS")
    options.add_argument("--growth", type=int, nargs="+", default=[100, 1000], metavar="N")
    options.add_argument("--quick", action="store_true", help="a tenth of the servers, to see that it runs")
    options.add_argument("--json", type=Path, default=ROOT / "out" / "bench.json")
    chosen = options.parse_args()
    shrink = 10 if chosen.quick else 1
    tables = {
        "speed": speed(chosen.servers // shrink, chosen.latency, chosen.lanes),
        "growth": growth([size // shrink for size in chosen.growth], chosen.lanes),
    }
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(tables, indent=1), encoding="utf-8")
    print(f"\nwritten to {chosen.json}")


if __name__ == "__main__":
    main()
