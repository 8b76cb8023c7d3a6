"""Reads scenario files. Everything in them is checked; an error names the file, the key and what is allowed there."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from oauthcert.lab.durations import parse_when
from oauthcert.lab.exchange import EXCHANGES
from oauthcert.lab.faults import FAULTS, Option
from oauthcert.lab.oracle import CauseLine, Expectation, ExpectedVerdict, Selection
from oauthcert.lab.products import PRODUCTS, Role
from oauthcert.lab.scenario import LARGEST, FaultPlan, Mending, Scenario, ServerPlan, Settings
from oauthcert.lab.table import Table
from oauthcert.model.errors import ScenarioError
from oauthcert.model.finding import Verdict

T = TypeVar("T")

LANGUAGES = ("en", "de")


def read_scenario(text: str, file: str) -> Scenario:
    """The scenario in this text; `file` is its name for error messages. Raises ScenarioError."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise ScenarioError(f"{file}: not TOML: {problem}", file=file, key="", allowed="TOML 1.0") from problem
    top = Table(content, file)
    scenario = Scenario(
        id=top.text("id"),
        title=_words(top.table("title")),
        story=_words(top.table("story")),
        product=PRODUCTS[top.one_of("product", PRODUCTS)],
        settings=_settings(top.table("settings", {})),
        servers=_servers(top),
        faults=(),
        expectation=_expectation(top.table("expect")),
        mending=_mending(top.table("repair", {})),
    )
    plans = top.tables("faults")
    _check_servers(scenario, top)
    faults = tuple(_fault(plan, scenario) for plan in plans)
    top.end()
    scenario = replace(scenario, faults=faults)
    try:
        scenario.oracle()
    except ValueError as problem:
        top.fail("expect", str(problem))
    return scenario


def _words(table: Table) -> Mapping[str, str]:
    words = {language: table.text(language) for language in LANGUAGES}
    table.end()
    return words


def _settings(table: Table) -> Settings:
    master = table.name("master", "fe01.contoso.lab")
    assigned = table.text("oauth_assigned", "200d ago")
    settings = Settings(
        master=master,
        store=table.name("store", master),
        installed=table.parsed("installed", parse_when, "400d ago"),
        oauth_assigned=None if assigned == "never" else table.parsed("oauth_assigned", parse_when, "200d ago"),
        oauth_expires=table.parsed("oauth_expires", parse_when, "in 530d"),
        changes=tuple(table.each("changes", parse_when, ["6d3h ago"])),
        kerberos_rule=table.flag("kerberos_rule"),
        hop_allowed=table.flag("hop_allowed"),
        exchange=table.one_of("exchange", EXCHANGES) if table.has("exchange") else "none",
    )
    table.end()
    for key, moment in (("oauth_assigned", settings.oauth_assigned), *(("changes", change) for change in settings.changes)):
        if moment is not None and not settings.installed < moment <= timedelta():
            table.fail(key, "a moment after `installed` and not in the future")
    return settings


def _servers(top: Table) -> tuple[ServerPlan, ...]:
    servers = [_server(table) for table in top.tables("servers")]
    for table in top.tables("fleet"):
        servers += _fleet(table)
    if not 1 <= len(servers) <= LARGEST:
        top.fail("servers", f"1 to {LARGEST} servers")
    return tuple(servers)


def _server(table: Table) -> ServerPlan:
    name = table.name("name")
    plan = ServerPlan(
        name=name,
        role=Role(table.one_of("role", list(Role))),
        pool=table.name("pool", name),
        site=table.text("site", "Berlin"),
        description=table.text("description", ""),
    )
    table.end()
    return plan


