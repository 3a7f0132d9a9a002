"""The first account of an installation that starts empty: nobody is there yet to give it."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khung.orgs import actions, queries
from khung.orgs.models import BEGINNING, PEOPLE_COMMITTEE, Person, Unit
from khung.orgs.planning import PlannedName, PlannedUnit, UnitPlan
from khung.rules.text import old_style_tones, squeeze


@transaction.atomic
def create_first_administrator(
    *,
    province: str,
    province_code: str,
    username: str,
    full_name: str,
    email: str,
    password: str,
    by: str,
    now: dt.datetime,
) -> Person:
    """Make the operator's account, in the root unit of that name, made too if it is not there.

    Raises ValidationError where anyone has an account already, and for a weak password.
    """
    if Person.objects.exists():
        raise ValidationError(_("Bản cài đặt này đã có tài khoản."))
    validate_password(password, Person(username=username, full_name=full_name, email=email))
    unit = _root(squeeze(province), province_code, by, now)
    person = actions.create_person(
        username=username, full_name=full_name, email=email, password=password, by=by, now=now
    )
    actions.grant_role(person=person, unit=unit, role="operator", by=by, now=now)
    return person


def _root(province: str, code: str, by: str, now: dt.datetime) -> Unit:
    name = old_style_tones(province)
    roots = queries.roots_on(timezone.localdate(now)).filter(name=name)
    if not roots.exists():
        root = PlannedUnit(
            code=code,
            valid_from=BEGINNING,
            valid_to=None,
            level="province",
            kind=PEOPLE_COMMITTEE,
            names=(PlannedName(name, BEGINNING, None),),
            parent=None,
        )
        actions.load_units(plan=UnitPlan((root,), ()), by=by, now=now)
    return roots.get()
