"""From a scenario to a deployment in which everything has happened that the scenario tells."""

from datetime import datetime, timedelta

from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.deployment import Deployment, Issuer
from oauthcert.lab.exchange import EXCHANGES
from oauthcert.lab.faults import ALWAYS, FAULTS, Strike
from oauthcert.lab.machines import ADMINISTRATORS, COMMON_GROUPS, SERVER_ADMINS, Account, Clock, Key, Machine
from oauthcert.lab.products import Role
from oauthcert.lab.scenario import Scenario, ServerPlan
from oauthcert.lab.timed import Timed
from oauthcert.model.errors import ScenarioError

USERNAME = r"CONTOSO\admin"
_EDGE_ACCOUNT = r"{0}\admin"


def build(scenario: Scenario, now: datetime, authority: Issuer | None = None) -> Deployment:
    """The deployment of a scenario, its moments counted from `now`. Raises ScenarioError when something cannot have happened."""
    settings = scenario.settings
    exchange = EXCHANGES[settings.exchange]
    deployment = Deployment(
        sip_domain=scenario.sip_domain,
        product=scenario.product,
        installed=now + settings.installed,
        master=settings.master,
        store=settings.store,
        authority=authority or LabAuthority(scenario.sip_domain, now),
        hop_allowed=settings.hop_allowed,
        exchange=exchange.at(scenario.sip_domain) if exchange else None,
    )
    central_pool = next(server.pool for server in scenario.servers if server.name == settings.master)
    for server in scenario.servers:
        deployment.machines[server.name] = _machine(scenario, server, central=server.pool == central_pool)
    deployment.change(deployment.installed, "topology")
    if settings.oauth_assigned is not None:
        _first_certificate(deployment, now + settings.oauth_assigned, now + settings.oauth_expires)
    for moment in settings.changes:
        deployment.change(now + moment, "policy")
    for plan in scenario.faults:
        when = ALWAYS if plan.at is None else now + plan.at
        for name in plan.servers:
            try:
                FAULTS[plan.fault].apply(Strike(deployment, deployment.machines[name], when, plan.options))
            except ValueError as problem:
                raise ScenarioError(f"{scenario.id}: {plan.fault} on {name}: {problem}", scenario=scenario.id, key=plan.fault) from problem
    return deployment


def account_of(server: str, *, edge: bool) -> Account:
    """The operator as a server sees him where nothing is wrong. A workgroup Edge knows a local account of the same name and password."""
    if not edge:
        return Account(USERNAME, (*COMMON_GROUPS, ADMINISTRATORS, SERVER_ADMINS, r"CONTOSO\Domain Users"))
    short = server.split(".", 1)[0].upper()
    return Account(_EDGE_ACCOUNT.format(short), (*COMMON_GROUPS, ADMINISTRATORS, rf"{short}\RTC Local Administrators"))


def _machine(scenario: Scenario, server: ServerPlan, *, central: bool) -> Machine:
    inside = server.role is not Role.EDGE
    clock = Clock() if inside else Clock(type="NTP", ntp_server="ntp.contoso.lab,0x8", source="ntp.contoso.lab,0x8", stratum=3)
    return Machine(
        name=server.name,
        role=server.role,
        cluster=server.pool,
        site=server.site,
        product=scenario.product,
        account=account_of(server.name, edge=not inside),
        domain=scenario.sip_domain if inside else None,
        description=server.description,
        central_management=central,
        clock=Timed(clock),
    )


def _first_certificate(deployment: Deployment, assigned: datetime, expires: datetime) -> None:
    master = deployment.active_master
    begins = min(assigned - timedelta(hours=1), expires - timedelta(days=1))
    certificate = deployment.authority.oauth("first", begins, expires)
    deployment.request_certificate(master, assigned - timedelta(minutes=30), certificate, Key())
    deployment.assign_oauth(master, assigned, certificate)
