"""The rows of a framework: made from a Decision that was read, corrected as doubts are settled."""

import datetime as dt
import re
from collections.abc import Iterable

from khung.frameworks.models import (
    Doubt,
    Framework,
    PhraseMeaning,
    Task,
    TaskItem,
    TaskVersion,
)
from khung.orgs.models import Person
from khung.rules import document
from khung.rules.methods import method_kind
from khung.rules.text import fold
from khung.rules.timing import parse_timing

_FIELDS = {
    "content": TaskItem.Field.CONTENT,
    "methods": TaskItem.Field.METHOD,
    "guiding": TaskItem.Field.GUIDING,
    "implementing": TaskItem.Field.IMPLEMENTING,
    "timing": TaskItem.Field.TIMING,
}
_SEARCHED = (TaskItem.Field.CONTENT, TaskItem.Field.METHOD)
# Doubts whose proposal is wording to put in the place of what was read.
_CORRECTABLE = ("ocr_slip", "timing_words_lost")


def keep(framework: Framework, read: document.ReadDecision) -> None:
    """Makes the tasks and doubts of an empty framework.

    A task worded as in the province's framework before this one is the same task and keeps its
    key, so that work already given is not given again.
    """
    known = _tasks_by_content(framework)
    versions = {
        task.no: _keep_task(framework, task, known.pop(_texts(task.content), None))
        for task in read.tasks
    }
    Doubt.objects.bulk_create(
        Doubt(
            framework=framework,
            key=doubt.key,
            code=doubt.code,
            task_version=versions.get(doubt.task) if doubt.task else None,
            field=_FIELDS.get(doubt.field or "", doubt.field or ""),
            line=doubt.line,
            message=doubt.message,
            raw=doubt.raw,
            proposal=doubt.proposal or "",
        )
        for doubt in read.doubts
    )


def copy_meanings(
    framework: Framework, meanings: Iterable[PhraseMeaning], by: Person, now: dt.datetime
) -> None:
    """Gives a framework meanings settled in another one, each for the same task or for all."""
    versions = {version.task_id: version for version in framework.tasks.all()}
    PhraseMeaning.objects.bulk_create(
        PhraseMeaning(
            framework=framework,
            task_version=versions[one.task_version.task_id] if one.task_version else None,
            role=one.role,
            phrase=one.phrase,
            actors=one.actors,
            is_addition=one.is_addition,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            reason=one.reason,
            source=one.source,
            is_assumption=one.is_assumption,
            settled_by=by,
            settled_at=now,
        )
        for one in meanings
    )


def remove(framework: Framework) -> None:
    """Deletes a framework, and the tasks and the Decision that nothing else belongs to.

    Raises ProtectedError where work was made from it.
    """
    decision = framework.decision
    tasks = list(framework.tasks.values_list("task", flat=True))
    framework.delete()
    Task.objects.filter(pk__in=tasks, versions__isnull=True).delete()
    if not decision.frameworks.exists():
        decision.delete()


def corrects(doubt: Doubt) -> bool:
    """Whether taking the doubt's proposal words items of its task anew."""
    return (
        doubt.task_version_id is not None
        and doubt.code in _CORRECTABLE
        and doubt.field in _FIELDS.values()
    )


def correct_items(doubt: Doubt) -> None:
    """Words the items of the doubt's field anew: every accepted proposal in place, and no other."""
    version = doubt.task_version
    if version is None or not corrects(doubt):
        return
    settled = version.doubts.filter(field=doubt.field, code__in=_CORRECTABLE).order_by("id")
    accepted = [one for one in settled if one.proposal and one.settlement == one.proposal]
    for item in version.items.filter(field=doubt.field):
        words = item.text
        for one in accepted:
            words = _replaced(words, one.raw, one.proposal)
        item.corrected = words if words != item.text else ""
        item.kind = _kind(item.field, words)
        item.save(update_fields=["corrected", "kind"])
    searched = version.items.filter(field__in=_SEARCHED).order_by("field", "position")
    version.folded_text = _searchable(item.words for item in searched)
    version.save(update_fields=["folded_text"])


def _replaced(text: str, raw: str, meant: str) -> str:
    """The text with the first `raw` that is no part of a longer word replaced."""
    return re.sub(rf"(?<!\w){re.escape(raw)}(?!\w)", lambda _: meant, text, count=1)


def _tasks_by_content(framework: Framework) -> dict[tuple[str, ...], Task]:
    of_province = Framework.objects.filter(
        decision__province_code=framework.decision.province_code
    ).exclude(pk=framework.pk)
    before = of_province.order_by("-id").first()
    if before is None:
        return {}
    content = TaskItem.objects.filter(task_version__framework=before, field=_FIELDS["content"])
    texts: dict[Task, list[str]] = {}
    for item in content.order_by("task_version__no", "position").select_related(
        "task_version__task"
    ):
        texts.setdefault(item.task_version.task, []).append(item.text)
    return {tuple(found): task for task, found in texts.items()}


def _keep_task(framework: Framework, read: document.ReadTask, task: Task | None) -> TaskVersion:
    version = TaskVersion.objects.create(
        framework=framework,
        task=task or Task.objects.create(),
        no=read.no,
        dimension=read.dimension or 0,
        subdimension=read.subdimension or "",
        source=[{"line": line} for line in read.source],
        folded_text=_searchable((*_texts(read.content), *_texts(read.methods))),
    )
    TaskItem.objects.bulk_create(
        TaskItem(
            task_version=version,
            field=field,
            position=position,
            text=item.text,
            kind=_kind(field, item.text),
            line=item.line,
        )
        for name, field in _FIELDS.items()
        for position, item in enumerate(read.items(name), 1)
    )
    return version


def _texts(items: Iterable[document.Item]) -> tuple[str, ...]:
    return tuple(item.text for item in items)


def _searchable(texts: Iterable[str]) -> str:
    return fold(" ".join(texts))


def _kind(field: str, text: str) -> str:
    if field == TaskItem.Field.METHOD:
        return method_kind(text)
    return parse_timing(text).kind if field == TaskItem.Field.TIMING else ""
