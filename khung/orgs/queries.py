"""Questions about units, each asked as of a day, and about the people who act for them."""

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from khung.orgs.models import (
    BEGINNING,
    PEOPLE_COMMITTEE,
    Person,
    RoleHeld,
    Succession,
    Unit,
    UnitAlias,
    UnitName,
)
from khung.rules.expansion import LEVELS, UnitFact
from khung.rules.permissions import ROLES, Permission
from khung.rules.text import fold, squeeze

if TYPE_CHECKING:
    from khung.orgs.acting import Acting


def on(day: dt.date, prefix: str = "") -> Q:
    """The condition that a dated row (both days inclusive) holds on a day."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def units_on(day: dt.date) -> QuerySet[Unit]:
    """The units of a day, each with `day_name`, the name it bore then."""
    return named_on(Unit.objects.filter(on(day)), day)


def named_on(units: QuerySet[Unit], day: dt.date) -> QuerySet[Unit]:
    """The same units with `day_name`; where the unit had no name yet or any more, its newest."""
    dated = UnitName.objects.filter(on(day), unit=OuterRef("pk")).values("name")[:1]
    # Unpacked, because the type checker would see a second declaration in Unit.
    return units.annotate(**{"day_name": Coalesce(Subquery(dated), F("name"))})


def name_on(unit: Unit, day: dt.date) -> str:
    """What the unit was called on a day; its newest name where it was not there."""
    dated = unit.names.filter(on(day)).values_list("name", flat=True).first()
    return dated or unit.name


def unit_on(code: str, day: dt.date) -> Unit | None:
    """The unit that bore a code on a day; codes were reused, so the day decides."""
    return units_on(day).filter(code=code).first()


def province_root(code: str, day: dt.date) -> Unit | None:
    """The province of that code on a day, the root of its tree."""
    return units_on(day).filter(code=code, parent__isnull=True).first()


def roots_on(day: dt.date) -> QuerySet[Unit]:
    """The trees of a day: one for each province the installation knows."""
    return units_on(day).filter(parent__isnull=True).order_by("sort_key", "id")


def subtree(unit: Unit, day: dt.date) -> QuerySet[Unit]:
    """The unit and everything below it on a day."""
    return units_on(day).filter(path__startswith=unit.path)


def children(unit: Unit, day: dt.date) -> QuerySet[Unit]:
    """What stood directly below a unit on a day: territories, then bodies, each by name.

    `below` counts what stands below each of them on that day.
    """
    below = Count("children", filter=on(day, "children__"))
    rows = units_on(day).filter(parent=unit).annotate(**{"below": below})
    territories_first = Case(When(kind=PEOPLE_COMMITTEE, then=0), default=1)
    return rows.order_by(territories_first, "sort_key", "id")


def ancestors(unit: Unit, day: dt.date) -> list[Unit]:
    """What stands above a unit, from the root down."""
    above = [int(pk) for pk in unit.path.strip("/").split("/")[:-1]]
    found = named_on(Unit.objects.filter(pk__in=above), day).in_bulk()
    return [found[pk] for pk in above]


def turning_days() -> list[dt.date]:
    """The days on which units began, ended or were renamed, oldest first."""
    begun = UnitName.objects.exclude(valid_from=BEGINNING).values_list("valid_from", flat=True)
    ended = Unit.objects.exclude(valid_to=None).values_list("valid_to", flat=True)
    last_days = (day for day in ended.distinct() if day)
    return sorted({*begun.distinct(), *(day + dt.timedelta(days=1) for day in last_days)})


def there_between(first: dt.date, last: dt.date) -> QuerySet[Unit]:
    """The units that stood on any of the days."""
    there = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    return Unit.objects.filter(there, valid_from__lte=last)


def levels_between(first: dt.date, last: dt.date) -> set[str]:
    """The levels that had units on any of the days."""
    return set(there_between(first, last).values_list("level", flat=True))


def level_counts(root: Unit, day: dt.date) -> dict[str, int]:
    """How many territories of each level stood below a unit on a day; empty levels left out."""
    rows = subtree(root, day).filter(kind=PEOPLE_COMMITTEE).exclude(pk=root.pk).order_by()
    counted = dict(rows.values_list("level").annotate(number=Count("id")))
    return {level: counted[level] for level in LEVELS if level in counted}


def facts_on(root: Unit, day: dt.date) -> list[UnitFact]:
    """The units of one province on a day, as the rules want them. One query, parents first."""
    rows = (
        Unit.objects.filter(on(day), path__startswith=root.path)
        .annotate(dated=FilteredRelation("names", condition=on(day, "names__")))
        .order_by("path", "id", "aliases__id")
        .values_list(
            "id", "code", "kind", "level", Coalesce("dated__name", "name"), "parent_id", "path",
            "aliases__text",
        )
    )  # fmt: skip

    def unit_columns(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[:-1]

    facts = []
    for (pk, code, kind, level, name, parent_id, path), group in groupby(rows, key=unit_columns):
        aliases = tuple(row[-1] for row in group if row[-1] is not None)
        facts.append(UnitFact(pk, code, kind, level, name, aliases, parent_id, path))
    return facts


def search_units(text: str, day: dt.date, limit: int = 20) -> list[Unit]:
    """The units of a day whose name or alias has every word or its beginning, marks or none.

    Names with the very marks that were typed come first, then names that begin or end with the
    text, then territories before bodies, from the province down, in the Vietnamese order.
    """
    wanted = squeeze(text).lower()
    if not wanted:
        return []
    found = units_on(day)
    for word in fold(wanted).split():
        begins = _begins("folded", word)
        named = UnitName.objects.filter(begins, on(day), unit=OuterRef("pk"))
        aliased = UnitAlias.objects.filter(begins, unit=OuterRef("pk"))
        found = found.filter(Exists(named) | Exists(aliased))
    ranked = sorted(found.select_related("parent"), key=lambda unit: _rank(unit, wanted))
    return ranked[:limit]


def _begins(column: str, word: str) -> Q:
    """The condition that a word of a folded column begins so."""
    return Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})


def _rank(unit: Unit, wanted: str) -> tuple[Any, ...]:
    name = unit.day_name.lower()
    folded, text = fold(name), fold(wanted)
    return (
        name != wanted,
        not set(wanted.split()) <= set(name.split()),
        text not in folded,
        not folded.startswith(text) and not folded.endswith(text),
        unit.kind != PEOPLE_COMMITTEE,
        LEVELS.index(unit.level),
        unit.sort_key,
    )


def became(unit: Unit) -> QuerySet[Succession]:
    """What became of a unit; empty while it lasts, and where nobody knows."""
    return unit.successions.select_related("successor").order_by(
        "effective_on", "successor__sort_key"
    )


def came_from(unit: Unit) -> QuerySet[Succession]:
    """The units this one followed."""
    return unit.origins.select_related("predecessor").order_by(
        "effective_on", "predecessor__sort_key"
    )


def roles_of(person: Person, day: dt.date) -> QuerySet[RoleHeld]:
    """The roles a person holds on a day, with their units."""
    return RoleHeld.objects.filter(on(day), person=person).select_related("unit").order_by("id")


def holders_of(unit: Unit, permission: Permission, day: dt.date) -> QuerySet[Person]:
    """The people who may do something in a unit on a day, in the Vietnamese order of names."""
    roles = [role.code for role in ROLES.values() if permission in role.permissions]
    held = RoleHeld.objects.filter(on(day), unit=unit, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by(
        "sort_key", "id"
    )


def visible_to(acting: "Acting") -> QuerySet[Unit]:
    """Which units a person may look up: all, for whoever holds a role; else none."""
    return Unit.objects.all() if acting.permissions else Unit.objects.none()


def holders_visible_to(acting: "Acting", unit: Unit, day: dt.date) -> QuerySet[RoleHeld]:
    """Who holds a role in a unit on a day, for colleagues and for those who keep the accounts."""
    held = unit.holders.filter(on(day)).select_related("person").order_by("role", "id")
    is_colleague = acting.unit is not None and acting.unit.pk == unit.pk
    keeps_accounts = Permission.MANAGE_PEOPLE in acting.permissions
    coordinates = Permission.EDIT_UNITS in acting.permissions
    return held if is_colleague or keeps_accounts or coordinates else held.none()


def people_visible_to(acting: "Acting") -> QuerySet[Person]:
    """The accounts a person may look at: all, for those who keep them; else none."""
    may = Permission.MANAGE_PEOPLE in acting.permissions
    return Person.objects.order_by("sort_key", "id") if may else Person.objects.none()


def find_people(
    people: QuerySet[Person], day: dt.date, *, words: str = "", unit_words: str = "", role: str = ""
) -> QuerySet[Person]:
    """Those whose name has the words, and who hold a role of that day in a unit of such a name.

    Words may be beginnings, without marks; each comes with `roles_now`, the roles of the day.
    """
    for word in fold(squeeze(words)).split():
        people = people.filter(_begins("folded_name", word))
    held = RoleHeld.objects.filter(on(day))
    if unit_words or role:
        wanted = held.filter(role=role) if role else held
        for word in fold(squeeze(unit_words)).split():
            wanted = wanted.filter(_begins("unit__folded_name", word))
        people = people.filter(Exists(wanted.filter(person=OuterRef("pk"))))
    shown = held.select_related("unit").order_by("id")
    return people.prefetch_related(Prefetch("roles", queryset=shown, to_attr="roles_now"))


def demonstration_accounts(day: dt.date) -> QuerySet[RoleHeld]:
    """The roles of the demonstration's accounts, for the page of one-click sign-in."""
    return (
        RoleHeld.objects.filter(on(day), person__is_demonstration=True, person__is_active=True)
        .select_related("person", "unit")
        .order_by("id")
    )
