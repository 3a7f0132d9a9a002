"""Reports, turns and judgements behind the bench's assignments, and who will send more of them."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base import files
from khung.orgs.models import Person, RoleHeld
from khung.reports.models import EvidenceUse, JudgingCount

_WORDS = "Đã niêm yết tại trụ sở và nhà văn hóa các thôn, đăng trên trang thông tin của xã."
# A day in the week the reports of a quarter come in, and how long judging one took.
_TURN_DAYS, _JUDGED_DAYS = 10, 4
_REPORTED = "('submitted', 'returned', 'accepted')"
_JUDGED = "('returned', 'accepted')"


@dataclass(frozen=True, slots=True)
class Sender:
    """A unit's head, signed in, and the open assignments whose reports they will send."""

    session: str
    assignments: list[int]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def write_reports(by: Person, now: dt.datetime) -> None:
    """A sent report with its turn behind each assignment that has moved so far and has none."""
    stored = connection.ops.adapt_datetimefield_value
    due_on = connection.ops.adapt_datefield_value((now + dt.timedelta(days=_TURN_DAYS)).date())
    sent = stored(now - dt.timedelta(days=_TURN_DAYS))
    judged = stored(now - dt.timedelta(days=_TURN_DAYS - _JUDGED_DAYS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM reports_report")
        (before,) = cursor.fetchone()
        cursor.execute(
            f"""
            INSERT INTO reports_report (assignment_id, number, outcome, text, reason, quantity_of,
                   methods_done, edited_by_id, edited_at, is_ready, sent_by_id, sent_at,
                   is_illustrative, version)
            SELECT a.id, 1, 'done', %s, '', '', '[]', %s, %s, TRUE, %s, %s, FALSE, 2
              FROM assignments_assignment a
             WHERE a.state IN {_REPORTED}
               AND NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.assignment_id = a.id)
             ORDER BY a.id
            """,  # noqa: S608
            [_WORDS, by.pk, sent, by.pk, sent],
        )
        cursor.execute(
            f"""
            INSERT INTO reports_reviewturn (report_id, assignment_id, unit_id, stage, way,
                   is_in_sample, period_id, opened_at, due_on, closed_at)
            SELECT r.id, a.id, a.judge_id, 'judge', 'full', TRUE, a.counts_in_id, %s, %s,
                   CASE WHEN a.state IN {_JUDGED} THEN %s END
              FROM reports_report r JOIN assignments_assignment a ON a.id = r.assignment_id
             WHERE r.id > %s ORDER BY r.id
            """,  # noqa: S608
            [sent, due_on, judged, before],
        )
        cursor.execute(
            f"""
            INSERT INTO reports_review (report_id, verdict, text, by_id, by_unit_id, at)
            SELECT r.id, a.state, '', %s, a.judge_id, %s
              FROM reports_report r JOIN assignments_assignment a ON a.id = r.assignment_id
             WHERE r.id > %s AND a.state IN {_JUDGED} ORDER BY r.id
            """,  # noqa: S608
            [by.pk, judged, before],
        )
    _count_judging()


def _count_judging() -> None:
    """What the board and the tabs read of all turns, as `judging_counts.rebuild` would count."""
    kind = JudgingCount.Kind.WAITING.value
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_judgingcount")
        cursor.execute(
            """
            INSERT INTO reports_judgingcount (unit_id, period_id, kind, due_on, days, n, is_folded)
            SELECT COALESCE(t.unit_id, 0), t.period_id,
                   CASE WHEN t.closed_at IS NULL THEN %s ELSE a.state END,
                   CASE WHEN t.closed_at IS NULL THEN t.due_on END,
                   CASE WHEN t.closed_at IS NULL THEN 0 ELSE %s END, COUNT(*), TRUE
              FROM reports_reviewturn t JOIN assignments_assignment a ON a.id = t.assignment_id
             GROUP BY 1, 2, 3, 4, 5
            """,
            [kind, _JUDGED_DAYS],
        )


def clear_desks(units: int, day: dt.date) -> list[int]:
    """Takes back what the communes that owe most have done, and opens it; their ids.

    Call it before anything is reported or rolled up.
    """
    owing = Assignment.objects.filter(unit__level="commune", quota=0)
    most = owing.values("unit").annotate(n=Count("id")).order_by("-n", "unit")
    # The commune that owes most is the one whose "my work" is measured.
    chosen = [row["unit"] for row in most[1 : units + 1]]
    owing.filter(unit__in=chosen).update(
        state="not_started",
        is_late=False,
        due_on=day + dt.timedelta(days=30),
        locks_on=day + dt.timedelta(days=60),
    )
    return chosen


def senders(
    units: Sequence[int], shares: Sequence[int], sign_in: Callable[[Person], str]
) -> list[Sender]:
    """A head for each of these units, signed in by `sign_in`, with so many assignments to send.

    Raises ValueError where a unit owes less than its share.
    """
    found = []
    for n, (unit, share) in enumerate(zip(units, shares, strict=True), 1):
        open_ones = Assignment.objects.filter(unit=unit, state="not_started", quota=0)
        own = list(open_ones.order_by("id").values_list("id", flat=True)[:share])
        if len(own) < share:
            raise ValueError(f"unit {unit} owes {len(own)} only, {share} are to be sent")
        found.append(Sender(sign_in(_head(n, unit)), own))
    return found


def _head(n: int, unit: int) -> Person:
    joined = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
    person = Person.objects.create(
        username=f"bench-head-{n}", full_name=f"Người đo (thủ trưởng {n})", joined_at=joined
    )
    RoleHeld.objects.create(person=person, unit_id=unit, role="head")
    return person


def found(sent: Sequence[tuple[int, str]]) -> int:
    """How many of these (assignment, hash of its file) were sent whole and prove it still.

    Each has one sent report with an open turn and the file, whose bytes are what was handed in.
    Where the board's figures differ from the assignments, none counts as found.
    """
    if rollup.differences():
        return 0
    whole = 0
    for assignment, sha256 in sent:
        uses = EvidenceUse.objects.filter(
            report__assignment=assignment,
            report__assignment__state="submitted",
            report__sent_at__isnull=False,
            report__turns__closed_at__isnull=True,
            evidence__file__sha256=sha256,
        )
        path = files.path_of(sha256)
        is_kept = path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        whole += is_kept and uses.count() == 1
    return whole
