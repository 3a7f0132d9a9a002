"""The people of the page tests, each in a role at their unit of the small province."""

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from khung.assignments import rollup
from khung.assignments.actions import change_state
from khung.assignments.lateness import stamp_lateness
from khung.assignments.models import Assignment
from khung.base import schedule
from khung.frameworks.models import Framework, TaskItem, TaskVersion
from khung.orgs.models import Person
from khung.reports.actions import Written, save_draft, send_reports
from khung.reports.models import Evidence, EvidenceUse, Report, ReviewTurn
from khung.rules.text import fold
from tests.assignments.scene import NOW, Scene, person
from tests.pages.small_decision import HEADER

# A day in the first quarter of 2025, before its reports are due (19/03 for a commune).
TODAY = dt.datetime(2025, 3, 3, 9, 30, tzinfo=timezone.get_default_timezone())
JUDGED = {"accept", "return", "reopen"}
WORDS = {
    1: ("Thông tin đến người dân về chủ trương", ("Niêm yết tại trụ sở", "Đăng tin bài")),
    2: ("Rà soát trạm y tế", ("Kiểm tra định kỳ",)),
    3: ("Gặp gỡ, đối thoại với Nhân dân", ("Hội nghị đối thoại",)),
    6: ("Dịch vụ công trực tuyến", ("Báo cáo kết quả",)),
}


class Cast:
    """Everybody who signs in, and the province they work in, with the first quarter in work."""

    def __init__(self) -> None:
        self.scene = Scene()
        units = self.scene.units
        Framework.objects.update(source_rows=[[1, HEADER.split("\t")]])
        for no, (content, methods) in WORDS.items():
            self._word(self.scene.framework.tasks.get(no=no), content, methods)
        self.scene.work("2025-Q1")
        rollup.fold_all()
        schedule.ran("schedule", TODAY)
        self.people = {
            "officer": person("officer", units["east1"]),
            "head": self.scene.head,
            "guide": person("guide", units["health"]),
            "coordinator": self.scene.coordinator,
            "leader": person("leader", units["T"]),
            "observer": person("observer", units["office"]),
            "operator": person("operator", units["office"]),
        }

    def _word(self, version: TaskVersion, content: str, methods: tuple[str, ...]) -> None:
        field = TaskItem.Field
        TaskItem.objects.create(task_version=version, field=field.CONTENT, position=1, text=content)
        for position, text in enumerate(methods, 1):
            TaskItem.objects.create(
                task_version=version,
                field=field.METHOD,
                position=position,
                text=text,
                kind="posting" if "Niêm yết" in text else "meeting",
            )
        version.folded_text = fold(" ".join((content, *methods)))
        version.save()

    def __getitem__(self, role: str) -> Person:
        return self.people[role]

    def client(self, role: str) -> Client:
        """A browser signed in as the one with this role; as nobody for "anonymous"."""
        client = Client()
        if role in self.people:
            client.force_login(
                self.people[role], backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    def page(self, role: str, address: str, status: int = 200) -> str:
        """What somebody reads at an address, white space squeezed."""
        response = self.client(role).get(address)
        assert response.status_code == status, response.status_code
        return " ".join(response.content.decode().split())

    def move(self, assignment: Assignment, *verbs: str) -> Assignment:
        """Takes an assignment through these verbs."""
        for verb in verbs:
            assignment = change_state(
                assignment=assignment,
                verb=verb,
                version=assignment.version,
                by=self["guide" if verb in JUDGED else "officer"],
                now=NOW,
            )
        return assignment

    def draft(self, assignment: Assignment, words: str = "Đã làm xong", **written: Any) -> Report:
        """A complete draft of the officer's: words, and a link as its evidence."""
        draft = save_draft(
            assignment=assignment,
            written=Written(text=words, **written),
            version=None,
            by=self["officer"],
            now=TODAY,
        )
        if not draft.uses.exists():
            proof = Evidence.objects.create(
                unit=assignment.unit,
                kind=Evidence.Kind.LINK,
                title="Tin bài",
                url="https://xa.example.vn/tin",
                added_by=self["officer"],
                added_at=TODAY,
            )
            EvidenceUse.objects.create(report=draft, evidence=proof)
        return draft

    def send(self, assignment: Assignment, words: str = "Đã làm xong") -> ReviewTurn:
        """A complete report, approved and sent by the head; the turn it waits in."""
        draft = self.draft(assignment, words)
        boss = Person.objects.filter(username=f"head-{assignment.unit.code}").first()
        boss = boss or person("head", assignment.unit)
        sending = send_reports(drafts=[draft.pk], by=boss, now=TODAY)
        assert sending.refused == []
        return ReviewTurn.objects.get(report=draft, closed_at__isnull=True)

    def pass_deadline(self) -> None:
        """Lets the first quarter's deadlines pass: what is not reported becomes late."""
        stamp_lateness(today=dt.date(2025, 4, 1), now=TODAY)
