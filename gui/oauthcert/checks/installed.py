"""What is installed on a server, told from uninstall entries, modules and, failing those, from what else answered."""

from oauthcert.model.evidence import Seen
from oauthcert.model.server_evidence import InstalledProduct, ServerEvidence
from oauthcert.model.target import Product

_LYNC_NAMES = ("lync server", "skype for business server")
_EXCHANGE_NAME = "exchange server"


def lync_products(evidence: ServerEvidence) -> tuple[InstalledProduct, ...]:
    """The uninstall entries of Lync Server or Skype for Business Server, all components."""
    if not isinstance(evidence.product, Seen):
        return ()
    return tuple(p for p in evidence.product.value.products if any(name in p.name.lower() for name in _LYNC_NAMES))


def has_exchange(evidence: ServerEvidence) -> bool:
    if not isinstance(evidence.product, Seen):
        return evidence.product_wanted is Product.EXCHANGE
    seen = evidence.product.value
    return seen.exchange_installed or any(_EXCHANGE_NAME in p.name.lower() for p in seen.products)


def has_lync(evidence: ServerEvidence) -> bool | None:
    """Whether Lync Server or Skype for Business Server is installed; None when nothing tells."""
    if isinstance(evidence.module, Seen) and evidence.module.value.name:
        return True
    if isinstance(evidence.product, Seen):
        return bool(lync_products(evidence))
    if isinstance(evidence.topology, Seen) and evidence.topology.value.clusters:
        return True
    return {Product.LYNC: True, Product.EXCHANGE: False}.get(evidence.product_wanted)
