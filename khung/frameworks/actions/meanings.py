"""Whom a phrase means: recorded, and taken back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from khung.base.audit import record
from khung.frameworks.models import Framework, PhraseMeaning, TaskVersion
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.actors import Actor
from khung.rules.permissions import Permission


@transaction.atomic
def record_meaning(
    *,
    framework: Framework,
    task_version: TaskVersion | None,
    role: str,
    phrase: str,
    actors: Sequence[Actor],
    reason: str,
    by: Person,
    now: dt.datetime,
    is_addition: bool = False,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    source: str = "",
    is_assumption: bool = False,
) -> PhraseMeaning:
    """Records what a phrase means, for one task or (task None) for all, in a span of time."""
    require(by, Permission.SETTLE_DOUBT, timezone.localdate(now))
    meaning = PhraseMeaning.objects.create(
        framework=framework,
        task_version=task_version,
        role=role,
        phrase=phrase,
        actors=[asdict(actor) for actor in actors],
        is_addition=is_addition,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        source=source,
        is_assumption=is_assumption,
        settled_by=by,
        settled_at=now,
    )
    record(
        by=by,
        now=now,
        verb="phrase.settled",
        subject=framework.audit_subject,
        data={**_said(meaning), "reason": reason},
    )
    return meaning


@transaction.atomic
def withdraw_meaning(*, meaning: PhraseMeaning, by: Person, now: dt.datetime) -> None:
    """Takes back what a phrase was said to mean; the trail keeps it. Work already made stays."""
    require(by, Permission.SETTLE_DOUBT, timezone.localdate(now))
    record(
        by=by,
        now=now,
        verb="phrase.withdrawn",
        subject=meaning.framework.audit_subject,
        data=_said(meaning),
    )
    meaning.delete()


def _said(meaning: PhraseMeaning) -> dict[str, object]:
    return {
        "task": meaning.task_version.no if meaning.task_version else None,
        "role": meaning.role,
        "phrase": meaning.phrase,
        "means": [actor["text"] for actor in meaning.actors],
    }
