"""Pages of the framework, the coordinator and the public in a real browser, at both widths."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from khung.assignments import actions
from khung.assignments.models import Occasion
from khung.base import clock
from khung.frameworks.models import TaskItem
from tests.assignments.scene import NOW, Scene
from tests.e2e.conftest import SignIn, is_wider_than_the_window
from tests.pages.small_decision import draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Work of today, an occasion, a draft with doubts, and leave to publish."""
    made = Scene()
    for version in made.framework.tasks.all():
        TaskItem.objects.create(
            task_version=version, field="content", position=1, text=f"Việc số {version.no}"
        )
    today = clock.today()
    made.work(f"{today.year}-Q{(today.month + 2) // 3}")
    actions.open_occasion(
        framework=made.framework, kind="election", title="Bầu cử thử", starts_on=today,
        ends_on=today, units=[made.units["east"]], by=made.coordinator, now=NOW,
    )  # fmt: skip
    actions.record_disclosure(
        framework=made.framework, document_number="12/UBND", issued_on=NOW.date(), note="",
        by=made.coordinator, now=NOW,
    )  # fmt: skip
    return made


def look(page: Page, address: str, axe_faults: Callable[[Page], list[str]]) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert axe_faults(page) == [], address
    assert not is_wider_than_the_window(page), address


def test_the_coordinators_pages_are_sound(
    page: Page,
    live_server: LiveServer,
    scene: Scene,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    drafted = draft(scene)
    version = f"?version={drafted.pk}"
    sign_in(page, scene.coordinator.username)
    scene.work("2025-Q1")
    occasion = Occasion.objects.get()
    addresses = [
        reverse("framework"),
        reverse("framework") + version,
        reverse("task", args=[3]) + version,
        reverse("settle_phrase", args=[3]) + version,
        reverse("doubts") + version,
        reverse("doubt", args=[drafted.doubts.filter(line__isnull=False)[0].pk]),
        reverse("put_in_force") + version,
        reverse("read_decision"),
        reverse("periods"),
        reverse("period", args=["2025-Q1"]),
        reverse("deadline", args=["2025-Q1", "commune"]),
        reverse("calendar"),
        reverse("calendar_day", args=["2025-09-02"]),
        reverse("occasions"),
        reverse("occasion", args=[occasion.pk]),
        reverse("open_occasion"),
        reverse("disclosures"),
    ]
    for address in addresses:
        look(page, live_server.url + address, axe_faults)


def test_two_answers_to_one_doubt_stand_side_by_side(
    browser: Browser,
    live_server: LiveServer,
    scene: Scene,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    # A page of its own: the browser notes the answer 409 as an error in its console.
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
    doubt = draft(scene).doubts.get(code="actor_open")
    sign_in(page, scene.coordinator.username)
    page.goto(live_server.url + reverse("doubt", args=[doubt.pk]))
    page.get_by_label("Xử lý thế nào").fill("Bản này")
    page.get_by_label("Lý do").fill("Lý do này")
    doubt.settlement, doubt.version = "Bản kia", doubt.version + 1
    doubt.save()
    page.get_by_role("button", name="Ghi và sang điểm tiếp theo").click()
    expect(page.get_by_role("alert")).to_contain_text("Bản kia")
    expect(page.get_by_label("Xử lý thế nào")).to_have_value("Bản này")
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Thay bằng bản của tôi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi")
    doubt.refresh_from_db()
    assert doubt.settlement == "Bản này"
    page.context.close()


def test_the_publics_pages_are_sound_and_light(
    page: Page, live_server: LiveServer, scene: Scene, axe_faults: Callable[[Page], list[str]]
) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(live_server.url + reverse("home"), wait_until="networkidle")
    bootstrap = 232_111  # a real server sends it compressed
    assert sum(len(answer.body()) for answer in answers) - bootstrap < 150_000
    addresses = [
        reverse("home"),
        reverse("public_tasks"),
        reverse("public_task", args=[1]),
        reverse("public_progress"),
        reverse("public_progress") + "?q=east",
        reverse("public_unit", args=[scene.units["east1"].pk]),
    ]
    for address in addresses:
        look(page, live_server.url + address, axe_faults)
    assert page.context.cookies() == []
