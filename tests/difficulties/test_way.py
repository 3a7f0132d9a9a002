"""A difficulty from being raised to being confirmed, stop by stop."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.difficulties import reach
from khung.difficulties.actions import move_difficulty
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.difficulties.moving import Said
from khung.difficulties.routing import ladder_on
from khung.orgs.acting import acting
from khung.orgs.models import Person, Unit
from khung.rules.routing import LastStop, NotNow
from tests.assignments.scene import person, unit
from tests.cast import TODAY, Cast
from tests.difficulties.ways import decided, district_head, moved, raised, raised_to_coordinator

DAY = TODAY.date()


def at(difficulty: Difficulty) -> tuple[str, str, str]:
    found = Difficulty.objects.get(pk=difficulty.pk)
    return found.state, found.stage, found.holder.code


def way(difficulty: Difficulty) -> list[tuple[str, str, str]]:
    return [(step.stage, step.unit.code, step.action) for step in difficulty.steps.all()]


def stages(cast: Cast, code: str, day: dt.date = DAY, guide: str = "health") -> list[str]:
    units = cast.scene.units
    return [stop.stage for stop in ladder_on(day, units[code], units[guide]).stops]


def test_the_ladder_of_each_kind_of_unit(cast: Cast) -> None:
    assert stages(cast, "east1") == ["superior", "guide", "coordinator", "province"]
    assert stages(cast, "east") == ["guide", "coordinator", "province"]
    assert stages(cast, "health") == ["coordinator", "province"]
    assert stages(cast, "home") == ["guide", "province"]
    assert stages(cast, "east1", guide="home") == ["superior", "coordinator", "province"]


def test_the_superior_is_that_of_the_day(cast: Cast) -> None:
    Unit.objects.filter(level="district").update(valid_to=dt.date(2025, 6, 30))
    east1 = Unit.objects.get(code="east1")
    last, first = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    assert next(one.stage for one in ladder_on(last, east1, None).stops) == "superior"
    assert [one.stage for one in ladder_on(first, east1, None).stops] == [
        "coordinator",
        "province",
    ]


def test_a_guide_that_has_ended_is_not_asked(cast: Cast) -> None:
    Unit.objects.filter(code="health").update(valid_to=dt.date(2025, 2, 28))
    units = {one.code: one for one in Unit.objects.all()}
    stops = ladder_on(DAY, units["east1"], units["health"]).stops
    assert [stop.stage for stop in stops] == ["superior", "coordinator", "province"]


def test_raised_waits_at_the_nearest_with_a_clock(cast: Cast) -> None:
    difficulty = raised(cast)
    assert at(difficulty) == ("waiting", "superior", "east")
    # Monday 03/03/2025 and five working days
    assert difficulty.due_on == dt.date(2025, 3, 10)
    assert difficulty.guide == cast.scene.units["health"]
    assert difficulty.folded_text.startswith("xa east 1 thieu loa")
    event = AuditEvent.objects.get(verb="difficulty.raised")
    assert (event.subject, event.data["holder"]) == (f"difficulty:{difficulty.pk}", "Huyện east")


def test_it_may_be_asked_of_a_later_stage_at_once(cast: Cast) -> None:
    assert at(raised(cast, starts_at="coordinator")) == ("waiting", "coordinator", "home")
    with pytest.raises(LastStop):
        raised(cast, task=None, starts_at="guide")


def test_from_the_unit_itself_without_an_assignment(cast: Cast) -> None:
    difficulty = raised(cast, task=None)
    assert (difficulty.assignment, difficulty.guide) == (None, None)
    moved(difficulty, "send_on", district_head(cast))
    assert at(difficulty) == ("waiting", "coordinator", "home")


def test_the_whole_climb_to_the_peoples_committee_and_back(cast: Cast) -> None:
    difficulty = raised(cast)
    moved(difficulty, "send_on", district_head(cast), "Không thuộc thẩm quyền huyện")
    moved(difficulty, "send_on", cast["guide"], "Sở không có nguồn")
    moved(difficulty, "send_on", cast["coordinator"], "Đề xuất giao Sở Y tế")
    assert at(difficulty) == ("waiting", "province", "T")
    assert Difficulty.objects.get().due_on == dt.date(2025, 3, 17)  # ten working days
    moved(
        difficulty,
        "decide",
        cast["leader"],
        "Đồng ý",
        document_number="12/TB-UBND",
        responsible_unit=cast.scene.units["health"],
        resolve_by=dt.date(2025, 3, 28),
    )
    assert at(difficulty) == ("decided", "province", "health")
    moved(difficulty, "carry_out", cast["guide"], "Đã giao loa")
    assert at(difficulty) == ("answered", "province", "east1")
    moved(difficulty, "confirm", cast["officer"], "")
    assert at(difficulty)[0] == "confirmed"
    assert way(difficulty) == [
        ("superior", "east", "sent_on"),
        ("guide", "health", "sent_on"),
        ("coordinator", "home", "sent_on"),
        ("province", "T", "decided"),
        ("", "health", "carried_out"),
        ("", "east1", "confirmed"),
    ]
    decision = difficulty.steps.get(action=DifficultyStep.Action.DECIDED)
    assert (decision.text, decision.document_number) == ("Đồng ý", "12/TB-UBND")
    assert decision.by == cast["leader"]
    assert not difficulty.steps.filter(left_at__isnull=True).exists()
    told = AuditEvent.objects.filter(subject=f"difficulty:{difficulty.pk}")
    assert told.count() == 7


def test_an_answer_that_did_not_help_goes_a_stage_on(cast: Cast) -> None:
    difficulty = raised(cast)
    moved(difficulty, "answer", district_head(cast), "Cứ làm đi")
    assert at(difficulty) == ("answered", "superior", "east1")
    moved(difficulty, "dispute", cast["officer"], "Chưa có loa")
    assert at(difficulty) == ("waiting", "guide", "health")


def test_a_decision_of_the_last_stage_that_did_not_help_goes_back_to_it(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="province")
    moved(difficulty, "answer", cast["leader"], "Chờ sang năm")
    moved(difficulty, "dispute", cast["officer"], "Không chờ được")
    assert at(difficulty) == ("waiting", "province", "T")


def test_a_stage_may_be_skipped_upwards_never_downwards(cast: Cast) -> None:
    difficulty = raised_to_coordinator(cast, raised(cast))
    assert at(difficulty) == ("waiting", "coordinator", "home")
    with pytest.raises(LastStop):
        moved(difficulty, "send_on", cast["coordinator"], to="guide")
    moved(difficulty, "send_on", cast["coordinator"])
    assert at(difficulty) == ("waiting", "province", "T")


def test_the_same_form_sent_twice_raises_one(cast: Cast) -> None:
    key = uuid.uuid4()
    first, second = raised(cast, key=key), raised(cast, key=key)
    assert first == second
    assert Difficulty.objects.count() == DifficultyStep.objects.count() == 1


def test_of_two_who_answer_one_comes_too_late(cast: Cast) -> None:
    difficulty = raised(cast)
    boss = district_head(cast)
    moved(difficulty, "answer", boss)
    with pytest.raises(StaleRecord):
        move_difficulty(
            difficulty=difficulty,
            verb="send_on",
            said=Said("Muộn"),
            version=difficulty.version,
            by=boss,
            now=TODAY,
        )
    assert [step.text for step in difficulty.steps.all()] == ["Đã xem", ""]


@pytest.mark.parametrize("verb", ["confirm", "dispute", "carry_out"])
def test_what_the_state_does_not_know(cast: Cast, verb: str) -> None:
    difficulty = raised(cast)
    by = cast["officer"] if verb != "carry_out" else district_head(cast)
    with pytest.raises(NotNow, match="Hãy tải lại trang"):
        moved(difficulty, verb, by)
    assert at(difficulty) == ("waiting", "superior", "east")


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("answer", {"text": "  "}),
        ("send_on", {"text": ""}),
        ("decide", {"text": "Đồng ý"}),
        ("withdraw", {"text": ""}),
    ],
)
def test_nothing_is_done_without_its_words(cast: Cast, verb: str, said: dict[str, str]) -> None:
    difficulty = raised_to_coordinator(cast, raised(cast))
    with pytest.raises(ValueError, match=r"needs words|names a unit"):
        moved(difficulty, verb, cast["coordinator"], **said)


def test_a_decisions_day_is_still_to_come(cast: Cast) -> None:
    difficulty = raised_to_coordinator(cast, raised(cast))
    with pytest.raises(ValueError, match="still to come"):
        moved(
            difficulty,
            "decide",
            cast["coordinator"],
            responsible_unit=cast.scene.units["health"],
            resolve_by=DAY - dt.timedelta(days=1),
        )


def refused(difficulty: Difficulty, verb: str, by: Person) -> None:
    said: dict[str, Any] = {}
    if verb == "decide":
        said = {"responsible_unit": difficulty.unit, "resolve_by": DAY}
    with pytest.raises(PermissionDenied):
        moved(difficulty, verb, by, **said)


def test_only_the_unit_it_waits_for_answers(cast: Cast) -> None:
    difficulty = raised(cast)
    for role in ("officer", "head", "guide", "coordinator", "leader", "observer", "operator"):
        refused(difficulty, "answer", cast[role])
    refused(difficulty, "answer", person("officer", cast.scene.units["east"]))
    # the holder answers, and decides only as coordinator or province
    refused(difficulty, "decide", district_head(cast))
    moved(difficulty, "send_on", district_head(cast))
    refused(difficulty, "answer", district_head(cast))
    refused(difficulty, "decide", cast["guide"])


def test_only_a_leader_speaks_for_the_peoples_committee(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="province")
    refused(difficulty, "answer", cast["coordinator"])
    refused(difficulty, "decide", cast["coordinator"])
    refused(difficulty, "answer", person("head", cast.scene.units["T"]))


def test_only_the_raising_unit_confirms_disputes_withdraws(cast: Cast) -> None:
    difficulty = decided(cast, raised(cast))
    stranger = person("officer", cast.scene.units["west1"])
    for verb in ("confirm", "dispute", "withdraw"):
        refused(difficulty, verb, stranger)
        refused(difficulty, verb, cast["coordinator"])
    refused(difficulty, "carry_out", cast["officer"])
    moved(difficulty, "withdraw", cast["head"], "Đã tự xoay được")
    assert at(difficulty)[0] == "withdrawn"


def test_another_units_assignment_raises_nothing(cast: Cast) -> None:
    with pytest.raises(ValueError, match="own assignment"):
        raised(cast, assignment=cast.scene.assignment("west1", 2))
    with pytest.raises(PermissionDenied):
        raised(cast, by=person("officer", cast.scene.units["west1"]))
    with pytest.raises(PermissionDenied):
        raised(cast, by=cast["guide"])


def test_the_coordinator_sends_on_what_is_stuck(cast: Cast) -> None:
    difficulty = raised(cast)
    refused(difficulty, "send_on", cast["coordinator"])
    later = TODAY + dt.timedelta(days=8)  # 11/03, a day after the clock ran out
    moved(difficulty, "send_on", cast["coordinator"], "Huyện chưa trả lời", now=later)
    assert at(difficulty) == ("waiting", "guide", "health")
    first = difficulty.steps.all()[0]
    assert (first.unit.code, first.by_unit and first.by_unit.code) == ("east", "home")


def test_the_coordinator_closes_for_a_unit_that_is_gone(cast: Cast) -> None:
    difficulty = raised(cast)
    Unit.objects.filter(code="east1").update(valid_to=DAY - dt.timedelta(days=1))
    moved(difficulty, "withdraw", cast["coordinator"], "Xã đã sáp nhập")
    assert at(difficulty)[0] == "withdrawn"


def test_what_a_page_offers_is_what_the_verbs_allow(cast: Cast) -> None:
    difficulty = raised_to_coordinator(cast, raised(cast))

    def offered(role: str) -> tuple[str, ...]:
        current = Difficulty.objects.get(pk=difficulty.pk)
        return reach.offered(acting(cast[role], DAY), current, DAY)

    assert offered("coordinator") == ("answer", "decide", "send_on")
    assert offered("officer") == offered("head") == ("withdraw",)
    assert offered("guide") == offered("leader") == offered("observer") == ()
    moved(difficulty, "send_on", cast["coordinator"])
    assert offered("leader") == ("answer", "decide")
    moved(difficulty, "answer", cast["leader"])
    assert offered("officer") == ("confirm", "dispute", "withdraw")


def test_a_body_of_a_commune_asks_its_commune_first(cast: Cast) -> None:
    body = unit(
        "east1.radio", "Đài xã", "commune", parent=cast.scene.units["east1"], kind="radio_station"
    )
    stops = ladder_on(DAY, body, None)
    assert stops.unit(stops.stops[0]).code == "east1"
