"""What each kind of method asks to be said beside a file, and what cannot be true."""

import datetime as dt

import pytest

from khung.rules import evidence
from khung.rules.methods import EVIDENCE

TODAY = dt.date(2025, 3, 3)


def names(kind: str) -> list[str]:
    return [detail.name for detail in evidence.details_asked(kind)]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("posting", ["place", "up_on", "down_on"]),
        ("meeting", ["numbers", "done_on"]),
        ("issue_document", ["document_number", "document_on"]),
        ("household_message", ["channel", "audience", "done_on"]),
        ("", ["numbers", "note"]),
        ("unheard_of", ["numbers", "note"]),
    ],
)
def test_the_kind_decides_what_is_asked(kind: str, asked: list[str]) -> None:
    assert names(kind) == asked


def test_all_that_methods_ask_for_can_be_shown() -> None:
    for kind, codes in EVIDENCE.items():
        by_file = set(evidence.files_asked(kind))
        by_link = {"link"} if evidence.asks_for_link(kind) else set()
        said = set(codes) - by_file - by_link
        assert bool(said) <= bool(names(kind)), kind
        assert set(names(kind)) <= set(evidence.DETAIL_LABELS), kind


@pytest.mark.parametrize(
    ("details", "found"),
    [
        ({"up_on": dt.date(2025, 2, 1), "down_on": dt.date(2025, 2, 1)}, []),
        (
            {"up_on": dt.date(2025, 2, 2), "down_on": dt.date(2025, 2, 1)},
            [("down_on", "down_before_up")],
        ),
        ({"down_on": dt.date(2026, 1, 1)}, []),
        ({"done_on": TODAY}, []),
        ({"done_on": dt.date(2025, 3, 4)}, [("done_on", "done_later")]),
        ({"up_on": dt.date(2025, 3, 4)}, [("up_on", "up_later")]),
        ({"document_on": dt.date(25, 3, 4)}, [("document_on", "too_early")]),
        ({"done_on": None, "place": "Thôn 2"}, []),
    ],
)
def test_dates_that_cannot_be(details: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert evidence.problems(details, TODAY) == found


def test_what_is_filled_reads_as_officials_write() -> None:
    details = {"down_on": "2025-03-01", "up_on": "2025-02-01", "place": "Thôn 2", "note": ""}
    assert evidence.readable(details) == [
        ("Địa điểm", "Thôn 2"),
        ("Niêm yết từ ngày", "01/02/2025"),
        ("đến ngày", "01/03/2025"),
    ]


@pytest.mark.parametrize(
    ("has_file", "links", "filled", "missing"),
    [
        (False, 0, [], ["photo", "place", "dates_up_down"]),
        (True, 0, ["up_on"], ["place"]),
        (True, 0, ["place", "down_on"], []),
    ],
)
def test_what_a_posting_still_lacks(
    has_file: bool, links: int, filled: list[str], missing: list[str]
) -> None:
    assert evidence.still_missing("posting", has_file, links, filled) == missing
    assert evidence.still_missing("", has_file, links, filled) == []
