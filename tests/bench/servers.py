"""The practice servers of a benchmark, in a process of their own:  python -m tests.bench.servers SCENARIO N LATENCY_MS

Prints one JSON line saying where they are, then answers each line of standard input with one JSON line of counts; ends with it.
"""

import json
import sys

from oauthcert.lab.practice import PracticeLab


def counts(lab: PracticeLab) -> dict[str, int]:
    """Sums over all servers; `busiest` is the most requests any one server has seen."""
    snapshots = list(lab.counters().values())
    return {
        "requests": sum(one.requests for one in snapshots),
        "connections": sum(one.connections for one in snapshots),
        "sign_ins": sum(one.sign_ins for one in snapshots),
        "shells": sum(one.shells for one in snapshots),
        "busiest": max((one.requests for one in snapshots), default=0),
    }


def main(scenario: str, servers: str, latency_ms: str) -> None:
    with PracticeLab.open(scenario, servers=int(servers), latency_seconds=float(latency_ms) / 1000) as lab:
        print(json.dumps(lab.description()), flush=True)
        for _line in sys.stdin:
            print(json.dumps(counts(lab)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
