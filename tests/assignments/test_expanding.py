"""Putting a period into work: what the preview says, once, with the units of a day."""

import datetime as dt
from collections import Counter
from dataclasses import asdict

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import actions, expanding
from khung.assignments.missing import OutsidePeriod, missing
from khung.assignments.models import Assignment, Period
from khung.base.models import AuditEvent
from khung.frameworks.models import Framework
from khung.rules.actors import parse_actors
from khung.rules.calendar import period_dates
from tests.assignments.scene import NOW, Scene, add_task, person, unit

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


def written() -> dict[int, Counter[str]]:
    """Task number → level → assignments there are."""
    found: dict[int, Counter[str]] = {}
    for no, level in Assignment.objects.values_list("task_version__no", "unit__level"):
        found.setdefault(no, Counter())[level] += 1
    return found


def test_what_is_written_is_exactly_what_the_preview_said(scene: Scene) -> None:
    day = period_dates("2025-Q1").starts_on
    said = expanding.preview(scene.framework, period_dates("2025-Q1"), day)
    assert not Assignment.objects.exists()
    done = scene.work("2025-Q1")

    assert said.total == done.total == done.made == Assignment.objects.count() == 19
    assert [(task.no, task.implementing, task.unresolved) for task in said.tasks] == [
        (task.no, task.implementing, task.unresolved) for task in done.tasks
    ]
    assert written() == {
        task.no: Counter({level: n for level, n in task.implementing.items() if n})
        for task in said.tasks
        if task.owed
    }
    assert {task.no: task.owed for task in said.tasks} == {1: 4, 2: 7, 3: 4, 4: 0, 5: 0, 6: 4}


def test_a_task_that_waits_for_an_occasion_lists_its_units_and_owes_nothing(scene: Scene) -> None:
    said = expanding.preview(scene.framework, period_dates("2025-Q1"), dt.date(2025, 1, 1))
    waiting = next(task for task in said.tasks if task.waits_for_occasion)
    assert (waiting.no, waiting.implementing["commune"], waiting.owed) == (5, 4, 0)


def test_doing_it_twice_makes_nothing_more(scene: Scene) -> None:
    first = scene.work("2025-Q1")
    before = set(Assignment.objects.values_list("pk", "version"))
    again = scene.work("2025-Q1")
    assert (again.made, again.total) == (0, first.total)
    assert set(Assignment.objects.values_list("pk", "version")) == before


def test_a_unit_added_later_gets_only_its_own(scene: Scene) -> None:
    scene.work("2025-Q1")
    added = unit("east3", "Xã east 3", "commune", parent=scene.units["east"])
    outcome = scene.work("2025-Q1")
    new = Assignment.objects.filter(unit=added)
    assert outcome.made == new.count() == 4
    assert {assignment.task_version.no for assignment in new} == {1, 2, 3, 6}


def test_what_was_done_stays_whatever_became_of_it(scene: Scene) -> None:
    scene.work("2025-Q1")
    Assignment.objects.filter(unit=scene.units["east1"]).update(state="accepted")
    scene.work("2025-Q1")
    assert Assignment.objects.filter(unit=scene.units["east1"], state="accepted").count() == 4


def test_a_yearly_duty_is_made_once_a_year_and_counts_in_its_last_quarter(scene: Scene) -> None:
    for code in QUARTERS:
        scene.work(code)
    yearly = Assignment.objects.filter(task_version__no=3)
    assert yearly.count() == 4
    assert {(one.period and one.period.code, one.counts_in.code, one.quota) for one in yearly} == {
        ("2025", "2025-Q4", 2)
    }
    deadline = scene.period("2025-Q4").deadlines.get(level="commune")
    assert {one.due_on for one in yearly} == {deadline.timely_on}
    assert Period.objects.get(code="2025").opened_at is None


def test_a_unit_made_in_the_year_owes_the_yearly_duty_too(scene: Scene) -> None:
    scene.work("2025-Q1")
    unit("new", "Xã Mới", "commune", parent=scene.units["west"], valid_from=dt.date(2025, 7, 1))
    assert scene.work("2025-Q2").made == 15
    scene.work("2025-Q3")
    assert scene.assignment("new", 3).period == scene.period("2025")


def test_a_dated_duty_is_due_on_its_own_date_and_never_locked_before(scene: Scene) -> None:
    for code in QUARTERS:
        scene.work(code)
    dated = scene.assignment("home", 4)
    assert dated.period == scene.period("2025-Q3")
    assert dated.due_on == dt.date(2025, 9, 30)
    assert dated.locks_on == dt.date(2025, 9, 30)


