"""Proof by doing: records made in the system attach themselves to the work they serve."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.orgs.models import Person, Unit
from khung.reports import proofs
from khung.reports.actions.drafts import begin_draft
from khung.reports.models import Evidence, EvidenceUse, Report


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A record of a room above as evidence freezes it: its kind and uuid, never a key upward.

    `serves` are the kinds of methods it can prove (`rules.methods.KINDS`); `made_on` places it
    in a period. `snapshot` must be plain JSON.
    """

    kind: str
    uuid: uuid.UUID
    title: str
    snapshot: Mapping[str, object]
    serves: tuple[str, ...]
    made_on: dt.date
    has_personal_data: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """The evidence made, or None and the assignments among which a person has to choose."""

    evidence: Evidence | None = None
    candidates: Sequence[Assignment] = field(default=())


@transaction.atomic
def attach_record(
    *,
    made: MadeRecord,
    unit: Unit,
    by: Person,
    now: dt.datetime,
    assignment: Assignment | None = None,
    task_id: int | None = None,
) -> Attached:
    """Makes a record evidence of the unit's assignment it serves, frozen as it stands now.

    Without `assignment`, the open ones it may serve are looked up: exactly one takes it, several
    are returned for a person to choose from (call again with the one chosen), none means nothing
    to do. The same record attached again is one piece of evidence. Raises as `begin_draft`, and
    ValueError for an assignment of another unit.
    """
    if assignment is None:
        found = proofs.served_by(unit, made.serves, made.made_on, task_id)
        if len(found) != 1:
            return Attached(candidates=found)
        (assignment,) = found
    elif assignment.unit_id != unit.pk:
        raise ValueError("an assignment of another unit")
    draft = begin_draft(assignment=assignment, by=by, now=now)
    piece = Evidence.objects.filter(
        unit=unit, record_kind=made.kind, record_uuid=made.uuid
    ).first() or Evidence.objects.create(
        unit=unit,
        kind=Evidence.Kind.RECORD,
        title=made.title[:255],
        record_kind=made.kind,
        record_uuid=made.uuid,
        snapshot=dict(made.snapshot),
        has_personal_data=made.has_personal_data,
        added_by=by,
        added_at=now,
    )
    methods = [one for one in proofs.methods_of(assignment) if one.kind in made.serves]
    # Under the method it proves where that is plain, else under the whole task.
    method = methods[0] if len(methods) == 1 else None
    _, is_new = EvidenceUse.objects.get_or_create(report=draft, evidence=piece, method=method)
    if is_new:
        _record("evidence.record_attached", [assignment.pk], piece, by=by, now=now)
    return Attached(evidence=piece)


@transaction.atomic
def withdraw_record(
    *, kind: str, record_uuid: uuid.UUID, reason: str, by: Person, now: dt.datetime
) -> int:
    """Notes that a record was withdrawn where it was made; what it proved keeps its snapshot.

    Each assignment whose report stands on it gets an event; a draft keeps the piece, marked, for
    its writer to decide. Returns how many assignments. The room of the record has checked who
    may withdraw it.
    """
    pieces = Evidence.objects.filter(record_kind=kind, record_uuid=record_uuid)
    told = 0
    for piece in pieces.select_for_update(of=("self",)):
        piece.details = {
            **piece.details,
            "withdrawn_on": timezone.localdate(now).isoformat(),
            "withdrawn_because": reason,
        }
        piece.save(update_fields=["details"])
        used = Report.objects.filter(uses__evidence=piece).values_list("assignment", flat=True)
        told += _record("evidence.record_withdrawn", set(used), piece, by=by, now=now)
    return told


def _record(
    verb: str, assignments: Collection[int], piece: Evidence, *, by: Person, now: dt.datetime
) -> int:
    for pk in sorted(assignments):
        record(
            by=by,
            now=now,
            verb=verb,
            subject=f"assignment:{pk}",
            data={"pieces": 1, "titles": f"“{piece.title}”"},
        )
    return len(assignments)
