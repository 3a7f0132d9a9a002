"""The small province every test of assignments starts from."""

import pytest

from tests.assignments.scene import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()
