"""From one signed-in server to the others it knows of: the topology in its own local store, with roles in short words.

Exchange servers are not in that topology; they have to be named.
"""

from dataclasses import replace

from oauthcert.casework.found import Discovery, FoundServer
from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.library import library
from oauthcert.collect.probes import PROBES
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import RemoteError
from oauthcert.model.evidence import Answer, NotSeen, Observation, ReachSeen, Seen, SignInSeen
from oauthcert.model.secret import Credential
from oauthcert.model.server_evidence import Cluster, ProductSeen, TopologySeen
from oauthcert.model.target import Target
from oauthcert.remote.port import Connection, Gateway

WHOLE_SECONDS = 60.0
_ASKED = tuple(
    replace(probe, arguments={"Everything": True}) if probe.id == "topology" else probe
    for probe in PROBES
    if probe.id in {"product", "module", "topology"}
)
_PORTS = {"http": 5985, "https": 5986}

# Service roles of the topology document, and the word for a server that has them; the first that fits.
_KINDS = (
    ("edge", frozenset({"edgeserver", "edge"})),
    ("front-end", frozenset({"userservices"})),
    ("director", frozenset({"registrar"})),
    ("persistent-chat", frozenset({"persistentchatservice", "persistentchatserver"})),
    ("mediation", frozenset({"mediationserver"})),
)
_STORE = "userstore"
_MASTER = "centralmgmt"
_PRODUCTS = ("lync server", "skype for business server")
_VERSIONS = ("subscription edition", "2019", "2015", "2013", "2010")


def discover(target: Target, credential: Credential, gateway: Gateway, token: CancelToken) -> Discovery:
    """Signs in to one server and reads its topology; 60 s at most. Raises Cancelled; what else goes wrong is the reason."""
    answers: dict[str, Answer] = {}

    def take(answer: Answer) -> None:
        answers.setdefault(answer.probe, answer)

    connection = gateway.connect(target, credential)
    lost: NotSeen | None = None
    try:
        connection.ask(
            [probe.question for probe in _ASKED],
            library(_ASKED),
            deadline_seconds=WHOLE_SECONDS,
            token=token,
            on_answer=take,
        )
    except RemoteError as error:
        lost = NotSeen(error.reason, dict(error.facts))
    finally:
        connection.close()
    evidence = evidence_of(_observation(target, connection, answers, lost), target)
    if isinstance(evidence.topology, NotSeen):
        return Discovery(not_seen=evidence.topology)
    product = product_name(evidence.product.value) if isinstance(evidence.product, Seen) else ""
    return Discovery(servers_of(evidence.topology.value, target, product))


def _observation(target: Target, connection: Connection, answers: dict[str, Answer], lost: NotSeen | None) -> Observation:
    unsaid = lost or NotSeen("not-asked")
    reach: Seen[ReachSeen] | NotSeen = Seen(connection.reached) if connection.reached else unsaid
    sign_in: Seen[SignInSeen] | NotSeen = Seen(connection.signed_in) if connection.signed_in else unsaid
    return Observation(target.name, reach, sign_in, unsaid, answers, lost)


def servers_of(topology: TopologySeen, asked: Target, product: str = "") -> tuple[FoundServer, ...]:
    """Every machine that carries a local store, in the order of the topology. Others are reached as the asked one is: http or https."""
    roles: dict[str, set[str]] = {}
    active: set[str] = set()
    for service in topology.services:
        pool, role = _plain(service.cluster), service.role.lower()
        roles.setdefault(pool, set()).add(role)
        if role == _MASTER and service.active:
            active.add(pool)
    found: dict[str, FoundServer] = {}
    for cluster in topology.clusters:
        if not (cluster.requires_replication or cluster.requires_setup):
            continue  # a database server, a gateway, a trusted application: no server of the product
        name = _plain(cluster.fqdn)
        words = _words(cluster, roles.get(name, set()), master=name in active)
        for machine in cluster.machines or (cluster.fqdn,):
            target, own = _target(_plain(machine), asked)
            if target.name:
                found.setdefault(target.name, FoundServer(target, words, product if own else ""))
    return tuple(found.values())


def _target(machine: str, asked: Target) -> tuple[Target, bool]:
    """The asked server keeps the name it was asked by, short as it may be."""
    if asked.name == machine or asked.name == machine.partition(".")[0]:
        return asked, True
    return Target(machine, asked.scheme, _PORTS[asked.scheme]), False


def _words(cluster: Cluster, roles: set[str], *, master: bool) -> tuple[str, ...]:
    kind = next((word for word, wanted in _KINDS if roles & wanted), "edge" if cluster.on_edge else "")
    # Only a Standard Edition server is its own pool and holds its users' database itself.
    if kind == "front-end" and _STORE in roles and _alone(cluster):
        kind = "standard-edition"
    return tuple(word for word in (kind, "central-management" if master else "") if word)


def _alone(cluster: Cluster) -> bool:
    return not cluster.machines or [_plain(machine) for machine in cluster.machines] == [_plain(cluster.fqdn)]


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower()


def product_name(seen: ProductSeen) -> str:
    """`Skype for Business Server 2019` from entries such as `Skype for Business Server 2019, Core Components`; empty without one."""
    heads = [entry.name.split(",", 1)[0].removeprefix("Microsoft ").strip() for entry in seen.products]
    named = [head for head in heads if any(mark in head.lower() for mark in _PRODUCTS)]
    dated = [head for head in named if any(mark in head.lower() for mark in _VERSIONS)]
    # Components repeat the product's name with more words.
    return min(dated or named, key=lambda head: (len(head), head), default="")
