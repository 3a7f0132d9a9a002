"""Judging: what may be judged together and by whom, plans, reasons, compulsory methods."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person, RoleHeld
from khung.reports import drafting, judging_counts, judging_times
from khung.reports.actions import (
    AlreadyJudged,
    NoReviewer,
    NotJudged,
    PlanChanged,
    Point,
    ReasonKnown,
    accept_reports,
    add_proposed_reasons,
    add_reason,
    assign_reviewer,
    judging,
    mark_compulsory,
    mark_ready,
    order_reasons,
    pass_on,
    retire_reason,
    return_reports,
    reword_reason,
    set_judging_plan,
    withdraw_report,
)
from khung.reports.models import CompulsoryMethod, JudgingPlan, ReturnReason, Review, ReviewTurn
from khung.reports.turns import newest_plan_id
from khung.rules.sampling import Plan, drawn
from tests.assignments.scene import person
from tests.cast import TODAY, Cast


def plan(cast: Cast, no: int, **said: object) -> JudgingPlan:
    """Sets how a task's reports of communes are judged."""
    task = cast.scene.framework.tasks.get(no=no).task_id
    set_judging_plan(
        tasks=[task],
        levels=["commune"],
        plan=Plan(**said),  # type: ignore[arg-type]
        seen=newest_plan_id(),
        by=cast["coordinator"],
        now=TODAY,
    )
    return JudgingPlan.objects.latest("id")


def state(unit: str, no: int, cast: Cast) -> str:
    return cast.scene.assignment(unit, no).state


def send_as(cast: Cast, unit: str, no: int) -> ReviewTurn:
    """A report of another unit than the officer's."""
    known = Person.objects.filter(username=f"officer-{unit}").first()
    cast.people["officer"] = known or person("officer", cast.scene.units[unit])
    return cast.send(cast.scene.assignment(unit, no))


def test_alike_reports_are_accepted_together(cast: Cast) -> None:
    turns = [cast.send(cast.scene.assignment("east1", 2)), send_as(cast, "west1", 2)]
    found = accept_reports(judged=[one.pk for one in turns], by=cast["guide"], now=TODAY)
    assert [one.verdict for one in found] == [Review.Verdict.ACCEPTED] * 2
    assert (state("east1", 2, cast), state("west1", 2, cast)) == ("accepted", "accepted")
    assert (rollup.differences(), judging_counts.differences()) == ([], {})


def test_reports_of_two_tasks_are_not_alike(cast: Cast) -> None:
    communes = Assignment.objects.filter(unit__level="commune")
    communes.update(judge=cast.scene.units["health"])
    turns = [cast.send(cast.scene.assignment("east1", no)) for no in (1, 2)]
    with pytest.raises(NotJudged, match="cùng một nhiệm vụ"):
        accept_reports(judged=[one.pk for one in turns], by=cast["guide"], now=TODAY)
    assert ReviewTurn.objects.filter(closed_at__isnull=True).count() == 2


def test_too_many_at_once_are_refused_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_AT_ONCE", 1)
    turns = [cast.send(cast.scene.assignment("east1", 2)), send_as(cast, "west1", 2)]
    with pytest.raises(NotJudged, match="nhiều nhất 1 báo cáo, đang chọn 2"):
        accept_reports(judged=[one.pk for one in turns], by=cast["guide"], now=TODAY)
    assert state("east1", 2, cast) == "submitted"


def test_of_many_one_judged_meanwhile_nothing_is_saved(cast: Cast) -> None:
    first, second = cast.send(cast.scene.assignment("east1", 2)), send_as(cast, "west1", 2)
    accept_reports(judged=[second.pk], by=cast["guide"], now=TODAY)
    with pytest.raises(AlreadyJudged, match="Xã west 1"):
        accept_reports(judged=[first.pk, second.pk], by=cast["guide"], now=TODAY)
    assert (state("east1", 2, cast), state("west1", 2, cast)) == ("submitted", "accepted")
    assert judging_counts.differences() == {}


