"""What the schedule does for reminders: digests once an hour of a working day, the outbox,
and what the board says of letters."""

import datetime as dt

from django.db import transaction

from khung.assignments.calendar import working_calendar
from khung.base import jobs, schedule
from khung.base.ticking import on_tick
from khung.reminders import outbox
from khung.reminders.jobs import count_letter_effects, make_digests, send_waiting

NAME = "digests"


# After the seal: what has happened until now has its place in the chain.
@on_tick(order=85)
def remind(now: dt.datetime) -> None:
    """Has the digests made of the hours that came since it last ran today."""
    last = schedule.last_ran(NAME)
    today = now.date()
    covered = last.astimezone(now.tzinfo) if last else None
    first = covered.hour + 1 if covered and covered.date() == today else 0
    if first > now.hour:
        return
    if working_calendar(today, today).is_working(today):
        jobs.enqueue_once(make_digests, f"{today.isoformat()} {first:02d} {now.hour:02d}")
    with transaction.atomic():
        schedule.ran(NAME, now)


@on_tick(order=86)
def send(now: dt.datetime) -> None:
    """Has waiting messages sent; a minute's job at a time."""
    if outbox.waiting(now):
        jobs.enqueue_once(send_waiting, f"{now:%Y-%m-%dT%H:%M}")


@on_tick(order=90)
def count_for_the_board(now: dt.datetime) -> None:
    """Has what followed the letters of urging counted once an hour."""
    jobs.enqueue_once(count_letter_effects, f"{now:%Y-%m-%dT%H}")
