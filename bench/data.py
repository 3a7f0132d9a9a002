"""The bench's own province: the demonstration's units, its Decision, and invented villages.

Assignments of one quarter go through the rules; the others are copies of them made in SQL, so
that two million are there in minutes.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import QuerySet

from bench.sizes import AS_OF, PERIODS, QUARTER
from khung.assignments import actions, rollup
from khung.assignments.models import Assignment, Period
from khung.base import clock
from khung.frameworks import demonstration as frameworks
from khung.frameworks.models import Framework, Task, TaskVersion
from khung.orgs import demonstration as orgs
from khung.orgs.models import Person, RoleHeld, Unit, sort_key
from khung.orgs.queries import province_root, subtree
from khung.reports import board_figures
from khung.rules.calendar import period_codes
from khung.rules.text import fold

BACKEND = "django.contrib.auth.backends.ModelBackend"
BY = "system:bench"
# Of 100 assignments: mostly accepted, as in a quarter that is over.
_STATE = """
    CASE WHEN a.id * 7919 %% 100 < 80 THEN 'accepted'
         WHEN a.id * 7919 %% 100 < 88 THEN 'submitted'
         WHEN a.id * 7919 %% 100 < 90 THEN 'returned'
         WHEN a.id * 7919 %% 100 < 94 THEN 'in_progress'
         ELSE 'not_started' END
"""
_LATE = "a.id * 7919 %% 100 >= 90"
_COPIED = (
    "unit_id", "guide_id", "judge_id", "path", "area", "timing", "quota", "may_await_funds",
    "nothing_arose",
    "due_on", "locks_on", "updated_at", "is_illustrative", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Province:
    framework: Framework
    root: Unit
    person: Person


def load_province(now: dt.datetime, villages: int) -> Province:
    """Units, accounts and the framework in force of the demonstration, and labelled villages."""
    folder = settings.DEMONSTRATION_FOLDER
    orgs.load(folder, now)
    person = RoleHeld.objects.filter(role="coordinator").order_by("id")[0].person
    framework = frameworks.load(folder, by=person, now=now)
    root = province_root(framework.decision.province_code, AS_OF)
    if root is None:
        raise RuntimeError("the demonstration has no province on the day that is measured")
    _add_villages(root, villages)
    return Province(framework, root, person)


@transaction.atomic
def _add_villages(root: Unit, number: int) -> None:
    communes = list(subtree(root, AS_OF).filter(level="commune", kind=root.kind).order_by("path"))
    parents = [communes[n % len(communes)] for n in range(number)]
    made = Unit.objects.bulk_create(
        Unit(
            code=f"bench-{n}",
            level="village",
            kind="village",
            name=f"Thôn {n} (đo tốc độ)",
            folded_name=fold(f"Thôn {n} (đo tốc độ)"),
            sort_key=sort_key(f"Thôn {n}"),
            parent=parent,
            is_illustrative=True,
        )
        for n, parent in enumerate(parents, 1)
    )
    for village, parent in zip(made, parents, strict=True):
        village.path = f"{parent.path}{village.pk}/"
    Unit.objects.bulk_update(made, ["path"], batch_size=500)


def put_into_work(province: Province, now: dt.datetime) -> int:
    """One quarter through the rules, as the coordinator's own verb does it; returns how many."""
    return actions.put_period_into_work(
        framework=province.framework, code=QUARTER, by=BY, now=now, as_of=AS_OF
    ).made


def empty_work() -> None:
    """Takes back what a quarter made, so that it can be made again."""
    with connection.cursor() as cursor:
        for table in ("rollupdelta", "rollup", "assignment"):
            cursor.execute(f"DELETE FROM assignments_{table}")  # noqa: S608


def open_periods(now: dt.datetime) -> list[Period]:
    """The quarters assignments are spread over, the measured one first."""
    first = AS_OF
    last = first + dt.timedelta(days=91 * (PERIODS - 1))
    for code in period_codes(first, last, "quarter"):
        actions.make_period(code=code, by=BY, now=now)
    Period.objects.filter(opened_at__isnull=True, kind="quarter").update(opened_at=now)
    return list(Period.objects.filter(kind="quarter").order_by("starts_on")[:PERIODS])


