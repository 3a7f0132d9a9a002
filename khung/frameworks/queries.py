"""Reading frameworks, and handing their tasks to the rules."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max, Min, Q, QuerySet, Subquery

from khung.base.models import StoredFile
from khung.frameworks.models import Decision, Framework, ResponsibleUnit, TaskItem, TaskVersion
from khung.orgs.models import Unit
from khung.orgs.queries import on
from khung.rules.actors import Actor, ActorPhrase, learn_definitions, parse_actors
from khung.rules.expansion import Meaning, TaskRule, settled_addressees
from khung.rules.schedule import Plan, plan
from khung.rules.text import fold
from khung.rules.timing import parse_timing


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task version with what the rules make of it on one day."""

    version: TaskVersion
    rule: TaskRule
    plan: Plan


def in_force_on(day: dt.date) -> Framework | None:
    """The framework in force on a day; of several provinces, that which came into force last.

    Asked by its dates: one superseded from a later day is in force until then.
    """
    return (
        Framework.objects.filter(
            Q(in_force_to__isnull=True) | Q(in_force_to__gte=day), in_force_from__lte=day
        )
        .select_related("decision", "file", "put_in_force_by")
        .order_by("-in_force_from", "-id")
        .first()
    )


def coordinators(framework: Framework) -> QuerySet[ResponsibleUnit]:
    """The units that follow, urge and sum up a framework, as named when it came into force."""
    held = framework.responsible.filter(duty=ResponsibleUnit.Duty.COORDINATOR)
    return held.select_related("unit").order_by("id")


def giving_work(day: dt.date, until: dt.date) -> Framework | None:
    """The framework whose tasks are given from a day; before the first one, that of `until`.

    So the period in which the first framework comes into force is given its tasks.
    """
    return in_force_on(day) or in_force_on(until)


def shown_on(day: dt.date) -> Framework | None:
    """What pages show by default on a day: the framework in force, else the newest kept."""
    return in_force_on(day) or versions().first()


def first_day_in_force() -> dt.date | None:
    """The day the first framework came, or comes, into force."""
    first: dt.date | None = Framework.objects.aggregate(day=Min("in_force_from"))["day"]
    return first


def province_on(day: dt.date) -> Unit | None:
    """The province whose framework came into force last, as it was on a day."""
    begun = Framework.objects.filter(in_force_from__isnull=False)
    code = begun.order_by("-in_force_from", "-id").values("decision__province_code")[:1]
    return Unit.objects.filter(on(day), parent__isnull=True, code=Subquery(code)).first()


def versions() -> QuerySet[Framework]:
    """Every framework kept, the newest first."""
    return Framework.objects.select_related("decision", "file", "put_in_force_by").order_by("-id")


def read_from(file: StoredFile, province_code: str) -> Framework | None:
    """The draft, or the framework in force, that a province has from this very file."""
    kept = versions().exclude(status=Framework.Status.SUPERSEDED)
    return kept.filter(file=file, decision__province_code=province_code).first()


def next_number(decision: Decision) -> int:
    """The number of the Decision's next framework; those discarded leave gaps."""
    highest = decision.frameworks.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def tasks_of(framework: Framework) -> QuerySet[TaskVersion]:
    return framework.tasks.order_by("no")


def addressees(framework: Framework, day: dt.date) -> tuple[Actor, ...]:
    """The bodies the Decision's article on carrying it out names, as settled on a day."""
    written = [Actor(**actor) for actor in framework.addressees]
    return settled_addressees(written, _meanings(framework, day)[None])


def _meanings(framework: Framework, day: dt.date) -> dict[int | None, list[Meaning]]:
    """The answers that hold on a day, by task version; None for those given for all tasks."""
    found: dict[int | None, list[Meaning]] = defaultdict(list)
    settled = framework.meanings.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    )
    for meaning in settled.order_by("id"):
        found[meaning.task_version_id].append(
            Meaning(
                meaning.role,
                meaning.phrase,
                tuple(Actor(**actor) for actor in meaning.actors),
                meaning.is_addition,
            )
        )
    return found


def responsible_codes(framework: Framework, duty: str) -> tuple[str, ...]:
    """Codes of the units that hold a duty of the whole framework, in the order recorded."""
    return tuple(
        framework.responsible.filter(duty=duty).order_by("id").values_list("unit__code", flat=True)
    )


def planned_tasks(framework: Framework, day: dt.date) -> list[PlannedTask]:
    """Every task with its rule as settled on a day: three queries, whatever the size."""
    items: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in TaskItem.objects.filter(task_version__framework=framework).order_by(
        "task_version", "field", "position"
    ):
        items[item.task_version_id][item.field].append(item.words)
    learnt = learn_definitions(
        text for fields in items.values() for texts in fields.values() for text in texts
    )
    definitions = tuple(learnt.items())
    meanings = _meanings(framework, day)
    field = TaskItem.Field
    planned = []
    for version in tasks_of(framework):
        words = items[version.pk]
        rule = TaskRule(
            no=version.no,
            guiding=tuple(_phrase(text, definitions) for text in words[field.GUIDING]),
            implementing=tuple(_phrase(text, definitions) for text in words[field.IMPLEMENTING]),
            timings=tuple(_timing(text) for text in words[field.TIMING]),
            # A task's own answer comes before the one given for all tasks.
            meanings=_own_first(meanings[version.pk], meanings[None]),
        )
        planned.append(PlannedTask(version, rule, plan(rule.timings)))
    return planned


# The same words are read again for every page and period; what they say depends on nothing else.
@lru_cache(maxsize=4096)
def _phrase(text: str, definitions: tuple[tuple[str, str], ...]) -> ActorPhrase:
    return parse_actors(text, dict(definitions))


_timing = lru_cache(maxsize=1024)(parse_timing)


def _own_first(own: list[Meaning], common: list[Meaning]) -> tuple[Meaning, ...]:
    answered = {(meaning.role, fold(meaning.phrase)) for meaning in own}
    return (*own, *(m for m in common if (m.role, fold(m.phrase)) not in answered))
