"""What the coordinator sets: when people are reminded."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.reminders.models import ReminderRule
from khung.rules import reminding
from khung.rules.permissions import Permission
from khung.rules.reminding import Rule

LOCK = "reminder rules"


class WrongRule(ValueError):
    """There can be no such rule, or it is there already; says why, in Vietnamese."""


def keep_proposed_rules(*, by: Person, now: dt.datetime) -> None:
    """Writes down the rules proposed by this project where nobody has set any, so that they can
    be switched one by one. Raises PermissionDenied."""
    require(by, Permission.SET_REMINDERS, timezone.localdate(now))
    with named_lock(LOCK):
        if not ReminderRule.objects.exists():
            ReminderRule.objects.bulk_create(
                ReminderRule(kind=rule.kind, working_days=rule.working_days)
                for rule in reminding.PROPOSED
            )
            record(by=by, now=now, verb="reminder_rules.begun", subject="reminder_rules")


def add_rule(*, rule: Rule, by: Person, now: dt.datetime) -> ReminderRule:
    """Adds a rule, in force from the next digest. Raises WrongRule, PermissionDenied."""
    require(by, Permission.SET_REMINDERS, timezone.localdate(now))
    why = reminding.wrong(rule)
    if why:
        raise WrongRule(why)
    with named_lock(LOCK):
        keep_proposed_rules(by=by, now=now)
        made, is_new = ReminderRule.objects.get_or_create(
            kind=rule.kind, working_days=rule.working_days
        )
        if not is_new:
            said = gettext("Đã có quy tắc này; nếu nó đang tắt, hãy bật lại ở danh sách trên.")
            raise WrongRule(said)
        _record("reminder_rule.added", made, by=by, now=now)
    return made


@transaction.atomic
def switch_rule(
    *, rule: ReminderRule, is_active: bool, version: int, by: Person, now: dt.datetime
) -> ReminderRule:
    """Switches a rule on or off. Raises StaleRecord where somebody switched it since,
    PermissionDenied."""
    require(by, Permission.SET_REMINDERS, timezone.localdate(now))
    current = claim(rule, version)
    current.is_active = is_active
    current.save(update_fields=["is_active"])
    verb = "reminder_rule.switched_on" if is_active else "reminder_rule.switched_off"
    _record(verb, current, by=by, now=now)
    return current


def _record(verb: str, rule: ReminderRule, *, by: Person, now: dt.datetime) -> None:
    said = reminding.SENTENCES[rule.kind].format(n=rule.working_days).rstrip(".")
    record(by=by, now=now, verb=verb, subject=f"reminder_rule:{rule.pk}", data={"rule": said})
