"""That an installation always keeps somebody who manages its people."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from khung.base.locks import named_lock
from khung.orgs.models import RoleHeld
from khung.orgs.queries import on
from khung.rules.permissions import ROLES, Permission

KEEPING_ROLES = [
    code for code, role in ROLES.items() if Permission.MANAGE_PEOPLE in role.permissions
]
ONE_DAY = dt.timedelta(days=1)


@contextmanager
def somebody_still_keeps_people(last_day: dt.date, now: dt.datetime) -> Iterator[None]:
    """Holds a change that takes roles or accounts away after `last_day`; one such at a time.

    Raises ValidationError, which undoes the change, where it leaves nobody to manage people: on
    the first day without what was taken, or for good.
    """
    days = (max(last_day + ONE_DAY, timezone.localdate(now)), dt.date.max)
    with named_lock("people"):
        before = [_is_kept(day) for day in days]
        yield
        if any(was and not _is_kept(day) for was, day in zip(before, days, strict=True)):
            raise ValidationError(
                _("Phải còn ít nhất một người quản lý người dùng. Hãy giao vai trò ấy trước.")
            )


def _is_kept(day: dt.date) -> bool:
    kept = RoleHeld.objects.filter(on(day), role__in=KEEPING_ROLES, person__is_active=True)
    return kept.exists()
