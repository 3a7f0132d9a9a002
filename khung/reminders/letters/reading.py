"""Which letters a person may read, and finding among them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from khung.assignments.models import Period
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reminders.models import Letter, LetterRecipient
from khung.rules.permissions import Permission
from khung.rules.text import fold

DRAFT, ISSUED, WITHDRAWN = "draft", "issued", "withdrawn"
STATES = (DRAFT, ISSUED, WITHDRAWN)


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
    match state:
        case "draft":
            return letters.filter(number="", withdrawn_at__isnull=True)
        case "issued":
            return letters.exclude(number="")
        case "withdrawn":
            return letters.filter(withdrawn_at__isnull=False)
        case _:
            return letters


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


def state_of(letter: Letter) -> str:
    """One of STATES."""
    if letter.withdrawn_at is not None:
        return WITHDRAWN
    return ISSUED if letter.number else DRAFT
