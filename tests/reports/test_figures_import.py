"""Counts of other systems as evidence: matched to units, all rows or none, the same once."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments.models import Assignment
from khung.base.models import AuditEvent
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports import figures_import
from khung.reports.actions import (
    Brought,
    FiguresNotTaken,
    Fixed,
    Said,
    approve_reports,
    change_evidence,
    import_figures,
    send_reports,
)
from khung.reports.models import Evidence, Report
from khung.rules.figures import FIGURES, NAMES, may_prove
from tests.cast import TODAY, Cast
from tests.reports.filled import rows_of, workbook

DAY = TODAY.date()
HEAD = list(figures_import.HEADS.values())
RECEIVED, ON_TIME = NAMES["files_received"], NAMES["files_on_time"]


def row(**said: Any) -> list[Any]:
    """One good row, with what is said otherwise."""
    good = {
        "code": "east1", "unit": "Xã east 1", "period": "2025-Q1", "kind": RECEIVED, "count": 120,
        "first": "", "last": "", "source": "Phần mềm một cửa",
    }  # fmt: skip
    return list((good | said).values())


def bring(
    cast: Cast,
    *rows: list[Any],
    nos: tuple[int, ...] = (6,),
    by: Person | None = None,
    now: dt.datetime = TODAY,
) -> Brought:
    read, problems = figures_import.read_rows(workbook([HEAD, *rows]))
    assert problems == []
    versions = list(cast.scene.framework.tasks.filter(no__in=nos).values_list("pk", flat=True))
    return import_figures(
        period=cast.scene.period("2025-Q1"),
        rows=read,
        tasks=dict.fromkeys(FIGURES, versions),
        name="so-lieu.xlsx",
        by=by or cast["coordinator"],
        now=now,
    )


def drafted(cast: Cast, unit: str = "east1", no: int = 6) -> list[str]:
    """The titles of the evidence in the draft."""
    draft = Report.objects.get(assignment=cast.scene.assignment(unit, no), sent_at__isnull=True)
    return list(draft.uses.order_by("id").values_list("evidence__title", flat=True))


def test_counts_become_evidence_of_their_units(cast: Cast) -> None:
    brought = bring(
        cast,
        row(count=1250),
        row(kind=ON_TIME, count=1200, first=dt.date(2025, 1, 1), last="28/02/2025"),
        row(code="east2", unit="xa EAST 2", period="Quý I/2025"),
    )
    assert brought == Brought(counts=3, reports=2, closed=0)
    assert drafted(cast) == [
        "Hồ sơ một cửa tiếp nhận: 1.250 hồ sơ (15/12/2024–03/03/2025), nguồn: Phần mềm một cửa",
        "Hồ sơ một cửa giải quyết đúng hạn: 1.200 hồ sơ (01/01/2025–28/02/2025), nguồn: Phần mềm "
        "một cửa",
    ]
    piece = Evidence.objects.filter(unit=cast.scene.units["east1"]).order_by("id")[0]
    assert (piece.kind, piece.snapshot["count"]) == ("figures", 1250)
    # Nothing is marked done: the unit still sends.
    assert cast.scene.assignment("east1", 6).state == "in_progress"
    assert not Report.objects.filter(sent_at__isnull=False).exists()
    (event,) = AuditEvent.objects.filter(verb="figures.imported")
    assert event.data["counts"] == 3
    assert AuditEvent.objects.filter(verb="evidence.figures_brought").count() == 2


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    bring(cast, row())
    draft = Report.objects.get()
    approve_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    before = AuditEvent.objects.count()
    assert bring(cast, row()) == Brought(counts=0, reports=0, closed=0)
    assert (Evidence.objects.count(), AuditEvent.objects.count()) == (1, before)


def test_a_corrected_count_replaces_the_one_before(cast: Cast) -> None:
    bring(cast, row())
    assert bring(cast, row(count=125)) == Brought(counts=1, reports=1, closed=0)
    (title,) = drafted(cast)
    assert "125 hồ sơ" in title
    assert Evidence.objects.count() == 1


def test_what_was_sent_stays_as_it_was_sent(cast: Cast) -> None:
    bring(cast, row())
    draft = cast.draft(cast.scene.assignment("east1", 6))
    assert send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY).refused == []
    assert bring(cast, row(count=125)) == Brought(counts=1, reports=0, closed=1)
    sent = Report.objects.get(pk=draft.pk)
    assert "120 hồ sơ" in sent.uses.get().evidence.title
    assert cast.scene.assignment("east1", 6).state == "submitted"


def test_a_unit_does_not_reword_what_was_brought_in(cast: Cast) -> None:
    bring(cast, row())
    use = Report.objects.get().uses.get()
    with pytest.raises(Fixed, match="do hệ thống khác lập"):
        change_evidence(use=use, said=Said(title="Khác"), by=cast["officer"], now=TODAY)
    assert "120 hồ sơ" in drafted(cast)[0]


def test_a_plain_method_takes_the_count(cast: Cast) -> None:
    version = cast.scene.framework.tasks.get(no=6)
    version.items.filter(field=TaskItem.Field.METHOD).update(kind="report")
    bring(cast, row())
    assert Report.objects.get().uses.get().method == version.items.get(field="method")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"code": "xa9"}, "Ô A2: không có đơn vị mang mã “xa9” trong Quý I/2025."),
        ({"unit": "Xã khác"}, "Ô B2: mã east1 là của “Xã east 1”, không phải “Xã khác”."),
        ({"period": "2025-Q2"}, "Ô C2: “2025-Q2” khác kỳ đang chọn, Quý I/2025 (2025-Q1)."),
        ({"kind": "Số gì đó"}, "Ô D2: “Số gì đó” không có trong danh mục."),
        ({"count": ""}, "Ô E2: chưa ghi số; không có thì ghi 0."),
        ({"count": 1.5}, "Ô E2: số phải là số nguyên."),
        ({"count": "nhiều"}, "Ô E2: số phải là số"),
        ({"count": -1}, "Ô E2: số không thể âm."),
        ({"first": "đầu năm"}, "Ô F2: “đầu năm” không phải ngày."),
        ({"first": "31/02/2025"}, "Ô F2: “31/02/2025” không phải ngày."),
        ({"first": "01/06/2024"}, "Ô F2: thời gian phải nằm trong kỳ: 15/12/2024 đến 31/03/2025."),
        ({"last": "20/03/2025"}, "Ô G2: ngày này chưa đến."),
        ({"first": "01/02/2025", "last": "01/01/2025"}, "Ô G2: ngày cuối trước ngày đầu."),
        ({"source": ""}, "Ô H2: ghi tên hệ thống hoặc sổ đã lấy số liệu"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken(
    cast: Cast, said: dict[str, Any], why: str
) -> None:
    with pytest.raises(FiguresNotTaken) as refused:
        bring(cast, row(**said), row(code="east2", unit="Xã east 2"))
    (problem,) = refused.value.problems
    assert problem.words.startswith(why)
    assert not Evidence.objects.exists()


def test_the_same_count_twice_in_a_file_is_told(cast: Cast) -> None:
    with pytest.raises(FiguresNotTaken) as refused:
        bring(cast, row(), row(count=5))
    assert refused.value.problems[0].words == (
        "Ô E3: số này đã có ở ô E2: cùng đơn vị, loại số liệu và nguồn."
    )


def test_a_unit_without_such_work_is_told(cast: Cast) -> None:
    with pytest.raises(FiguresNotTaken, match="1 problems") as refused:
        bring(cast, row(), row(code="health", unit="Sở Y tế"))
    assert refused.value.problems[0].words.startswith("Ô B3: Sở Y tế không có báo cáo nào nhận")


def test_a_guide_brings_figures_for_what_it_guides_alone(cast: Cast) -> None:
    assert bring(cast, row(), nos=(2,), by=cast["guide"]).reports == 1
    with pytest.raises(FiguresNotTaken):
        bring(cast, row(), nos=(6,), by=cast["guide"])
    for role in ("officer", "head", "leader", "operator"):
        with pytest.raises(PermissionDenied):
            bring(cast, row(), by=cast[role])


def test_the_template_is_read_back(cast: Cast) -> None:
    period = cast.scene.period("2025-Q1")
    reach = figures_import.reach_of(cast["coordinator"], DAY)
    data = figures_import.template_bytes(reach, period)
    head, *rows = rows_of(data)
    assert head == HEAD
    assert ["east1", "Xã east 1", "2025-Q1"] in [one[:3] for one in rows]
    # Units nobody wrote a count for say nothing.
    assert figures_import.read_rows(data) == ([], [])
    guided = figures_import.reach_of(cast["guide"], DAY)
    owing = {one[0] for one in rows_of(figures_import.template_bytes(guided, period))[1:]}
    assert owing == set(guided.values_list("unit__code", flat=True))


def test_tasks_are_offered_by_methods_and_words(cast: Cast) -> None:
    cast.scene.framework.tasks.filter(no=6).update(folded_text="giai quyet thu tuc hanh chinh")
    TaskItem.objects.filter(task_version__no=1, field="method", position=1).update(kind="casework")
    offered = figures_import.candidates(
        Assignment.objects.all(), cast.scene.period("2025-Q1"), ["files_received"]
    )
    found = {one.version.no: one.is_proposed for one in offered["files_received"]}
    assert found == {1: False, 6: True}
    assert not may_prove("complaints_solved", ["meeting"], "tuyen truyen")
