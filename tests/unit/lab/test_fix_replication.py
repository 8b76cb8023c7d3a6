"""Replication through the simulated fixes: the replica, a full copy, and the configuration carried over by hand."""

import base64
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from oauthcert.lab.configuration import CANARY
from oauthcert.lab.timed import Tempo
from oauthcert.model.secret import Secret
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.fixing import LATER, assigned, deeds, fault, fix, mine, outcome, without_group

DISABLED = '[[faults]]\nfault = "replica-disabled"\nservers = ["fe02.contoso.lab"]\nat = "2d ago"\n'
RENEWED = '[[faults]]\nfault = "oauth-renewed"\nservers = ["fe01.contoso.lab"]\nat = "20h ago"\n'
PORT = '[[faults]]\nfault = "port-closed"\nservers = ["fe02.contoso.lab"]\nat = "2d ago"\n'
ENABLE, SEND, EXPORT, IMPORT = (
    "Enable-LocalReplica",
    "Invoke-ConfigurationReplication",
    "Export-MasterConfiguration",
    "Import-LocalConfiguration",
)


def far(make: Make) -> Asker:
    """The database lies on another server than the management service."""
    deployment = make()
    deployment.store = "sql01.contoso.lab"
    return Asker(deployment)


def package(lab: Asker) -> dict[str, Any]:
    """The configuration as the engine hands it on: its parts are secret."""
    exported = fix(lab, "fe01", EXPORT)
    return {"Parts": [Secret(part) for part in exported["after"]["parts"]], "Sha256": exported["after"]["sha256"]}


def test_that_enabling_the_replica_lets_the_configuration_in(make: Make) -> None:
    lab = Asker(make(DISABLED + RENEWED))
    done = fix(lab, "fe02", ENABLE)
    assert outcome(done) == ("changed", None)
    assert done["before"]["passed"] is False
    assert done["after"] == {"passed": True, "problems": []}
    assert assigned(lab, "fe02", LATER) == assigned(lab, "fe01", LATER)
    assert outcome(fix(lab, "fe02", ENABLE, LATER)) == ("already", None)
    assert deeds(lab) == [("fe02", ENABLE, "replica enabled")]


def test_that_enabling_fails_on_a_framework_that_is_too_old(make: Make) -> None:
    lab = Asker(make(DISABLED))
    machine = lab.at("fe02").machine
    machine.product = replace(machine.product, dot_net_release=378389)
    assert fault(lab, "fe02", ENABLE).type == "System.MissingMethodException"
    assert outcome(fix(lab, "fe02", ENABLE, Preview=True)) == ("preview", None)
    assert deeds(lab) == []


def test_that_enabling_takes_an_administrator(make: Make) -> None:
    lab = Asker(make(DISABLED))
    without_group(lab, "fe02", "Administrators")
    assert fault(lab, "fe02", ENABLE).category == "PermissionDenied"


def test_that_a_full_copy_makes_a_replica_report_anew(make: Make) -> None:
    lab = Asker(make())
    before = lab.row("fe02")
    done = fix(lab, "fe01", SEND, Replicas=["fe02.contoso.lab"])
    assert outcome(done) == ("changed", None)
    assert done["after"] == {"asked": ["fe02.contoso.lab"]}
    assert lab.row("fe02", NOW + timedelta(seconds=20))["upToDate"] is False
    assert lab.row("edge01", NOW + timedelta(seconds=20))["upToDate"] is True
    after = lab.row("fe02", LATER)
    assert after["upToDate"] is True
    assert after["lastStatusReport"] > before["lastStatusReport"]


def test_that_a_full_copy_without_names_goes_to_every_replica(make: Make) -> None:
    lab = Asker(make())
    done = fix(lab, "fe01", SEND, Replicas=[])
    assert done["after"]["asked"] == ["fe01.contoso.lab", "fe02.contoso.lab", "edge01.contoso.lab"]


