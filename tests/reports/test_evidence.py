"""Evidence in drafts and sent reports: handing in, using again, carrying over, letting go."""

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied

from khung.assignments.models import Assignment
from khung.base import files
from khung.base.models import AuditEvent, StoredFile
from khung.frameworks.models import TaskItem
from khung.orgs.acting import acting
from khung.reports import proofs, uploads
from khung.reports.actions import (
    Added,
    Fixed,
    MadeRecord,
    Said,
    TooMany,
    accept_reports,
    add_evidence,
    attach_record,
    carry_over,
    change_evidence,
    remove_evidence,
    return_reports,
    reuse_evidence,
    withdraw_record,
)
from khung.reports.drafting import Locked
from khung.reports.models import Evidence, EvidenceUse, Occurrence, Report
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.test_uploads import PDF


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


def hand_in(
    cast: Cast,
    assignment: Assignment,
    *handed_in: bytes,
    method: TaskItem | None = None,
    said: Said | None = None,
    now: dt.datetime = TODAY,
) -> Added:
    """Files of the officer's, named a.pdf, b.pdf…"""
    with ExitStack() as stack:
        ready = [
            stack.enter_context(uploads.prepared(BytesIO(data), f"{chr(97 + n)}.pdf"))
            for n, data in enumerate(handed_in)
        ]
        return add_evidence(
            assignment=assignment,
            method=method,
            handed_in=ready,
            said=said or Said(),
            by=cast["officer"],
            now=now,
        )


def other(n: int) -> bytes:
    """A PDF of its own."""
    return PDF.replace(b"<<>>", b"<</N %d>>" % n, 1)


def drafted(assignment: Assignment) -> Report:
    return Report.objects.get(assignment=assignment, sent_at__isnull=True)


def titles(uses: Sequence[EvidenceUse]) -> list[str]:
    return [use.evidence.title for use in uses]


