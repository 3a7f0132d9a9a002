"""What the trail says happened, told once to whom it concerns."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction

from khung.assignments.actions.exceptions import grant_lock_exception
from khung.base import audit, clock, sealer
from khung.base.audit import record
from khung.reminders import news
from khung.reminders.models import Letter
from khung.reports.actions.exemptions import propose_exemption
from tests.cast import TODAY, Cast
from tests.reminders.days import at, morning, told

NEXT = TODAY.date() + dt.timedelta(days=1)


def a_letter(cast: Cast) -> None:
    letter = Letter.objects.create(
        period=cast.scene.period("2025-Q1"),
        from_unit=cast.scene.units["home"],
        new_date=NEXT,
        made_by=cast["coordinator"],
        made_at=TODAY,
    )
    letter.recipients.create(unit=cast.scene.units["east1"])
    with transaction.atomic():
        record(
            by=cast["coordinator"],
            now=TODAY,
            verb="letter.recorded",
            subject=f"letter:{letter.pk}",
        )


def leave_after_the_lock(cast: Cast) -> None:
    grant_lock_exception(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        open_until=dt.date(2025, 6, 2),
        reason="Mất mạng do bão",
        document_number="12/SNV",
        by=cast["coordinator"],
        now=TODAY,
    )


def a_proposal(cast: Cast) -> None:
    propose_exemption(
        assignment=cast.scene.assignment("east1", 2),
        reason="Không có đối tượng",
        by=cast["officer"],
        now=TODAY,
    )


@pytest.mark.parametrize(
    ("happens", "role", "kind"),
    [
        (a_letter, "officer", "letter"),
        (leave_after_the_lock, "officer", "allowed"),
        (a_proposal, "coordinator", "exemption"),
    ],
)
def test_it_is_told_once(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    happens: Callable[[Cast], None],
    role: str,
    kind: str,
) -> None:
    happens(cast)
    morning(monkeypatch, NEXT)
    assert told(cast[role], NEXT)[kind].n == 1
    assert kind not in told(cast["guide"], NEXT)
    morning(monkeypatch, NEXT + dt.timedelta(days=1))
    assert kind not in told(cast[role], NEXT + dt.timedelta(days=1))


def test_what_is_old_is_no_news(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_letter(cast)
    late = TODAY.date() + dt.timedelta(days=news.DAYS + 1)
    morning(monkeypatch, late)
    assert "letter" not in told(cast["officer"], late)


def test_positions_decide_not_times(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change whose transaction ended after the digest bears an earlier time, and is told."""
    cast.send(cast.scene.assignment("east1", 2))
    morning(monkeypatch, NEXT)
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    a_letter(cast)
    sealer.seal()
    read_to = news.end_of_chain()
    assert news.news(0, read_to).since(("letter", f"unit:{_east1(cast)}"), read_to - 1) == 1
    after = NEXT + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: at(after))
    morning(monkeypatch, after)
    assert told(cast["officer"], after)["letter"].n == 1


def _east1(cast: Cast) -> int:
    return cast.scene.units["east1"].pk


def test_every_verb_that_is_news_has_its_sentence() -> None:
    assert news.VERBS - set(audit.sentences()) == set()
