"""The framework, a task beside its source, and the desk where doubts are settled."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.base.models import AuditEvent
from khung.frameworks import actions
from khung.frameworks.models import Decision, Doubt, Framework, PhraseMeaning
from tests.assignments.scene import NOW, Scene, person
from tests.pages.small_decision import TEXT, draft

pytestmark = pytest.mark.django_db


def client_of(scene: Scene, role: str) -> Client:
    client = Client()
    someone = scene.coordinator if role == "coordinator" else person(role, scene.units["home"])
    client.force_login(someone)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def seen_on(shown: str) -> dict[str, str]:
    """What the page that shows whom the answers mean sends back with them."""
    found = re.search(r'name="seen" value="([^"]*)"', shown)
    return {"seen": html.unescape(found[1])} if found else {}


def settle_all(framework: Framework, scene: Scene) -> None:
    for doubt in framework.doubts.filter(settled_at__isnull=True):
        actions.settle_doubt(
            doubt=doubt, settlement="để nguyên", reason="đã đối chiếu", version=doubt.version,
            by=scene.coordinator, now=NOW,
        )  # fmt: skip


def in_force(scene: Scene) -> Framework:
    made = draft(scene)
    settle_all(made, scene)
    made.refresh_from_db()
    return put_in_force(made, scene)


def put_in_force(made: Framework, scene: Scene) -> Framework:
    return actions.put_in_force(
        framework=made,
        from_day=NOW.date(),
        coordinators=[scene.units["home"]],
        coordinator_judges=[scene.units["office"]],
        version=made.version,
        by=scene.coordinator,
        now=NOW,
    )


def test_the_framework_names_its_decision_tasks_and_reach(scene: Scene) -> None:
    in_force(scene)
    shown = page(client_of(scene, "observer"), reverse("framework"))
    assert "3 nhiệm vụ của Bộ khung" in shown
    assert "Quyết định số 7/QĐ-UBND ngày 07/11/2022" in shown
    assert "1.1 Tri thức công dân" in shown
    assert "<b>5</b> đơn vị" in shown  # four communes and Sở Y tế
    assert "chưa rõ đơn vị" in shown  # the companies of task 3


def test_words_are_found_without_marks_and_filters_join(scene: Scene) -> None:
    in_force(scene)
    client = client_of(scene, "observer")
    address = reverse("framework")
    assert "<b>1</b> trong 3 nhiệm vụ" in page(client, f"{address}?q=bau+cu")
    assert "<b>1</b> trong 3 nhiệm vụ" in page(client, f"{address}?q=2")
    assert "<b>1</b> trong 3 nhiệm vụ" in page(client, f"{address}?timing=occasion")
    assert "<b>2</b> trong 3 nhiệm vụ" in page(client, f"{address}?dimension=1")
    assert "Không có nhiệm vụ nào khớp" in page(client, f"{address}?dimension=1&q=internet")
    assert "Không có nhiệm vụ nào khớp" in page(client, f"{address}?doubts=on")


def test_the_queries_of_the_framework_do_not_grow_with_its_tasks(scene: Scene) -> None:
    client = client_of(scene, "observer")
    client.get(reverse("framework"))
    with CaptureQueriesContext(connection) as six:
        client.get(reverse("framework"))
    in_force(scene)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("framework"))
    assert len(six) == len(three) == 21


def test_a_draft_is_shown_to_those_who_work_on_it(scene: Scene) -> None:
    made = draft(scene)
    address = f"{reverse('framework')}?version={made.pk}"
    assert "dự thảo" in page(client_of(scene, "coordinator"), address)
    assert client_of(scene, "observer").get(address).status_code == 404
    assert client_of(scene, "guide").get(f"{reverse('framework')}?version=x").status_code == 404


def test_without_a_framework_the_page_says_what_comes_first(scene: Scene) -> None:
    Framework.objects.all().delete()
    assert "Đọc một Quyết định" in page(client_of(scene, "coordinator"), reverse("framework"))
    assert "cơ quan điều phối làm" in page(client_of(scene, "observer"), reverse("framework"))


def test_the_source_is_never_served_as_a_page(scene: Scene) -> None:
    in_force(scene)
    response = client_of(scene, "observer").get(reverse("decision_file"))
    assert response.content == TEXT.encode()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_each_framework_has_the_file_it_was_read_from(scene: Scene) -> None:
    in_force(scene)
    other = TEXT.replace("bầu cử đúng", "bầu cử theo đúng").encode()
    second = actions.draft_framework(
        data=other, name="b.txt", province_code="T", by=scene.coordinator, now=NOW
    )
    address = f"{reverse('decision_file')}?version={second.pk}"
    client = client_of(scene, "coordinator")
    assert address in page(client, f"{reverse('framework')}?version={second.pk}")
    assert client.get(address).content == other
    assert client.get(reverse("decision_file")).content == TEXT.encode()
    assert client_of(scene, "observer").get(address).status_code == 404


def test_a_task_without_a_dimension_is_placed_and_the_draft_put_in_force(scene: Scene) -> None:
    made = draft(scene)
    made.tasks.filter(no=2).update(dimension=0, subdimension="")
    settle_all(made, scene)
    made.refresh_from_db()
    with pytest.raises(actions.NotReady, match="nhiệm vụ 2"):
        put_in_force(made, scene)
    client = client_of(scene, "coordinator")
    shown = page(client, f"{reverse('task', args=[2])}?version={made.pk}")
    address = f"{reverse('place_task', args=[2])}?version={made.pk}"
    assert f'action="{address}"' in shown
    form = {"place": "1.3", "version": 1}
    assert client.post(address, form | {"place": "9.9"}).status_code == 422
    assert client.post(address, form).status_code == 302
    stale = client.post(address, form | {"place": "7"})
    assert stale.status_code == 409
    assert "<td>1.3 Chất lượng bầu cử</td>" in stale.content.decode()
    placed = made.tasks.get(no=2)
    assert (placed.dimension, placed.subdimension) == (1, "1.3")
    assert AuditEvent.objects.get(verb="task.placed").data == {"task": 2, "place": "1.3"}
    put_in_force(made, scene)
    refused = client.post(address, form | {"version": placed.version})
    assert "Chỉ xếp lại nhiệm vụ khi bộ khung còn là dự thảo." in refused.content.decode()
    assert "xep-noi-dung" not in page(client, f"{reverse('task', args=[2])}?version={made.pk}")


def test_a_doubt_about_a_label_leads_to_the_form_that_places_the_task(scene: Scene) -> None:
    made = draft(scene)
    doubt = made.doubts.create(
        key="k", code="label_row", field="dimension", task_version=made.tasks.get(no=2), message="?"
    )
    shown = page(client_of(scene, "coordinator"), reverse("doubt", args=[doubt.pk]))
    assert f'href="{reverse("task", args=[2])}?version={made.pk}#xep-noi-dung"' in shown


def test_a_body_of_the_article_is_settled_for_every_task(scene: Scene) -> None:
    scene.framework.addressees = [
        {"text": "Đài Thử", "kind": "named", "level": None, "name": "Đài Thử"}
    ]
    scene.framework.save()
    client = client_of(scene, "coordinator")
    address = f"{reverse('settle_addressee')}?version={scene.framework.pk}"
    assert address in page(client, reverse("framework"))
    form = {"phrase": "Đài Thử", "means": "Sở Y tế", "reason": "Đã hợp nhất"}
    assert client.post(address, form | {"phrase": "Sở Khác"}).status_code == 422
    seen = seen_on(client.post(address, form).content.decode())
    assert client.post(address, form | seen).status_code == 302
    meaning = PhraseMeaning.objects.get()
    assert (meaning.task_version, meaning.role) == (None, "implementing")
    assert address not in page(client, reverse("framework"))
    assert "Đã hợp nhất" in page(client, address)


def test_a_file_becomes_a_draft_with_its_doubts(scene: Scene) -> None:
    client = client_of(scene, "coordinator")
    file = SimpleUploadedFile("quyet-dinh.txt", TEXT.encode())
    response = client.post(reverse("read_decision"), {"province": "T", "file": file}, follow=True)
    made = Framework.objects.get(decision__number="7/QĐ-UBND")
    assert made.status == Framework.Status.DRAFT
    n = made.doubts.count()
    assert n
    assert f"Đã đọc thành 3 nhiệm vụ; {n} điểm cần xác định." in response.content.decode()
    assert f"Còn {n} trong {n} điểm nghi vấn" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "rỗng"),
        (b"\x00\x01\x02" * 100, "văn bản"),
        ("Một bài thơ\tkhông có bảng".encode(), "Không tìm thấy"),
        (b"a" * (10 * 1024 * 1024 + 1), "không quá 10"),
    ],
    ids=["empty", "binary", "no table", "too large"],
)
def test_a_file_that_is_no_decision_keeps_nothing(scene: Scene, data: bytes, why: str) -> None:
    response = client_of(scene, "coordinator").post(
        reverse("read_decision"), {"province": "T", "file": SimpleUploadedFile("a.txt", data)}
    )
    assert response.status_code == 422
    assert why in response.content.decode()
    assert Framework.objects.count() == Decision.objects.count() == 1


def test_the_worklist_is_narrowed_by_state_and_kind(scene: Scene) -> None:
    made = draft(scene)
    client = client_of(scene, "coordinator")
    address = f"{reverse('doubts')}?version={made.pk}"
    shown = page(client, address)
    n = made.doubts.count()
    assert f"Còn {n} trong {n} điểm nghi vấn" in shown
    assert "Chưa rõ cụ thể là những cơ quan nào (1)" in shown
    assert "1–1 trong 1 điểm nghi vấn" in page(client, f"{address}&code=actor_open")
    assert "Không có điểm nào khớp" in page(client, f"{address}&state=settled")
    settle_all(made, scene)
    assert f"Đã xử lý cả {n} điểm nghi vấn" in page(client, f"{address}&state=settled")


def test_settling_goes_on_to_the_next_doubt(scene: Scene) -> None:
    made = draft(scene)
    first, second = made.doubts.filter(line__isnull=False)[:2]
    client = client_of(scene, "coordinator")
    form = {"settlement": first.proposal, "reason": "Ngày ký", "version": first.version}
    response = client.post(reverse("doubt", args=[first.pk]), form)
    assert response.status_code == 302
    assert response["Location"] == reverse("doubt", args=[second.pk])
    first.refresh_from_db()
    assert (first.settlement, first.settled_by) == ("07/11/2022", scene.coordinator)


def test_a_form_without_a_reason_keeps_what_was_typed(scene: Scene) -> None:
    doubt = draft(scene).doubts.get(code="actor_open")
    response = client_of(scene, "coordinator").post(
        reverse("doubt", args=[doubt.pk]),
        {"settlement": "Ba doanh nghiệp lớn", "reason": " ", "version": doubt.version},
    )
    assert response.status_code == 422
    assert "Ba doanh nghiệp lớn" in response.content.decode()
    doubt.refresh_from_db()
    assert doubt.settled_at is None


def test_a_stale_answer_shows_both_and_the_person_chooses(scene: Scene) -> None:
    doubt = draft(scene).doubts.get(code="actor_open")
    read = doubt.version
    actions.settle_doubt(
        doubt=doubt, settlement="Bản kia", reason="Lý do kia", version=read,
        by=scene.coordinator, now=NOW,
    )  # fmt: skip
    client = client_of(scene, "coordinator")
    address = reverse("doubt", args=[doubt.pk])
    form = {"settlement": "Bản này", "reason": "Lý do này", "version": read}
    response = client.post(address, form)
    assert response.status_code == 409
    shown = " ".join(response.content.decode().split())
    assert "<mark>Bản này</mark></td><td>Bản kia</td>" in shown
    assert "Bản này</textarea>" in shown
    assert Doubt.objects.get(pk=doubt.pk).settlement == "Bản kia"
    assert f'name="version" value="{read + 1}"' in shown
    assert client.post(address, form | {"version": read + 1}).status_code == 302
    assert Doubt.objects.get(pk=doubt.pk).settlement == "Bản này"


def test_only_the_coordinator_settles(scene: Scene) -> None:
    made = in_force(scene)
    doubt = made.doubts.filter(task_version__isnull=False)[0]
    client = client_of(scene, "observer")
    assert "đã đối chiếu" in page(client, reverse("doubt", args=[doubt.pk]))
    form = {"settlement": "x", "reason": "y", "version": doubt.version}
    assert client.post(reverse("doubt", args=[doubt.pk]), form).status_code == 403


def test_a_draft_with_open_doubts_is_not_put_in_force(scene: Scene) -> None:
    made = draft(scene)
    client = client_of(scene, "coordinator")
    address = f"{reverse('put_in_force')}?version={made.pk}"
    form = {
        "from_day": "2025-01-02",
        "cycle": "half",
        "coordinator": scene.units["home"].pk,
        "coordinator_judge": scene.units["office"].pk,
        "version": made.version,
    }
    response = client.post(address, form)
    assert response.status_code == 422
    assert f"Còn {made.doubts.count()} điểm nghi vấn chưa xử lý" in response.content.decode()
    settle_all(made, scene)
    same = form | {"coordinator_judge": scene.units["home"].pk}
    assert "Hãy chọn một cơ quan khác" in client.post(address, same).content.decode()
    assert client.post(address, form).status_code == 302
    made.refresh_from_db()
    scene.framework.refresh_from_db()
    assert (made.status, made.cycle) == (Framework.Status.IN_FORCE, Framework.Cycle.HALF)
    assert scene.framework.status == Framework.Status.SUPERSEDED
