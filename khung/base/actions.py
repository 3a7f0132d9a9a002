"""What a person does with their own account."""

import datetime as dt

from django.db import transaction

from khung.base import audit


@transaction.atomic
def signed_in(*, by: audit.Actor, now: dt.datetime, is_demonstration: bool = False) -> None:
    """Note that a person signed in."""
    audit.record(
        by=by,
        now=now,
        verb="person.signed_in",
        subject=f"person:{by.pk}",
        data={"is_demonstration": is_demonstration},
    )


@transaction.atomic
def signed_out(*, by: audit.Actor, now: dt.datetime) -> None:
    """Note that a person signed out."""
    audit.record(by=by, now=now, verb="person.signed_out", subject=f"person:{by.pk}")


@transaction.atomic
def password_changed(*, by: audit.Actor, now: dt.datetime) -> None:
    """Note that a person changed their password."""
    audit.record(by=by, now=now, verb="person.password_changed", subject=f"person:{by.pk}")
