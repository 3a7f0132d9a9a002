"""Who may not judge, take back or close: walls that hold whatever other role a person has."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from khung.assignments.actions import grant_lock_exception
from khung.assignments.models import Assignment, Period, PeriodDeadline
from khung.orgs.models import RoleHeld, Unit
from khung.reports import judging_counts
from khung.reports.actions import (
    NotJudged,
    NotTheirs,
    accept_reports,
    begin_draft,
    pass_on,
    reopen_report,
    return_reports,
    revoke_leave,
    save_draft,
    send_reports,
    withdraw_report,
)
from khung.reports.actions.drafts import Written
from khung.reports.actions.sharing import set_habits
from khung.reports.models import Report, ReviewTurn
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

DAY = dt.timedelta(days=1)


def accepted(cast: Cast) -> Report:
    turn = cast.send(cast.scene.assignment("east1", 2))
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    return Report.objects.get(pk=turn.report_id)


def end_the_judge(cast: Cast) -> None:
    yesterday = TODAY.date() - DAY
    Unit.objects.filter(pk=cast.scene.units["health"].pk).update(valid_to=yesterday)


def test_after_the_judge_has_ended_the_coordinator_takes_an_acceptance_back(cast: Cast) -> None:
    report = accepted(cast)
    with pytest.raises(PermissionDenied):
        reopen_report(report=report, text="Nhầm", by=cast["coordinator"], now=TODAY)
    address = reverse("assignment", args=[report.assignment_id])
    link = reverse("reopen_report", args=[report.assignment_id])
    assert link in cast.page("guide", address)
    assert link not in cast.page("coordinator", address)
    end_the_judge(cast)
    with pytest.raises(PermissionDenied):
        reopen_report(report=report, text="Nhầm", by=cast["guide"], now=TODAY)
    # The turn as it reads now: its unit has ended.
    report = Report.objects.get(pk=report.pk)
    reopen_report(report=report, text="Nhầm", by=cast["coordinator"], now=TODAY)
    assert Assignment.objects.get(pk=report.assignment_id).state == "returned"
    assert judging_counts.differences() == {}


@pytest.mark.parametrize("hand", ["edited_by", "approved_by", "sent_by"])
def test_nobody_judges_what_they_had_a_hand_in(cast: Cast, hand: str) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    Report.objects.filter(pk=turn.report_id).update(**{hand: cast["guide"]})
    judged, guide = [turn.pk], cast["guide"]
    with pytest.raises(NotJudged, match="Báo cáo của Xã east 1 do chính bạn soạn"):
        accept_reports(judged=judged, by=guide, now=TODAY)
    with pytest.raises(NotJudged):
        return_reports(judged=judged, points=[], text="Lại", redo_by=None, by=guide, now=TODAY)
    with pytest.raises(NotJudged):
        pass_on(judged=judged, by=guide, now=TODAY)
    turn.refresh_from_db()
    assert turn.closed_at is None
    colleague = person("guide-two", cast.scene.units["home"])
    RoleHeld.objects.create(person=colleague, unit=cast.scene.units["health"], role="guide")
    accept_reports(judged=[turn.pk], by=colleague, now=TODAY)
    report = Report.objects.get(pk=turn.report_id)
    with pytest.raises(NotJudged):
        reopen_report(report=report, text="Lại", by=cast["guide"], now=TODAY)


def test_what_a_unit_entered_for_another_a_colleague_of_theirs_judges(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    Assignment.objects.filter(pk=assignment.pk).update(judge=cast.scene.units["home"])
    draft = save_draft(
        assignment=assignment,
        written=Written(outcome="nothing_arose", reason="Xã mất điện", text=""),
        version=None,
        by=cast["coordinator"],
        now=TODAY,
    )
    send_reports(drafts=[draft.pk], by=cast["coordinator"], now=TODAY)
    turn = ReviewTurn.objects.get(assignment=assignment)
    with pytest.raises(NotJudged):
        accept_reports(judged=[turn.pk], by=cast["coordinator"], now=TODAY)
    cast.people["second"] = person("guide", cast.scene.units["home"])
    shown = cast.page("second", f"{reverse('judging')}?turn={turn.pk}")
    assert '<span class="chip ">nhập thay</span>' in shown
    accept_reports(judged=[turn.pk], by=cast["second"], now=TODAY)
    assert Assignment.objects.get(pk=assignment.pk).state == "accepted"


def test_who_sends_takes_back(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    east1, officer = cast.scene.units["east1"], cast["officer"]
    report = cast.send(assignment).report
    link = reverse("withdraw_report", args=[assignment.pk])
    sheet = reverse("report_line", args=[assignment.pk])
    assert link in cast.page("officer", sheet)
    focal = person("focal", east1)
    RoleHeld.objects.create(person=focal, unit=east1, role="officer")
    set_habits(
        unit=east1, head_approves=True, focal_person=focal, version=0, by=cast["head"], now=TODAY
    )
    assert link not in cast.page("officer", sheet)
    with pytest.raises(NotTheirs, match=r"Đầu mối của đơn vị \(Người thử focal\)"):
        withdraw_report(report=report, by=officer, now=TODAY)
    told = cast.client("officer").post(link, follow=True).content.decode()
    assert "hoặc thủ trưởng mới thu hồi được báo cáo" in told
    for by in (focal, cast["head"]):
        draft = withdraw_report(report=report, by=by, now=TODAY)
        report = cast.send(assignment, f"Lần {draft.number}").report


def test_a_leave_taken_back_keeps_corrections_open(cast: Cast) -> None:
    period = Period.objects.get(code="2025-Q1")
    base = PeriodDeadline.objects.get(period=period, level="commune").locks_on
    one = cast.scene.assignment("east1", 1)
    Assignment.objects.filter(unit=one.unit, counts_in=period).update(
        judge=cast.scene.units["health"], is_late=True, due_on=base - DAY
    )
    leave = grant_lock_exception(
        unit=cast.scene.units["east1"],
        period=period,
        open_until=base + 40 * DAY,
        reason="Bão",
        document_number="5/SNV",
        by=cast["coordinator"],
        now=TODAY,
    )
    one, two, three = (cast.scene.assignment("east1", no) for no in (1, 2, 6))
    later = TODAY + (base - TODAY.date()) + 3 * DAY
    returned, withdrawn = cast.send(one), cast.send(two)
    redo = later.date() + 10 * DAY
    return_reports(
        judged=[returned.pk], points=[], text="Thiếu", redo_by=redo, by=cast["guide"], now=later
    )
    begin_draft(assignment=one, by=cast["officer"], now=later)
    withdraw_report(report=withdrawn.report, by=cast["head"], now=later)
    cast.draft(three)
    revoke_leave(exception=leave, version=leave.version, by=cast["coordinator"], now=later)
    now = dict(Assignment.objects.filter(unit=one.unit).values_list("pk", "locks_on"))
    assert now[one.pk] == redo
    assert later.date() + 5 * DAY <= now[two.pk] <= leave.open_until
    assert now[three.pk] == base
