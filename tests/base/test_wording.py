"""Dates, durations, numbers, periods and states as readers see them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from khung.base import marks, wording
from khung.rules.workflow import STATES


def shown(source: str, **values: object) -> str:
    return Template("{% load khung %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2025, 10, 15), "thứ Tư, 15/10/2025"),
        (dt.date(2025, 10, 19), "Chủ nhật, 19/10/2025"),
        (dt.date(2026, 1, 5), "thứ Hai, 05/01/2026"),
    ],
)
def test_dates_name_their_weekday(day: dt.date, said: str) -> None:
    assert wording.long_date(day) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (1234567, "1.234.567"), (12.5, "12,5"), (-4500, "-4.500")],
)
def test_numbers_are_grouped_the_vietnamese_way(value: float, said: str) -> None:
    assert wording.number(value) == said


def test_a_quantity_keeps_every_decimal_that_was_typed() -> None:
    typed = ("12.25", "1250.50", "1000.00", "0.05")
    assert [wording.number(Decimal(one)) for one in typed] == ["12,25", "1.250,5", "1.000", "0,05"]


def test_a_dimension_has_a_name_in_the_readers_language_and_none_before_it_is_known() -> None:
    assert wording.dimension_name(0) == ""
    vietnamese = wording.dimension_name(4)
    with translation.override("en"):
        assert wording.dimension_name(4) not in ("", vietnamese)


def test_numbers_are_grouped_the_english_way_for_its_readers() -> None:
    with translation.override("en"):
        assert [wording.number(value) for value in (1234567, 12.5)] == ["1,234,567", "12.5"]


def test_a_text_is_cut_after_a_whole_word() -> None:
    text = "Công khai, minh bạch ngân sách"
    assert shown("{{ text|cut_at_a_word:16 }}", text=text) == "Công khai, minh…"
    assert shown("{{ text|cut_at_a_word:11 }}", text=text) == "Công khai…"
    assert shown("{{ text|cut_at_a_word:30 }}", text=text) == text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (6, "còn 6 ngày làm việc"),
        (1, "còn 1 ngày làm việc"),
        (0, "hôm nay là hạn"),
        (-3, "quá hạn 3 ngày làm việc"),
    ],
)
def test_what_is_left_is_told_in_working_days(days: int, said: str) -> None:
    assert wording.days_left(days) == said


@pytest.mark.parametrize(
    ("code", "said"), [("2025-Q1", "Quý I/2025"), ("2026-Q4", "Quý IV/2026"), ("2025", "Năm 2025")]
)
def test_periods_have_names(code: str, said: str) -> None:
    assert wording.period_name(code) == said


def test_every_state_has_its_own_shape_and_its_word() -> None:
    assert marks.SHAPES.keys() == STATES.keys()
    assert len(set(marks.SHAPES.values())) == len(STATES)
    for code, label in STATES.items():
        said = shown("{% state code %}", code=code)
        assert label in said
        assert "<svg" in said
        assert "quá hạn" not in said


def test_a_late_state_says_so_in_words() -> None:
    assert "quá hạn" in shown("{% state 'in_progress' True %}")


@pytest.mark.parametrize(
    ("days", "tone"), [(20, "far-word"), (4, "near-word"), (0, "near-word"), (-1, "late-word")]
)
def test_a_deadline_warns_when_it_is_near_or_past(days: int, tone: str) -> None:
    said = shown("{% due day days %}", day=dt.date(2025, 10, 15), days=days)
    assert "thứ Tư, 15/10/2025" in said
    assert tone in said


def test_no_deadline_says_nothing() -> None:
    assert shown("{% due day %}", day=None) == ""


def test_filters_are_told_as_a_sentence_and_escaped() -> None:
    said = shown("{% filter_sentence parts %}", parts=[("Kỳ", "Quý I/2025"), ("Tìm", "<b>")])
    assert said == '<p class="sentence">Kỳ: <b>Quý I/2025</b> · Tìm: <b>&lt;b&gt;</b></p>'
