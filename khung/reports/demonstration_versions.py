"""Writes one illustrative report as `desks.toml` tells it: versions, evidence, judgements."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from khung.assignments.models import Assignment, LatenessEvent
from khung.base import files
from khung.frameworks.models import TaskItem
from khung.orgs.datafile import Record
from khung.orgs.models import Person, Unit
from khung.reports import proofs, sheet
from khung.reports.models import (
    Evidence,
    EvidenceUse,
    Occurrence,
    Remark,
    Report,
    ReturnReason,
    Review,
    ReviewTurn,
)
from khung.reports.turns import REDO_WORKING_DAYS, WORKING_DAYS
from khung.rules.calendar import WorkingCalendar

_KINDS = tuple(Evidence.Kind.values)
_OUTCOMES = tuple(Report.Outcome.values)
_VERDICTS = (Review.Verdict.ACCEPTED.value, Review.Verdict.RETURNED.value)
# Details of evidence: days back from today, and words.
_DAYS_BACK = {"up": "up_on", "down": "down_on", "done": "done_on", "document": "document_on"}
_WORDS = ("place", "channel", "document_number", "numbers", "note", "audience")
_IMAGES = {".jpg": "image/jpeg", ".png": "image/png"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in the name of `nobody`; None for what comes in from outside."""

    folder: Path
    nobody: Person | None
    calendar: WorkingCalendar
    now: dt.datetime

    def write(self, it: Assignment, row: Record) -> None:
        """The versions of a report, and the state they leave the assignment in.

        Raises DataFileError for a method, remark or reason that is none.
        """
        methods, state = proofs.methods_of(it), "in_progress"
        first_sent, moved = None, self.now
        for number, values in enumerate(row.values.get("versions", ()), 1):
            version = Record(f"{row.where}, versions thứ {number}", values)
            report = self._version(it, number, version, methods)
            pieces = self._evidence(report, version, methods)
            moved = report.edited_at
            state = "submitted" if report.sent_at else "in_progress"
            first_sent = first_sent or report.sent_at
            judged = version.values.get("judged")
            if report.sent_at:
                verdict = self._turn(
                    report, Record(f"{version.where}, judged", judged or {}), methods, pieces
                )
                state, moved = (verdict[0], verdict[1]) if verdict else (state, moved)
            it.nothing_arose = report.outcome == Report.Outcome.NOTHING_AROSE
        self._occurrences(it, row)
        it.state, it.updated_at = state, moved
        it.is_late = accounted(it, timezone.localdate(first_sent or self.now), self.now)
        it.save()

    def _version(self, it: Assignment, number: int, row: Record, methods: list[TaskItem]) -> Report:
        sent = row.number("sent")
        at = self.ago(int((row.number("saved") or 0) if sent is None else sent))
        sent_at, by = (None, None) if sent is None else (at, self.nobody)
        return Report.objects.create(
            assignment=it,
            number=number,
            outcome=row.choice("outcome", _OUTCOMES, Report.Outcome.DONE.value),
            text=row.text("text", ""),
            reason=row.text("reason", ""),
            methods_done=[_method(row, methods, int(place)).pk for place in row.texts("methods")],
            edited_by=self.nobody,
            edited_at=at,
            is_ready=bool(row.values.get("ready")),
            approved_by=by,
            approved_at=sent_at,
            sent_by=by,
            sent_at=sent_at,
            is_illustrative=True,
        )

    def _evidence(self, report: Report, row: Record, methods: list[TaskItem]) -> list[Evidence]:
        found = []
        for number, values in enumerate(row.values.get("evidence", ()), 1):
            one = Record(f"{row.where}, evidence thứ {number}", values)
            place = one.number("method")
            piece = self.piece(report.assignment.unit, one, report.edited_at)
            EvidenceUse.objects.create(
                report=report,
                evidence=piece,
                method=_method(one, methods, int(place)) if place else None,
            )
            found.append(piece)
        return found

    def piece(self, unit: Unit, row: Record, at: dt.datetime) -> Evidence:
        """One piece of evidence of a unit. Raises DataFileError for a file that can't be read."""
        kind = row.choice("kind", _KINDS, Evidence.Kind.FILE.value)
        what: dict[str, Any] = {}
        if kind == Evidence.Kind.LINK:
            what["url"] = row.text("url")
        elif kind == Evidence.Kind.FILE:
            path = self.folder / row.text("file")
            try:
                what["file"] = files.store(path.read_bytes(), name=path.name, now=self.now)
            except OSError as error:
                raise row.fail("file", f"không đọc được {path.name}: {error.strerror}") from error
            what["content_type"] = _IMAGES.get(path.suffix, _DOCX)
        return Evidence.objects.create(
            unit=unit,
            kind=kind,
            title=row.text("title"),
            details=self._details(row),
            has_personal_data=bool(row.values.get("personal")) or self.nobody is None,
            added_by=self.nobody,
            added_at=at,
            is_illustrative=True,
            **what,
        )

    def _details(self, row: Record) -> dict[str, object]:
        found: dict[str, object] = {}
        for column, name in _DAYS_BACK.items():
            days = row.number(column)
            if days is not None:
                found[name] = timezone.localdate(self.ago(int(days))).isoformat()
        return found | {name: row.text(name) for name in _WORDS if name in row.values}

    def _turn(
        self, report: Report, judged: Record, methods: list[TaskItem], pieces: list[Evidence]
    ) -> tuple[str, dt.datetime] | None:
        """The turn of a sent version; with its judgement, the state and when, where it has one."""
        it, sent_at = report.assignment, report.edited_at
        at = self.ago(int(judged.number("days") or 0)) if judged.values else None
        ReviewTurn.objects.create(
            report=report,
            assignment=it,
            unit_id=it.judge_id,
            period_id=it.counts_in_id,
            opened_at=sent_at,
            due_on=self.calendar.add(timezone.localdate(sent_at), WORKING_DAYS),
            closed_at=at,
        )
        if at is None or self.nobody is None:
            return None
        verdict = judged.choice("verdict", _VERDICTS)
        within = int(judged.number("redo_within") or REDO_WORKING_DAYS)
        is_returned = verdict == Review.Verdict.RETURNED
        review = Review.objects.create(
            report=report,
            verdict=verdict,
            text=judged.text("text", ""),
            redo_by=self.calendar.add(timezone.localdate(at), within) if is_returned else None,
            by=self.nobody,
            by_unit_id=it.judge_id,
            at=at,
        )
        for number, values in enumerate(judged.values.get("remarks", ()), 1):
            self._remark(
                review, Record(f"{judged.where}, remarks thứ {number}", values), methods, pieces
            )
        return verdict, at

    def _remark(
        self, review: Review, row: Record, methods: list[TaskItem], pieces: list[Evidence]
    ) -> None:
        words, place, piece = row.text("reason", ""), row.number("method"), row.number("evidence")
        reason = ReturnReason.objects.filter(text=words).first() if words else None
        if words and reason is None:
            raise row.fail("reason", f"không có lý do “{words}” trong danh mục")
        if piece and not 1 <= piece <= len(pieces):
            raise row.fail("evidence", f"không có tài liệu thứ {int(piece)}")
        Remark.objects.create(
            review=review,
            reason=reason,
            text=row.text("text", ""),
            method=_method(row, methods, int(place)) if place else None,
            evidence=pieces[int(piece) - 1] if piece else None,
        )

    def _occurrences(self, it: Assignment, row: Record) -> None:
        if self.nobody is None or not it.quota:
            return
        for values in row.values.get("occurrences", ()):
            one = Record(f"{row.where}, occurrences", values)
            at = self.ago(int(one.number("days") or 0))
            first, last = sheet.counted_span(it)
            if not first <= timezone.localdate(at) <= last:
                continue
            Occurrence.objects.create(
                assignment=it,
                happened_on=timezone.localdate(at),
                text=one.text("text"),
                recorded_by=self.nobody,
                recorded_at=at,
            )

    def ago(self, working_days: int) -> dt.datetime:
        """The middle of a morning so many working days ago, never after now."""
        return morning(self.calendar.back(timezone.localdate(self.now), working_days), self.now)


def morning(day: dt.date, now: dt.datetime) -> dt.datetime:
    """The middle of a morning of that day, never after now."""
    return min(dt.datetime.combine(day, dt.time(9, 40), tzinfo=now.tzinfo), now)


def accounted(it: Assignment, day: dt.date, now: dt.datetime) -> bool:
    """Whether an assignment first sent, or not sent by, that day is late; stamps it so, or not."""
    is_late = day > it.due_on
    if is_late:
        LatenessEvent.objects.get_or_create(
            assignment=it, deadline=it.due_on, defaults={"stamped_at": now}
        )
    else:
        it.lateness_events.all().delete()
    return is_late


def _method(row: Record, methods: list[TaskItem], place: int) -> TaskItem:
    if not 1 <= place <= len(methods):
        raise row.fail("method", f"nhiệm vụ không có cách thức thứ {place}")
    return methods[place - 1]
