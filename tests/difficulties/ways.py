"""Difficulties of the small province, for the tests of their way and of their pages."""

import datetime as dt
import re
from typing import Any

from django.urls import reverse

from khung.difficulties.actions import move_difficulty, raise_difficulty
from khung.difficulties.models import Difficulty
from khung.difficulties.moving import Raised, Said
from khung.orgs.models import Person
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

WORDS = "Thiếu loa truyền thanh ở ba thôn"
ASKED = "Đề nghị cấp kinh phí mua loa"


def raised(cast: Cast, task: int | None = 2, **values: Any) -> Difficulty:
    """The officer of east1 raises a difficulty, from the task of that number or from the unit."""
    how: dict[str, Any] = {"kind": "funds", "text": WORDS, "asked": ASKED}
    if task is not None:
        how["assignment"] = cast.scene.assignment("east1", task)
        how["guide"] = how["assignment"].guide
    starts_at, by = values.pop("starts_at", ""), values.pop("by", cast["officer"])
    now = values.pop("now", TODAY)
    return raise_difficulty(
        raised=Raised(**{**how, **values}),
        unit=cast.scene.units["east1"],
        starts_at=starts_at,
        by=by,
        now=now,
    )


def moved(
    difficulty: Difficulty, verb: str, by: Person, text: str = "Đã xem", **said: Any
) -> Difficulty:
    """The difficulty after somebody did a verb, as they had just read it."""
    now = said.pop("now", TODAY)
    current = Difficulty.objects.get(pk=difficulty.pk)
    return move_difficulty(
        difficulty=current,
        verb=verb,
        said=Said(text=text, **said),
        version=current.version,
        by=by,
        now=now,
    )


def decided(cast: Cast, difficulty: Difficulty, **said: Any) -> Difficulty:
    """Sent on to the coordinator and decided there, in Sở Y tế's hands."""
    at_coordinator = raised_to_coordinator(cast, difficulty)
    how = {"responsible_unit": cast.scene.units["health"], "resolve_by": dt.date(2025, 3, 20)}
    return moved(at_coordinator, "decide", cast["coordinator"], "Cấp loa", **{**how, **said})


def raised_to_coordinator(cast: Cast, difficulty: Difficulty) -> Difficulty:
    return moved(difficulty, "send_on", district_head(cast), "Quá khả năng", to="coordinator")


def district_head(cast: Cast) -> Person:
    """The head of the district east, who is asked first."""
    found = Person.objects.filter(username="head-east").first()
    return found or person("head", cast.scene.units["east"])


def address(difficulty: Difficulty) -> str:
    """The page of a difficulty."""
    return reverse("difficulty", args=[difficulty.pk])


def heading(shown: str) -> str:
    """The first heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", shown)
    assert found
    return found[1].strip()
