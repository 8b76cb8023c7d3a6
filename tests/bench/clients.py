"""The clients of a benchmark, in a process of their own:  python -m tests.bench.clients KIND LANES < description

KIND: `wizard` is the product's own look, judging included; `bare` is pywinrm used well (one connection, one shell, the same script and the
same input, the output thrown away); `naive` is pywinrm as most scripts use it, five `run_ps` per server. Prints one JSON line.
"""

import base64
import json
import resource
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from oauthcert import assets
from oauthcert.casework.diagnose import Limits, diagnose
from oauthcert.collect.library import library
from oauthcert.collect.probes import probes_of
from oauthcert.model.cancel import CancelToken
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.remote.wire import encode_request

RUNS = 5
LITTLE_SCRIPT = "Write-Output hello"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which servers, and who signs in."""

    targets: tuple[Target, ...]
    credential: Credential


def read_plan(line: str) -> Plan:
    told = json.loads(line)
    targets = tuple(Target(one["name"], one["scheme"], one["port"], one["address"]) for one in told["servers"])
    return Plan(targets, Credential(told["username"], Secret(told["password"])))


def wizard(plan: Plan, lanes: int) -> dict[str, float]:
    """`first_answer` is when the first probe of the fastest server was told, in seconds."""
    begun = time.perf_counter()
    first: list[float] = []

    def tell(event: object) -> None:
        if not first and type(event).__name__ == "Answered":
            first.append(time.perf_counter() - begun)

    case = diagnose(
        plan.targets,
        lambda _target: plan.credential,
        WinrmGateway(),
        limits=Limits(lanes=lanes),
        token=CancelToken(),
        tell=tell,
        now=lambda: datetime.now(UTC),
    )
    broken = sum(observation.lost is not None for observation in case.observations)
    return {"first_answer": first[0] if first else -1.0, "broken": broken, "findings": len(case.findings)}


def bare(plan: Plan, lanes: int) -> dict[str, float]:
    from winrm.protocol import Protocol

    bootstrap = base64.b64encode(assets.text("powershell/bootstrap.ps1").encode("utf-16-le")).decode()
    probes = probes_of(plan.targets[0])
    stdin = encode_request(assets.text("powershell/round.ps1"), library(probes), [probe.question for probe in probes])

    def ask(target: Target) -> None:
        protocol = Protocol(
            target.endpoint, transport="ntlm", username=plan.credential.username, password=plan.credential.password.reveal(), proxy=None
        )
        shell = protocol.open_shell(codepage=65001)
        command = protocol.run_command(
            shell,
            f"powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {bootstrap}",
            console_mode_stdin=False,
        )
        protocol.send_command_input(shell, command, stdin, end=True)
        output, _error, code = protocol.get_command_output(shell, command)
        protocol.cleanup_command(shell, command)
        protocol.close_shell(shell)
        if code != 0 or len(output) < 1000:
            raise RuntimeError(f"{target.name}: exit {code}, {len(output)} bytes")

    return {"broken": _in_lanes(ask, plan.targets, lanes)}


def naive(plan: Plan, lanes: int) -> dict[str, float]:
    import winrm

    def ask(target: Target) -> None:
        session = winrm.Session(
            target.endpoint, (plan.credential.username, plan.credential.password.reveal()), transport="ntlm", proxy=None
        )
        for _ in range(RUNS):
            if session.run_ps(LITTLE_SCRIPT).status_code != 0:
                raise RuntimeError(target.name)

    return {"broken": _in_lanes(ask, plan.targets, lanes)}


def _in_lanes(ask: Callable[[Target], None], targets: Sequence[Target], lanes: int) -> int:
    broken = 0
    with ThreadPoolExecutor(lanes) as executor:
        for future in [executor.submit(ask, target) for target in targets]:
            broken += future.exception() is not None
    return broken


class _PeakMemory:
    """Resident memory now and at most, in KB, sampled every 50 ms (ru_maxrss would count what starting took)."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.peak = self.start = self._now()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @staticmethod
    def _now() -> int:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - read thousands of times
            return int(statm.read().split()[1]) * resource.getpagesize() // 1024

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.peak = max(self.peak, self._now())

    def end(self) -> int:
        self._stop.set()
        self._thread.join()
        return max(self.peak, self._now()) - self.start


def main(kind: str, lanes: str) -> None:
    warnings.simplefilter("ignore")
    plan = read_plan(sys.stdin.readline())
    work = {"wizard": wizard, "bare": bare, "naive": naive}[kind]
    # One server beforehand, so that imports and first-time set-up are not counted as cost per server.
    work(Plan(plan.targets[:1], plan.credential), 1)
    memory, cpu, wall = _PeakMemory(), time.process_time(), time.perf_counter()
    more = work(plan, int(lanes))
    figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory_kb": memory.end(), **more}
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