def spread(periods: list[Period], total: int) -> None:
    """Copies the measured quarter's assignments into the others until there are `total`."""
    shown, *others = periods
    _trust_copies()
    _settle_states()
    for n, period in enumerate(others):
        missing = total - Assignment.objects.count()
        _copy(shown, period, limit=missing // (len(others) - n))


def grow(framework: Framework, periods: list[Period], total: int) -> None:
    """Adds copies of the tasks, and their assignments in every quarter, until there are `total`."""
    shown, *others = periods
    _trust_copies()
    own = list(TaskVersion.objects.filter(framework=framework).order_by("no"))
    last = own[-1].no
    each = Assignment.objects.filter(period=shown).count()
    for n in range(1, -(-total // (PERIODS * each)) + 1):
        _copy_tasks(own, n * last)
        _copy(shown, shown, limit=each, offset=n * last, where=f"v.no <= {last}")
    for n, period in enumerate(others):
        missing = total - Assignment.objects.count()
        _copy(shown, period, limit=missing // (len(others) - n), where=f"v.no > {last}")


def _trust_copies() -> None:
    """Copies point where their originals point: PostgreSQL need not look up each of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() == (True,):
                cursor.execute("SET session_replication_role = replica")


def _copy_tasks(own: list[TaskVersion], offset: int) -> None:
    tasks = Task.objects.bulk_create(Task() for _ in own)
    TaskVersion.objects.bulk_create(
        TaskVersion(
            framework_id=version.framework_id,
            task=task,
            no=version.no + offset,
            dimension=version.dimension,
            subdimension=version.subdimension,
        )
        for version, task in zip(own, tasks, strict=True)
    )


def _copy(
    source: Period, target: Period, *, limit: int, offset: int = 0, where: str = "TRUE"
) -> None:
    """Copies a quarter's assignments to another, or to the tasks numbered `offset` higher."""
    columns = ", ".join(_COPIED)
    copied = ", ".join(f"a.{column}" for column in _COPIED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO assignments_assignment ({columns}, task_id, task_version_id, period_id,
                   counts_in_id, state, is_late)
            SELECT {copied}, t.task_id, t.id, %s, %s, {_STATE}, {_LATE}
              FROM assignments_assignment a
              JOIN frameworks_taskversion v ON v.id = a.task_version_id
              JOIN frameworks_taskversion t
                ON t.framework_id = v.framework_id AND t.no = v.no + %s
             WHERE a.period_id = %s AND {where}
             ORDER BY a.id LIMIT %s
            """,  # noqa: S608
            [target.pk, target.pk, offset, source.pk, limit],
        )


def _settle_states() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assignments_assignment AS a SET state = {_STATE}, is_late = {_LATE}",  # noqa: S608
            [],
        )


def make_roll_up() -> int:
    """The board's table from the assignments; returns its number of cells."""
    rollup.fold_all()
    cells = rollup.rebuild()
    board_figures.refresh(Period.objects.get(code=QUARTER), now=clock.now())
    if connection.vendor == "postgresql":
        # What autovacuum does by itself within a minute.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    return cells


def sessions(province: Province) -> dict[str, str]:
    """Session keys of people signed in: who watches the board, who owes, who judges."""
    return {
        "coordinator": sign_in(province.person),
        "officer": sign_in(_officer()),
        "guide": sign_in(_guide()),
    }


def _officer() -> Person:
    """An officer of the commune that owes most."""
    owing = Assignment.objects.filter(period__code=QUARTER, unit__level="commune")
    return _person("officer", owing, "unit_id")


def _guide() -> Person:
    """Someone of the body that judges most."""
    return _person("guide", Assignment.objects.filter(period__code=QUARTER), "judge_id")


def _person(role: str, work: QuerySet[Assignment], unit_column: str) -> Person:
    """A person with a role in the unit that has most of this work."""
    units = Counter(work.exclude(**{unit_column: None}).values_list(unit_column, flat=True))
    person = Person.objects.create(
        username=f"bench-{role}", full_name=f"Người đo ({role})", joined_at=clock.now()
    )
    RoleHeld.objects.create(person=person, unit_id=units.most_common(1)[0][0], role=role)
    return person


def sign_in(person: Person) -> str:
    """The key of a new session of a person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)
