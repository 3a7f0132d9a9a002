"""Putting a draft in force in the place of the framework before it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.frameworks.actions.drafts import LOCK
from khung.frameworks.models import Framework, ResponsibleUnit
from khung.orgs.acting import require
from khung.orgs.models import Person, Unit
from khung.rules.permissions import Permission


class NotReady(Exception):
    """The framework can't be put in force yet; the message says why, in Vietnamese."""


@transaction.atomic
def put_in_force(
    *,
    framework: Framework,
    from_day: dt.date,
    coordinators: Sequence[Unit],
    coordinator_judges: Sequence[Unit],
    version: int,
    by: Person,
    now: dt.datetime,
    cycle: str = Framework.Cycle.QUARTER,
) -> Framework:
    """Puts a draft in force from a day; the framework in force until then is superseded.

    `cycle` is how often its units report.

    Raises NotReady where doubts are open or a task has no dimension, StaleRecord where somebody
    changed the framework since `version` was read.
    """
    require(by, Permission.PUT_FRAMEWORK_IN_FORCE, timezone.localdate(now))
    current = claim(framework, version)
    _check_ready(current)
    with named_lock(LOCK):
        Framework.objects.filter(
            decision__province_code=current.decision.province_code,
            status=Framework.Status.IN_FORCE,
        ).update(
            status=Framework.Status.SUPERSEDED,
            in_force_to=from_day - dt.timedelta(days=1),
            version=F("version") + 1,
        )
        current.status = Framework.Status.IN_FORCE
        current.in_force_from, current.put_in_force_by = from_day, by
        current.cycle = cycle
        current.save(update_fields=["status", "in_force_from", "put_in_force_by", "cycle"])
    _name_responsible(current, ResponsibleUnit.Duty.COORDINATOR, coordinators)
    _name_responsible(current, ResponsibleUnit.Duty.COORDINATOR_JUDGE, coordinator_judges)
    record(
        by=by,
        now=now,
        verb="framework.put_in_force",
        subject=current.audit_subject,
        data={"from": from_day.isoformat(), "cycle": cycle},
    )
    return current


def _check_ready(framework: Framework) -> None:
    if framework.status != Framework.Status.DRAFT:
        raise NotReady(gettext("Chỉ bộ khung dự thảo mới đưa vào hiệu lực được."))
    # A phrase that names nobody holds back itself only, not the framework (docs/adr/0004).
    is_open = framework.doubts.filter(settled_at__isnull=True).exclude(code__startswith="actor_")
    if left := is_open.count():
        said = gettext("Còn %(left)s điểm nghi vấn chưa xử lý; hãy xử lý hết rồi làm lại.")
        raise NotReady(said % {"left": left})
    unplaced = framework.tasks.filter(dimension=0).order_by("no").values_list("no", flat=True)
    if unplaced:
        numbers = ", ".join(map(str, unplaced))
        said = gettext(
            "Chưa thuộc nội dung nào: nhiệm vụ %(numbers)s. Hãy mở từng nhiệm vụ để xếp vào."
        )
        raise NotReady(said % {"numbers": numbers})


def _name_responsible(
    framework: Framework, duty: ResponsibleUnit.Duty, units: Sequence[Unit]
) -> None:
    ResponsibleUnit.objects.bulk_create(
        ResponsibleUnit(framework=framework, duty=duty, unit=unit) for unit in units
    )
