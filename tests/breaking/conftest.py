"""A busy province and a server to break."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.breaking.office import Office
from tests.breaking.site import Site


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


@pytest.fixture
def site(office: Office) -> Iterator[Site]:
    """The server, running on the office's database."""
    site = Site()
    site.start()
    yield site
    site.kill()


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    """An uploads folder of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"
