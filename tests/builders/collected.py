"""The evidence files that the collector would write on the servers of the practice lab."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from oauthcert import __version__
from oauthcert.collect.evidence_file import KIND, SCHEMA
from oauthcert.collect.probes import probes_of
from oauthcert.lab.answers import answer
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.errors import ErrorRecord, unknown_command
from oauthcert.lab.machines import Machine
from oauthcert.lab.stamps import utc
from oauthcert.model.target import Product, Target
from oauthcert.remote.wire import PROTOCOL


def document(deployment: Deployment, machine: Machine, now: datetime, product: Product = Product.AUTO) -> dict[str, Any]:
    """What a file of this machine holds; its clock is the machine's own."""
    local = utc(machine.local_time(now))
    hello = {
        "protocol": PROTOCOL,
        "edition": machine.product.powershell,
        "process64": True,
        "utc": local,
        "computer": machine.short,
    }
    answers = {"hello": _answer("hello", [hello])}
    for probe in probes_of(Target(machine.name, product=product)):
        found = answer(Cmdlets(deployment, machine, now), probe.function, probe.arguments)
        answers[probe.id] = _answer(probe.id, unknown_command(probe.function) if found is None else found)
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "tool": __version__,
        "server": machine.name,
        "computer": machine.short,
        "product": product.value,
        "utc": local,
        "finished": local,
        "answers": answers,
    }


def _answer(probe: str, found: object) -> dict[str, Any]:
    fault = found.as_json() if isinstance(found, ErrorRecord) else None
    value = [] if fault is not None else found
    return {"probe": probe, "ok": fault is None, "value": value, "fault": fault, "errors": [], "warnings": [], "milliseconds": 7}


def written(folder: Path, documents: Iterable[dict[str, Any]]) -> list[Path]:
    """One file each, named as the collector names it."""
    folder.mkdir(exist_ok=True)
    files = []
    for one in documents:
        file = folder / f"{one['server']}.oauthcert.json"
        file.write_text(json.dumps(one, ensure_ascii=False), encoding="utf-8")
        files.append(file)
    return files