def test_files_come_with_the_details_of_their_method(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    posting = TaskItem.objects.get(task_version=assignment.task_version_id, kind="posting")
    said = Said(
        details={"place": "Thôn 2", "up_on": dt.date(2025, 2, 1), "down_on": None},
        valid_until=dt.date(2025, 12, 31),
        has_personal_data=True,
    )
    added = hand_in(cast, assignment, PDF, other(1), method=posting, said=said)
    first, second = added.pieces
    assert (first.details, second.details) == ({"place": "Thôn 2", "up_on": "2025-02-01"}, {})
    assert (first.has_personal_data, second.has_personal_data) == (True, True)
    assert second.valid_until == dt.date(2025, 12, 31)
    assert {use.method for use in drafted(assignment).uses.all()} == {posting}
    event = AuditEvent.objects.get(verb="evidence.added")
    assert event.data == {"pieces": 2, "titles": "“a.pdf”, “b.pdf”"}


def test_figures_alone_are_a_piece_too(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    (piece,) = hand_in(cast, assignment, said=Said(details={"numbers": "120 người dự"})).pieces
    assert (piece.kind, piece.details) == ("figures", {"numbers": "120 người dự"})


def test_adding_takes_back_the_heads_approval(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    draft = cast.draft(assignment)
    Report.objects.filter(pk=draft.pk).update(approved_by=cast["head"], approved_at=TODAY)
    hand_in(cast, assignment, PDF)
    assert drafted(assignment).approved_at is None


def test_a_report_has_room_for_so_many_pieces(cast: Cast, settings: LazySettings) -> None:
    settings.EVIDENCE_PER_REPORT = 2
    assignment = cast.scene.assignment("east1", 1)
    hand_in(cast, assignment, PDF)
    with pytest.raises(TooMany, match="tối đa 2 tài liệu"):
        hand_in(cast, assignment, other(1), other(2))
    assert drafted(assignment).uses.count() == 1
    assert StoredFile.objects.filter(name__endswith=".pdf").count() == 1


def test_only_the_unit_itself_hands_in(cast: Cast) -> None:
    stranger = person("officer", cast.scene.units["west1"])
    assignment = cast.scene.assignment("east1", 1)
    with pytest.raises(PermissionDenied):
        add_evidence(
            assignment=assignment,
            method=None,
            handed_in=[],
            said=Said(url="https://x.vn"),
            by=stranger,
            now=TODAY,
        )
    with pytest.raises(PermissionDenied):
        carry_over(assignment=assignment, by=stranger, now=TODAY)


def test_after_the_lock_nothing_is_handed_in(cast: Cast, folder: Path) -> None:
    assignment = cast.scene.assignment("east1", 1)
    with pytest.raises(Locked):
        hand_in(cast, assignment, PDF, now=TODAY + dt.timedelta(days=120))
    assert [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_the_same_bytes_are_known_in_the_unit_and_nowhere_else(cast: Cast) -> None:
    (piece,) = hand_in(cast, cast.scene.assignment("east1", 1), PDF).pieces
    here = hand_in(cast, cast.scene.assignment("east1", 2), PDF)
    assert (here.pieces, here.known) == ([], [piece])
    assert not Report.objects.filter(assignment=cast.scene.assignment("east1", 2)).exists()
    neighbour = person("officer", cast.scene.units["west1"])
    with uploads.prepared(BytesIO(PDF), "a.pdf") as ready:
        there = add_evidence(
            assignment=cast.scene.assignment("west1", 1),
            method=None,
            handed_in=[ready],
            said=Said(),
            by=neighbour,
            now=TODAY,
        )
    assert (len(there.pieces), there.known) == (1, [])
    assert StoredFile.objects.filter(name="a.pdf").count() == 1


def test_one_file_serves_several_tasks(cast: Cast) -> None:
    (piece,) = hand_in(cast, cast.scene.assignment("east1", 1), PDF).pieces
    second = cast.scene.assignment("east1", 2)
    used = reuse_evidence(
        assignment=second, method=None, evidence=[piece.pk], by=cast["officer"], now=TODAY
    )
    assert used == [piece]
    again = reuse_evidence(
        assignment=second, method=None, evidence=[piece.pk], by=cast["officer"], now=TODAY
    )
    assert again == []
    assert [place.task_no for place in proofs.places_of([piece.pk])[piece.pk]] == [2, 1]


def test_another_units_piece_is_not_used(cast: Cast) -> None:
    theirs = Evidence.objects.create(
        unit=cast.scene.units["west1"], kind="link", title="Tin", url="https://x.vn", added_at=TODAY
    )
    used = reuse_evidence(
        assignment=cast.scene.assignment("east1", 1),
        method=None,
        evidence=[theirs.pk],
        by=cast["officer"],
        now=TODAY,
    )
    assert used == []


def test_what_was_proved_once_is_carried_over_by_one_tick(cast: Cast) -> None:
    first = cast.scene.assignment("east1", 1)
    posting = TaskItem.objects.get(task_version=first.task_version_id, kind="posting")
    hand_in(cast, first, PDF, method=posting)
    hand_in(cast, first, other(1), said=Said(valid_until=dt.date(2025, 3, 31)))
    cast.send(first)
    cast.scene.work("2025-Q2")
    second = cast.scene.assignment("east1", 1, "2025-Q2")
    today = dt.datetime(2025, 5, 5, 9, 0, tzinfo=TODAY.tzinfo)
    # The second piece ran out at the end of March.
    assert titles(proofs.still_valid([second], today.date())[second.pk]) == ["a.pdf"]
    carried = carry_over(assignment=second, by=cast["officer"], now=today)
    assert [piece.title for piece in carried] == ["a.pdf"]
    use = drafted(second).uses.get()
    assert (use.is_carried_over, use.method) == (True, posting)
    assert proofs.still_valid([second], today.date())[second.pk] == []
    assert carry_over(assignment=second, by=cast["officer"], now=today) == []


def test_what_was_withdrawn_or_never_sent_is_not_carried_over(cast: Cast) -> None:
    first = cast.scene.assignment("east1", 1)
    hand_in(cast, first, PDF)
    cast.scene.work("2025-Q2")
    second = cast.scene.assignment("east1", 1, "2025-Q2")
    assert proofs.still_valid([second], TODAY.date())[second.pk] == []


def test_what_proves_a_later_period_is_not_the_one_before(cast: Cast) -> None:
    cast.scene.work("2025-Q2")
    first, second = (cast.scene.assignment("east1", 1, f"2025-Q{no}") for no in (1, 2))
    cast.send(second)
    today = TODAY.date()
    assert proofs.still_valid([first], today)[first.pk] == []
    cast.send(first)
    cast.scene.work("2025-Q3")
    third = cast.scene.assignment("east1", 1, "2025-Q3")
    (use,) = proofs.still_valid([third], today)[third.pk]
    assert use.report.assignment_id in (first.pk, second.pk)


def test_carrying_over_asks_the_same_queries_for_all_tasks(
    cast: Cast, django_assert_num_queries: object
) -> None:
    first = [cast.scene.assignment("east1", no) for no in (1, 2)]
    for assignment in first:
        cast.send(assignment)
    cast.scene.work("2025-Q2")
    second = [cast.scene.assignment("east1", no, "2025-Q2") for no in (1, 2)]
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = proofs.still_valid(second, TODAY.date())
    assert [titles(found[one.pk]) for one in second] == [["Tin bài"], ["Tin bài"]]
    ids = list(Report.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):  # type: ignore[operator]
        shown = proofs.proofs_of(ids)
    assert sorted(shown) == sorted(ids)


def test_deleting_a_drafts_file_deletes_its_bytes(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    assignment = cast.scene.assignment("east1", 1)
    (piece,) = hand_in(cast, assignment, PDF).pieces
    path = files.path_of(piece.file.sha256) if piece.file else Path()
    assert path.exists()
    use = piece.uses.select_related("report__assignment").get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert remove_evidence(use=use, by=cast["officer"], now=TODAY)
    assert not path.exists()
    assert not StoredFile.objects.filter(name="a.pdf").exists()
    assert AuditEvent.objects.filter(verb="evidence.removed").count() == 1


def test_bytes_another_unit_keeps_stay(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    (piece,) = hand_in(cast, cast.scene.assignment("east1", 1), PDF).pieces
    Evidence.objects.create(
        unit=cast.scene.units["west1"], kind="file", title="b", file=piece.file, added_at=TODAY
    )
    use = piece.uses.select_related("report__assignment").get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert remove_evidence(use=use, by=cast["officer"], now=TODAY)
    assert piece.file is not None
    assert files.read(piece.file) == PDF


def test_what_a_counted_occurrence_stands_on_stays(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    (piece,) = hand_in(cast, assignment, PDF).pieces
    Occurrence.objects.create(
        assignment=assignment,
        happened_on=TODAY.date(),
        text="Lần 1",
        evidence=piece,
        recorded_by=cast["officer"],
        recorded_at=TODAY,
    )
    use = piece.uses.select_related("report__assignment").get()
    assert not remove_evidence(use=use, by=cast["officer"], now=TODAY)
    assert Evidence.objects.filter(pk=piece.pk).exists()


def test_what_was_sent_never_changes(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    (piece,) = hand_in(cast, assignment, PDF).pieces
    use = piece.uses.select_related("report__assignment").get()
    turn = cast.send(assignment)
    with pytest.raises(NotAllowed):
        remove_evidence(use=use, by=cast["officer"], now=TODAY)
    return_reports(
        judged=[turn.pk], points=[], text="Mờ", redo_by=None, by=cast["guide"], now=TODAY
    )
    with pytest.raises(Fixed, match="báo cáo đã gửi"):
        change_evidence(use=use, said=Said(title="Khác"), by=cast["officer"], now=TODAY)
    assert not remove_evidence(use=use, by=cast["officer"], now=TODAY)
    sent = Report.objects.get(assignment=assignment, number=1)
    assert "a.pdf" in titles(proofs.proofs_of([sent.pk])[sent.pk])
    assert "a.pdf" not in titles(proofs.proofs_of([drafted(assignment).pk])[drafted(assignment).pk])
    assert piece.file is not None
    assert files.read(piece.file) == PDF


def test_an_accepted_report_takes_nothing_more(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    with pytest.raises(NotAllowed):
        hand_in(cast, assignment, PDF)


def test_a_piece_waiting_from_a_village_is_seen_by_its_unit_only(cast: Cast) -> None:
    with uploads.prepared(BytesIO(PDF), "anh.pdf") as ready:
        waiting = uploads.keep(ready, unit=cast.scene.units["east1"], by=None, now=TODAY)
    seen = {
        role: proofs.visible_to(acting(cast[role], TODAY.date())).filter(pk=waiting.pk).exists()
        for role in ("officer", "head", "guide", "coordinator", "leader", "operator")
    }
    assert [role for role, sees in seen.items() if sees] == ["officer", "head"]


def a_record(**said: object) -> MadeRecord:
    values: dict[str, object] = {
        "kind": "notice",
        "uuid": uuid.UUID(int=7),
        "title": "Thông báo mời họp dân",
        "snapshot": {"text": "Mời họp"},
        "serves": ("posting",),
        "made_on": dt.date(2025, 2, 10),
    }
    return MadeRecord(**{**values, **said})  # type: ignore[arg-type]


def test_a_record_attaches_itself_to_the_one_task_it_serves(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    attached = attach_record(made=a_record(), unit=unit, by=cast["officer"], now=TODAY)
    piece = attached.evidence
    assert piece is not None
    assert (piece.kind, piece.snapshot) == ("record", {"text": "Mời họp"})
    use = piece.uses.select_related("method", "report__assignment__task_version").get()
    assert use.method is not None
    assert (use.report.assignment.task_version.no, use.method.kind) == (1, "posting")
    again = attach_record(made=a_record(), unit=unit, by=cast["officer"], now=TODAY)
    assert again.evidence == piece
    assert EvidenceUse.objects.filter(evidence=piece).count() == 1


def test_a_record_that_may_serve_several_asks_a_person(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    made = a_record(serves=("meeting",))
    attached = attach_record(made=made, unit=unit, by=cast["officer"], now=TODAY)
    assert attached.evidence is None
    assert len(attached.candidates) > 1
    chosen = attached.candidates[-1]
    attached = attach_record(made=made, unit=unit, assignment=chosen, by=cast["officer"], now=TODAY)
    assert attached.evidence is not None
    assert drafted(chosen).uses.get().evidence == attached.evidence


def test_a_record_outside_every_period_serves_nothing(cast: Cast) -> None:
    made = a_record(made_on=dt.date(2024, 6, 1))
    attached = attach_record(
        made=made, unit=cast.scene.units["east1"], by=cast["officer"], now=TODAY
    )
    assert (attached.evidence, attached.candidates) == (None, [])


def test_a_withdrawn_record_keeps_its_snapshot_and_says_so(cast: Cast) -> None:
    made = a_record()
    attach_record(made=made, unit=cast.scene.units["east1"], by=cast["officer"], now=TODAY)
    told = withdraw_record(
        kind=made.kind, record_uuid=made.uuid, reason="Đăng nhầm", by=cast["officer"], now=TODAY
    )
    piece = Evidence.objects.get(record_uuid=made.uuid)
    assert (told, piece.snapshot) == (1, {"text": "Mời họp"})
    assert piece.details == {"withdrawn_on": "2025-03-03", "withdrawn_because": "Đăng nhầm"}
    assert AuditEvent.objects.filter(verb="evidence.record_withdrawn").count() == 1
