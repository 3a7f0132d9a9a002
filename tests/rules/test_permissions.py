import pytest

from khung.rules.permissions import LABELS, ROLES, Permission, has, permissions_of


def test_nothing_is_allowed_unless_written() -> None:
    assert permissions_of([]) == frozenset()
    assert permissions_of(["king", "", "OFFICER"]) == frozenset()
    assert not any(has(["king"], permission) for permission in Permission)


def test_roles_add_up_and_unknown_ones_add_nothing() -> None:
    both = permissions_of(["officer", "guide", "king"])
    assert both == ROLES["officer"].permissions | ROLES["guide"].permissions


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.VIEW_OWN_UNIT_WORK, {"officer", "head", "guide", "coordinator"}),
        (Permission.VIEW_SUBTREE_WORK, {"head"}),
        (Permission.VIEW_JUDGED_WORK, {"guide", "coordinator"}),
        (Permission.VIEW_ALL_WORK, {"coordinator", "leader", "observer"}),
        (
            Permission.VIEW_FRAMEWORK,
            {"officer", "head", "guide", "coordinator", "leader", "observer"},
        ),
        (Permission.REPORT_WORK, {"officer", "head"}),
        (Permission.SUBMIT_REPORT, {"officer", "head"}),
        (Permission.JUDGE_WORK, {"guide", "coordinator"}),
        (Permission.EXEMPT_WORK, {"coordinator"}),
        (Permission.SETTLE_DOUBT, {"coordinator"}),
        (Permission.PUT_FRAMEWORK_IN_FORCE, {"coordinator"}),
        (Permission.OPEN_PERIOD, {"coordinator"}),
        (Permission.OPEN_OCCASION, {"officer", "head", "guide", "coordinator"}),
        (Permission.ENTER_FOR_UNIT, {"head", "coordinator"}),
        (Permission.APPROVE_REPORT, {"head"}),
        (Permission.SHARE_WORK, {"officer", "head"}),
        (Permission.LINK_VILLAGES, {"officer", "head"}),
        (Permission.PROPOSE_EXEMPTION, {"officer", "head", "guide"}),
        (Permission.PLAN_JUDGING, {"coordinator"}),
        (Permission.ASSIGN_REVIEWER, {"guide", "coordinator"}),
        (Permission.GRANT_LOCK_EXCEPTION, {"coordinator"}),
        (Permission.IMPORT_FIGURES, {"guide", "coordinator"}),
        (Permission.RAISE_DIFFICULTY, {"officer", "head"}),
        (Permission.ANSWER_DIFFICULTY, {"head", "guide", "coordinator"}),
        (Permission.DECIDE_DIFFICULTY, {"leader"}),
        (Permission.WRITE_LETTER, {"coordinator"}),
        (Permission.SET_REMINDERS, {"coordinator"}),
        (Permission.EDIT_CALENDAR, {"coordinator"}),
        (Permission.EDIT_UNITS, {"coordinator"}),
        (Permission.RECORD_DISCLOSURE, {"coordinator"}),
        (Permission.VIEW_AUDIT, {"coordinator", "operator"}),
        (Permission.RUN_JOBS, {"operator"}),
        (Permission.MANAGE_PEOPLE, {"coordinator", "operator"}),
    ],
)
def test_who_may(permission: Permission, roles: set[str]) -> None:
    assert {code for code in ROLES if has([code], permission)} == roles


def test_every_permission_is_held_and_labelled() -> None:
    assert set(LABELS) == set(Permission)
    assert permissions_of(ROLES) == frozenset(Permission)


def test_roles_read_as_sentences() -> None:
    assert list(ROLES) == [
        "officer",
        "head",
        "guide",
        "coordinator",
        "leader",
        "observer",
        "operator",
    ]
    for code, role in ROLES.items():
        assert role.code == code
        assert role.name[0].isupper()
        assert role.description.endswith(".")
