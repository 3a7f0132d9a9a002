"""Asking that an assignment be let off, and the coordinator's answer."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.base.versions import StaleRecord, claim
from khung.base.wording import number
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.reports.models import ExemptionProposal
from khung.reports.unit_side import not_exempted, proposing_unit
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

# An exemption stands in lists and in the history with the proposal's reason, whole.
MOST_LETTERS = 500


class NotProposed(Exception):
    """The proposal can't be made; the message is for the person who tried."""


class TooLong(NotProposed, ValueError):
    """The reason would not stand whole in the exemption."""

    def __init__(self, reason: str) -> None:
        said = gettext(
            "Lý do miễn dài %(length)s ký tự, nhiều nhất là %(most)s. Hãy rút gọn, phần chi tiết "
            "để trong văn bản kèm theo."
        )
        super().__init__(said % {"length": number(len(reason)), "most": number(MOST_LETTERS)})


@transaction.atomic
def propose_exemption(
    *, assignment: Assignment, reason: str, by: Person, now: dt.datetime
) -> ExemptionProposal:
    """Asks the coordinator to let a unit off an assignment.

    Raises NotProposed where its report is in, it is exempt already, a proposal waits for its
    answer or the reason is TooLong; PermissionDenied for whoever is neither of
    the unit nor of its guide.
    """
    unit = proposing_unit(by, assignment, timezone.localdate(now))
    if len(reason) > MOST_LETTERS:
        raise TooLong(reason)
    current = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if refused := not_exempted(current):
        raise NotProposed(refused)
    try:
        with transaction.atomic():
            made = ExemptionProposal.objects.create(
                assignment=current, reason=reason, by_unit=unit, proposed_by=by, proposed_at=now
            )
    except IntegrityError:
        raise NotProposed(not_exempted(current)) from None
    record(
        by=by,
        now=now,
        verb="exemption.proposed",
        subject=f"assignment:{current.pk}",
        data={"unit": unit.name, "reason": reason},
    )
    return made


@transaction.atomic
def answer_exemption(
    *,
    proposal: ExemptionProposal,
    is_granted: bool,
    answer: str,
    version: int,
    by: Person,
    now: dt.datetime,
) -> ExemptionProposal:
    """The coordinator grants the exemption with the proposal's reason, or refuses with an answer.

    Raises StaleRecord where it was answered since, ValueError for a refusal without words,
    TooLong for granting a reason that can't be kept whole, NotAllowed where the report came in
    meanwhile, PermissionDenied.
    """
    require(by, Permission.EXEMPT_WORK, timezone.localdate(now))
    # The assignment first, as whoever proposes: neither then waits for the other.
    Assignment.objects.select_for_update(of=("self",)).get(pk=proposal.assignment_id)
    current = claim(proposal, version)
    if current.answered_at is not None:
        raise StaleRecord(current)
    if not is_granted and not answer.strip():
        raise ValueError(gettext("Ghi lý do không đồng ý."))
    if is_granted and len(current.reason) > MOST_LETTERS:
        raise TooLong(current.reason)
    current.is_granted, current.answer = is_granted, answer
    current.answered_by, current.answered_at = by, now
    current.save(update_fields=["is_granted", "answer", "answered_by", "answered_at"])
    if is_granted:
        change_state(
            assignment=current.assignment,
            verb="exempt",
            version=None,
            by=by,
            now=now,
            reason=current.reason,
        )
    else:
        record(
            by=by,
            now=now,
            verb="exemption.refused",
            subject=f"assignment:{current.assignment_id}",
            data={"answer": answer},
        )
    return current


@transaction.atomic
def withdraw_proposal(
    *, proposal: ExemptionProposal, version: int, by: Person, now: dt.datetime
) -> None:
    """The unit that asked takes its proposal back before the answer.

    Raises StaleRecord where it was answered since, PermissionDenied for another unit's people.
    """
    unit = proposing_unit(by, proposal.assignment, timezone.localdate(now))
    if unit.pk != proposal.by_unit_id:
        raise PermissionDenied(Permission.PROPOSE_EXEMPTION)
    current = claim(proposal, version)
    if current.answered_at is not None:
        raise StaleRecord(current)
    current.delete()
    record(
        by=by,
        now=now,
        verb="exemption.withdrawn",
        subject=f"assignment:{current.assignment_id}",
        data={"unit": unit.name},
    )


@transaction.atomic
def restore_exempted(
    *, assignment: Assignment, version: int, by: Person, now: dt.datetime
) -> Assignment:
    """The coordinator takes an exemption back; the unit owes the work again.

    Raises StaleRecord, NotAllowed where it is not exempt, PermissionDenied.
    """
    if assignment.state != "exempt":
        raise NotAllowed(assignment.state, "restore")
    return change_state(assignment=assignment, verb="restore", version=version, by=by, now=now)
