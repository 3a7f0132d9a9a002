"""What the board says followed the letters of a period: counted by the hour, read as one row."""

import datetime as dt
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from khung.base.ticking import tick
from khung.reminders import board_letters
from khung.reminders.models import LetterFigures
from khung.reports.models import Report
from tests.cast import TODAY, Cast
from tests.reminders.urging import issue, make

BOARD = "/bang-theo-doi/"


def reported(assignment_id: int, cast: Cast, days: int, **said: Any) -> None:
    at = TODAY + dt.timedelta(days=days)
    Report.objects.create(
        assignment_id=assignment_id, number=1, edited_at=at, sent_at=at,
        sent_by=cast["officer"], **said,
    )  # fmt: skip


def test_letters_of_a_period_are_added_up(cast: Cast) -> None:
    cast.pass_deadline()
    period = cast.scene.period("2025-Q1")
    first, second = make(cast, "east1", "east2").letters
    issue(cast, first)
    assert board_letters.refresh(period, now=TODAY).letters == 1  # the draft is none yet
    issue(cast, second, "126/SNV-CCHC")
    one, two, *_ = first.items.values_list("assignment_id", flat=True)
    three = second.items.values_list("assignment_id", flat=True)[0]
    # Issued on Monday 3 March: the fifth working day is the 10th, the tenth the 17th.
    reported(one, cast, 7)
    reported(two, cast, 8)
    reported(three, cast, 15)
    assert board_letters.refresh_moving(now=TODAY) == 1
    found = board_letters.figures_of(period)
    assert found is not None
    tasks = first.items.count() + second.items.count()
    assert (found.letters, found.tasks, found.soon, found.later) == (2, tasks, 1, 2)
    assert found.computed_at == TODAY


def test_periods_long_past_are_counted_once(cast: Cast) -> None:
    cast.pass_deadline()
    issue(cast, make(cast, "east1").letters[0])
    (period,) = board_letters.moving_periods(TODAY.date())
    later = TODAY.date() + dt.timedelta(days=200)
    assert board_letters.moving_periods(later) == [period]  # never counted
    board_letters.refresh(period, now=TODAY)
    assert board_letters.moving_periods(later) == []
    assert board_letters.moving_periods(TODAY.date()) == [period]


def test_the_schedule_has_them_counted_once_an_hour(cast: Cast) -> None:
    tick()
    tick()
    path = "khung.reminders.jobs.count_letter_effects"
    assert DBTaskResult.objects.filter(task_path=path).count() == 1


def test_the_board_reads_the_row_and_says_as_of_when(cast: Cast) -> None:
    cast.pass_deadline()
    issue(cast, make(cast, "east1").letters[0])
    assert "Công văn đôn đốc đã phát hành" not in cast.page("coordinator", BOARD)
    board_letters.refresh(cast.scene.period("2025-Q1"), now=TODAY)
    LetterFigures.objects.update(letters=7, tasks=40, soon=11, later=22)
    shown = cast.page("coordinator", BOARD)
    assert "11/40 nhiệm vụ được báo cáo trong 5 ngày làm việc, 22 trong 10 ngày" in shown
    assert f"tính lúc {TODAY:%H:%M %d/%m/%Y}" in shown
    assert f"{reverse('letters')}?period=2025-Q1&amp;state=issued" in shown


def test_the_board_asks_no_letter(cast: Cast) -> None:
    cast.pass_deadline()
    client = cast.client("coordinator")
    period = cast.scene.period("2025-Q1")
    issue(cast, make(cast, "east1").letters[0])
    board_letters.refresh(period, now=TODAY)
    asked = _queries(client)
    assert not [sql for sql in asked if "letteritem" in sql or 'reminders_letter"' in sql]
    issue(cast, make(cast, "east2").letters[0], "126/SNV-CCHC")
    issue(cast, make(cast, "west1").letters[0], "127/SNV-CCHC")
    board_letters.refresh(period, now=TODAY)
    assert len(_queries(client)) == len(asked)


def _queries(client: Any) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(BOARD).status_code == 200
    return [one["sql"] for one in asked]
