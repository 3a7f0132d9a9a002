"""Drafts: read from a file, their tasks placed, thrown away."""

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext

from khung.base import files
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.frameworks import drafting, queries
from khung.frameworks.models import Decision, Framework, TaskVersion
from khung.frameworks.readers.text import read_text
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules import document, taxonomy
from khung.rules.actors import parse_actors
from khung.rules.permissions import Permission

# One framework of a province is drafted, or comes into force, at a time.
LOCK = "frameworks"


class NotADraft(Exception):
    """What is in force is not changed; the message is Vietnamese, for the person who tried."""


class AlreadyRead(Exception):
    """The very file was read before; `framework` is the draft, or the one in force, made of it."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(gettext("Tệp này đã được đọc thành bộ khung."))
        self.framework = framework


@transaction.atomic
def draft_framework(
    *, data: bytes, name: str, province_code: str, by: Person, now: dt.datetime
) -> Framework:
    """Reads a Decision's file and keeps it as a draft framework with its doubts.

    Raises `document.UnreadableDocument` for a file that is no such Decision, AlreadyRead for one
    that a draft or the framework in force was made of; nothing is kept then.
    """
    require(by, Permission.PUT_FRAMEWORK_IN_FORCE, timezone.localdate(now))
    source = read_text(data, name)
    read = document.read(source)
    file = files.store(data, name=name, now=now)
    with named_lock(LOCK):
        before = queries.read_from(file, province_code)
        if before is not None:
            raise AlreadyRead(before)
        decision = _decision(read.head, province_code, now)
        framework = Framework.objects.create(
            decision=decision,
            number=queries.next_number(decision),
            file=file,
            addressees=[
                asdict(actor)
                for phrase in read.head.addressees
                for actor in parse_actors(phrase).actors
            ],
            source_rows=[[row.line, list(row.cells)] for row in source.rows],
        )
    drafting.keep(framework, read)
    record(
        by=by,
        now=now,
        verb="framework.drafted",
        subject=framework.audit_subject,
        data={"file": file.sha256, "tasks": len(read.tasks), "doubts": len(read.doubts)},
    )
    return framework


def _decision(head: document.Head, province_code: str, now: dt.datetime) -> Decision:
    """The Decision of that number, day and issuer; a day that can't be read is today's."""
    decision, _ = Decision.objects.get_or_create(
        number=head.number,
        issued_on=head.issued_on or timezone.localdate(now),
        issuer=head.issuer,
        defaults={
            "signer": head.signer,
            "title": head.title,
            "province_code": province_code,
        },
    )
    return decision


@transaction.atomic
def place_task(
    *,
    task_version: TaskVersion,
    dimension: int,
    subdimension: str,
    version: int,
    by: Person,
    now: dt.datetime,
) -> TaskVersion:
    """Puts a task of a draft under a dimension, and a sub-dimension of its year or "" for none.

    Raises NotADraft, ValueError for a place PAPI does not know, StaleRecord where somebody
    changed the task since `version` was read.
    """
    require(by, Permission.SETTLE_DOUBT, timezone.localdate(now))
    places = taxonomy.places(task_version.framework.decision.issued_on.year)
    if (dimension, subdimension) not in places:
        raise ValueError(f"no place in PAPI: {dimension} {subdimension}")
    placed = claim(task_version, version)
    if placed.framework.status != Framework.Status.DRAFT:
        raise NotADraft(gettext("Chỉ xếp lại nhiệm vụ khi bộ khung còn là dự thảo."))
    placed.dimension, placed.subdimension = dimension, subdimension
    placed.save(update_fields=["dimension", "subdimension"])
    record(
        by=by,
        now=now,
        verb="task.placed",
        subject=placed.framework.audit_subject,
        data={"task": placed.no, "place": subdimension or str(dimension)},
    )
    return placed


@transaction.atomic
def discard_draft(*, framework: Framework, version: int, by: Person, now: dt.datetime) -> None:
    """Takes a draft away with its tasks, doubts and answers; the file and the trail stay.

    Raises NotADraft for a framework that has been in force or whose tasks were given to units,
    StaleRecord where somebody changed it since `version` was read.
    """
    require(by, Permission.PUT_FRAMEWORK_IN_FORCE, timezone.localdate(now))
    draft = claim(framework, version)
    if draft.status != Framework.Status.DRAFT:
        raise NotADraft(gettext("Chỉ bỏ được bộ khung dự thảo."))
    record(
        by=by,
        now=now,
        verb="framework.discarded",
        subject=draft.audit_subject,
        data={"framework": str(draft), "file": draft.file.sha256},
    )
    try:
        drafting.remove(draft)
    except ProtectedError as given:
        said = gettext("Nhiệm vụ của dự thảo này đã được giao nên không bỏ được.")
        raise NotADraft(said) from given
