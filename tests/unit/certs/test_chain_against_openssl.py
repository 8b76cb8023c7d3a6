"""Every chain of the family is judged here and by `openssl verify`; where Windows differs, the builder says why.

What is done so that openssl answers Windows' question:
- `-attime` is the moment of judging; `-no-CApath -no-CAstore` keep this machine's own roots out.
- `-untrusted` holds the intermediate store and My, because Windows looks for issuers in both.
- No `-partial_chain`: for Windows, as for openssl without it, a certificate in Trusted Root that is not self-signed is no anchor.
- `-auth_level 0`, where even MD5 and 512 bits pass, except for chains whose one defect is weakness: level 1 refuses MD5 and keys below
  1024 bits, as Windows does. Level 1 would refuse SHA-1 too, which Windows accepts from a company's own authorities.
- No `-purpose`: the extended key usage is judged elsewhere.
"""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.certificates import NOW, ROOT_IS_ENOUGH, MadeChain, Workshop
from tests.unit.certs.family import FAMILY

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to compare with")


def openssl_accepts(chain: MadeChain, folder: Path) -> tuple[bool, str]:
    for name, certificates in {
        "leaf": (chain.leaf,),
        "untrusted": (*chain.intermediates, *chain.personal),
        "roots": chain.roots,
    }.items():
        (folder / name).write_bytes(b"".join(c.certificate_pem() for c in certificates))
    command = ["openssl", "verify", "-attime", str(int(NOW.timestamp())), "-auth_level", str(chain.level), "-no-CApath", "-no-CAstore"]
    command += ["-CAfile", str(folder / "roots")] if chain.roots else ["-no-CAfile"]
    command += ["-untrusted", str(folder / "untrusted")] if chain.intermediates or chain.personal else []
    answer = subprocess.run([*command, str(folder / "leaf")], capture_output=True, text=True, timeout=20, check=False)
    return answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_that_our_verdict_is_the_expected_one_and_openssl_agrees(name: str, shop: Workshop, tmp_path: Path) -> None:
    """Where openssl, left to itself, takes a wrong turn, it must still accept the very path we name when it is offered nothing else."""
    chain = FAMILY[name](shop)
    ours = chain.build()
    theirs, said = openssl_accepts(chain, tmp_path)
    assert ours.ok is chain.ok, ours.problems
    assert theirs is (chain.ok if chain.openssl is None else chain.openssl), said
    assert ours.ok is theirs or chain.why
    if ours.ok and chain.why != ROOT_IS_ENOUGH:
        made = {c.parsed: c for c in (chain.leaf, *chain.intermediates, *chain.roots, *chain.personal)}
        path = [made[link] for link in ours.path]
        accepted, said = openssl_accepts(replace(chain, intermediates=tuple(path[1:-1]), personal=(), roots=(path[-1],)), tmp_path)
        assert accepted, said


def test_that_the_family_is_large_and_both_verdicts_are_common_in_it(shop: Workshop) -> None:
    verdicts = [build(shop).ok for build in FAMILY.values()]
    assert len(verdicts) >= 100
    assert sum(verdicts) >= 30
    assert verdicts.count(False) >= 30
