"""Tasks as pages show them: their words by column, found by search, and the lines they stand on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from khung.frameworks.models import Doubt, Framework, PhraseMeaning, TaskItem, TaskVersion
from khung.rules import taxonomy
from khung.rules.actors import parse_actors
from khung.rules.document.layout import read_parts
from khung.rules.document.tree import FIELDS, SourceRow, UnreadableDocument
from khung.rules.text import fold

_OPEN = Q(doubts__isnull=False, doubts__settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class WordedTask:
    """A task version and its items by column, in the order of the Decision."""

    version: TaskVersion
    content: tuple[TaskItem, ...]
    methods: tuple[TaskItem, ...]
    guiding: tuple[TaskItem, ...]
    implementing: tuple[TaskItem, ...]
    timing: tuple[TaskItem, ...]

    @property
    def no(self) -> int:
        return self.version.no

    @property
    def title(self) -> str:
        """The first words of the content, or of the methods where the content is empty."""
        return next((item.words for item in (*self.content, *self.methods)), str(self.version))


@dataclass(frozen=True, slots=True)
class Area:
    """A dimension or sub-dimension and its tasks; `code` is "" for tasks under no sub-dimension."""

    code: str
    name: str
    tasks: tuple[WordedTask, ...] = ()
    parts: tuple["Area", ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of the Decision's table as it stood, its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Differences:
    """How many tasks one framework has that another lacks, lacks, and words otherwise."""

    added: int
    removed: int
    changed: int


def differences(framework: Framework, other: Framework) -> Differences:
    """What sets a framework apart from another, task by task: two queries."""
    mine, theirs = _worded_by_task(framework), _worded_by_task(other)
    both = mine.keys() & theirs.keys()
    return Differences(
        added=len(mine) - len(both),
        removed=len(theirs) - len(both),
        changed=sum(mine[task] != theirs[task] for task in both),
    )


def _worded_by_task(framework: Framework) -> dict[int, list[tuple[object, ...]]]:
    """Each task's place and items, as written; a correction on its way is no difference."""
    found: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    rows = framework.tasks.order_by("no", "items__field", "items__position").values_list(
        "task", "dimension", "subdimension", "items__field", "items__text"
    )
    for task, *row in rows:
        found[task].append(tuple(row))
    return found


def search(
    framework: Framework,
    *,
    text: str = "",
    dimension: int | None = None,
    timing: str = "",
    doubtful: bool = False,
) -> QuerySet[TaskVersion]:
    """Tasks whose words hold every word of `text`, with or without marks; a number is a task's.

    Each has `open_doubts`, how many of its doubts wait for an answer.
    """
    found = framework.tasks.annotate(open_doubts=Count("doubts", filter=_OPEN))
    wanted = fold(text).split()
    if len(wanted) == 1 and wanted[0].isdecimal():
        found = found.filter(no=int(wanted[0][:4]))
    else:
        for word in wanted:
            found = found.filter(folded_text__contains=word)
    if dimension is not None:
        found = found.filter(dimension=dimension)
    if timing:
        items = TaskItem.objects.filter(field=TaskItem.Field.TIMING, kind=timing)
        found = found.filter(Exists(items.filter(task_version=OuterRef("pk"))))
    if doubtful:
        found = found.filter(open_doubts__gt=0)
    return found.order_by("no")


def worded(versions: QuerySet[TaskVersion]) -> list[WordedTask]:
    """The versions with their items: two queries, whatever the size."""
    items = TaskItem.objects.order_by("field", "position")
    return [in_columns(version) for version in versions.prefetch_related(Prefetch("items", items))]


def in_columns(version: TaskVersion) -> WordedTask:
    """A version read with its items (prefetched in the order of the columns' positions)."""
    by_field: dict[str, list[TaskItem]] = defaultdict(list)
    for item in version.items.all():
        by_field[item.field].append(item)
    field = TaskItem.Field
    return WordedTask(
        version,
        tuple(by_field[field.CONTENT]),
        tuple(by_field[field.METHOD]),
        tuple(by_field[field.GUIDING]),
        tuple(by_field[field.IMPLEMENTING]),
        tuple(by_field[field.TIMING]),
    )


