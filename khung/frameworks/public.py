"""What of the framework is published: the Decision and its tasks in force, in its own words."""

import datetime as dt
from dataclasses import dataclass

from khung.base import files
from khung.frameworks import tasks
from khung.frameworks.queries import in_force_on


@dataclass(frozen=True, slots=True)
class PublicFramework:
    """The framework in force, and the Decision it belongs to."""

    id: int
    number: str
    issued_on: dt.date
    issuer: str
    signer: str
    title: str
    in_force_from: dt.date
    province_code: str
    task_count: int


@dataclass(frozen=True, slots=True)
class PublicMethod:
    """A method and its kind (a key of `khung.rules.methods.KINDS`)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class PublicTask:
    """A task as the Decision words it, accepted corrections in place."""

    no: int
    dimension: int
    subdimension: str
    area_name: str
    title: str
    content: tuple[str, ...]
    methods: tuple[PublicMethod, ...]
    guiding: tuple[str, ...]
    implementing: tuple[str, ...]
    timing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicFile:
    """The Decision's file as it was handed in for the framework."""

    name: str
    content_type: str
    data: bytes


def framework_in_force(day: dt.date) -> PublicFramework | None:
    """The framework in force on a day, or None before the first one is."""
    found = in_force_on(day)
    if found is None or found.in_force_from is None:
        return None
    decision = found.decision
    return PublicFramework(
        id=found.pk,
        number=decision.number,
        issued_on=decision.issued_on,
        issuer=decision.issuer,
        signer=decision.signer,
        title=decision.title,
        in_force_from=found.in_force_from,
        province_code=decision.province_code,
        task_count=found.tasks.count(),
    )


def published_tasks(
    day: dt.date,
    *,
    text: str = "",
    dimension: int | None = None,
    no: int | None = None,
    english: bool = False,
) -> list[PublicTask]:
    """The tasks in force on a day, found by words with or without marks: three queries.

    `english` names the sub-dimensions in English; the Decision's own words stay as they are.
    """
    framework = in_force_on(day)
    if framework is None:
        return []
    found = tasks.search(framework, text=text, dimension=dimension)
    if no is not None:
        found = found.filter(no=no)
    year = framework.decision.issued_on.year
    return [_public(task, year, english=english) for task in tasks.worded(found)]


def decision_file(day: dt.date) -> PublicFile | None:
    """The file of the framework in force. Raises OSError where the data folder lost it."""
    framework = in_force_on(day)
    if framework is None:
        return None
    stored = framework.file
    return PublicFile(stored.name, stored.content_type, files.read(stored))


def _public(task: tasks.WordedTask, year: int, *, english: bool) -> PublicTask:
    version = task.version
    return PublicTask(
        no=version.no,
        dimension=version.dimension,
        subdimension=version.subdimension,
        area_name=tasks.subdimension_label(version.subdimension, year, english=english),
        title=task.title,
        content=tuple(item.words for item in task.content),
        methods=tuple(PublicMethod(item.words, item.kind) for item in task.methods),
        guiding=tuple(item.words for item in task.guiding),
        implementing=tuple(item.words for item in task.implementing),
        timing=tuple(item.words for item in task.timing),
    )
