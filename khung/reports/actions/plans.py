"""How the reports of tasks are judged: chosen per task and level by the coordinator."""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext

from khung.base.audit import record
from khung.base.locks import named_lock
from khung.frameworks.models import Task
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.reports.models import JudgingPlan
from khung.rules.permissions import Permission
from khung.rules.sampling import Plan

LOCK = "judging_plans"


class PlanChanged(Exception):
    """Somebody set one of these plans since the page was read; `current` is the newest of them."""

    def __init__(self, current: JudgingPlan) -> None:
        self.current = current
        super().__init__(
            gettext(
                "%(who)s vừa đặt lại cách thẩm định của nhiệm vụ này lúc %(at)s. Chưa có gì được "
                "lưu. Hãy xem lại cách đang có rồi lưu lần nữa nếu vẫn muốn thay."
            )
            % {
                "who": current.set_by.full_name,
                "at": f"{timezone.localtime(current.set_at):%H:%M %d/%m/%Y}",
            }
        )


def set_judging_plan(
    *,
    tasks: Collection[int],
    levels: Collection[str],
    plan: Plan,
    seen: int,
    by: Person,
    now: dt.datetime,
) -> int:
    """Sets how these tasks (ids) are judged at these levels, for reports sent from now on.

    `seen` is the id of the newest plan there was when the page was read. Returns how many plans
    were set. Raises PlanChanged where somebody set one of them since, ValueError for a plan that
    makes no sense, PermissionDenied.
    """
    plan.check()
    with named_lock(LOCK):
        require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
        newer = JudgingPlan.objects.filter(pk__gt=seen, task__in=tasks, level__in=levels)
        if current := newer.select_related("set_by").order_by("id").last():
            raise PlanChanged(current)
        found = Task.objects.filter(pk__in=tasks).order_by("pk")
        made = JudgingPlan.objects.bulk_create(
            JudgingPlan(
                task=task,
                level=level,
                way=plan.way,
                share=plan.share,
                seed=plan.seed,
                superior_first=plan.superior_first,
                working_days=plan.working_days,
                set_by=by,
                set_at=now,
            )
            for task in found
            for level in sorted(set(levels))
        )
        record(
            by=by,
            now=now,
            verb="judging.planned",
            subject="judging_plans",
            data={
                "plans": len(made),
                "way": str(JudgingPlan.Way(plan.way).label),
                "share": plan.share,
                "days": plan.working_days,
                "tasks": [task.pk for task in found],
                "levels": sorted(set(levels)),
            },
        )
    return len(made)
