"""The small province on disk and in the database, and the demonstration's as planned."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from khung.orgs.importing import read_province
from khung.orgs.models import Unit
from khung.orgs.planning import UnitPlan, plan_units
from tests.orgs import province


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return province.write(tmp_path)


@pytest.fixture
def unit(db: None, folder: Path) -> Callable[[str, str], Unit]:
    """Loads the small province; finds a unit by its code on a day."""
    province.load(folder)

    def find(code: str, day: str) -> Unit:
        on = dt.date.fromisoformat(day)
        return next(it for it in Unit.objects.filter(code=code) if it.is_valid_on(on))

    return find


@pytest.fixture(scope="session")
def demonstration() -> UnitPlan:
    return plan_units(read_province(settings.BASE_DIR / "demonstration" / "khanh-hoa"))
