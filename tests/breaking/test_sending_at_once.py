"""Sixteen clients on the real server; the server killed in the midst of it; the same form twice."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from django.db import connection

from bench.visitor import File, add_proof, proof, send_report
from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.reports import judging_counts
from khung.reports.models import Evidence, Report
from tests.breaking.office import Head, Office, assert_all_there, assert_nothing_half_saved
from tests.breaking.site import Site

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 6
KILLED = 200
BROKEN = (OSError, http.client.HTTPException)


@dataclass(slots=True)
class Sent:
    """What clients were told, from all threads: what went out, and answers nobody should get."""

    acknowledged: list[tuple[int, bytes]] = field(default_factory=list)
    wrong: list[tuple[int, int, int]] = field(default_factory=list)
    broken_off: int = 0


def send_own(site: Site, head: Head, wanted: dict[int, File], sent: Sent) -> None:
    """Sends this head's reports one after the other, until the server is gone."""
    visitor = site.visitor(head.session)
    try:
        for assignment in head.assignments:
            if assignment not in wanted:
                continue
            added = add_proof(visitor, assignment, wanted[assignment])
            answer, is_sent = send_report(visitor, assignment, "Đã làm xong")
            if is_sent:
                sent.acknowledged.append((assignment, wanted[assignment].data))
            else:
                sent.wrong.append((assignment, added.status, answer.status))
    except BROKEN:
        sent.broken_off += 1
    finally:
        visitor.close()


def folding(until: threading.Event) -> None:
    """What the schedule does to the figures meanwhile."""
    try:
        while not until.wait(0.05):
            rollup.fold()
            judging_counts.fold()
    finally:
        connection.close()


def test_sixteen_clients_at_once_lose_nothing(office: Office, site: Site) -> None:
    wanted = {pk: proof(f"{pk}") for head in office.heads for pk in head.assignments[:EACH]}
    sent, done = Sent(), threading.Event()
    with ThreadPoolExecutor(len(office.heads) + 1) as pool:
        schedule = pool.submit(folding, done)
        list(pool.map(lambda head: send_own(site, head, wanted, sent), office.heads))
        done.set()
        schedule.result()
    assert (sent.wrong, sent.broken_off) == ([], 0)
    assert len(sent.acknowledged) == len(wanted) == 16 * EACH
    assert_all_there(sent.acknowledged)
    assert_nothing_half_saved()


def test_a_server_killed_in_the_midst_keeps_what_it_acknowledged(
    office: Office, site: Site
) -> None:
    owed = [pk for n in range(15) for pk in (head.assignments[n] for head in office.heads)]
    wanted = {pk: proof(f"{pk}") for pk in owed[:KILLED]}
    before = Sent()
    with ThreadPoolExecutor(len(office.heads)) as pool:
        clients = [pool.submit(send_own, site, head, wanted, before) for head in office.heads]
        while len(before.acknowledged) < KILLED // 4 and not all(one.done() for one in clients):
            threading.Event().wait(0.01)
        site.kill()
        for client in clients:
            client.result()
    assert before.wrong == []
    assert 0 < len(before.acknowledged) < KILLED
    assert before.broken_off > 0
    site.start()
    assert_all_there(before.acknowledged)
    assert_nothing_half_saved()
    # Everybody sends again what nobody told them has arrived, by the very same forms.
    told = {pk for pk, _ in before.acknowledged}
    again, missing = Sent(), {pk: file for pk, file in wanted.items() if pk not in told}
    with ThreadPoolExecutor(len(office.heads)) as pool:
        list(pool.map(lambda head: send_own(site, head, missing, again), office.heads))
    # What had gone out although its answer was lost is not taken a second time, and says so.
    assert {answer for _, _, answer in again.wrong} <= {409}
    assert_all_there((pk, file.data) for pk, file in wanted.items())
    assert_nothing_half_saved()
    assert Assignment.objects.filter(state="submitted").count() == KILLED


def test_a_form_sent_twice_at_the_same_moment_is_taken_once(office: Office, site: Site) -> None:
    """A double click: the same file and the same report over two connections."""
    head, gate = office.heads[0], threading.Barrier(2)
    wanted = {pk: proof(f"{pk}") for pk in head.assignments[:4]}

    def click(_: int) -> list[tuple[int, int]]:
        visitor, told = site.visitor(head.session), []
        for assignment, file in wanted.items():
            gate.wait(30)
            added = add_proof(visitor, assignment, file)
            gate.wait(30)
            answer, _ = send_report(visitor, assignment, "Đã làm xong")
            told.append((added.status, answer.status))
        visitor.close()
        return told

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(click, range(2))
    for answers in zip(first, second, strict=True):
        assert {added for added, _ in answers} == {200}
        assert {sent for _, sent in answers} <= {302, 409}
        assert 302 in {sent for _, sent in answers}
    assert_all_there((pk, file.data) for pk, file in wanted.items())
    assert Evidence.objects.count() == len(wanted)
    assert_nothing_half_saved()


def test_a_form_sent_again_because_its_answer_was_lost_changes_nothing(
    office: Office, site: Site
) -> None:
    head = office.heads[0]
    assignment, file = head.assignments[0], proof("lost")
    for _ in range(2):
        visitor = site.visitor(head.session)
        assert add_proof(visitor, assignment, file).status == 200
        answer, _ = send_report(visitor, assignment, "Đã làm xong")
        visitor.close()
    assert answer.status == 409
    assert "đã gửi" in answer.body.decode()
    assert Report.objects.count() == 1
    assert_all_there([(assignment, file.data)])
    assert_nothing_half_saved()