def test_deadlines_are_those_of_the_units_level(scene: Scene) -> None:
    scene.work("2025-Q1")
    period = scene.period("2025-Q1")
    for code, level in (("east1", "commune"), ("east", "district"), ("health", "province")):
        deadline = period.deadlines.get(level=level)
        assignment = scene.assignment(code, 2)
        assert (assignment.due_on, assignment.locks_on) == (deadline.timely_on, deadline.locks_on)


def test_only_units_of_the_day_owe(scene: Scene) -> None:
    scene.units["west2"].valid_to = dt.date(2025, 3, 31)
    scene.units["west2"].save(update_fields=["valid_to"])
    assert scene.work("2025-Q1", as_of=dt.date(2025, 3, 31)).made == 19
    assert scene.work("2025-Q2").made == 12
    assert not Assignment.objects.filter(unit__code="west2", period__code="2025-Q2").exists()


@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), dt.date(2025, 4, 1), dt.date(1990, 1, 1)])
def test_units_of_a_day_outside_the_period_owe_nothing_in_it(scene: Scene, day: dt.date) -> None:
    with pytest.raises(OutsidePeriod, match=r"01/01/2025 đến 31/03/2025"):
        scene.work("2025-Q1", as_of=day)
    assert not Assignment.objects.exists()


def test_what_is_missing_is_what_is_then_made(scene: Scene) -> None:
    for code in ("2025-Q1", "2025-Q2"):
        day = period_dates(code).starts_on
        before = missing(scene.framework, period_dates(code), day)
        outcome = scene.work(code)
        assert (before.made, before.there) == (outcome.made, outcome.total - outcome.made)
    units = Assignment.objects.filter(period__code="2025-Q2").values("unit").distinct()
    assert before.units == units.count() > 0
    assert before.there > 0
    after = missing(scene.framework, period_dates("2025-Q2"), day)
    assert (after.made, after.units, after.there) == (0, 0, outcome.total)


def test_guide_judge_area_and_ancestors_are_kept_as_of_the_day(scene: Scene) -> None:
    scene.work("2025-Q1")
    east, home, health = (scene.units[code] for code in ("east", "home", "health"))
    below = scene.assignment("east1", 1)
    assert (below.guide, below.judge) == (east, east)
    assert (below.path, below.area, below.timing) == (
        scene.units["east1"].path,
        "1.1",
        "continuous",
    )
    own = scene.assignment("health", 2)
    assert (own.guide, own.judge) == (health, home)


def test_the_coordinators_own_work_is_judged_by_the_office(scene: Scene) -> None:
    scene.work("2025-Q3")
    own = scene.assignment("home", 4)
    assert (own.guide, own.judge) == (scene.units["home"], scene.units["office"])
    assert own.area == "5"


def test_an_unresolved_guide_never_stops_an_assignment(scene: Scene) -> None:
    scene.work("2025-Q1")
    waiting = Assignment.objects.filter(task_version__no=6)
    assert waiting.count() == 4
    assert {(one.guide_id, one.judge_id) for one in waiting} == {(None, None)}


def test_a_phrase_that_names_nobody_holds_back_itself_only(scene: Scene) -> None:
    outcome = scene.work("2025-Q3")
    task = next(task for task in outcome.tasks if task.no == 4)
    assert task.unresolved == ("Các doanh nghiệp viễn thông",)
    assert (task.made, outcome.unresolved) == (1, 1)


def test_a_settled_phrase_makes_what_was_missing(scene: Scene) -> None:
    scene.work("2025-Q3")
    scene.framework.meanings.create(
        role="implementing",
        phrase="Các doanh nghiệp viễn thông",
        actors=[
            {"text": actor.text, "kind": actor.kind, "level": actor.level, "name": actor.name}
            for actor in parse_actors("Sở Y tế").actors
        ],
        reason="Thử",
        settled_by=scene.coordinator,
        settled_at=NOW,
    )
    assert scene.work("2025-Q3").made == 1
    assert scene.assignment("health", 4).judge == scene.units["home"]


