"""Where an assignment stands: moved along the table, or let off."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from khung.assignments.mid_period import open_work_of_ended
from khung.assignments.models import Assignment, Exemption, Period
from khung.assignments.moving import exempt_many, move_many
from khung.base.audit import record
from khung.base.versions import claim
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules import workflow
from khung.rules.permissions import Permission


@transaction.atomic
def change_state(
    *,
    assignment: Assignment,
    verb: str,
    version: int | None,
    by: Person,
    now: dt.datetime,
    reason: str = "",
    under: Permission | None = None,
    nothing_arose: bool | None = None,
    is_held: bool = False,
) -> Assignment:
    """Moves an assignment along the transition table, with its deltas and its event.

    Without a version it moves from wherever it stands now. `under` is the permission it is done
    under instead of the table's; who asks it has checked more than the role. With `is_held` the
    caller has locked the assignment in this transaction, read it with its unit after that, and
    asked itself whether the person may: neither is done again. Raises workflow.NotAllowed where
    the state does not know the verb, StaleRecord where somebody moved it since `version` was
    read, ValueError for an exemption without a reason.
    """
    if is_held:
        Assignment.objects.filter(pk=assignment.pk).update(version=F("version") + 1)
        current, assignment.version = assignment, assignment.version + 1
    else:
        current = _locked(assignment) if version is None else claim(assignment, version)
    transition = workflow.transition(current.state, verb)
    if not is_held:
        require(by, under or transition.permission, timezone.localdate(now))
    state = transition.to
    before = current.state
    if state == "exempt":
        if not reason:
            raise ValueError("an exemption needs a reason")
        Exemption.objects.create(assignment=current, granted_by=by, granted_at=now, reason=reason)
    if nothing_arose is not None and current.nothing_arose != nothing_arose:
        current.nothing_arose = nothing_arose
        Assignment.objects.filter(pk=current.pk).update(nothing_arose=nothing_arose)
    move_many([(current, state, current.is_late)], now=now)
    record(
        by=by,
        now=now,
        verb=f"assignment.{verb}",
        subject=f"assignment:{current.pk}",
        data={"from": before, "to": state} | ({"reason": reason} if reason else {}),
    )
    return current


def _locked(assignment: Assignment) -> Assignment:
    """The assignment as it stands, one version on, locked until the transaction ends."""
    found = Assignment.objects.filter(pk=assignment.pk)
    found.update(version=F("version") + 1)
    return found.select_related("unit").get()


@transaction.atomic
def exempt_ended_units(
    *, today: dt.date, by: Person, now: dt.datetime, period: Period | None = None
) -> int:
    """Closes the open assignments of units that ended before their due date; returns how many.

    Of one period, or of all. Duties don't pass to a successor in silence: a reorganisation is a
    person's decision.
    """
    require(by, Permission.EXEMPT_WORK, timezone.localdate(now))
    ended = open_work_of_ended(period).filter(unit__valid_to__lt=today)
    closed = exempt_many(
        ended, reason="Đơn vị kết thúc hoạt động trước hạn báo cáo", by=by, now=now
    )
    record(by=by, now=now, verb="assignments.ended", subject="assignments", data={"closed": closed})
    return closed
