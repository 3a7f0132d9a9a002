"""Where the figures of the board lead: to another board, or to the assignments behind them."""

from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

Value = str | int | bool | None


def asking(**asked: Value) -> str:
    """What is asked of a page, as a query; empty values left out, true ones as 1."""
    given = {name: int(it) if it is True else it for name, it in asked.items() if it}
    return f"?{urlencode(given)}"


def list_address(**asked: Value) -> str:
    """The list of the assignments with these conditions (`views.work_list`)."""
    return f"{_list()}{asking(**asked)}"


@cache
def _list() -> str:
    # Asked of the resolver once: a board holds hundreds of links.
    return reverse("work_list")


def board_address(**asked: Value) -> str:
    """A board, from whichever page."""
    return f"{_board()}{asking(**asked)}"


@cache
def _board() -> str:
    return reverse("board")
