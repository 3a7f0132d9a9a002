"""What people do to a framework: draft it from a file, settle its doubts, put it in force."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from khung.base import files
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.frameworks import drafting, queries, settling
from khung.frameworks.models import (
    Decision,
    Doubt,
    Framework,
    PhraseMeaning,
    ResponsibleUnit,
    TaskVersion,
)
from khung.frameworks.readers.text import read_text
from khung.orgs.acting import require
from khung.orgs.models import Person, Unit
from khung.rules import document, taxonomy
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_MEANT, Actor, parse_actors
from khung.rules.permissions import Permission

# One framework of a province is drafted, or comes into force, at a time.
_LOCK = "frameworks"


class NotReady(Exception):
    """The framework can't be put in force yet; the message says why, in Vietnamese."""


class NotADraft(Exception):
    """What is in force is not changed; the message is Vietnamese, for the person who tried."""


class AlreadyRead(Exception):
    """The very file was read before; `framework` is the draft, or the one in force, made of it."""

    def __init__(self, framework: Framework) -> None:
        super().__init__("Tệp này đã được đọc thành bộ khung.")
        self.framework = framework


def _subject(framework: Framework) -> str:
    return f"framework:{framework.pk}"


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
    with named_lock(_LOCK):
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
        subject=_subject(framework),
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
        raise NotADraft("Chỉ dùng lại cách xử lý trước cho bộ khung dự thảo.")
    found = settling.reusable(framework)
    drafting.copy_meanings(framework, found.meanings, by, now)
    for doubt, answered in found.doubts:
        _settle(doubt, answered.settlement, answered.reason, doubt.version, by, now)
    record(
        by=by,
        now=now,
        verb="settlements.reused",
        subject=_subject(framework),
        data={"doubts": len(found.doubts), "meanings": len(found.meanings)},
    )
    return found


@transaction.atomic
def discard_draft(*, framework: Framework, version: int, by: Person, now: dt.datetime) -> None:
    """Takes a draft away with its tasks, doubts and answers; the file and the trail stay.

    Raises NotADraft for a framework that has been in force or whose tasks were given to units,
    StaleRecord where somebody changed it since `version` was read.
    """
    require(by, Permission.PUT_FRAMEWORK_IN_FORCE, timezone.localdate(now))
    draft = claim(framework, version)
    if draft.status != Framework.Status.DRAFT:
        raise NotADraft("Chỉ bỏ được bộ khung dự thảo.")
    record(
        by=by,
        now=now,
        verb="framework.discarded",
        subject=_subject(draft),
        data={"framework": str(draft), "file": draft.file.sha256},
    )
    try:
        drafting.remove(draft)
    except ProtectedError as given:
        raise NotADraft("Nhiệm vụ của dự thảo này đã được giao nên không bỏ được.") from given


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
        raise NotADraft("Chỉ xếp lại nhiệm vụ khi bộ khung còn là dự thảo.")
    placed.dimension, placed.subdimension = dimension, subdimension
    placed.save(update_fields=["dimension", "subdimension"])
    record(
        by=by,
        now=now,
        verb="task.placed",
        subject=_subject(placed.framework),
        data={"task": placed.no, "place": subdimension or str(dimension)},
    )
    return placed


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
        subject=_subject(framework),
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
        subject=_subject(meaning.framework),
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


@transaction.atomic
def put_in_force(
    *,
    framework: Framework,
    from_day: dt.date,
    coordinators: Sequence[Unit],
    coordinator_judges: Sequence[Unit],
    version: int,
    by: Person,
    now: dt.datetime,
    cycle: str = Framework.Cycle.QUARTER,
) -> Framework:
    """Puts a draft in force from a day; the framework in force until then is superseded.

    `cycle` is how often its units report.

    Raises NotReady where doubts are open or a task has no dimension, StaleRecord where somebody
    changed the framework since `version` was read.
    """
    require(by, Permission.PUT_FRAMEWORK_IN_FORCE, timezone.localdate(now))
    current = claim(framework, version)
    _check_ready(current)
    with named_lock(_LOCK):
        Framework.objects.filter(
            decision__province_code=current.decision.province_code,
            status=Framework.Status.IN_FORCE,
        ).update(
            status=Framework.Status.SUPERSEDED,
            in_force_to=from_day - dt.timedelta(days=1),
            version=F("version") + 1,
        )
        current.status = Framework.Status.IN_FORCE
        current.in_force_from, current.put_in_force_by = from_day, by
        current.cycle = cycle
        current.save(update_fields=["status", "in_force_from", "put_in_force_by", "cycle"])
    _name_responsible(current, ResponsibleUnit.Duty.COORDINATOR, coordinators)
    _name_responsible(current, ResponsibleUnit.Duty.COORDINATOR_JUDGE, coordinator_judges)
    record(
        by=by,
        now=now,
        verb="framework.put_in_force",
        subject=_subject(current),
        data={"from": from_day.isoformat(), "cycle": cycle},
    )
    return current


def _check_ready(framework: Framework) -> None:
    if framework.status != Framework.Status.DRAFT:
        raise NotReady("Chỉ bộ khung dự thảo mới đưa vào hiệu lực được.")
    # A phrase that names nobody holds back itself only (DESIGN.md part 4), not the framework.
    is_open = framework.doubts.filter(settled_at__isnull=True).exclude(code__startswith="actor_")
    if left := is_open.count():
        raise NotReady(f"Còn {left} điểm nghi vấn chưa xử lý; hãy xử lý hết rồi làm lại.")
    unplaced = framework.tasks.filter(dimension=0).order_by("no").values_list("no", flat=True)
    if unplaced:
        numbers = ", ".join(map(str, unplaced))
        raise NotReady(
            f"Chưa thuộc nội dung nào: nhiệm vụ {numbers}. Hãy mở từng nhiệm vụ để xếp vào."
        )


def _name_responsible(
    framework: Framework, duty: ResponsibleUnit.Duty, units: Sequence[Unit]
) -> None:
    ResponsibleUnit.objects.bulk_create(
        ResponsibleUnit(framework=framework, duty=duty, unit=unit) for unit in units
    )
