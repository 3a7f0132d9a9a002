"""Which reports of a sample are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules import sampling


@given(st.text(max_size=20), st.text(max_size=20), st.integers(1, 100))
def test_what_a_share_draws_a_larger_share_draws_too(seed: str, key: str, share: int) -> None:
    if sampling.drawn(seed, key, share):
        assert all(sampling.drawn(seed, key, more) for more in range(share, 101))
    assert sampling.drawn(seed, key, 100)


def test_the_sample_is_about_its_share_and_another_seed_draws_others() -> None:
    keys = [str(n) for n in range(10_000)]
    one = {key for key in keys if sampling.drawn("a", key, 20)}
    other = {key for key in keys if sampling.drawn("b", key, 20)}
    assert 1_850 < len(one) < 2_150
    assert 300 < len(one & other) < 500


@pytest.mark.parametrize("reason", ["is_first_ever", "is_late", "is_changed"])
def test_first_late_and_changed_reports_are_always_read(reason: str) -> None:
    keys = [str(n) for n in range(200)]
    none = {"is_first_ever": False, "is_late": False, "is_changed": False}
    left_out = [key for key in keys if not sampling.is_read("s", key, 1, **none)]
    assert len(left_out) > 150
    assert all(sampling.is_read("s", key, 1, **none | {reason: True}) for key in left_out)


@pytest.mark.parametrize(
    "said",
    [
        {"way": "sometimes"},
        {"share": 0},
        {"share": 101},
        {"working_days": 0},
        {"working_days": 61},
        {"way": "sampled", "seed": " "},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    sampling.Plan().check()
    plan = sampling.Plan(**said)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sometimes|out of range|needs a seed"):
        plan.check()


@pytest.mark.parametrize(("share", "parts"), [(20, 5), (50, 2), (30, None), (100, None)])
def test_a_share_as_one_in_so_many(share: int, parts: int | None) -> None:
    assert sampling.one_in(share) == parts
