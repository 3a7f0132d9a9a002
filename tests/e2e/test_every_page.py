"""Every page of the site, for each role that may read it, in a real browser."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from khung.rules.permissions import ROLES
from khung.rules.text import fold
from tests.cast import TODAY, Cast
from tests.e2e.journey import NARROW, WIDE, Stage, stage
from tests.pages.test_access import ANONYMOUS, TABLE, Row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READ = sorted(name for name, row in TABLE.items() if not row.is_post and row.answer == 200)
# What these speak of cannot be made beside what another speaks of: the same report, the same link.
ALONE = ["change_evidence", "reopen_report", *(name for name in READ if "village" in name)]
FILES = {"evidence_file", "evidence_thumbnail"}
TOGETHER = [name for name in READ if name not in {*ALONE, *FILES}]
# Parts of about equal length, so that several workers share them.
PARTS = [TOGETHER[n::6] for n in range(6)] + [[name] for name in ALONE]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def readers(row: Row) -> list[str]:
    """Who reads a page, in the order of the roles."""
    return [role for role in (*ROLES, ANONYMOUS) if role in row.may - row.elsewhere]


def is_html(cast: Cast, role: str, address: str) -> bool:
    """Whether an address is a page rather than a file."""
    answer = cast.client(role).get(address)
    return answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("names", PARTS, ids=[names[0] for names in PARTS])
def test_pages_are_sound_for_whoever_reads_them(
    browser: Browser,
    live_server: LiveServer,
    transactional_db: None,
    axe_faults: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
) -> None:
    with stage(browser, live_server, axe_faults, monkeypatch, TODAY) as opened:
        cast = Cast()
        for unit in cast.scene.units.values():
            unit.names.create(name=unit.name, folded=fold(unit.name))
        windows: dict[tuple[str, str], Page] = {}
        for name in names:
            address = reverse(name, kwargs=TABLE[name].parts(cast))
            look_at(opened, cast, windows, address, readers(TABLE[name]))


def look_at(
    opened: Stage,
    cast: Cast,
    windows: dict[tuple[str, str], Page],
    address: str,
    roles: list[str],
) -> None:
    """A page at both widths by its first reader, and by others to whom it reads otherwise."""
    if not is_html(cast, roles[0], address):
        return
    seen: set[str] = set()
    for role, size in [(roles[0], NARROW), *((role, WIDE) for role in roles)]:
        if (role, size) not in windows:
            windows[role, size] = opened.window(cast.people.get(role), size)
        page = windows[role, size]
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, f"{role}: {address}"
        reads = size + TOKEN.sub("", page.locator("main").inner_html())
        if reads not in seen:
            opened.look(page)
        seen.add(reads)