def by_area(tasks: Iterable[WordedTask], year: int, *, english: bool = False) -> list[Area]:
    """The tasks under the dimensions that have some, and there under their sub-dimensions.

    `year` is that of the Decision: the list of sub-dimensions changes by year.
    """
    grouped: dict[int, dict[str, list[WordedTask]]] = defaultdict(lambda: defaultdict(list))
    for task in tasks:
        grouped[task.version.dimension][task.version.subdimension].append(task)
    return [
        Area(
            str(dimension),
            dimension_label(dimension, english=english),
            parts=tuple(
                Area(code, subdimension_label(code, year, english=english), tuple(found))
                for code, found in sorted(parts.items())
            ),
        )
        for dimension, parts in sorted(grouped.items())
    ]


def dimension_label(dimension: int, *, english: bool = False) -> str:
    """The dimension's name; "" for a task not placed yet."""
    return taxonomy.dimension_name(dimension, english=english) if dimension else ""


def subdimension_label(code: str, year: int, *, english: bool = False) -> str:
    """The sub-dimension's name in that year; "" where none is named."""
    return taxonomy.subdimension_name(code, year, english=english) if code else ""


def source_lines(version: TaskVersion) -> list[SourceLine]:
    """The rows of the Decision's table that a task was read from, as they stood.

    None where the framework keeps no table whose columns can be told.
    """
    wanted = {place["line"] for place in version.source}
    rows = [SourceRow(line, tuple(cells)) for line, cells in version.framework.source_rows]
    try:
        parts = read_parts(rows)
    except UnreadableDocument:
        return []
    return [
        SourceLine(
            part.line,
            {name: part.cells[name] for name in FIELDS if name in part.cells}
            | ({"": part.overflow} if part.overflow else {}),
        )
        for part in parts
        if part.line in wanted
    ]


def neighbours(version: TaskVersion) -> tuple[int | None, int | None]:
    """The numbers of the tasks before and after."""
    numbers = version.framework.tasks.order_by("no").values_list("no", flat=True)
    before = numbers.filter(no__lt=version.no).last()
    return before, numbers.filter(no__gt=version.no).first()


def meanings_of(version: TaskVersion, words: Iterable[str]) -> list[PhraseMeaning]:
    """What people settled about a task's phrases: for the task itself, then for all tasks.

    `words` are the task's actor phrases; of the answers for all tasks only theirs are given.
    """
    phrases = list(words)
    asked = {fold(text) for text in phrases} | {
        fold(actor.text) for text in phrases for actor in parse_actors(text).actors
    }
    found = version.framework.meanings.filter(
        Q(task_version=version) | Q(task_version__isnull=True)
    ).select_related("settled_by")
    return [
        meaning
        for meaning in found.order_by(
            F("task_version").asc(nulls_last=True), "role", "valid_from", "id"
        )
        if meaning.task_version_id or fold(meaning.phrase) in asked
    ]


def meanings_of_addressees(framework: Framework) -> list[PhraseMeaning]:
    """What people settled, for all tasks, about the bodies of the Decision's article."""
    asked = {fold(actor["text"]) for actor in framework.addressees}
    found = framework.meanings.filter(
        task_version__isnull=True, role=PhraseMeaning.Role.IMPLEMENTING
    ).select_related("settled_by")
    return [
        meaning for meaning in found.order_by("valid_from", "id") if fold(meaning.phrase) in asked
    ]


def settled_head(framework: Framework) -> dict[str, str]:
    """What people settled about the Decision's own number, date and signer, by field."""
    about_head = framework.doubts.filter(task_version__isnull=True, settled_at__isnull=False)
    return {
        doubt.field: doubt.settlement
        for doubt in about_head.exclude(field="").order_by("settled_at", "id")
    }


def doubts_of(
    framework: Framework, *, is_open: bool | None = None, code: str = ""
) -> QuerySet[Doubt]:
    """The worklist of doubts, in the order of the file."""
    found = framework.doubts.select_related("task_version", "settled_by")
    if is_open is not None:
        found = found.filter(settled_at__isnull=is_open)
    return found.filter(code=code) if code else found
