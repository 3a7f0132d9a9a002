"""What the demonstration people find on their desks is told by a file, and says what it is."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from khung.assignments import rollup
from khung.assignments.models import Assignment, LockException
from khung.orgs.datafile import DataFileError
from khung.orgs.models import Person
from khung.reports import demonstration, judging_counts, sheet
from khung.reports.demonstration_desks import DESKS
from khung.reports.models import (
    CompulsoryMethod,
    Evidence,
    ExemptionProposal,
    JudgingPlan,
    Remark,
    Report,
    ReviewTurn,
    Share,
    VillageSending,
)
from tests.cast import TODAY, Cast

WORDS = '[[texts]]\nkind = "other"\nwords = ["Đã làm."]\n' + "".join(
    f'[[{name}]]\nwords = ["Lời."]\n' for name in ("nothing_arose", "returned")
)
LINKS = '[[links]]\ntitle = "Tin"\nurl = "https://xa.example.vn/tin"\n'


@pytest.fixture
def folder(cast: Cast, tmp_path: Path) -> Path:
    """A folder whose bulk has words, for a province whose work is all illustrative."""
    Assignment.objects.update(is_illustrative=True)
    (tmp_path / demonstration.REPORTS).write_text(WORDS + LINKS)
    (tmp_path / "anh.jpg").write_bytes(b"\xff\xd8\xff anh")
    return tmp_path


def load(folder: Path, desks: str) -> int:
    (folder / DESKS).write_text(desks)
    made = demonstration.load_desks(folder, now=TODAY)
    demonstration.load(folder, now=TODAY)
    return made


RETURNED = """
[[reports]]
unit = "east1"
task = 1
[[reports.versions]]
sent = 9
text = "Lần đầu."
methods = [1, 2]
[[reports.versions.evidence]]
method = 1
file = "anh.jpg"
title = "Ảnh"
place = "Trụ sở"
up = 20
personal = true
[reports.versions.judged]
days = 4
verdict = "returned"
remarks = [
  { reason = "Chưa nêu kết quả cụ thể" },
  { method = 2, text = "Thiếu đường dẫn." },
  { evidence = 1, text = "Ảnh mờ." },
]
"""


def test_a_return_stands_at_the_places_it_concerns(cast: Cast, folder: Path) -> None:
    assert load(folder, RETURNED) == 1
    it = cast.scene.assignment("east1", 1)
    assert it.state == "returned"
    remarks = sheet.opened(it, may_write=True)
    assert [one.reason.text for one in remarks.text_remarks if one.reason] == [
        "Chưa nêu kết quả cụ thể"
    ]
    assert [one.text for [one] in remarks.method_remarks.values()] == ["Thiếu đường dẫn."]
    assert [one.text for one in remarks.evidence_remarks] == ["Ảnh mờ."]
    piece = Evidence.objects.get(title="Ảnh")
    assert piece.has_personal_data
    assert piece.details["place"] == "Trụ sở"
    assert dt.date.fromisoformat(str(piece.details["up_on"])) < TODAY.date()


def test_a_version_after_a_return_waits_for_the_judge(cast: Cast, folder: Path) -> None:
    load(folder, RETURNED + '[[reports.versions]]\nsent = 2\ntext = "Lần hai."\nmethods = [1]\n')
    it = cast.scene.assignment("east1", 1)
    assert it.state == "submitted"
    assert list(it.reports.order_by("number").values_list("text", flat=True)) == [
        "Lần đầu.",
        "Lần hai.",
    ]
    assert ReviewTurn.objects.get(assignment=it, closed_at=None).report.number == 2


def test_drafts_wait_for_the_head_or_show_their_gaps(cast: Cast, folder: Path) -> None:
    load(
        folder,
        """
[[reports]]
unit = "east1"
task = 1
[[reports.versions]]
ready = true
text = "Đã xong."
methods = [1]
[[reports.versions.evidence]]
kind = "link"
title = "Tin"
url = "https://xa.example.vn/1"

[[reports]]
unit = "east1"
task = 3
occurrences = [{ days = 12, text = "Đối thoại lần một." }]
[[reports.versions]]
text = "Mới một lần."
""",
    )
    owed = Assignment.objects.filter(unit=cast.scene.units["east1"])
    written = sheet.written_of(owed)
    assert [one.assignment.task_version.no for one in written.handed_in] == [1]
    counted = cast.scene.assignment("east1", 3)
    assert written.drafts[counted.pk].gaps
    assert counted.occurrences.count() == 1


UNIT_SIDE = """
[[shares]]
unit = "east1"
tasks = [1]
to = "officer-east1"
within = 3

[[exemptions]]
unit = "east1"
task = 2
days = 2
reason = "Không có trạm."

[[lock_exceptions]]
unit = "east2"
days = 3
within = 20
document = "1/MH"
reason = "Đổi người."

[[villages]]
unit = "east1"
tasks = [1]
name = "Thôn 1"
within = 10
[villages.sent]
days = 1
task = 1
text = "Đã treo bảng."
file = "anh.jpg"
title = "Ảnh thôn 1"

