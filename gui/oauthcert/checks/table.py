"""The one table of checks, in reading order.

Ids are permanent; they stand in reports and tickets. What decides for a variant stands in the judge of that check.
"""

from oauthcert.checks.check import Check
from oauthcert.checks.table_partners import PARTNER_CHECKS
from oauthcert.checks.table_reach import REACH_CHECKS
from oauthcert.checks.table_step_1 import STEP_1_CHECKS
from oauthcert.checks.table_step_2 import STEP_2_CHECKS
from oauthcert.checks.table_step_3 import STEP_3_CHECKS
from oauthcert.checks.table_step_4 import STEP_4_CHECKS

OWN_REASONS = (
    "cms-not-looked-at",  # no server that could answer for the Central Management Store was looked at (fact cms_server, may be empty)
    "reference-not-seen",  # no local store could be read, so nobody knows which certificate is the deployment's
    "not-found-or-untrusted",  # Get-CsCertificate said only "Assigned certificate not found or untrusted" (fact message)
    "not-told",  # the look succeeded, but the server left out the very fact that decides
    "name-not-matched",  # the server was typed by address and its full name is not known, so no row can be matched
    "not-tested",  # the CMS server did not test the way to this server
    "store-cut",  # more certificates than are fetched; the wanted one is not among those seen (fact left_out)
    "machine-not-listed",  # the topology names no machine like this one, so nobody knows what belongs on it
    "unparsable-certificate",  # the certificate in the store could not be read as X.509 (fact thumbprint)
)
NOT_NEEDED = (
    "edge-server",  # Edge servers hold no OAuth certificate
    "no-lync-product",  # neither Lync Server nor Skype for Business Server is installed
    "role-without-oauth",  # no role on this server issues tokens
    "no-lync-server",  # deployment: no server of such a product was looked at
    "nothing-needed-it",  # second-hop: no look on this server leaves the server
    "no-product",  # product-build: neither product is installed
    "exchange-only",  # product-build: the builds of Exchange are not judged yet
    "not-asked-from-here",  # the answers were collected on the server itself: nobody connected or signed in to it
    "evidence-without-reference",  # time-skew: collected on a server that measured itself against no domain controller
    "no-web-services",  # no role on this server publishes metadata
    "no-exchange-partner",  # deployment: the configuration names no partner application of Exchange
    "not-replicated",  # the topology wants no replica on this server
)

CHECKS: tuple[Check, ...] = (*REACH_CHECKS, *STEP_1_CHECKS, *STEP_2_CHECKS, *STEP_3_CHECKS, *STEP_4_CHECKS, *PARTNER_CHECKS)
