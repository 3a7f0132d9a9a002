"""A busy province and a server to break."""

import datetime as dt
from collections.abc import Iterator

import pytest

from khung.base import clock
from tests.breaking.office import Office
from tests.breaking.site import Site
from tests.cast import TODAY, Cast


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
def today(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The clock stands still in the first quarter of 2025."""
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    return TODAY


@pytest.fixture
def cast(db: None, today: dt.datetime) -> Cast:
    return Cast()
