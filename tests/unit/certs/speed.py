"""Times reading and chain building: `PYTHONPATH=gui python -m tests.unit.certs.speed`. Best and median of seven rounds, microseconds."""

import time
from collections.abc import Callable
from statistics import median

from cryptography import x509

from oauthcert.certs.certificate import CertificateReader, read_certificate
from oauthcert.certs.chain import build_chain
from oauthcert.certs.issuing import KeyPool
from tests.builders import certificates as made
from tests.builders.certificates import NOW, Workshop


def measure(work: Callable[[], object], times: int) -> tuple[float, float]:
    rounds = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - started) / times * 1e6)
    return min(rounds), median(rounds)


def main() -> None:
    shop, reader = Workshop(KeyPool()), CertificateReader()
    good, crossed = made.healthy(shop), made.cross_signed(shop, own_root_trusted=False, other_root_trusted=True)
    leaf = good.leaf.der
    reader.read(leaf)
    issuing = [c.parsed for c in good.intermediates]
    many_roots = [*(shop.root(f"Root {number}", number % 5).parsed for number in range(300)), good.roots[0].parsed]

    def by_the_library() -> None:
        found = x509.load_der_x509_certificate(leaf)
        _ = found.subject, found.issuer, found.extensions, found.not_valid_after_utc, found.public_key()

    for name, work, times in (
        ("read a leaf", lambda: read_certificate(leaf), 300),
        ("read it again, from the cache", lambda: reader.read(leaf), 5000),
        ("the library alone, fewer facts", by_the_library, 300),
        ("chain of three", good.build, 200),
        ("cross-signed chain", crossed.build, 200),
        ("chain among 300 roots", lambda: build_chain(good.leaf.parsed, issuing, many_roots, NOW), 50),
    ):
        best, middle = measure(work, times)
        print(f"{name:32} {best:8.1f} {middle:8.1f}")


if __name__ == "__main__":
    main()
