"""What people and the schedule do to periods, occasions and assignments."""

from khung.assignments.actions.calendar import (
    fill_calendar,
    remove_calendar_day,
    set_calendar_day,
)
from khung.assignments.actions.deadlines import WrongDeadline, set_deadline
from khung.assignments.actions.disclosure import (
    NotYetIssued,
    record_disclosure,
    withdraw_disclosure,
)
from khung.assignments.actions.exceptions import (
    WrongException,
    grant_lock_exception,
    revoke_lock_exception,
)
from khung.assignments.actions.occasions import (
    NothingToDo,
    WrongDay,
    close_occasion,
    extend_occasion,
    open_occasion,
)
from khung.assignments.actions.periods import (
    NotInForce,
    WrongCycle,
    make_period,
    put_period_into_work,
)
from khung.assignments.actions.states import change_state, exempt_ended_units

__all__ = [
    "NotInForce",
    "NotYetIssued",
    "NothingToDo",
    "WrongCycle",
    "WrongDay",
    "WrongDeadline",
    "WrongException",
    "change_state",
    "close_occasion",
    "exempt_ended_units",
    "extend_occasion",
    "fill_calendar",
    "grant_lock_exception",
    "make_period",
    "open_occasion",
    "put_period_into_work",
    "record_disclosure",
    "remove_calendar_day",
    "revoke_lock_exception",
    "set_calendar_day",
    "set_deadline",
    "withdraw_disclosure",
]
