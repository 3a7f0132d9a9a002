"""Doubts: answered one by one, or as they were answered before."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.base.audit import record
from khung.base.versions import claim
from khung.frameworks import drafting, settling
from khung.frameworks.actions.drafts import NotADraft
from khung.frameworks.actions.meanings import record_meaning, withdraw_meaning
from khung.frameworks.models import Doubt, Framework
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_MEANT
from khung.rules.permissions import Permission


@transaction.atomic
def settle_doubt(
    *, doubt: Doubt, settlement: str, reason: str, version: int, by: Person, now: dt.datetime
) -> Doubt:
    """Records a person's answer to a doubt, and does what it says.

    Taking the proposal of an OCR slip corrects its item; that a phrase takes in the communes
    becomes its meaning in that task, and any other answer withdraws such a meaning.
    Raises StaleRecord where somebody answered it since `version` was read.
    """
    require(by, Permission.SETTLE_DOUBT, timezone.localdate(now))
    settled = _settle(doubt, settlement, reason, version, by, now)
    record(
        by=by,
        now=now,
        verb="doubt.settled",
        subject=f"doubt:{doubt.pk}",
        data={"key": settled.key, "settlement": settlement, "reason": reason},
    )
    return settled


def _settle(
    doubt: Doubt, settlement: str, reason: str, version: int, by: Person, now: dt.datetime
) -> Doubt:
    settled = claim(doubt, version)
    settled.settlement, settled.reason = settlement, reason
    settled.settled_by, settled.settled_at = by, now
    settled.save(update_fields=["settlement", "reason", "settled_by", "settled_at"])
    drafting.correct_items(settled)
    if settled.code == COMMUNES_MEANT and settled.task_version_id:
        _take_in_communes(settled, by, now)
    return settled


def _take_in_communes(doubt: Doubt, by: Person, now: dt.datetime) -> None:
    added = settling.communes_added(doubt)
    if doubt.settlement != COMMUNES_INCLUDED:
        for meaning in added:
            withdraw_meaning(meaning=meaning, by=by, now=now)
    elif not added:
        record_meaning(
            framework=doubt.framework,
            task_version=doubt.task_version,
            role=doubt.field,
            phrase=settling.phrase_of(doubt),
            actors=settling.COMMUNES,
            is_addition=True,
            reason=doubt.reason,
            by=by,
            now=now,
        )


@transaction.atomic
def reuse_settlements(*, framework: Framework, by: Person, now: dt.datetime) -> settling.Reusable:
    """Gives a draft the answers and meanings settled before about the same words of its tasks.

    Returns what was taken over, with the reasons given then. Raises NotADraft.
    """
    require(by, Permission.SETTLE_DOUBT, timezone.localdate(now))
    if framework.status != Framework.Status.DRAFT:
        raise NotADraft(gettext("Chỉ dùng lại cách xử lý trước cho bộ khung dự thảo."))
    found = settling.reusable(framework)
    drafting.copy_meanings(framework, found.meanings, by, now)
    for doubt, answered in found.doubts:
        _settle(doubt, answered.settlement, answered.reason, doubt.version, by, now)
    record(
        by=by,
        now=now,
        verb="settlements.reused",
        subject=framework.audit_subject,
        data={"doubts": len(found.doubts), "meanings": len(found.meanings)},
    )
    return found