[[silent]]
units = ["west1"]

[[finished]]
units = ["west2"]
"""


def test_what_waits_within_the_unit_and_for_the_coordinator(cast: Cast, folder: Path) -> None:
    load(folder, UNIT_SIDE)
    assert Share.objects.get().person == cast["officer"]
    proposal = ExemptionProposal.objects.get()
    assert proposal.assignment.state == "not_started"
    assert proposal.answered_at is None
    leave = LockException.objects.get()
    assert leave.is_illustrative
    sending = VillageSending.objects.get()
    assert sending.is_taken_over is None
    assert [piece.added_by for piece in sending.evidence.all()] == [None]
    silent = Assignment.objects.filter(unit__code="west1")
    assert set(silent.values_list("state", flat=True)) == {"not_started"}
    finished = Assignment.objects.filter(unit__code="west2", counts_in__code="2025-Q1")
    assert set(finished.values_list("state", flat=True)) == {"accepted"}
    assert not finished.filter(reports=None).exists()


def test_nobody_is_said_to_have_done_any_of_it(cast: Cast, folder: Path) -> None:
    load(folder, RETURNED + UNIT_SIDE)
    nobody = Person.objects.get(username=demonstration.NOBODY)
    assert set(Report.objects.values_list("edited_by", "is_illustrative")) == {(nobody.pk, True)}
    assert Share.objects.get().given_by == nobody
    assert ExemptionProposal.objects.get().proposed_by == nobody
    assert LockException.objects.get().granted_by == nobody
    assert Remark.objects.values_list("review__by", flat=True).distinct().get() == nobody.pk


PLANS = """
[[plans]]
tasks = [1]
way = "sampled"
share = 1
seed = "hat"

[[plans]]
tasks = [6]
way = "consolidated"

[[compulsory]]
task = 1
method = 2
"""


def test_reports_wait_as_the_plans_say(cast: Cast, folder: Path) -> None:
    Assignment.objects.filter(unit__level="commune").update(state="submitted", updated_at=TODAY)
    load(folder, PLANS)
    waiting = ReviewTurn.objects.filter(closed_at=None)
    assert set(waiting.filter(assignment__task_version__no=6).values_list("way", flat=True)) == {
        "consolidated"
    }
    # Nobody reported it before: a first report is always read, however small the sample.
    sampled = waiting.filter(assignment__task_version__no=1)
    assert set(sampled.values_list("way", "is_in_sample")) == {("sampled", True)}
    assert CompulsoryMethod.objects.get().method.position == 2
    assert judging_counts.differences() == {}


def test_all_counts_agree_and_a_second_load_adds_nothing(cast: Cast, folder: Path) -> None:
    desks = RETURNED + UNIT_SIDE + PLANS
    load(folder, desks)
    assert rollup.differences() == []
    assert judging_counts.differences() == {}
    tables = (Report, Evidence, Share, ExemptionProposal, VillageSending, JudgingPlan, Remark)
    before = [table.objects.count() for table in tables]
    assert load(folder, desks) == 0
    assert [table.objects.count() for table in tables] == before


def test_what_was_sent_late_is_stamped_with_its_deadline(cast: Cast, folder: Path) -> None:
    late = RETURNED.replace("sent = 9", "sent = 1").partition("[reports.versions.judged]")[0]
    (folder / DESKS).write_text(late)
    it = cast.scene.assignment("east1", 1)
    demonstration.load_desks(folder, now=TODAY + dt.timedelta(days=20))
    it.refresh_from_db()
    assert it.is_late
    assert it.lateness_events.get().deadline == it.due_on
    sent_at = it.reports.get().sent_at
    assert sent_at is not None
    assert timezone.localdate(sent_at) > it.due_on


@pytest.mark.parametrize(
    ("desks", "said"),
    [
        ('[[reports]]\nunit = "xa-la"\ntask = 1', "không có đơn vị mã “xa-la”"),
        ('[[reports]]\nunit = "east1"\ntask = 99', "không có nhiệm vụ 99"),
        (RETURNED.replace("methods = [1, 2]", "methods = [9]"), "không có cách thức thứ 9"),
        (RETURNED.replace("evidence = 1", "evidence = 4"), "không có tài liệu thứ 4"),
        (RETURNED.replace("anh.jpg", "mat.jpg"), "không đọc được mat.jpg"),
        (RETURNED.replace("Chưa nêu kết quả cụ thể", "Lý do lạ"), "không có lý do “Lý do lạ”"),
        (UNIT_SIDE.replace("officer-east1", "ai-do"), "không có tài khoản “ai-do”"),
        (PLANS.replace("method = 2", "method = 7"), "không có cách thức thứ 7"),
    ],
)
def test_a_fault_of_the_file_is_told_by_its_place(folder: Path, desks: str, said: str) -> None:
    with pytest.raises(DataFileError, match=said):
        load(folder, desks)
    assert not Report.objects.exists()
