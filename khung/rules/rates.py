"""Rates that more than one page shows, each defined once."""


def return_rate(*, returned: int, decided: int) -> float | None:
    """The share of decisions on reports that sent one back, 0 to 1; None before the first.

    `decided` counts what was accepted or returned, by the judge or a first reviewer. A report that
    a first reviewer passes on to the judge is not decided yet, and an acceptance taken back stays
    the decision it was.
    """
    return returned / decided if decided else None
