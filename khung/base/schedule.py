"""When each part of the schedule last ran."""

import datetime as dt

from khung.base.models import ScheduleTick


def ran(name: str, now: dt.datetime) -> None:
    """Note that the part `name` of the schedule finished at `now`."""
    ScheduleTick.objects.update_or_create(name=name, defaults={"ran_at": now})


def last_ran(name: str) -> dt.datetime | None:
    """When the part `name` last finished, for pages that say "as of"; None if never."""
    return ScheduleTick.objects.filter(name=name).values_list("ran_at", flat=True).first()