def test_that_only_the_active_master_sends_and_only_to_replicas(make: Make) -> None:
    lab = Asker(make())
    assert outcome(fix(lab, "fe02", SEND, Replicas=[])) == ("refused", "not-active-master")
    assert fault(lab, "fe01", SEND, Replicas=["fe77.contoso.lab"]).category == "ObjectNotFound"
    assert outcome(fix(lab, "fe01", SEND, Replicas=[], Preview=True)) == ("preview", None)
    assert deeds(lab) == []


def test_that_sending_takes_the_group_and_the_way_to_the_database(make: Make) -> None:
    lab = Asker(make())
    without_group(lab, "fe01", "RTCUniversalServerAdmins")
    assert fault(lab, "fe01", SEND, Replicas=[]).type == "System.UnauthorizedAccessException"
    for function in (SEND, EXPORT):
        refused = fault(far(make), "fe01", function)
        assert "ANONYMOUS LOGON" in refused.inner[0]


def test_that_an_export_brings_parts_that_belong_together_and_key_material(make: Make) -> None:
    lab = Asker(make())
    done = fix(lab, "fe01", EXPORT)
    assert outcome(done) == ("already", None)
    data = b"".join(base64.b64decode(part) for part in done["after"]["parts"])
    assert (len(data), sha256(data).hexdigest().upper()) == (done["after"]["length"], done["after"]["sha256"])
    assert f"{CANARY}-{lab.deployment.canary}".encode() in data
    assert "DocItemSet.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert all(len(part) <= 60_000 for part in done["after"]["parts"])
    assert deeds(lab) == []


def test_that_an_imported_configuration_is_what_the_server_knows(make: Make) -> None:
    lab = Asker(make(PORT + RENEWED))
    old = assigned(lab, "fe02")
    done = fix(lab, "fe02", IMPORT, **package(lab))
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"thumbprint": old}
    assert assigned(lab, "fe02", LATER) == assigned(lab, "fe01") != old
    assert mine(lab, "fe02", LATER)[assigned(lab, "fe01")] is True
    assert assigned(lab, "fe02", ago(hours=1)) == old
    assert deeds(lab) == [("fe02", IMPORT, "local store")]


def test_that_a_damaged_package_is_refused_and_a_strange_one_fails(make: Make) -> None:
    lab = Asker(make(PORT + RENEWED))
    good = package(lab)
    assert outcome(fix(lab, "fe02", IMPORT, **good | {"Sha256": "00" * 32})) == ("refused", "damaged")
    assert outcome(fix(lab, "fe02", IMPORT, **good | {"Parts": [Secret("no base64 at all")]})) == ("refused", "damaged")
    strange = {"Parts": [Secret(base64.b64encode(b"PK nothing").decode())], "Sha256": sha256(b"PK nothing").hexdigest()}
    assert fault(lab, "fe02", IMPORT, **strange).type == "System.IO.InvalidDataException"
    assert outcome(fix(lab, "fe02", IMPORT, **good, Preview=True)) == ("preview", None)
    assert deeds(lab) == []


def test_that_an_import_takes_the_group(make: Make) -> None:
    lab = Asker(make())
    good = package(lab)
    without_group(lab, "fe02", "RTCUniversalServerAdmins")
    assert fault(lab, "fe02", IMPORT, **good).category == "PermissionDenied"


def test_that_what_happens_while_the_lab_runs_travels_at_its_pace(make: Make) -> None:
    slow, fast = Asker(make(PORT + RENEWED)), Asker(make(PORT + RENEWED))
    fast.deployment.tempo = Tempo(NOW, 400)
    for lab in (slow, fast):
        lab.at("fe02").machine.ports[445].set(NOW, True)
    soon = NOW + timedelta(seconds=2)
    assert fast.row("fe02", soon)["upToDate"] is True
    assert assigned(fast, "fe02", soon) == assigned(fast, "fe01", soon)
    assert mine(fast, "fe02", soon)[assigned(fast, "fe01", soon)] is True
    assert slow.row("fe02", soon)["upToDate"] is False
    assert slow.row("fe02", LATER)["upToDate"] is True
