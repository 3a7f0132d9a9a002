"""A small province with a framework in force, built from rows, for the tests of assignments."""

import datetime as dt
import itertools

from django.utils import timezone

from khung.assignments import actions
from khung.assignments.expanding import Outcome
from khung.assignments.models import Assignment, Period
from khung.base.models import StoredFile
from khung.frameworks.models import (
    Decision,
    Framework,
    ResponsibleUnit,
    Task,
    TaskItem,
    TaskVersion,
)
from khung.orgs.models import BEGINNING, Person, RoleHeld, Unit, sort_key
from khung.rules.text import fold

NOW = dt.datetime(2025, 1, 2, 8, 0, tzinfo=timezone.get_default_timezone())
PROVINCE = "T"
# (no, dimension, sub-dimension, implementing, guiding, timing)
TASKS = (
    (1, 1, "1.1", "UBND cấp xã", "UBND cấp huyện", "Thường xuyên"),
    (2, 1, "1.1", "UBND cấp huyện, cấp xã; Sở Y tế", "Sở Y tế", "Thường xuyên"),
    (3, 2, "2.1", "UBND cấp xã", "Sở Nội vụ", "Mỗi năm ít nhất 02 lần"),
    (4, 5, "", "Sở Nội vụ; Các doanh nghiệp viễn thông", "Sở Nội vụ", "Quý III/2025"),
    (5, 1, "1.3", "UBND cấp xã", "Sở Nội vụ", "Trước, trong và sau kỳ bầu cử"),
    (6, 8, "8.2", "UBND cấp xã", "Sở Ngoại vụ", "Theo kế hoạch"),
)


def unit(
    code: str,
    name: str,
    level: str,
    *,
    parent: Unit | None = None,
    kind: str = "people_committee",
    valid_from: dt.date = BEGINNING,
    valid_to: dt.date | None = None,
) -> Unit:
    """A unit in the tree, with its path."""
    made = Unit.objects.create(
        code=code,
        name=name,
        folded_name=fold(name),
        sort_key=sort_key(name),
        level=level,
        kind=kind,
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def province() -> dict[str, Unit]:
    """Two departments, two districts of two communes each; by code."""
    root = unit(PROVINCE, "Tỉnh Thử", "province")
    units = [
        root,
        unit("office", "Văn phòng UBND tỉnh", "province", parent=root, kind="specialised_agency"),
        unit("home", "Sở Nội vụ", "province", parent=root, kind="specialised_agency"),
        unit("health", "Sở Y tế", "province", parent=root, kind="specialised_agency"),
    ]
    for district in ("east", "west"):
        above = unit(district, f"Huyện {district}", "district", parent=root)
        units.append(above)
        units += [
            unit(f"{district}{n}", f"Xã {district} {n}", "commune", parent=above) for n in (1, 2)
        ]
    return {one.code: one for one in units}


def person(role: str, unit: Unit) -> Person:
    made = Person.objects.create(
        username=f"{role}-{unit.code}", full_name=f"Người thử {role}", joined_at=NOW
    )
    RoleHeld.objects.create(person=made, unit=unit, role=role)
    return made


def framework(units: dict[str, Unit], coordinator: Person) -> Framework:
    """A framework in force since 2022 with the tasks above."""
    file = StoredFile.objects.create(
        sha256="0" * 64, name="d.txt", content_type="text/plain", size=1, stored_at=NOW
    )
    decision = Decision.objects.create(
        number="1/QĐ-UBND",
        issued_on=dt.date(2022, 11, 7),
        issuer="Ủy ban nhân dân tỉnh Thử",
        signer="Người Ký",
        title="Thử",
        province_code=PROVINCE,
    )
    made = Framework.objects.create(
        decision=decision,
        file=file,
        status=Framework.Status.IN_FORCE,
        in_force_from=dt.date(2022, 11, 7),
        put_in_force_by=coordinator,
    )
    duty = ResponsibleUnit.Duty
    for name, code in ((duty.COORDINATOR, "home"), (duty.COORDINATOR_JUDGE, "office")):
        ResponsibleUnit.objects.create(framework=made, duty=name, unit=units[code])
    for row in TASKS:
        add_task(made, *row)
    return made


def add_task(
    framework: Framework,
    no: int,
    dimension: int,
    subdimension: str,
    implementing: str,
    guiding: str,
    timing: str,
) -> TaskVersion:
    version = TaskVersion.objects.create(
        framework=framework,
        task=Task.objects.create(),
        no=no,
        dimension=dimension,
        subdimension=subdimension,
    )
    field = TaskItem.Field
    for name, texts in (
        (field.IMPLEMENTING, implementing),
        (field.GUIDING, guiding),
        (field.TIMING, timing),
    ):
        for position, text in zip(itertools.count(1), texts.split("; "), strict=False):
            TaskItem.objects.create(task_version=version, field=name, position=position, text=text)
    return version


class Scene:
    """The province, the people and the framework of one test, and its everyday verbs."""

    def __init__(self) -> None:
        self.units = province()
        self.coordinator = person("coordinator", self.units["home"])
        self.head = person("head", self.units["east1"])
        self.framework = framework(self.units, self.coordinator)

    def work(self, code: str, as_of: dt.date | None = None) -> Outcome:
        return actions.put_period_into_work(
            framework=self.framework, code=code, by=self.coordinator, now=NOW, as_of=as_of
        )

    def assignment(self, unit: str, no: int, period: str | None = None) -> Assignment:
        found = Assignment.objects.filter(unit__code=unit, task_version__no=no)
        return (found.filter(period__code=period) if period else found).get()

    def period(self, code: str) -> Period:
        return Period.objects.get(code=code)
