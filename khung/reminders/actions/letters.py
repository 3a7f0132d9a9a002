"""Letters of urging: written for a choice of units, given their number, or withdrawn."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.base import files
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.orgs.acting import require, require_in
from khung.orgs.models import Person, Unit
from khung.reminders.letters.checks import (
    Refused,
    check_issued_on,
    check_new_date,
    same_number,
)
from khung.reminders.letters.recipients import Dropped, Planned, Selection, plan
from khung.reminders.models import Letter, LetterItem, LetterRecipient
from khung.reports.uploads import Prepared
from khung.rules.permissions import Permission
from khung.rules.text import squeeze

PDF = "application/pdf"


class NothingToUrge(Refused):
    """None of the units chosen gets a letter; `dropped` says why for each."""

    def __init__(self, dropped: Sequence[Dropped]) -> None:
        self.dropped = tuple(dropped)
        super().__init__(
            "units",
            gettext("Chưa soạn công văn nào: không đơn vị nào đã chọn còn cần đôn đốc."),
        )


class LetterClosed(Exception):
    """The letter was issued or withdrawn already: it is not changed any more."""


class NumberTaken(Exception):
    """Another letter of the same body bears this number in the same year."""

    def __init__(self, other: Letter) -> None:
        super().__init__(other.pk)
        self.other = other


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person decides about letters: who signs, the new date, words added, one or each."""

    signed_by: str
    new_date: dt.date
    more: str = ""
    one_each: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """The drafts written, and the chosen units that got none."""

    letters: tuple[Letter, ...]
    dropped: tuple[Dropped, ...]


def make_letters(
    *,
    selection: Selection,
    units: Iterable[int],
    wording: Wording,
    throughs: Mapping[int, int],
    from_unit: Unit,
    by: Person,
    now: dt.datetime,
) -> Made:
    """Writes drafts to the units (ids) that still have overdue work; the others are dropped.

    `throughs` are the managing departments a person named, by the company's id. One letter for
    all becomes two where some are urged and some asked. Raises Refused for the date, NothingToUrge
    (then nothing is written), PermissionDenied.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.WRITE_LETTER, from_unit, today)
    check_new_date(wording.new_date, today)
    # Two people, or one form sent twice: the second finds the drafts of the first.
    with named_lock("letters"):
        found = plan(
            selection,
            units,
            signed_by=wording.signed_by,
            from_unit=from_unit,
            day=today,
            throughs=throughs,
        )
        if not found.planned:
            raise NothingToUrge(found.dropped)
        groups = _groups(found.planned, wording.one_each)
        letters = Letter.objects.bulk_create(
            _draft(selection, wording, group, from_unit, by, now) for group in groups
        )
        _fill(letters, groups)
        record(
            by=by,
            now=now,
            verb="letters.made",
            subject=f"period:{selection.period.pk}",
            data={
                "letters": len(letters),
                "units": len(found.planned),
                "tasks": sum(len(one.items) for one in found.planned),
                "code": selection.period.code,
                "new_date": wording.new_date.isoformat(),
            },
        )
    return Made(tuple(letters), found.dropped)


def _draft(
    selection: Selection,
    wording: Wording,
    group: Sequence[Planned],
    from_unit: Unit,
    by: Person,
    now: dt.datetime,
) -> Letter:
    """A letter to a group of units that are written to in the same words, not saved yet."""
    return Letter(
        period=selection.period,
        from_unit=from_unit,
        signed_by=wording.signed_by,
        form=group[0].form,
        body=wording.more.strip(),
        new_date=wording.new_date,
        made_by=by,
        made_at=now,
        is_illustrative=any(item.is_illustrative for one in group for item in one.items),
    )


def _groups(planned: Sequence[Planned], one_each: bool) -> list[list[Planned]]:
    if one_each:
        return [[one] for one in planned]
    forms = dict.fromkeys(one.form for one in planned)
    return [[one for one in planned if one.form == form] for form in forms]


def _fill(letters: Sequence[Letter], groups: Sequence[Sequence[Planned]]) -> None:
    pairs = [(letter, one) for letter, group in zip(letters, groups, strict=True) for one in group]
    LetterRecipient.objects.bulk_create(
        LetterRecipient(letter=letter, unit=one.unit, through=one.through) for letter, one in pairs
    )
    LetterItem.objects.bulk_create(
        LetterItem(letter=letter, assignment=item, state=item.state, due_on=item.due_on)
        for letter, one in pairs
        for item in one.items
    )


@transaction.atomic
def record_letter(
    *,
    letter: Letter,
    version: int,
    number: str,
    issued_on: dt.date,
    signer: str,
    signed: Prepared,
    by: Person,
    now: dt.datetime,
    number_seen: bool = False,
) -> Letter:
    """Records the number, date and signer the clerk gave a draft, with the signed file (PDF).

    `number_seen` says that the person knows of another letter with this number. Afterwards the
    letter never changes. Raises Refused, NumberTaken, LetterClosed, StaleRecord, PermissionDenied.
    """
    today = timezone.localdate(now)
    require(by, Permission.WRITE_LETTER, today)
    letter = _claimed(letter, version)
    number = squeeze(number)
    if not any(character.isdecimal() for character in number):
        raise Refused("number", gettext("Ghi đủ số và ký hiệu, ví dụ: 125/SNV-CCHC."))
    check_issued_on(letter, issued_on, today)
    if signed.content_type != PDF:
        raise Refused("evidence", gettext("Bản đã ký phải là tệp PDF."))
    other = same_number(letter, number, issued_on)
    if other is not None and not number_seen:
        raise NumberTaken(other)
    letter.number, letter.issued_on, letter.signer = number, issued_on, squeeze(signer)
    letter.signed_file = files.keep(
        signed.written, name=signed.name, content_type=signed.content_type, now=now
    )
    letter.recorded_by, letter.recorded_at = by, now
    letter.save()
    record(
        by=by,
        now=now,
        verb="letter.recorded",
        subject=f"letter:{letter.pk}",
        data={"number": number, "issued_on": issued_on.isoformat()},
    )
    return letter


@transaction.atomic
def withdraw_letter(
    *, letter: Letter, version: int, reason: str, by: Person, now: dt.datetime
) -> Letter:
    """Withdraws a draft, with the reason; its units may be written to again.

    Raises Refused without a reason, LetterClosed, StaleRecord, PermissionDenied.
    """
    require(by, Permission.WRITE_LETTER, timezone.localdate(now))
    letter = _claimed(letter, version)
    if not reason.strip():
        raise Refused("reason", gettext("Ghi lý do thu hồi dự thảo."))
    letter.withdrawn_at, letter.withdrawn_by = now, by
    letter.withdrawn_reason = squeeze(reason)
    letter.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(
        by=by,
        now=now,
        verb="letter.withdrawn",
        subject=f"letter:{letter.pk}",
        data={"reason": letter.withdrawn_reason},
    )
    return letter


def _claimed(letter: Letter, version: int) -> Letter:
    """The draft, taken for writing. A letter that is closed says so before it says it is stale."""
    current = Letter.objects.filter(pk=letter.pk).first()
    if current is None:
        raise PermissionDenied
    if current.number or current.withdrawn_at is not None:
        raise LetterClosed(current.pk)
    return claim(letter, version)
