"""One result of several agencies: offered by the one that reported, confirmed by each other."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.actions import change_state
from khung.assignments.models import OPEN_STATES, Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem
from khung.orgs.acting import require_in
from khung.orgs.models import Person
from khung.reports import drafting, joint
from khung.reports.models import Evidence, EvidenceUse, JointOffer, Report
from khung.reports.unused import delete_unused
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed


class NotJoint(Exception):
    """The result can't be shared so; the message is for the person who tried."""


@transaction.atomic
def offer_joint(*, report: Report, by: Person, now: dt.datetime) -> JointOffer:
    """Offers a sent report as the one result of all agencies of the task. Idempotent.

    Raises NotJoint for a report withdrawn, returned or replaced, or where no other agency has the
    same task; PermissionDenied.
    """
    report = Report.objects.select_related("assignment__unit").get(pk=report.pk)
    assignment = report.assignment
    require_in(by, Permission.SUBMIT_REPORT, assignment.unit, timezone.localdate(now))
    if not joint.is_standing(report):
        raise NotJoint(gettext("Chỉ báo cáo đã gửi và còn hiệu lực mới dùng chung được."))
    if not joint.peers(assignment):
        raise NotJoint(gettext("Nhiệm vụ này không có cơ quan nào khác cùng thực hiện."))
    offer, made = JointOffer.objects.get_or_create(
        report=report, defaults={"offered_by": by, "offered_at": now}
    )
    if made:
        record(
            by=by,
            now=now,
            verb="report.offered_joint",
            subject=f"assignment:{assignment.pk}",
            data={"number": report.number},
        )
    return offer


@transaction.atomic
def withdraw_joint(*, offer: JointOffer, by: Person, now: dt.datetime) -> None:
    """Takes an offer back; what was confirmed by then stays. Raises PermissionDenied."""
    assignment = offer.report.assignment
    require_in(by, Permission.SUBMIT_REPORT, assignment.unit, timezone.localdate(now))
    offer.delete()
    record(
        by=by,
        now=now,
        verb="report.offer_withdrawn",
        subject=f"assignment:{assignment.pk}",
        data={"number": offer.report.number},
    )


@transaction.atomic
def confirm_joint(
    *,
    assignment: Assignment,
    offer: JointOffer,
    version: int | None,
    by: Person,
    now: dt.datetime,
) -> Report:
    """Makes the result offered the unit's own draft, words and evidence linked; not sent yet.

    `version` is that of the draft the person saw replaced, None where there was none. Sending
    follows the rules of `send_reports`, approval included. Raises NotJoint where the offer no
    longer stands or a draft was written meanwhile, Locked, NotAllowed once the report is sent,
    PermissionDenied.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.REPORT_WORK, assignment.unit, today)
    drafting.require_open(assignment, today)
    current = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=assignment.pk)
    )
    if current.state not in OPEN_STATES:
        raise NotAllowed(current.state, "update")
    if offer.pk not in {one.pk for one in joint.offers_to(current)}:
        raise NotJoint(gettext("Kết quả chung này không còn hiệu lực; hãy tải lại trang."))
    last = drafting.newest(current)
    written = last if last is not None and last.sent_at is None else None
    if (written.version if written else None) != version:
        raise NotJoint(gettext("Bản soạn của đơn vị vừa được sửa; hãy xem lại trước khi thay."))
    if current.state != "in_progress":
        current = change_state(assignment=current, verb="update", version=None, by=by, now=now)
    draft = drafting.begin(current, now)
    _take_over(draft, offer.report, by=by, now=now)
    record(
        by=by,
        now=now,
        verb="report.confirmed_joint",
        subject=f"assignment:{current.pk}",
        data={"number": draft.number, "unit": offer.report.assignment.unit.name},
    )
    return draft


def _take_over(draft: Report, shared: Report, *, by: Person, now: dt.datetime) -> None:
    own = TaskItem.objects.filter(task_version=draft.assignment.task_version_id)
    methods = set(own.values_list("pk", flat=True))
    draft.outcome, draft.text, draft.reason = shared.outcome, shared.text, shared.reason
    draft.quantity, draft.quantity_of = None, ""
    draft.methods_done = [pk for pk in shared.methods_done if pk in methods]
    draft.joint_with, draft.is_ready = shared, True
    draft.edited_by, draft.edited_at = by, now
    draft.approved_by = draft.approved_at = None
    draft.entered_by_unit = None
    draft.version += 1
    draft.save()
    replaced = list(Evidence.objects.filter(uses__report=draft).distinct().select_related("file"))
    draft.uses.all().delete()
    # Two methods this task version does not know both become the whole: once is enough.
    places = {
        (use.evidence_id, use.method_id if use.method_id in methods else None): use.is_carried_over
        for use in shared.uses.all()
    }
    EvidenceUse.objects.bulk_create(
        EvidenceUse(report=draft, evidence_id=evidence, method_id=method, is_carried_over=carried)
        for (evidence, method), carried in places.items()
    )
    for piece in replaced:
        delete_unused(piece)
