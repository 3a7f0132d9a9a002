"""Risk of missing: what raises it, its bounds, and that every point has its reason."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from khung.rules.risk import MOST, REASONS, Facts, risk

EASY = Facts(counted=40, open=10, overdue=0, returned=0, days_left=30)


def codes(facts: Facts) -> list[str]:
    return [reason.code for reason in risk(facts).reasons]


def test_nothing_open_or_nothing_counted_is_no_risk() -> None:
    for facts in (replace(EASY, open=0, late_share=1.0), replace(EASY, counted=0)):
        assert (risk(facts).points, codes(facts)) == (0, ["calm"])


def test_a_month_before_the_deadline_open_work_does_not_press_yet() -> None:
    assert (risk(EASY).points, codes(EASY)) == (0, ["calm"])


def test_the_nearer_the_deadline_the_higher() -> None:
    points = [risk(replace(EASY, days_left=left)).points for left in (20, 10, 5, 1, 0)]
    assert points == sorted(points)
    assert points[-1] > points[0]


def test_the_time_left_is_told_as_it_stands() -> None:
    assert codes(replace(EASY, days_left=3))[0] == "open"
    assert codes(replace(EASY, days_left=0))[0] == "due_today"
    assert codes(replace(EASY, days_left=-2, overdue=0))[0] == "past"


def test_the_heaviest_reason_stands_first_and_one_overdue_task_is_told() -> None:
    facts = replace(EASY, open=1, overdue=1, days_left=-1, has_reported=False, late_share=0.2)
    found = risk(facts)
    assert found.reasons[0].code == "never_reported"
    assert "overdue" in codes(facts)
    assert [it.points for it in found.reasons] == sorted(
        (it.points for it in found.reasons), reverse=True
    )


def test_a_bad_past_and_returned_reports_raise_it() -> None:
    near = replace(EASY, days_left=5)
    assert risk(replace(near, late_share=0.8)).points > risk(near).points
    assert risk(replace(near, returned=4)).points > risk(near).points
    assert risk(replace(near, has_reported=False)).points > risk(near).points


@given(
    st.builds(
        Facts,
        counted=st.integers(0, 500),
        open=st.integers(0, 500),
        overdue=st.integers(0, 500),
        returned=st.integers(0, 500),
        days_left=st.integers(-200, 200),
        late_share=st.none() | st.floats(0, 1),
        has_reported=st.booleans(),
    )
)
def test_points_stay_in_bounds_and_every_point_has_its_words(facts: Facts) -> None:
    found = risk(facts)
    assert 0 <= found.points <= MOST
    assert found.reasons
    assert all(reason.code in REASONS for reason in found.reasons)
    assert found.points == min(MOST, sum(reason.points for reason in found.reasons))