def _fleet(table: Table) -> list[ServerPlan]:
    """`count` servers whose names and pools are counted: "fe{number:03}.contoso.lab", "pool{number:02}.contoso.lab"."""
    count = table.number("count", 1, LARGEST)
    first = table.number("first", 0, 9999, 1)
    per_pool = table.number("per_pool", 1, LARGEST, 1)
    role = Role(table.one_of("role", list(Role)))
    name, pool = table.text("name"), table.text("pool", "")
    sites = table.texts("sites", ["Berlin"])
    if "{number" not in name or (pool and "{number" not in pool):
        table.fail("name", 'a name with its number, such as "fe{number:03}.contoso.lab"')
    plans = []
    try:
        for index in range(count):
            own = name.format(number=first + index)
            group = pool.format(number=1 + index // per_pool) if pool else own
            plans.append(ServerPlan(own, role, group, sites[(index // per_pool) % len(sites)]))
    except (ValueError, LookupError, AttributeError):
        table.fail("name", 'a name with its number, such as "fe{number:03}.contoso.lab"')
    table.end()
    return plans


def _check_servers(scenario: Scenario, top: Table) -> None:
    names = [server.name for server in scenario.servers]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        top.fail("servers", f"every name once, not {twice} twice")
    for key, name in (("settings.master", scenario.settings.master), ("settings.store", scenario.settings.store)):
        if name not in names:
            top.fail(key, "one of the servers of this scenario")
    master = next(server for server in scenario.servers if server.name == scenario.settings.master)
    if not master.role.needs_oauth or master.role is Role.DIRECTOR:
        top.fail("settings.master", "a Standard Edition server or a front end")
    for server in scenario.servers:
        others = {other.role for other in scenario.servers if other.pool == server.pool}
        if len(others) > 1:
            top.fail("servers", f"one role in each pool, not {', '.join(sorted(others))} in {server.pool}")


def _fault(table: Table, scenario: Scenario) -> FaultPlan:
    name = table.one_of("fault", FAULTS)
    fault = FAULTS[name]
    groups = scenario.groups()
    known = [server.name for server in scenario.servers]
    servers: list[str] = []
    for one in table.texts("servers"):
        if one not in groups and one not in known:
            table.fail("servers", f"names of servers of this scenario, or {', '.join(sorted(groups))}")
        servers += groups.get(one, [one])
    at = table.parsed("at", parse_when, None) if fault.timed or table.has("at") else None
    if at is not None and at > timedelta():
        table.fail("at", "a moment that is not in the future")
    options: dict[str, Option] = {}
    for key, kind in fault.options.items():
        if table.has(key):
            options[key] = table.option(key, kind)
        elif key in fault.required:
            table.fail(key, f"a value: {name} needs it")
    table.end()
    return FaultPlan(name, tuple(dict.fromkeys(servers)), at, options)


def _expectation(table: Table) -> Expectation:
    expectation = Expectation(
        exit_code=table.number("exit", 0, 3),
        verdicts=tuple(_verdict(line) for line in table.tables("findings")),
        causes=tuple(_cause(line) for line in table.tables("causes")),
    )
    table.end()
    return expectation


def _mending(table: Table) -> Mending:
    mending = Mending(table.number("exit", 0, 3, 0), table.number("plans", 1, 9, 3))
    table.end()
    return mending


def _verdict(table: Table) -> ExpectedVerdict:
    verdict = ExpectedVerdict(_selection(table), Verdict(table.one_of("verdict", list(Verdict))))
    table.end()
    return verdict


def _selection(table: Table) -> Selection:
    """`check` or `checks`, `server` or `servers`, or `deployment = true`; `without` takes checks out of a group again."""
    checks = [table.text("check")] if table.has("check") else table.texts("checks")
    deployment = table.flag("deployment")
    servers = [table.text("server")] if table.has("server") else table.texts("servers", [] if deployment else None)
    if deployment == bool(servers):
        table.fail("servers", "either servers or deployment = true")
    return Selection(tuple(checks), tuple(servers), tuple(table.texts("without", [])))


def _cause(table: Table) -> CauseLine:
    """`finding` is an id or a selection; `explains` holds ids and selections."""
    finding = table.part("finding", _from_id, _selection_of)
    explains = table.parts("explains", _from_id, _selection_of)
    table.end()
    return CauseLine(finding, tuple(explains))


def _selection_of(table: Table) -> Selection:
    selection = _selection(table)
    table.end()
    return selection


def _from_id(text: str) -> Selection:
    check, at, where = text.partition("@")
    if not check or not at or not where:
        raise ValueError('an id such as "replica-service@fe02.contoso.lab"')
    return Selection((check,), () if where == "deployment" else (where,))
