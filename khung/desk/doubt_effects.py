"""What answering a doubt changes, for the page where it is answered."""

import datetime as dt
from dataclasses import dataclass

from khung.assignments.reach import phrase_reach
from khung.frameworks import settling
from khung.frameworks.models import Doubt
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_MEANT

COMMUNES, PHRASE, CORRECTION, NOTE = "communes", "phrase", "correction", "note"


@dataclass(frozen=True, slots=True)
class Effect:
    """The kind of effect; of an actor phrase its words and the units by level it names today.

    `is_undone` tells that the communes were taken in by the answer, and later withdrawn.
    """

    kind: str
    phrase: str = ""
    levels: dict[str, int] | None = None
    is_undone: bool = False


def effect(doubt: Doubt, today: dt.date) -> Effect:
    """What an answer to the doubt does."""
    version = doubt.task_version
    if version is None or not doubt.code.startswith("actor_"):
        return Effect(CORRECTION if settling.choices(doubt) else NOTE)
    version.framework = doubt.framework
    phrase = settling.phrase_of(doubt)
    levels = phrase_reach(version, doubt.field, phrase, today)
    if doubt.code != COMMUNES_MEANT:
        return Effect(PHRASE, phrase, levels)
    is_undone = doubt.settlement == COMMUNES_INCLUDED and not settling.communes_added(doubt)
    return Effect(COMMUNES, phrase, levels, is_undone)
