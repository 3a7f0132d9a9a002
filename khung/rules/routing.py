"""The way of a difficulty: which stages it may climb, what may be done at each, by when."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

SUPERIOR, GUIDE, COORDINATOR, PROVINCE = "superior", "guide", "coordinator", "province"
# From the nearest to the last who can be asked.
STAGES = (SUPERIOR, GUIDE, COORDINATOR, PROVINCE)
# Only these may bind other units: a decision names who does what by when.
DECIDING = frozenset({COORDINATOR, PROVINCE})
# The turn of the unit that raised it, to say whether the answer helped.
RAISER = "raiser"

WAITING, ANSWERED, DECIDED = "waiting", "answered", "decided"
CONFIRMED, WITHDRAWN = "confirmed", "withdrawn"
OPEN_STATES = (WAITING, ANSWERED, DECIDED)

VERBS = {
    "answer": "Trả lời",
    "decide": "Quyết định",
    "send_on": "Chuyển tiếp",
    "carry_out": "Báo đã thực hiện",
    "confirm": "Xác nhận đã giải quyết",
    "dispute": "Báo chưa giải quyết",
    "withdraw": "Rút lại",
}
# Where each verb leads; what is not written here cannot be done.
TRANSITIONS = {
    (WAITING, "answer"): ANSWERED,
    (WAITING, "decide"): DECIDED,
    (WAITING, "send_on"): WAITING,
    (WAITING, "withdraw"): WITHDRAWN,
    (ANSWERED, "confirm"): CONFIRMED,
    (ANSWERED, "dispute"): WAITING,
    (ANSWERED, "withdraw"): WITHDRAWN,
    (DECIDED, "carry_out"): ANSWERED,
    (DECIDED, "confirm"): CONFIRMED,
    (DECIDED, "dispute"): WAITING,
    (DECIDED, "withdraw"): WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How many working days a stage has from a day on, and who says so."""

    stage: str
    working_days: int
    valid_from: dt.date
    valid_to: dt.date | None
    source: str


_PROPOSED = "Khung đề xuất; Quyết định và pháp luật không quy định"
_ALWAYS = dt.date(1, 1, 1)
CLOCKS = (
    Clock(SUPERIOR, 5, _ALWAYS, None, _PROPOSED),
    Clock(GUIDE, 5, _ALWAYS, None, _PROPOSED),
    Clock(COORDINATOR, 5, _ALWAYS, None, _PROPOSED),
    Clock(PROVINCE, 10, _ALWAYS, None, _PROPOSED),
    Clock(RAISER, 5, _ALWAYS, None, _PROPOSED),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage and the unit, by any key of the caller's, that holds it."""

    stage: str
    unit: int


class NotNow(Exception):
    """The state does not know the verb; the message is Vietnamese, for the person who tried."""

    def __init__(self, state: str, verb: str) -> None:
        self.state, self.verb = state, verb
        super().__init__(
            f"Chưa thể “{VERBS.get(verb, verb)}”: khó khăn này không còn ở bước đó. "
            "Hãy tải lại trang để xem bước hiện nay."
        )


class LastStop(Exception):
    """There is no later stage to send a difficulty on to; the message is Vietnamese."""

    def __init__(self) -> None:
        super().__init__(
            "Không còn cấp nào sau cấp này để chuyển tiếp. Hãy trả lời hoặc quyết định."
        )


def clock_on(stage: str, day: dt.date) -> int:
    """Working days a stage has on a day. Raises LookupError for an unknown stage."""
    for clock in CLOCKS:
        until = clock.valid_to or dt.date.max
        if clock.stage == stage and clock.valid_from <= day <= until:
            return clock.working_days
    raise LookupError(stage)


def transition(state: str, verb: str) -> str:
    """The state a verb leads to. Raises NotNow where the table has none."""
    found = TRANSITIONS.get((state, verb))
    if found is None:
        raise NotNow(state, verb)
    return found


def ladder(raiser: int, units: Mapping[str, int | None]) -> tuple[Stop, ...]:
    """The stops of a difficulty of one day, in order.

    `units` says who is superior, guide, coordinator and province. A stage is left out where no
    unit holds it, where that is the raiser itself, and where the same unit is asked at another
    stage. The province is asked last, and a guide that is the coordinator as coordinator, who may
    decide; any other unit is asked at its first stage.
    """
    stops: list[Stop] = []
    for stage in STAGES:
        unit = units.get(stage)
        if unit is None or unit == raiser or unit in {stop.unit for stop in stops}:
            continue
        if stage == GUIDE and unit == units.get(COORDINATOR):
            continue
        if stage != PROVINCE and unit == units.get(PROVINCE):
            continue
        stops.append(Stop(stage, unit))
    return tuple(stops)


def later(stops: Iterable[Stop], stage: str, held: Collection[int]) -> tuple[Stop, ...]:
    """The stops after a stage whose unit has not held the difficulty yet."""
    passed = STAGES.index(stage)
    return tuple(
        stop for stop in stops if STAGES.index(stop.stage) > passed and stop.unit not in held
    )


def after_dispute(stops: Iterable[Stop], answered: Stop, held: Collection[int]) -> Stop:
    """Where a difficulty goes that was not solved: a stage on, else to the last who answered."""
    return next(iter(later(stops, answered.stage, held)), answered)
