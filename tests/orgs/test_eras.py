"""The demonstration's three eras come out right on every day, boundary days included."""

import datetime as dt
from collections import Counter

import pytest

from khung.orgs.models import PEOPLE_COMMITTEE
from khung.orgs.planning import Key, PlannedUnit, UnitPlan

OLD, NEW = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def below(plan: UnitPlan, province: str, day: dt.date) -> list[PlannedUnit]:
    """Everything in a province's tree on a day, the root left out."""
    inside: set[Key] = {
        unit.key for unit in plan.units if unit.code == province and unit.is_valid_on(day)
    }
    found = []
    for unit in plan.units:
        if unit.parent in inside and unit.is_valid_on(day):
            inside.add(unit.key)
            found.append(unit)
    return found


def territories(plan: UnitPlan, province: str, day: dt.date) -> Counter[str]:
    units = below(plan, province, day)
    return Counter(unit.level for unit in units if unit.kind == PEOPLE_COMMITTEE)


@pytest.mark.parametrize(
    ("day", "communes", "districts"),
    [
        (dt.date(2023, 2, 15), 139, 9),
        (dt.date(2024, 10, 31), 139, 9),
        (dt.date(2024, 11, 1), 132, 9),
        (dt.date(2025, 1, 15), 132, 9),
        (OLD, 132, 9),
        (NEW, 65, 0),
        (dt.date(2025, 8, 15), 65, 0),
    ],
)
def test_territories_of_the_province(
    demonstration: UnitPlan, day: dt.date, communes: int, districts: int
) -> None:
    counted = territories(demonstration, "56", day)
    assert (counted["commune"], counted["district"]) == (communes, districts)


def test_the_neighbour_stands_in_its_own_tree_until_the_merger(demonstration: UnitPlan) -> None:
    assert territories(demonstration, "58", OLD) == {"commune": 62, "district": 7}
    assert territories(demonstration, "58", NEW) == {}


def test_the_province_of_the_merger_is_a_new_unit_of_the_same_code(
    demonstration: UnitPlan,
) -> None:
    origins = {
        (it.predecessor, it.source, it.is_verified)
        for it in demonstration.successions
        if it.successor == ("56", NEW)
    }
    assert origins == {
        (("56", dt.date.min), "Nghị quyết 202/2025/QH15", True),
        (("58", dt.date.min), "Nghị quyết 202/2025/QH15", True),
    }


def test_a_renamed_commune_stays_one_unit(demonstration: UnitPlan) -> None:
    (renamed,) = (unit for unit in demonstration.units if unit.code == "22606")
    assert [(name.name, name.valid_to) for name in renamed.names] == [
        ("Xã Ninh Vân", dt.date(2024, 10, 31)),
        ("Xã Ninh Phước", OLD),
    ]


def test_a_code_kept_through_the_reform_is_another_unit(demonstration: UnitPlan) -> None:
    spans = [(it.valid_from, it.valid_to) for it in demonstration.units if it.code == "22366"]
    assert spans == [(dt.date.min, OLD), (NEW, None)]


def test_two_communes_of_one_name_on_neighbouring_days_are_told_apart(
    demonstration: UnitPlan,
) -> None:
    bearers = {
        unit.code: name.valid_from
        for unit in demonstration.units
        for name in unit.names
        if name.name == "Xã Ninh Phước"
    }
    assert bearers == {"22579": dt.date.min, "22606": dt.date(2024, 11, 1), "22870": NEW}


def test_every_old_commune_has_successors_but_the_seven_nobody_knows_of(
    demonstration: UnitPlan,
) -> None:
    followed = {it.predecessor for it in demonstration.successions}
    lost = {
        unit.code
        for unit in demonstration.units
        if unit.kind == PEOPLE_COMMITTEE
        and unit.level == "commune"
        and unit.valid_to
        and unit.key not in followed
    }
    assert lost == {"22342", "22345", "22354", "22360", "22369", "22579", "22666"}


def test_nothing_of_district_level_outlives_the_districts(demonstration: UnitPlan) -> None:
    lasts = {unit.valid_to for unit in demonstration.units if unit.level == "district"}
    assert lasts == {dt.date(2025, 2, 28), OLD}
    assert not [unit for unit in below(demonstration, "56", NEW) if unit.level == "district"]


def test_bodies_beside_each_territory(demonstration: UnitPlan) -> None:
    counted = Counter(
        (unit.level, unit.kind) for unit in below(demonstration, "56", dt.date(2023, 2, 15))
    )
    assert counted["commune", "police"] == 139
    assert counted["commune", "health_station"] == 139
    assert counted["district", "education_office"] == 9
    assert counted["district", "land_registry"] == 9
    assert counted["province", "police"] == counted["province", "social_insurance"] == 1


def test_departments_merged_in_2025_end_and_are_followed(demonstration: UnitPlan) -> None:
    names_before = {it.names[-1].name for it in below(demonstration, "56", dt.date(2025, 2, 28))}
    names_after = {it.names[-1].name for it in below(demonstration, "56", dt.date(2025, 3, 1))}
    assert "Sở Giao thông vận tải" in names_before - names_after
    assert "Sở Nông nghiệp và Môi trường" in names_after - names_before
    (heir,) = {
        it.successor
        for it in demonstration.successions
        if it.predecessor == ("56.so-giao-thong-van-tai", dt.date.min)
    }
    assert heir == ("56.so-xay-dung", dt.date(2025, 3, 1))


def test_a_commune_body_follows_its_commune(demonstration: UnitPlan) -> None:
    (derived,) = (
        it for it in demonstration.successions if it.predecessor == ("22606.police", dt.date.min)
    )
    assert derived.successor == ("22561.police", NEW)
    assert not derived.is_verified
    (police,) = (it for it in demonstration.units if it.code == "22606.police")
    assert [name.name for name in police.names] == ["Công an xã Ninh Vân", "Công an xã Ninh Phước"]


def test_what_has_no_source_says_so(demonstration: UnitPlan) -> None:
    for succession in demonstration.successions:
        assert succession.source
        if succession.source == "chưa xác minh":
            assert not succession.is_verified
