"""The one table of repairs: what the program does, what a person does, and why for some findings there is neither.

Ids are permanent; they stand in reports and journals. What decides for a step stands in the planner of that fix.
"""

from collections.abc import Mapping
from types import MappingProxyType

from oauthcert.fixes.fix import ENROLL, LOCAL_ADMINISTRATOR, SECOND_HOP, SERVER_ADMINS, Fix, Planner, Stage
from oauthcert.fixes.guides import GUIDES
from oauthcert.fixes.plan_assignment import assign_oauth, remove_previous_oauth
from oauthcert.fixes.plan_chain import install_chain
from oauthcert.fixes.plan_keys import grant_key_access, repair_private_key
from oauthcert.fixes.plan_pfx import import_oauth_pfx
from oauthcert.fixes.plan_replication import enable_replica, force_replication, refresh_local_store
from oauthcert.fixes.plan_request import request_oauth, stage_oauth
from oauthcert.fixes.plan_rivals import remove_rival_oauth
from oauthcert.fixes.plan_services import start_cms_services, start_replica, start_services
from oauthcert.fixes.plan_time import sync_time
from oauthcert.model.plan import Consent, Manner

_ADMIN = (LOCAL_ADMINISTRATOR,)
_CMS = (SERVER_ADMINS, SECOND_HOP)
_ASSIGN = (LOCAL_ADMINISTRATOR, SERVER_ADMINS, SECOND_HOP)
_LOCAL = ("replica-service", "local-store-present")
_ARRIVAL = ("replication-up-to-date", "replication-arrived", "local-store-current", "oauth-in-store", "oauth-single")
_ABOUT = (
    "oauth-assigned",
    "oauth-single",
    "oauth-in-store",
    "oauth-private-key",
    "oauth-key-exportable",
    "oauth-key-provider",
    "oauth-key-permissions",
    "oauth-validity",
    "oauth-subject",
    "oauth-strength",
    "oauth-dedicated",
    "oauth-rollover",
    "local-store-current",
)


def _does(
    name: str,
    consent: Consent,
    stage: Stage,
    needs: tuple[str, ...],
    settles: tuple[str, ...],
    planner: Planner,
    *,
    standing: bool = False,
) -> Fix:
    return Fix(name, Manner.DOES, consent, stage, needs, settles, planner, standing)


FIXES: tuple[Fix, ...] = (
    _does("sync-time", Consent.CHANGE, Stage.TIME, _ADMIN, ("time-skew", "time-source", "oauth-validity", "oauth-chain"), sync_time),
    _does("start-cms-services", Consent.CHANGE, Stage.SERVICES, _ADMIN, ("cms-master", *_ARRIVAL), start_cms_services),
    _does("start-replica", Consent.CHANGE, Stage.REPLICATION, _ADMIN, (*_LOCAL, *_ARRIVAL), start_replica),
    _does("enable-replica", Consent.CHANGE, Stage.REPLICATION, _ADMIN, (*_LOCAL, *_ARRIVAL), enable_replica),
    _does("force-replication", Consent.CHANGE, Stage.REPLICATION, _CMS, _ARRIVAL, force_replication, standing=True),
    _does("refresh-local-store", Consent.CHANGE, Stage.REPLICATION, _ASSIGN, _ARRIVAL, refresh_local_store),
    _does("install-chain", Consent.CHANGE, Stage.CERTIFICATES, _ADMIN, ("oauth-chain", "other-certificates"), install_chain),
    _does("repair-private-key", Consent.CHANGE, Stage.CERTIFICATES, _ADMIN, ("oauth-private-key",), repair_private_key),
    _does("grant-key-access", Consent.CHANGE, Stage.CERTIFICATES, _ADMIN, ("oauth-key-permissions",), grant_key_access),
    _does("request-oauth", Consent.IRREVERSIBLE, Stage.REQUEST, (*_ASSIGN, ENROLL), _ABOUT, request_oauth, standing=True),
    _does("import-oauth-pfx", Consent.IRREVERSIBLE, Stage.REQUEST, _ASSIGN, _ABOUT, import_oauth_pfx, standing=True),
    _does("assign-oauth", Consent.IRREVERSIBLE, Stage.ASSIGN, _ASSIGN, _ABOUT, assign_oauth, standing=True),
    _does("stage-oauth", Consent.IRREVERSIBLE, Stage.REQUEST, _ASSIGN, _ABOUT, stage_oauth, standing=True),
    _does("remove-previous-oauth", Consent.IRREVERSIBLE, Stage.ASSIGN, _ASSIGN, ("oauth-rollover",), remove_previous_oauth, standing=True),
    _does("remove-rival-oauth", Consent.IRREVERSIBLE, Stage.CERTIFICATES, _ADMIN, ("oauth-single",), remove_rival_oauth),
    _does("start-services", Consent.CHANGE, Stage.PRODUCT, _ADMIN, ("services-started", "local-store-present"), start_services),
    *GUIDES,
)
_BY_ID: Mapping[str, Fix] = MappingProxyType({one.id: one for one in FIXES})

ASSIGNING = ("request-oauth", "import-oauth-pfx", "assign-oauth", "stage-oauth")
"""Each of these may change which certificate the deployment uses. One plan holds one of them, the first in this order."""
BESIDE_NONE = ("remove-rival-oauth",)
"""These wait for the next plan when this one changes which certificate is used: what looks left over may be the one it takes."""
REPLACED_BY_NEW = ("repair-private-key", "grant-key-access", "import-oauth-pfx", "assign-oauth", "stage-oauth")
"""What a new certificate makes pointless: it is about the old one."""

FOR_REASON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name-not-found": ("correct-name",),
        "refused": ("enable-winrm",),
        "timed-out": ("open-remote-port",),
        "unreachable": ("open-remote-port",),
        "connection-reset": ("open-remote-port",),
        "tls-not-trusted": ("trust-server-tls",),
        "tls-name-mismatch": ("trust-server-tls",),
        "tls-version": ("enable-tls-12",),
        "not-wsman": ("enable-winrm",),
        "powershell-missing": ("repair-powershell",),
        "language-constrained": ("allow-full-language",),
        "shell-quota": ("enable-winrm",),
        "too-many-operations": ("enable-winrm",),
        "envelope-too-large": ("enable-winrm",),
    }
)
"""What helps where nothing could be seen, by the reason why."""

WITHOUT_FIX: Mapping[str, str] = MappingProxyType({"product-build.out-of-support": "upgrade-is-a-project"})
"""Variants that fail or warn and have no repair: the id of the text that says why."""


def fix(fix_id: str) -> Fix:
    """Raises KeyError."""
    return _BY_ID[fix_id]


def is_fix(fix_id: str) -> bool:
    return fix_id in _BY_ID
