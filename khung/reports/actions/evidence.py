"""What people do with evidence: hand it in, use it again, take it out of a draft."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.base.wording import number
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports import drafting, proofs, reach, uploads
from khung.reports.actions.drafts import begin_draft
from khung.reports.models import Evidence, EvidenceUse, Report
from khung.reports.unused import delete_unused
from khung.rules.permissions import Permission


class TooMany(ValueError):
    """A report would hold more pieces than it may; the message says how many it may hold."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Mỗi báo cáo có tối đa %(most)s tài liệu kiểm chứng. Bỏ bớt tài liệu trùng, hoặc "
                "gộp nhiều trang vào một tệp PDF."
            )
            % {"most": number(settings.EVIDENCE_PER_REPORT)}
        )


class Fixed(ValueError):
    """The piece stands in a version already sent, which never changes."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Tài liệu này nằm trong báo cáo đã gửi nên không sửa được. Bỏ nó khỏi bản soạn "
                "rồi thêm tài liệu mới."
            )
        )


class FromElsewhere(Fixed):
    """The piece came from elsewhere, with what it says: a record, or imported figures."""

    def __init__(self) -> None:
        ValueError.__init__(
            self,
            gettext(
                "Tài liệu này do hệ thống khác lập nên đơn vị không sửa nội dung. Nếu sai, bỏ nó "
                "khỏi bản soạn và báo cơ quan đã nạp số liệu."
            ),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of what they hand in; `details` as `rules.evidence.details_asked`."""

    title: str = ""
    url: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    valid_until: dt.date | None = None
    has_personal_data: bool = False

    @property
    def stored_details(self) -> dict[str, object]:
        """The filled details as JSON keeps them."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.details.items()
            if value not in (None, "")
        }


@dataclass(slots=True)
class Added:
    """What was added, and files that were not because the unit has the same bytes already.

    `known` are its pieces used elsewhere, to be used again if the person wants; `there` are
    already in this very place.
    """

    pieces: list[Evidence] = field(default_factory=list)
    known: list[Evidence] = field(default_factory=list)
    there: list[Evidence] = field(default_factory=list)


@transaction.atomic
def add_evidence(
    *,
    assignment: Assignment,
    method: TaskItem | None,
    handed_in: Sequence[uploads.Prepared],
    said: Said,
    by: Person,
    now: dt.datetime,
) -> Added:
    """Adds files, an address, or figures alone to the draft of an assignment.

    The details stand with the first piece. Raises TooMany, ValueError for a method of another
    task, and what `begin_draft` raises (Locked, NotAllowed, PermissionDenied).
    """
    _check_method(assignment, method)
    reach.writing_unit(by, assignment, Permission.REPORT_WORK, timezone.localdate(now))
    # A double click hands in the same file twice at once: the second waits and finds the first.
    list(Assignment.objects.select_for_update().filter(pk=assignment.pk).values_list("pk"))
    found = Added()
    new = list(_unknown(assignment, method, handed_in, found))
    is_figures = bool(said.stored_details) and not handed_in and not said.url
    if not (new or said.url or is_figures):
        return found
    draft = begin_draft(assignment=assignment, by=by, now=now)
    _check_room(draft, len(new) + bool(said.url) + is_figures)
    common = {"by": by, "now": now, "has_personal_data": said.has_personal_data}
    for one in new:
        title = said.title if len(new) == 1 else ""
        found.pieces.append(uploads.keep(one, unit=assignment.unit, title=title, **common))  # type: ignore[arg-type]
    if said.url:
        found.pieces.append(_link(assignment, said, by=by, now=now))
    if is_figures:
        found.pieces.append(_figures(assignment, method, said, by=by, now=now))
    first = found.pieces[0]
    first.details = said.stored_details
    for piece in found.pieces:
        piece.valid_until = said.valid_until
        piece.save(update_fields=["details", "valid_until"])
        EvidenceUse.objects.create(report=draft, evidence=piece, method=method)
    if method is not None:
        drafting.tick_methods(draft, [method.pk])
    _record("evidence.added", assignment, found.pieces, by=by, now=now)
    return found


def _check_method(assignment: Assignment, method: TaskItem | None) -> None:
    if method is not None and method.task_version_id != assignment.task_version_id:
        raise ValueError("a method of another task")


def _unknown(
    assignment: Assignment,
    method: TaskItem | None,
    handed_in: Iterable[uploads.Prepared],
    found: Added,
) -> Iterable[uploads.Prepared]:
    """The files whose bytes the unit does not have yet; notes the others in `found`."""
    seen: set[str] = set()
    for one in handed_in:
        sha256 = one.written.sha256
        same = proofs.same_file(assignment.unit_id, sha256)
        if same is None:
            if sha256 not in seen:
                yield one
        elif same.uses.filter(
            report__assignment=assignment, report__sent_at__isnull=True, method=method
        ).exists():
            found.there.append(same)
        elif same not in found.known:
            found.known.append(same)
        seen.add(sha256)


def _check_room(draft: Report, more: int) -> None:
    if draft.uses.count() + more > settings.EVIDENCE_PER_REPORT:
        raise TooMany


def _link(assignment: Assignment, said: Said, *, by: Person, now: dt.datetime) -> Evidence:
    return Evidence.objects.create(
        unit=assignment.unit,
        kind=Evidence.Kind.LINK,
        title=said.title or said.url.partition("://")[2][:255],
        url=said.url,
        has_personal_data=said.has_personal_data,
        added_by=by,
        added_at=now,
    )


def _figures(
    assignment: Assignment, method: TaskItem | None, said: Said, *, by: Person, now: dt.datetime
) -> Evidence:
    return Evidence.objects.create(
        unit=assignment.unit,
        kind=Evidence.Kind.FIGURES,
        title=said.title or gettext("Số liệu, thông tin"),
        has_personal_data=said.has_personal_data,
        added_by=by,
        added_at=now,
    )


@transaction.atomic
def reuse_evidence(
    *,
    assignment: Assignment,
    method: TaskItem | None,
    evidence: Sequence[int],
    by: Person,
    now: dt.datetime,
) -> list[Evidence]:
    """Puts pieces the unit already keeps (ids) under a method of this draft too.

    Another unit's ids, and pieces no longer valid, are passed over; returns what was added.
    Raises as `add_evidence`.
    """
    _check_method(assignment, method)
    today = timezone.localdate(now)
    kept = proofs.reusable(assignment.unit, "", today).filter(pk__in=list(evidence))
    return _use(assignment, [(one, method) for one in kept], "evidence.reused", by=by, now=now)


@transaction.atomic
def carry_over(
    *,
    assignment: Assignment,
    by: Person,
    now: dt.datetime,
    only: Sequence[int] | None = None,
) -> list[Evidence]:
    """Says that what proved the same task before still holds: takes it into this draft.

    All of it, or the pieces named by `only` (ids). Raises as `add_evidence`.
    """
    methods = proofs.methods_of(assignment)
    uses = proofs.still_valid([assignment], timezone.localdate(now))[assignment.pk]
    wanted = [
        (use.evidence, proofs.same_method(use.method, methods))
        for use in uses
        if only is None or use.evidence_id in only
    ]
    return _use(assignment, wanted, "evidence.carried_over", by=by, now=now, is_carried_over=True)


def _use(
    assignment: Assignment,
    wanted: Iterable[tuple[Evidence, TaskItem | None]],
    verb: str,
    *,
    by: Person,
    now: dt.datetime,
    is_carried_over: bool = False,
) -> list[Evidence]:
    reach.writing_unit(by, assignment, Permission.REPORT_WORK, timezone.localdate(now))
    pairs = list(wanted)
    if not pairs:
        return []
    draft = begin_draft(assignment=assignment, by=by, now=now)
    there = set(draft.uses.values_list("evidence", "method"))
    fresh = {
        (piece.pk, method.pk if method else None): piece
        for piece, method in pairs
        if (piece.pk, method.pk if method else None) not in there
    }
    _check_room(draft, len(fresh))
    EvidenceUse.objects.bulk_create(
        EvidenceUse(
            report=draft, evidence_id=piece, method_id=method, is_carried_over=is_carried_over
        )
        for piece, method in fresh
    )
    used = list(fresh.values())
    if used:
        drafting.tick_methods(draft, [method for _piece, method in fresh if method is not None])
        _record(verb, assignment, used, by=by, now=now)
    return used


@transaction.atomic
def change_evidence(*, use: EvidenceUse, said: Said, by: Person, now: dt.datetime) -> Evidence:
    """Corrects what is said of a piece in a draft; its file and its address stay.

    The piece reads so in every draft that uses it, so that none of them is approved any more.
    Raises Fixed once a sent version stands on it, else as `remove_evidence`.
    """
    assignment = use.report.assignment
    drafts = Report.objects.filter(uses__evidence=use.evidence_id, sent_at__isnull=True)
    # All of them before the piece, in the order of who sends many: nobody waits for the other.
    affected = Q(pk__in=drafts.values("assignment")) | Q(pk=assignment.pk)
    held_first = Assignment.objects.select_for_update(of=("self",)).filter(affected)
    list(held_first.order_by("id").values_list("pk"))
    draft = begin_draft(assignment=assignment, by=by, now=now)
    held = draft.uses.get(evidence=use.evidence_id, method=use.method_id)
    piece = Evidence.objects.select_for_update(of=("self",)).get(pk=held.evidence_id)
    if piece.record_kind:
        raise FromElsewhere
    if proofs.is_fixed(piece):
        raise Fixed
    piece.title = said.title or piece.title
    piece.details = said.stored_details
    piece.valid_until = said.valid_until
    piece.has_personal_data = said.has_personal_data
    piece.save(update_fields=["title", "details", "valid_until", "has_personal_data"])
    approved = Report.objects.filter(pk__in=drafts.values("pk"), approved_at__isnull=False)
    approved.update(approved_by=None, approved_at=None)
    _record("evidence.changed", assignment, [piece], by=by, now=now)
    return piece


@transaction.atomic
def remove_evidence(*, use: EvidenceUse, by: Person, now: dt.datetime) -> bool:
    """Takes a piece out of a draft; returns whether the piece itself went, its file with it.

    It stays where a sent version, another draft, a counted occurrence or a village's sending
    stands on it; `use` may be that of the sent version the draft begins from. Raises
    EvidenceUse.DoesNotExist where it is gone already, else as `begin_draft`.
    """
    assignment = use.report.assignment
    draft = begin_draft(assignment=assignment, by=by, now=now)
    held = draft.uses.select_related("evidence__file").get(
        evidence=use.evidence_id, method=use.method_id
    )
    piece = held.evidence
    held.delete()
    _record("evidence.removed", assignment, [piece], by=by, now=now)
    return delete_unused(piece)


def _record(
    verb: str, assignment: Assignment, pieces: Sequence[Evidence], *, by: Person, now: dt.datetime
) -> None:
    """One event for all pieces of one hand: how many, and the names of the first few."""
    titles = ", ".join(f"“{piece.title}”" for piece in pieces[:3])
    more = ", …" if len(pieces) > 3 else ""
    record(
        by=by,
        now=now,
        verb=verb,
        subject=f"assignment:{assignment.pk}",
        data={"pieces": len(pieces), "titles": titles + more},
    )
