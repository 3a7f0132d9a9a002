"""The steps of the bench that run inside Django, in a process of their own for each database.

Each line of standard output is a JSON object: `{"step": …}` says what begins, the others hold
figures. `python -m bench.inside small` makes and measures the small database, `… large` grows a
copy of it; `… found` looks afterwards for the reports named on standard input.
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from bench.sizes import FULL, QUICK, Sizes

STEPS = {
    "small": ("prepare", "load", "read", "expand", "spread", "report", "roll_up"),
    "large": ("grow", "report", "roll_up"),
}
MEGABYTE = 1024  # ru_maxrss counts kilobytes


def tell(**values: Any) -> None:
    print(json.dumps(values), flush=True)  # noqa: T201 - read by the parent process


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def small(sizes: Sizes) -> None:
    """Makes the database, measuring the reading of the Decision and the expansion."""
    from bench import data, reports
    from khung.base import clock
    from khung.base.preparation import prepare

    now = clock.now()
    tell(step="prepare")
    prepare(lambda _: None, demonstration=False)
    tell(step="load")
    province = data.load_province(now, sizes.villages)
    tell(step="read")
    tell(read_decision_s=statistics.median(_read(province) for _ in range(sizes.repeats)))
    tell(step="expand")
    before, rates, made = peak_mb(), [], 0
    for _ in range(sizes.repeats):
        data.empty_work()
        started = time.perf_counter()
        made = data.put_into_work(province, now)
        rates.append(made / (time.perf_counter() - started))
    tell(
        expand_per_s=statistics.median(rates),
        expand_assignments=made,
        expand_grew_mb=peak_mb() - before,
    )
    tell(step="spread")
    data.spread(data.open_periods(now), sizes.small)
    tell(step="report")
    shares = [sizes.sent_alone, *sizes.sent_at_once]
    units = reports.clear_desks(len(shares), now.date())
    reports.write_reports(province.person, now)
    _roll_up(data.make_roll_up, "60k")
    tell(sessions=data.sessions(province))
    senders = reports.senders(units, shares, data.sign_in)
    tell(senders=[one.as_json() for one in senders])


def large(sizes: Sizes) -> None:
    """Grows the database to the large number of assignments."""
    from bench import data, reports
    from khung.base import clock
    from khung.frameworks.models import Framework
    from khung.orgs.models import RoleHeld

    tell(step="grow")
    framework = Framework.objects.get(status=Framework.Status.IN_FORCE)
    data.grow(framework, data.open_periods(clock.now()), sizes.large)
    tell(step="report")
    held = RoleHeld.objects.filter(role="coordinator").select_related("person").order_by("id")[0]
    reports.write_reports(held.person, clock.now())
    _roll_up(data.make_roll_up, "2m")


def found(_: Sizes) -> None:
    """Tells how many of the reports named on standard input, as JSON, are there and whole."""
    from bench import reports

    tell(found=reports.found(json.load(sys.stdin)))


def _read(province: Any) -> float:
    """Seconds to read the Decision's file into a draft framework, all rows written."""
    from django.db import transaction

    from khung.base import clock
    from khung.frameworks import demonstration
    from khung.frameworks.actions import draft_framework

    path = settings.DEMONSTRATION_FOLDER / demonstration.DECISION
    with transaction.atomic():
        taken = seconds(
            lambda: draft_framework(
                # One byte more than the file in force, which is not read twice.
                data=path.read_bytes() + b"\n",
                name=path.name,
                province_code=province.framework.decision.province_code,
                by=province.person,
                now=clock.now(),
            )
        )
        transaction.set_rollback(True)
    return taken


def _roll_up(make: Callable[[], int], name: str) -> None:
    from khung.assignments.models import Assignment

    tell(step="roll_up")
    started = time.perf_counter()
    cells = make()
    tell(
        **{
            f"roll_up_s_{name}": time.perf_counter() - started,
            f"roll_up_cells_{name}": cells,
            f"assignments_{name}": Assignment.objects.count(),
        }
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    steps = {"small": small, "large": large, "found": found}
    steps[sys.argv[1]](QUICK if "--quick" in sys.argv else FULL)
