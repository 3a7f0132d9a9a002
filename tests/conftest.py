"""What every test starts from."""

import pytest

from khung.base.catalogues import compile_stale


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Pages are tested with their translations, which are not committed compiled."""
    compile_stale()
