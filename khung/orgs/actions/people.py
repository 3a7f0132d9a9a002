"""What changes accounts and the roles people hold."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from khung.base import audit
from khung.orgs.acting import By, require
from khung.orgs.keeping import ONE_DAY, somebody_still_keeps_people
from khung.orgs.models import BEGINNING, Person, RoleHeld, Unit
from khung.rules.permissions import ROLES, Permission
from khung.rules.text import squeeze

# Nothing that is read wrongly from paper: no l and 1, no o and 0, no i.
READ_ALOUD = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_person(
    *,
    username: str,
    full_name: str,
    by: By,
    now: dt.datetime,
    email: str = "",
    password: str | None = None,
    is_demonstration: bool = False,
) -> Person:
    """Opens an account; without a password nobody can sign in to it by password.

    Raises ValidationError for a user name that is taken, in whatever letters.
    """
    require(by, Permission.MANAGE_PEOPLE, timezone.localdate(now))
    if Person.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("Tên đăng nhập này đã có người dùng.")})
    person = Person.objects.create_user(
        username,
        password,
        full_name=squeeze(full_name),
        email=email,
        joined_at=now,
        is_demonstration=is_demonstration,
    )
    audit.record(
        by=by,
        now=now,
        verb="person.created",
        subject=f"person:{person.pk}",
        data={"username": username, "full_name": person.full_name},
    )
    return person


@transaction.atomic
def open_account(
    *,
    username: str,
    full_name: str,
    email: str,
    unit: Unit,
    role: str,
    valid_from: dt.date,
    by: By,
    now: dt.datetime,
) -> tuple[Person, str]:
    """Opens an account with its first role; returns it and its password, which is kept nowhere.

    Raises ValidationError as `create_person` and `grant_role` do.
    """
    password = _fresh_password()
    person = create_person(
        username=username, full_name=full_name, email=email, password=password, by=by, now=now
    )
    grant_role(person=person, unit=unit, role=role, valid_from=valid_from, by=by, now=now)
    return person, password


@transaction.atomic
def reset_password(*, person: Person, by: By, now: dt.datetime) -> str:
    """Gives a person a new password and ends their sessions; it is returned and kept nowhere.

    Raises ValidationError for one's own, which is changed by whoever knows the old one.
    """
    require(by, Permission.MANAGE_PEOPLE, timezone.localdate(now))
    if by == person:
        raise ValidationError(_("Mật khẩu của chính mình thì đổi ở trang Đổi mật khẩu."))
    password = _fresh_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    _record(person, "person.password_reset", by, now)
    return password


def _fresh_password() -> str:
    """Three groups of four signs, some 59 bits, to be read aloud or copied by hand."""
    return "-".join(get_random_string(4, READ_ALOUD) for _group in range(3))


@transaction.atomic
def deactivate_person(*, person: Person, by: By, now: dt.datetime) -> None:
    """Shuts an account: no signing in, and open sessions end. Twice is once.

    Raises ValidationError for one's own account, and if nobody would be left to manage people.
    """
    today = timezone.localdate(now)
    require(by, Permission.MANAGE_PEOPLE, today)
    if by == person:
        raise ValidationError(_("Không ai tự khóa tài khoản của mình."))
    with somebody_still_keeps_people(today - ONE_DAY, now):
        shut = Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
    if shut:
        _record(person, "person.deactivated", by, now)


@transaction.atomic
def reactivate_person(*, person: Person, by: By, now: dt.datetime) -> None:
    """Opens an account that was shut; its roles are what they were. Twice is once."""
    require(by, Permission.MANAGE_PEOPLE, timezone.localdate(now))
    if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        _record(person, "person.reactivated", by, now)


@transaction.atomic
def grant_role(
    *,
    person: Person,
    unit: Unit,
    role: str,
    by: By,
    now: dt.datetime,
    valid_from: dt.date = BEGINNING,
    valid_to: dt.date | None = None,
) -> RoleHeld:
    """Lets a person act in a role for a unit, within that unit's time; twice is once.

    Raises ValidationError for a role that does not exist, days outside the unit's, or days on
    some of which the person holds that role there already.
    """
    require(by, Permission.MANAGE_PEOPLE, timezone.localdate(now))
    if role not in ROLES:
        raise ValidationError(_("Không có vai trò “%(role)s”.") % {"role": role})
    first = max(valid_from, unit.valid_from)
    last = min((day for day in (valid_to, unit.valid_to) if day), default=None)
    if last is not None and last < first:
        raise ValidationError(_("Đơn vị không hoạt động trong thời gian này."))
    # Held, so that two grants at once do not both find nothing.
    person = Person.objects.select_for_update().get(pk=person.pk)
    same = RoleHeld.objects.filter(person=person, unit=unit, role=role)
    held = same.filter(valid_from__lte=last or dt.date.max).exclude(valid_to__lt=first).first()
    if held is not None and (held.valid_from, held.valid_to) == (first, last):
        return held
    if held is not None:
        raise ValidationError(_("Người này đã giữ vai trò ấy ở đơn vị này trong thời gian đó."))
    held = same.create(person=person, unit=unit, role=role, valid_from=first, valid_to=last)
    _record(person, "role.granted", by, now, held, first)
    return held


@transaction.atomic
def end_role(*, held: RoleHeld, last_day: dt.date, by: By, now: dt.datetime) -> None:
    """Ends a role after its last day; one that would not have begun by then is taken back whole.

    Raises ValidationError for a role that ended before that day, and if nobody would be left to
    manage people.
    """
    require(by, Permission.MANAGE_PEOPLE, timezone.localdate(now))
    with somebody_still_keeps_people(last_day, now):
        found = RoleHeld.objects.select_for_update().filter(pk=held.pk).first()
        if found is None or (found.valid_to is not None and found.valid_to < last_day):
            raise ValidationError(_("Vai trò này đã kết thúc trước ngày ấy."))
        _record(held.person, "role.ended", by, now, held, last_day)
        if last_day < held.valid_from:
            held.delete()
        else:
            held.valid_to = last_day
            held.save(update_fields=["valid_to"])


def _record(
    person: Person,
    verb: str,
    by: By,
    now: dt.datetime,
    held: RoleHeld | None = None,
    day: dt.date | None = None,
) -> None:
    data: dict[str, object] = {"full_name": person.full_name}
    if held is not None:
        data |= {"role": held.role, "on": str(day)}
        data |= {"unit": held.unit.name, "unit_id": held.unit_id}
    audit.record(by=by, now=now, verb=verb, subject=f"person:{person.pk}", data=data)
