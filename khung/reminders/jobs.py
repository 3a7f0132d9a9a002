"""Work of this room done in the background."""

import datetime as dt

from khung.base import clock
from khung.base.jobs import job
from khung.reminders import board_letters, digests, outbox

_AT_MOST = dt.timedelta(minutes=20)


@job(timeout=dt.timedelta(minutes=30))
def make_digests(key: str) -> int:
    """Makes the digests of some hours of a day: "2025-03-03 07 09" is from 7 to 9 o'clock.

    Returns how many; none on a later day, whose own digests tell what still stands.
    """
    day, first, last = key.split()
    now = clock.now()
    if day != now.date().isoformat():
        return 0
    return digests.make_digests(hours=range(int(first), int(last) + 1), now=now)


@job(timeout=dt.timedelta(minutes=30))
def send_waiting(_minute: str) -> int:
    """Sends the messages that may leave; returns how many were taken up."""
    began, taken = clock.now(), 0
    while portion := outbox.send_portion(now=clock.now()):
        taken += portion
        if clock.now() - began > _AT_MOST:
            break
    return taken


@job(timeout=dt.timedelta(minutes=20))
def count_letter_effects(hour: str) -> int:
    """Counts anew what followed the letters, for the board; returns for how many periods."""
    return board_letters.refresh_moving(now=clock.now())
