"""The simulated fixes of services: start one, stop one again."""

from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Service

_MODES = {"automatic": "Auto", "auto": "Auto", "manual": "Manual", "disabled": "Disabled"}

_DISABLED = "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it"
_FELL_BACK = "The service did not respond to the start or control request in a timely fashion"


def start_stopped_service(doing: Doing) -> Result:
    """Start-StoppedService. A service in `Machine.stubborn` is told to start and does not; its start mode is then as it was."""
    service = _look(doing)
    if service is None:
        return refused("service-missing")
    before = _facts(doing, service)
    mode = _mode(doing.text("StartMode"))
    if before["state"] == "Running" and mode in ("", before["startMode"]):
        return already(before)
    if (before["state"], before["startMode"]) != (doing.text("ExpectedState"), _mode(doing.text("ExpectedStartMode"))):
        return refused("changed-meanwhile", before)
    if doing.preview:
        return preview(before)
    wanted = mode or before["startMode"]
    if before["state"] != "Running" and (wanted == "Disabled" or service.name in doing.machine.stubborn):
        return refused("did-not-start", before, before, (_DISABLED if wanted == "Disabled" else _FELL_BACK,))
    if mode and mode != before["startMode"]:
        service.start_mode.set(doing.moment, mode)
        doing.did(f"{service.name} {mode}")
    if before["state"] != "Running":
        service.state.set(doing.moment, "Running")
        doing.did(f"{service.name} Running")
    return changed(before, _facts(doing, service))


def stop_started_service(doing: Doing) -> Result:
    """Stop-StartedService, the way back."""
    service = _look(doing)
    if service is None:
        return refused("service-missing")
    before = _facts(doing, service)
    mode = _mode(doing.text("StartMode"))
    if before["state"] == "Stopped" and mode in ("", before["startMode"]):
        return already(before)
    if doing.preview:
        return preview(before)
    service.state.set(doing.moment, "Stopped")
    if mode:
        service.start_mode.set(doing.moment, mode)
    doing.did(f"{service.name} Stopped")
    return changed(before, _facts(doing, service))


def _look(doing: Doing) -> Service | None:
    """Asks as the script does, and is refused as it is."""
    doing.at.get_service_instances()
    wanted = doing.text("Name").casefold()
    return next((service for name, service in doing.machine.services.items() if name.casefold() == wanted), None)


def _facts(doing: Doing, service: Service) -> Facts:
    return {"state": service.state.at(doing.moment), "startMode": service.start_mode.at(doing.moment)}


def _mode(text: str) -> str:
    """In the words of Win32_Service, whichever of the two ways it was written."""
    return _MODES.get(text.casefold(), text)
