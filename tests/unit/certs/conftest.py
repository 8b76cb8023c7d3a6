"""Keys are made once for the whole group; everything else is made anew by each test."""

import pytest

from oauthcert.certs.issuing import KeyPool
from tests.builders.certificates import Workshop


@pytest.fixture(scope="session")
def keys() -> KeyPool:
    return KeyPool()


@pytest.fixture(scope="session")
def shop(keys: KeyPool) -> Workshop:
    return Workshop(keys)
