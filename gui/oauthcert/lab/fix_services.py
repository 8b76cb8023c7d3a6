"""The simulated fixes of services: start one, stop one again."""

from oauthcert.lab.errors import service_not_started
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Service

_MODES = {"automatic": "Auto", "auto": "Auto", "manual": "Manual", "disabled": "Disabled"}


def start_stopped_service(doing: Doing) -> Result:
    """Start-StoppedService. A service in `Machine.stubborn` is told to start and does not."""
    service = _look(doing)
    if service is None:
        return refused("service-missing", _facts(doing, None))
    before = _facts(doing, service)
    mode = _mode(doing.text("StartMode"))
    if before["state"] == "Running" and mode in ("", before["startMode"]):
        return already(before)
    expected = (doing.text("ExpectedState"), _mode(doing.text("ExpectedStartMode")))
    if any(want not in ("", now) for want, now in zip(expected, (before["state"], before["startMode"]), strict=True)):
        return refused("changed-meanwhile", before)
    if doing.preview:
        return preview(before)
    if mode and mode != before["startMode"]:
        service.start_mode.set(doing.moment, mode)
        doing.did(f"{service.name} {mode}")
    if before["state"] != "Running":
        if service.start_mode.at(doing.moment) == "Disabled":
            raise service_not_started(service.display_name, service.name, disabled=True)
        if service.name in doing.machine.stubborn:
            return refused("did-not-start", before, _facts(doing, service))
        service.state.set(doing.moment, "Running")
        doing.did(f"{service.name} Running")
    return changed(before, _facts(doing, service))


def stop_started_service(doing: Doing) -> Result:
    """Stop-StartedService, the way back."""
    service = _look(doing)
    if service is None:
        return refused("service-missing", _facts(doing, None))
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


def _facts(doing: Doing, service: Service | None) -> Facts:
    if service is None:
        return {"state": None, "startMode": None}
    return {"state": service.state.at(doing.moment), "startMode": service.start_mode.at(doing.moment)}


def _mode(text: str) -> str:
    """In the words of Win32_Service, whichever of the two ways it was written."""
    return _MODES.get(text.casefold(), text)
