"""A province busy enough to be broken: sixteen communes, their heads, and what they owe."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base import clock, files
from khung.base.models import AuditEvent
from khung.orgs.models import Person, Unit
from khung.reports import judging_counts
from khung.reports.models import Evidence, Report, ReviewTurn
from tests.assignments.scene import Scene, person, unit

BACKEND = "django.contrib.auth.backends.ModelBackend"
CLIENTS = 16
PERIODS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")


def session_of(someone: Person) -> str:
    """The key of a new session, as a browser that signed in holds it."""
    session = SessionStore()
    session[SESSION_KEY] = str(someone.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = someone.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a commune with a session, and the assignments whose reports they send."""

    person: Person
    session: str
    assignments: list[int]


class Office:
    """Sixteen communes with work that is open today, 240 reports in all."""

    def __init__(self) -> None:
        self.scene = Scene()
        west = self.scene.units["west"]
        for n in range(3, CLIENTS - 1):
            unit(f"west{n}", f"Xã west {n}", "commune", parent=west)
        for code in PERIODS:
            self.scene.work(code)
        today = clock.today()
        Assignment.objects.update(
            due_on=today + dt.timedelta(days=30), locks_on=today + dt.timedelta(days=60)
        )
        rollup.fold_all()
        self.heads = [self._head(one) for one in Unit.objects.filter(level="commune")]

    def _head(self, commune: Unit) -> Head:
        known = Person.objects.filter(username=f"head-{commune.code}").first()
        someone = known or person("head", commune)
        # A counted duty would ask for the times it was done as well.
        owed = Assignment.objects.filter(unit=commune, quota=0).order_by("id")
        return Head(someone, session_of(someone), list(owed.values_list("id", flat=True)))


def assert_all_there(sent: Iterable[tuple[int, bytes]]) -> None:
    """Every report acknowledged (assignment, bytes of its evidence) is there, once and whole."""
    for assignment, data in sent:
        report = Report.objects.get(assignment=assignment, sent_at__isnull=False)
        use = report.uses.select_related("evidence__file").get()
        assert use.evidence.file is not None
        assert use.evidence.file.sha256 == hashlib.sha256(data).hexdigest()
        assert files.read(use.evidence.file) == data


def assert_nothing_half_saved() -> None:
    """Whatever was written fits together: states, reports, turns, evidence, figures, trail."""
    submitted = set(Assignment.objects.filter(state="submitted").values_list("id", flat=True))
    sent = Report.objects.filter(sent_at__isnull=False, withdrawn_at__isnull=True)
    assert Counter(sent.values_list("assignment", flat=True)) == Counter(submitted)
    waiting = ReviewTurn.objects.filter(closed_at__isnull=True)
    assert Counter(waiting.values_list("assignment", flat=True)) == Counter(submitted)
    assert not sent.filter(uses__isnull=True).exists()
    events = AuditEvent.objects.filter(verb="assignment.submit").values_list("subject", flat=True)
    assert Counter(events) == Counter(f"assignment:{pk}" for pk in submitted)
    for piece in Evidence.objects.select_related("file"):
        assert piece.file is not None
        assert hashlib.sha256(files.read(piece.file)).hexdigest() == piece.file.sha256
    assert rollup.differences() == []
    assert judging_counts.differences() == {}
