"""Plans that bring the configuration to servers: by replication, by hand from the Central Management Server, into the replication path."""

from collections.abc import Sequence

from oauthcert.checks.hosts import is_address
from oauthcert.checks.view import ServerView
from oauthcert.fixes.fix import LOCAL_ADMINISTRATOR, SECOND_HOP, SERVER_ADMINS, Fix, Outline
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding
from oauthcert.model.plan import Consent, FromStep, LeftOut


def enable_replica(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Once for each server, whichever findings ask for it."""
    maker, left_out, mended = Maker(fix), list[LeftOut](), list[Finding]()
    by_server: dict[str, list[Finding]] = {}
    for finding in findings:
        by_server.setdefault(finding.server or "", []).append(finding)
    for name, found in by_server.items():
        server = situation.server(name)
        if obstacle := situation.obstacle(server, fix.needs):
            left_out += blocked(found, obstacle)
            continue
        local = [f.id for f in (*found, *situation.covered([f.id for f in found])) if f.check in ("local-store-present", "replica-service")]
        maker.does(name, "enable-replica", call("Enable-LocalReplica"), settles=local, typical=60.0)
        mended += found
    late = [f.id for f in mended if f.check.startswith("replication-")]
    maker.waits_for_effects(situation, mended, *late)
    return Outline(tuple(maker.steps), left_out=tuple(left_out))


def force_replication(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """One request on the active Central Management Server for all servers concerned; then their answer is waited for."""
    cms = situation.cms
    if obstacle := situation.obstacle(cms, fix.needs):
        return Outline(left_out=blocked(findings, obstacle))
    if cms is None:
        return Outline(not_for=tuple(f.id for f in findings))
    names = dict.fromkeys(name for finding in findings for name in _concerned(finding))
    servers = [server for name in names if (server := situation.server(name)) is not None]
    maker = Maker(fix)
    send(maker, situation, cms, servers)
    if findings:
        maker.waits_for_effects(situation, findings, *(f.id for f in findings))
    else:
        late = [f"replication-up-to-date@{s.name}" for s in situation.deployment.servers if s.position in situation.deployment.cms.rows]
        maker.waits(cms.name, late, servers=[one.partition("@")[2] for one in late])
    return Outline(tuple(maker.steps))


def _concerned(finding: Finding) -> tuple[str, ...]:
    if finding.server is not None:
        return (finding.server,)
    return texts(finding.facts.get("servers")) or texts(finding.facts.get("odd_servers"))


def send(maker: Maker, situation: Situation, cms: ServerView, servers: Sequence[ServerView]) -> None:
    """Asks for the configuration to be sent to these servers, to all when none is named."""
    replicas = tuple(dict.fromkeys(replica_name(situation, server) for server in servers))
    maker.does(
        cms.name,
        "force-replication" if replicas else "force-replication-all",
        call("Invoke-ConfigurationReplication", Replicas=list(replicas)),
        facts={"servers": tuple(server.name for server in servers)},
        needs=(SERVER_ADMINS, SECOND_HOP),
    )


def replica_name(situation: Situation, server: ServerView) -> str:
    """As the table of replicas has it, else the longest name it is known by."""
    row = situation.deployment.cms.rows.get(server.position)
    if row is not None:
        return row.fqdn
    return max((name for name in server.names if not is_address(name)), key=len, default=server.name)


def refresh_local_store(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Exported once on the Central Management Server, imported into the local store of each server concerned and nowhere else."""
    cms = situation.cms
    if obstacle := situation.obstacle(cms, (SERVER_ADMINS, SECOND_HOP)):
        return Outline(left_out=blocked(findings, obstacle))
    if cms is None:
        return Outline(not_for=tuple(f.id for f in findings))
    left_out, open_to = list[LeftOut](), list[Finding]()
    for finding in findings:
        if finding.server is None or finding.server == cms.name:
            left_out.append(LeftOut(finding.id, "nothing-fits"))
        elif obstacle := situation.obstacle(situation.server(finding.server), (SERVER_ADMINS, LOCAL_ADMINISTRATOR)):
            left_out += blocked([finding], obstacle)
        else:
            open_to.append(finding)
    maker = Maker(fix)
    if open_to:
        export = maker.does(
            cms.name,
            "export-configuration",
            call("Export-MasterConfiguration"),
            consent=Consent.LOOK,
            needs=(SERVER_ADMINS, SECOND_HOP),
            typical=60.0,
        )
        for finding in open_to:
            maker.does(
                finding.server or "",
                "import-configuration",
                call("Import-LocalConfiguration", Parts=FromStep(export.id, "parts", secret=True), Sha256=FromStep(export.id, "sha256")),
                settles=[finding.id],
                facts={"cms_server": cms.name},
                needs=(SERVER_ADMINS, LOCAL_ADMINISTRATOR),
                typical=60.0,
            )
        maker.waits_for_effects(situation, open_to)
    return Outline(tuple(maker.steps), left_out=tuple(left_out))