def test_a_task_settled_for_itself_is_not_bound_by_the_answer_for_all(scene: Scene) -> None:
    special = add_task(
        scene.framework, 7, 3, "3.1", "Các doanh nghiệp viễn thông", "", "Thường xuyên"
    )
    for task, phrase, named in (
        (None, "các doanh nghiệp viễn thông", "Sở Y tế"),
        (special, "Các doanh nghiệp viễn thông", "Sở Nội vụ"),
    ):
        scene.framework.meanings.create(
            task_version=task,
            role="implementing",
            phrase=phrase,
            actors=[{"text": named, "kind": "named", "level": None, "name": named}],
            reason="Thử",
            settled_by=scene.coordinator,
            settled_at=NOW,
        )
    scene.work("2025-Q3")
    owing = Assignment.objects.filter(task_version__no__in=(4, 7))
    assert sorted(owing.values_list("task_version__no", "unit__code")) == [
        (4, "health"),
        (4, "home"),
        (7, "home"),
    ]


def test_one_event_says_what_was_made(scene: Scene) -> None:
    outcome = scene.work("2025-Q1")
    event = AuditEvent.objects.get(verb="period.put_into_work")
    assert event.actor == f"person:{scene.coordinator.pk}"
    assert event.data == {
        "code": "2025-Q1",
        "as_of": "2025-01-01",
        "made": outcome.made,
        "total": outcome.total,
        "unresolved": 1,
    }


def test_a_draft_gives_nobody_work(scene: Scene) -> None:
    draft = Framework.objects.create(
        decision=scene.framework.decision, number=2, file=scene.framework.file
    )
    with pytest.raises(actions.NotInForce, match="chưa có hiệu lực"):
        actions.put_period_into_work(framework=draft, code="2025-Q1", by=scene.coordinator, now=NOW)
    assert not Period.objects.exists()


def test_a_framework_gives_work_from_the_period_in_which_it_begins(scene: Scene) -> None:
    scene.framework.in_force_from = dt.date(2025, 4, 1)
    scene.framework.save()
    with pytest.raises(actions.NotInForce, match="chưa có hiệu lực"):
        scene.work("2025-Q1")
    assert scene.work("2025-Q2").made > 0


def test_an_addressee_that_is_no_unit_is_said_and_can_be_settled(scene: Scene) -> None:
    article = ("Sở Y tế", "Đài Phát thanh và Truyền hình Thử")
    scene.framework.addressees = [
        asdict(actor) for words in article for actor in parse_actors(words).actors
    ]
    scene.framework.save()
    add_task(
        scene.framework, 7, 7, "", "Các cơ quan, đơn vị, địa phương", "Sở Nội vụ", "Thường xuyên"
    )

    def seventh() -> tuple[tuple[str, ...], tuple[str, ...], int]:
        said = expanding.preview(scene.framework, period_dates("2025-Q2"), dt.date(2025, 4, 1))
        task = next(task for task in said.tasks if task.no == 7)
        return said.unmatched_addressees, task.unresolved, task.owed

    assert seventh() == (("Đài Phát thanh và Truyền hình Thử",), (), 1)
    scene.framework.meanings.create(
        role="implementing",
        phrase="Đài Phát thanh và Truyền hình Thử",
        actors=[asdict(actor) for actor in parse_actors("Sở Nội vụ").actors],
        valid_from=dt.date(2025, 4, 1),
        settled_by=scene.coordinator,
        settled_at=NOW,
    )
    assert seventh() == ((), (), 2)
    assert scene.work("2025-Q1").unmatched_addressees == ("Đài Phát thanh và Truyền hình Thử",)


def test_only_who_may_open_a_period_does(scene: Scene) -> None:
    officer = person("officer", scene.units["west1"])
    with pytest.raises(PermissionDenied):
        actions.put_period_into_work(framework=scene.framework, code="2025-Q1", by=officer, now=NOW)
    assert not Assignment.objects.exists()


def test_the_periods_of_a_half_yearly_framework_are_halves(scene: Scene) -> None:
    scene.framework.cycle = Framework.Cycle.HALF
    scene.framework.save(update_fields=["cycle"])
    with pytest.raises(actions.WrongCycle, match="2025-Q1"):
        scene.work("2025-Q1")
    assert not Assignment.objects.exists()
    outcome = scene.work("2025-H1")
    assert outcome.made == Assignment.objects.count() > 0
    counted = set(Assignment.objects.values_list("period__code", "counts_in__code"))
    assert counted <= {("2025-H1", "2025-H1"), ("2025", "2025-H2")}
    assert ("2025-H1", "2025-H1") in counted
    assert scene.work("2025-H2").made > 0
    assert set(Period.objects.values_list("code", flat=True)) == {"2025-H1", "2025-H2", "2025"}