def test_who_takes_a_report_back_is_named_to_the_judge(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    withdraw_report(report=turn.report, by=cast["officer"], now=TODAY)
    with pytest.raises(AlreadyJudged, match="Xã east 1 đã thu hồi báo cáo này để sửa"):
        accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    assert judging_counts.differences() == {}


def test_nobody_judges_what_they_sent(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    sender = turn.report.sent_by
    assert sender is not None
    RoleHeld.objects.create(person=sender, unit=cast.scene.units["health"], role="guide")
    with pytest.raises(NotJudged, match="do chính bạn soạn, duyệt hoặc gửi"):
        accept_reports(judged=[turn.pk], by=sender, now=TODAY)


def test_a_return_keeps_its_reasons_at_their_places(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    reason = add_reason(text="Thiếu ảnh", by=cast["coordinator"], now=TODAY)
    method = TaskItem.objects.get(task_version=turn.assignment.task_version, field="method")
    proof = turn.report.uses.get().evidence
    points = [
        Point(reason=reason),
        Point(reason=reason, method=method),
        Point(text="Không mở được", evidence=proof),
    ]
    (review,) = return_reports(
        judged=[turn.pk], points=points, text="", redo_by=None, by=cast["guide"], now=TODAY
    )
    kept = [(one.reason, one.text, one.method, one.evidence) for one in review.remarks.all()]
    assert kept == [
        (reason, "", None, None),
        (reason, "", method, None),
        (None, "Không mở được", None, proof),
    ]


@pytest.mark.parametrize(
    ("text", "redo_by"), [(" ", None), ("Thiếu ảnh", TODAY.date() - dt.timedelta(days=1))]
)
def test_a_return_needs_a_reason_and_a_day_to_come(
    cast: Cast, text: str, redo_by: dt.date | None
) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    with pytest.raises(ValueError, match=r"a return needs a reason|is over"):
        return_reports(
            judged=[turn.pk], points=[], text=text, redo_by=redo_by, by=cast["guide"], now=TODAY
        )
    assert state("east1", 2, cast) == "submitted"


def test_the_district_looks_first_and_passes_on(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    turn = cast.send(cast.scene.assignment("east1", 2))
    district = cast.scene.units["east"]
    assert (turn.unit, turn.stage) == (district, ReviewTurn.Stage.FIRST)
    with pytest.raises(PermissionDenied):
        accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    first = person("guide", district)
    pass_on(judged=[turn.pk], by=first, now=TODAY)
    after = ReviewTurn.objects.get(assignment=turn.assignment, closed_at__isnull=True)
    assert (after.unit, after.stage) == (cast.scene.units["health"], ReviewTurn.Stage.JUDGE)
    assert state("east1", 2, cast) == "submitted"
    accept_reports(judged=[after.pk], by=cast["guide"], now=TODAY)
    assert state("east1", 2, cast) == "accepted"
    assert judging_counts.differences() == {}


def test_a_first_reviewer_accepts_nothing(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    turn = cast.send(cast.scene.assignment("east1", 2))
    with pytest.raises(ValueError, match="only the judge accepts"):
        accept_reports(judged=[turn.pk], by=person("guide", cast.scene.units["east"]), now=TODAY)


def leaving_out(assignment: Assignment) -> str:
    """A seed whose sample of one percent does not draw the assignment."""
    seeds = (f"hat-giong-{n}" for n in range(1000))
    return next(seed for seed in seeds if not drawn(seed, f"{assignment.pk}", 1))


def test_a_sample_always_reads_the_first_and_the_changed_report(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    plan(cast, 2, way="sampled", share=1, seed=leaving_out(assignment))
    turn = cast.send(assignment)
    assert (turn.way, turn.is_in_sample) == ("sampled", True)  # the unit's first
    withdraw_report(report=turn.report, by=cast["officer"], now=TODAY)
    assert cast.send(assignment).is_in_sample  # a changed one


def test_what_the_seed_leaves_out_waits_unread_and_unaccepted(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    cast.scene.work("2025-Q2")
    later = cast.scene.assignment("east1", 2, "2025-Q2")
    plan(cast, 2, way="sampled", share=1, seed=leaving_out(later))
    turn = cast.send(later)
    assert not turn.is_in_sample
    later.refresh_from_db()
    assert later.state == "submitted"
    times = judging_times.times(later.counts_in, [turn.unit_id or 0], today=TODAY.date())
    assert [(one.open, one.unread) for one in times.values()] == [(0, 1)]


def test_a_plan_set_by_two_at_once_shows_the_second_who_was_first(cast: Cast) -> None:
    seen = newest_plan_id()
    task = cast.scene.assignment("east1", 2).task_id
    plan(cast, 2, working_days=7)
    with pytest.raises(PlanChanged, match="Người thử coordinator"):
        set_judging_plan(
            tasks=[task], levels=["commune"], plan=Plan(), seen=seen, by=cast["coordinator"],
            now=TODAY,
        )  # fmt: skip
    assert JudgingPlan.objects.count() == 1
    with pytest.raises(PermissionDenied):
        set_judging_plan(
            tasks=[task], levels=["commune"], plan=Plan(), seen=newest_plan_id(),
            by=cast["guide"], now=TODAY,
        )  # fmt: skip


def test_a_reviewer_is_one_who_judges_there(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    colleague = Person.objects.create(username="c2", full_name="Trần Thị Hai", joined_at=TODAY)
    with pytest.raises(NoReviewer, match="Trần Thị Hai"):
        assign_reviewer(judged=[turn.pk], reviewer=colleague, by=cast["guide"], now=TODAY)
    RoleHeld.objects.create(person=colleague, unit=cast.scene.units["health"], role="guide")
    assert assign_reviewer(judged=[turn.pk], reviewer=colleague, by=cast["guide"], now=TODAY) == 1
    turn.refresh_from_db()
    assert turn.reviewer == colleague
    assign_reviewer(judged=[turn.pk], reviewer=None, by=cast["guide"], now=TODAY)
    assert [one.verb for one in AuditEvent.objects.filter(subject="reviews")] == [
        "reviews.assigned",
        "reviews.unassigned",
    ]


def test_a_compulsory_method_wants_evidence_of_its_own(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    method = TaskItem.objects.get(task_version=assignment.task_version, field="method")
    for stranger in (cast["officer"], person("guide", cast.scene.units["west"])):
        with pytest.raises(PermissionDenied):
            mark_compulsory(
                version=assignment.task_version, methods=[method.pk], by=stranger, now=TODAY
            )
    changed = mark_compulsory(
        version=assignment.task_version, methods=[method.pk], by=cast["guide"], now=TODAY
    )
    draft = cast.draft(assignment)
    gaps = [gap.code for gap in drafting.gaps_of([draft])[draft.pk]]
    assert (changed, gaps) == (1, ["method_evidence_missing"])
    (refused,) = mark_ready(drafts=[draft.pk], by=cast["officer"], now=TODAY).refused
    named = f"“{method.words}”: Cách thức này bắt buộc có tài liệu kiểm chứng riêng."
    assert refused[1] == [named]
    sheet = cast.page("officer", reverse("report_line", args=[assignment.pk]))
    assert f'{method.words} <span class="chip near">bắt buộc</span>' in sheet
    assert f"<li>{named}</li>" in sheet
    mark_compulsory(version=assignment.task_version, methods=[], by=cast["guide"], now=TODAY)
    assert not CompulsoryMethod.objects.exists()


def test_the_list_of_reasons_is_kept(cast: Cast) -> None:
    by = cast["coordinator"]
    assert add_proposed_reasons(by=by, now=TODAY) == 10
    assert add_proposed_reasons(by=by, now=TODAY) == 0
    with pytest.raises(ReasonKnown):
        add_reason(text=" thiếu  tài liệu kiểm chứng", by=by, now=TODAY)
    first, second = ReturnReason.objects.all()[:2]
    reword_reason(reason=first, version=1, text="Thiếu minh chứng", by=by, now=TODAY)
    with pytest.raises(StaleRecord):
        reword_reason(reason=first, version=1, text="Khác", by=by, now=TODAY)
    retired = retire_reason(reason=second, version=1, is_active=False, by=by, now=TODAY)
    assert not retired.is_active
    order_reasons(order=[second.pk, first.pk], by=by, now=TODAY)
    assert [one.pk for one in ReturnReason.objects.all()[:2]] == [second.pk, first.pk]
    with pytest.raises(PermissionDenied):
        add_reason(text="Khác", by=cast["guide"], now=TODAY)
