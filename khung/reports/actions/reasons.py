"""The managed list of reasons for which reports are returned."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.base.audit import record
from khung.base.versions import claim
from khung.orgs.acting import By, require
from khung.orgs.models import Person
from khung.reports.models import ReturnReason
from khung.rules.permissions import Permission
from khung.rules.text import old_style_tones, squeeze

# What offices return reports for most; proposed, to be reworded by each province.
PROPOSED = (
    "Thiếu tài liệu kiểm chứng",
    "Tài liệu kiểm chứng không đúng nội dung công việc",
    "Tài liệu kiểm chứng không thuộc kỳ báo cáo",
    "Ảnh, bản chụp mờ, không đọc được",
    "Không mở được đường dẫn, tệp",
    "Số liệu không khớp với tài liệu kèm theo",
    "Chưa nêu kết quả cụ thể",
    "Chưa làm đủ số lần theo Quyết định",
    "Báo cáo nhầm nhiệm vụ",
    "Lý do không phát sinh chưa rõ",
)


class ReasonKnown(Exception):
    """The list has this reason already."""

    def __init__(self, reason: ReturnReason) -> None:
        said = (
            gettext("Danh mục đã có lý do này.")
            if reason.is_active
            else gettext("Danh mục đã có lý do này, đang ngừng dùng; hãy dùng lại nó.")
        )
        super().__init__(said)


@transaction.atomic
def add_reason(*, text: str, by: By, now: dt.datetime) -> ReturnReason:
    """Adds a reason at the end of the list. Raises ReasonKnown, PermissionDenied."""
    require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
    words = _words(text)
    _refuse_known(words)
    last = ReturnReason.objects.order_by("-position").values_list("position", flat=True).first()
    reason = ReturnReason.objects.create(text=words, position=(last or 0) + 1)
    record(by=by, now=now, verb="reason.added", subject=f"reason:{reason.pk}", data={"text": words})
    return reason


@transaction.atomic
def add_proposed_reasons(*, by: By, now: dt.datetime) -> int:
    """Fills an empty list with the proposed reasons; returns how many, 0 where there are some."""
    require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
    if ReturnReason.objects.exists():
        return 0
    ReturnReason.objects.bulk_create(
        ReturnReason(text=text, position=position) for position, text in enumerate(PROPOSED, 1)
    )
    record(
        by=by,
        now=now,
        verb="reasons.proposed",
        subject="reasons",
        data={"reasons": len(PROPOSED)},
    )
    return len(PROPOSED)


@transaction.atomic
def reword_reason(
    *, reason: ReturnReason, version: int, text: str, by: Person, now: dt.datetime
) -> ReturnReason:
    """Rewords a reason; earlier returns show the new words too.

    Raises StaleRecord, ReasonKnown, PermissionDenied.
    """
    require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
    current = claim(reason, version)
    words, before = _words(text), current.text
    _refuse_known(words, but=current.pk)
    current.text = words
    current.save(update_fields=["text"])
    record(
        by=by,
        now=now,
        verb="reason.reworded",
        subject=f"reason:{current.pk}",
        data={"before": before, "text": words},
    )
    return current


@transaction.atomic
def retire_reason(
    *, reason: ReturnReason, version: int, is_active: bool, by: Person, now: dt.datetime
) -> ReturnReason:
    """Takes a reason out of the choices, or brings it back; earlier returns keep it.

    Raises StaleRecord, PermissionDenied.
    """
    require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
    current = claim(reason, version)
    current.is_active = is_active
    current.save(update_fields=["is_active"])
    record(
        by=by,
        now=now,
        verb="reason.restored" if is_active else "reason.retired",
        subject=f"reason:{current.pk}",
        data={"text": current.text},
    )
    return current


@transaction.atomic
def order_reasons(*, order: Sequence[int], by: Person, now: dt.datetime) -> None:
    """Puts the reasons (ids) in this order; those not named follow as they stood.

    Raises PermissionDenied.
    """
    require(by, Permission.PLAN_JUDGING, timezone.localdate(now))
    found = {reason.pk: reason for reason in ReturnReason.objects.select_for_update()}
    named = [pk for pk in dict.fromkeys(order) if pk in found]
    ordered = [*named, *(pk for pk in found if pk not in set(named))]
    for position, pk in enumerate(ordered, 1):
        found[pk].position = position
    ReturnReason.objects.bulk_update(found.values(), ["position"])
    record(by=by, now=now, verb="reasons.ordered", subject="reasons")


def _words(text: str) -> str:
    return old_style_tones(squeeze(text))


def _refuse_known(words: str, *, but: int | None = None) -> None:
    # Compared here: SQLite ignores the case of ASCII letters only.
    for known in ReturnReason.objects.all():
        if known.pk != but and known.text.casefold() == words.casefold():
            raise ReasonKnown(known)
