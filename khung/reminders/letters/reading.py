"""Which letters a person may read, and finding among them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khung.assignments.models import Period
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reminders.models import Letter, LetterItem, LetterRecipient
from khung.rules.permissions import Permission
from khung.rules.text import fold

DRAFT, ISSUED, WITHDRAWN = "draft", "issued", "withdrawn"
STATES = (DRAFT, ISSUED, WITHDRAWN)
# So many recipients are named in a list; the others are counted.
NAMED = 3


@dataclass(frozen=True, slots=True)
class LettersWanted:
    """What a list of letters is narrowed to; empty fields ask for everything."""

    period: Period | None = None
    state: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.period or self.state or self.words)


def visible_to(acting: Acting) -> QuerySet[Letter]:
    """All letters to whoever sees all work; to a unit those issued to it or through it."""
    if Permission.VIEW_ALL_WORK in acting.permissions:
        return Letter.objects.all()
    unit = acting.unit
    if unit is None or Permission.VIEW_OWN_UNIT_WORK not in acting.permissions:
        return Letter.objects.none()
    return sent_to(unit)


def sent_to(unit: Unit) -> QuerySet[Letter]:
    """The letters issued to a unit, or through it to another."""
    to_it = LetterRecipient.objects.filter(Q(unit=unit) | Q(through=unit), letter=OuterRef("pk"))
    return Letter.objects.filter(Exists(to_it)).exclude(number="")


def in_state(letters: QuerySet[Letter], state: str) -> QuerySet[Letter]:
    """Those waiting for their number, issued, or withdrawn; all for ""."""
    if state == DRAFT:
        return letters.filter(number="", withdrawn_at__isnull=True)
    if state == ISSUED:
        return letters.exclude(number="")
    return letters.filter(withdrawn_at__isnull=False) if state == WITHDRAWN else letters


def narrowed(letters: QuerySet[Letter], wanted: LettersWanted) -> QuerySet[Letter]:
    """Those asked for; words are looked for in the number and in the recipients' names."""
    letters = in_state(letters, wanted.state)
    if wanted.period is not None:
        letters = letters.filter(period=wanted.period)
    if wanted.words:
        named = LetterRecipient.objects.filter(
            unit__folded_name__contains=fold(wanted.words), letter=OuterRef("pk")
        )
        letters = letters.filter(Q(number__icontains=wanted.words) | Exists(named))
    return letters


def for_list(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """The letters with `units` and `tasks` counted and their first recipients, in two queries."""
    recipients = LetterRecipient.objects.select_related("unit").order_by("unit__sort_key", "id")
    return (
        letters.select_related("period")
        .annotate(**{"units": _count(LetterRecipient), "tasks": _count(LetterItem)})
        .prefetch_related(Prefetch("recipients", recipients[:NAMED], "first_recipients"))
        .order_by("-made_at", "-id")
    )


def _count(model: type[LetterRecipient] | type[LetterItem]) -> Coalesce:
    """How many rows of a letter, asked apart so that they don't multiply one another."""
    rows = model.objects.filter(letter=OuterRef("pk")).order_by().values("letter")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def state_of(letter: Letter) -> str:
    """One of STATES."""
    if letter.withdrawn_at is not None:
        return WITHDRAWN
    return ISSUED if letter.number else DRAFT
