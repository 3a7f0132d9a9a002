"""A unit that began, ended or was merged while a period ran owes only what it should."""

import datetime as dt

from django.test import Client
from django.urls import reverse

from khung.assignments import actions, rollup
from khung.assignments.mid_period import changes
from khung.assignments.missing import missing
from khung.assignments.models import Assignment
from khung.orgs.models import Unit
from khung.rules.calendar import period_dates
from tests.assignments.scene import NOW, Scene, unit

CODE = "2025-Q1"


def born(scene: Scene, code: str, day: dt.date) -> Unit:
    return unit(code, f"Xã {code}", "commune", parent=scene.units["east"], valid_from=day)


def end(scene: Scene, code: str, day: dt.date) -> None:
    Unit.objects.filter(code=code).update(valid_to=day)


def owed(code: str) -> int:
    return Assignment.objects.filter(unit__code=code).count()


def test_a_unit_that_began_in_the_period_owes_what_others_of_its_kind_owe(scene: Scene) -> None:
    scene.work(CODE)
    born(scene, "new", dt.date(2025, 2, 1))
    (change,) = changes(scene.period(CODE))
    assert (change.day, change.began, change.without_work) == (dt.date(2025, 2, 1), 1, 1)
    scene.work(CODE, as_of=dt.date(2025, 2, 1))
    assert owed("new") == owed("east1") > 0
    assert changes(scene.period(CODE))[0].without_work == 0


def test_a_unit_that_began_after_the_data_were_closed_owes_only_yearly_work(scene: Scene) -> None:
    scene.work(CODE)
    data_to = scene.period(CODE).data_to
    born(scene, "last", data_to)
    born(scene, "late", data_to + dt.timedelta(days=1))
    day = period_dates(CODE).ends_on
    before = missing(scene.framework, period_dates(CODE), day)
    assert scene.work(CODE, as_of=day).made == before.made
    assert owed("last") == owed("east1")
    timings = set(Assignment.objects.filter(unit__code="late").values_list("timing", flat=True))
    assert timings == {"counted"}
    assert [change.day for change in changes(scene.period(CODE))] == [data_to]


def test_a_unit_that_ended_before_the_due_date_is_let_off_and_no_other(scene: Scene) -> None:
    scene.work(CODE)
    end(scene, "west1", dt.date(2025, 2, 28))
    yearly = Assignment.objects.get(unit__code="west1", timing="counted")
    today = dt.date(2025, 3, 3)
    (change,) = changes(scene.period(CODE))
    assert (change.ended, change.open_work) == (1, owed("west1") - 1)
    closed = actions.exempt_ended_units(
        period=scene.period(CODE), today=today, by=scene.coordinator, now=NOW
    )
    assert closed == change.open_work
    exempt = Assignment.objects.filter(state="exempt")
    assert set(exempt.values_list("unit__code", flat=True)) == {"west1"}
    yearly.refresh_from_db()
    assert yearly.state == "not_started"  # it counts in another period
    assert actions.exempt_ended_units(today=today, by=scene.coordinator, now=NOW) == 1
    assert rollup.differences() == []


def test_what_a_unit_reported_before_it_ended_stays(scene: Scene) -> None:
    scene.work(CODE)
    sent = Assignment.objects.filter(unit__code="west1", period__code=CODE)[0]
    Assignment.objects.filter(pk=sent.pk).update(state="submitted")
    end(scene, "west1", dt.date(2025, 2, 28))
    actions.exempt_ended_units(today=dt.date(2025, 3, 3), by=scene.coordinator, now=NOW)
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_a_merger_gives_nothing_of_the_old_units_to_the_new(scene: Scene) -> None:
    scene.work(CODE)
    end(scene, "west1", dt.date(2025, 1, 31))
    end(scene, "west2", dt.date(2025, 1, 31))
    merged = born(scene, "merged", dt.date(2025, 2, 1))
    actions.exempt_ended_units(today=dt.date(2025, 2, 1), by=scene.coordinator, now=NOW)
    scene.work(CODE, as_of=dt.date(2025, 2, 1))
    assert owed("merged") == owed("east1")
    assert not Assignment.objects.filter(unit=merged).exclude(state="not_started").exists()


def test_the_page_of_the_period_says_what_changed(scene: Scene, client: Client) -> None:
    scene.work(CODE)
    born(scene, "new", dt.date(2025, 2, 1))
    client.force_login(scene.coordinator, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("period", args=[CODE])).content.decode()
    assert "1 đơn vị bắt đầu hoạt động" in page
    assert "1 chưa được giao việc" in page
