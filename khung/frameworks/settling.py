"""What an answer to a doubt does, and which earlier answers a draft can take over."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db.models import QuerySet

from khung.frameworks.drafting import corrects
from khung.frameworks.models import Doubt, Framework, PhraseMeaning, TaskItem
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_LEFT_OUT, COMMUNES_MEANT, parse_actors
from khung.rules.text import fold

KEPT = "Giữ nguyên"
# Whom an answer COMMUNES_INCLUDED adds to the phrase.
COMMUNES = parse_actors("UBND cấp xã").actors


@dataclass(frozen=True, slots=True)
class Reusable:
    """Answers given before that fit a draft: pairs of its open doubt and the answered one."""

    doubts: tuple[tuple[Doubt, Doubt], ...]
    meanings: tuple[PhraseMeaning, ...]

    def __bool__(self) -> bool:
        return bool(self.doubts or self.meanings)


def choices(doubt: Doubt) -> tuple[str, ...]:
    """The answers that have an effect of their own; none where any words will do.

    An answer given before stays among them.
    """
    if doubt.code == COMMUNES_MEANT and doubt.task_version_id:
        found: tuple[str, ...] = (COMMUNES_INCLUDED, COMMUNES_LEFT_OUT)
    elif corrects(doubt) and doubt.proposal:
        found = (doubt.proposal, KEPT)
    else:
        return ()
    return tuple(dict.fromkeys((*found, *([doubt.settlement] if doubt.settled_at else ()))))


def phrase_of(doubt: Doubt) -> str:
    """The actor phrase a doubt is about, an accepted correction in place."""
    items = TaskItem.objects.filter(task_version=doubt.task_version_id, field=doubt.field)
    return next((item.words for item in items.filter(text=doubt.raw)), doubt.raw)


def communes_added(doubt: Doubt) -> list[PhraseMeaning]:
    """The meanings of the doubt's own task by which its phrase takes in the communes, undated."""
    found = PhraseMeaning.objects.filter(
        framework=doubt.framework_id,
        task_version=doubt.task_version_id,
        role=doubt.field,
        is_addition=True,
        valid_from=None,
        valid_to=None,
        actors=[asdict(actor) for actor in COMMUNES],
    )
    phrase = fold(phrase_of(doubt))
    return [meaning for meaning in found if fold(meaning.phrase) == phrase]


def reusable(draft: Framework) -> Reusable:
    """What was settled before in the draft's province about the same words of the same tasks.

    Of several answers to a doubt the latest counts; meanings are those of the framework in force.
    """
    waiting = draft.doubts.filter(settled_at__isnull=True).select_related("task_version")
    answered = Doubt.objects.filter(
        framework__decision__province_code=draft.decision.province_code,
        settled_at__isnull=False,
        key__in=waiting.values("key"),
    ).exclude(framework=draft)
    answers = {
        _identity(doubt): doubt
        for doubt in answered.select_related("task_version").order_by("settled_at", "id")
    }
    return Reusable(
        tuple(
            (doubt, answers[_identity(doubt)]) for doubt in waiting if _identity(doubt) in answers
        ),
        _meanings_before(draft),
    )


def _identity(doubt: Doubt) -> tuple[object, ...]:
    task = doubt.task_version.task_id if doubt.task_version else None
    return doubt.key, task, doubt.raw, doubt.proposal


def _meanings_before(draft: Framework) -> tuple[PhraseMeaning, ...]:
    """Meanings of the framework in force that the draft lacks and whose task it still has."""
    tasks = set(draft.tasks.values_list("task", flat=True))
    have = {_said(meaning) for meaning in _with_tasks(draft.meanings.all())}
    before = PhraseMeaning.objects.filter(
        framework__decision__province_code=draft.decision.province_code,
        framework__status=Framework.Status.IN_FORCE,
    ).exclude(framework=draft)
    return tuple(
        meaning
        for meaning in _with_tasks(before)
        if (meaning.task_version is None or meaning.task_version.task_id in tasks)
        and _said(meaning) not in have
    )


def _with_tasks(meanings: QuerySet[PhraseMeaning]) -> Sequence[PhraseMeaning]:
    return list(meanings.select_related("task_version").order_by("id"))


def _said(meaning: PhraseMeaning) -> tuple[object, ...]:
    """What a meaning answers; the same question answered in the draft is not answered again."""
    task = meaning.task_version.task_id if meaning.task_version else None
    return task, meaning.role, fold(meaning.phrase), meaning.valid_from, meaning.valid_to
