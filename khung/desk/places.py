"""The places of the left rail: at most six for a role, the daily ones first."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khung.rules.permissions import Permission

MOST = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the rail: its address, its name in full and short for a phone, who may go."""

    url: str
    label: str | Promise
    short: str | Promise
    icon: str
    needs: frozenset[Permission]
    # Addresses of pages one comes to from this place.
    beside: tuple[str, ...] = ()
    # Who has a place that leads here, and needs no other.
    unless: frozenset[Permission] = frozenset()
    is_current: bool = False


# Whoever sets the province up finds everything else from one page.
_SETS_UP = frozenset({Permission.OPEN_PERIOD})

ALL_PLACES = (
    Place(
        "/viec-cua-toi/",
        _("Việc của tôi"),
        _("Việc"),
        "clipboard-document-check",
        frozenset({Permission.VIEW_OWN_UNIT_WORK}),
        ("/giao-viec/", "/nhap-thay/", "/thon-to/", "/su-kien/"),
    ),
    Place(
        "/duyet-bao-cao/",
        _("Duyệt báo cáo"),
        _("Duyệt"),
        "check-badge",
        frozenset({Permission.APPROVE_REPORT}),
    ),
    Place(
        "/bang-theo-doi/",
        _("Bảng theo dõi"),
        _("Theo dõi"),
        "chart-bar",
        frozenset({Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK}),
        ("/nhiem-vu-duoc-giao/",),
    ),
    Place(
        "/don-doc/",
        _("Đôn đốc"),
        _("Đôn đốc"),
        "megaphone",
        frozenset({Permission.WRITE_LETTER, Permission.VIEW_ALL_WORK, Permission.REPORT_WORK}),
    ),
    Place(
        "/kho-khan/",
        _("Khó khăn, vướng mắc"),
        _("Khó khăn"),
        "lifebuoy",
        frozenset(
            {
                Permission.RAISE_DIFFICULTY,
                Permission.ANSWER_DIFFICULTY,
                Permission.DECIDE_DIFFICULTY,
                Permission.VIEW_ALL_WORK,
            }
        ),
    ),
    Place(
        "/bo-khung/",
        _("Bộ khung nhiệm vụ"),
        _("Bộ khung"),
        "rectangle-stack",
        frozenset({Permission.VIEW_FRAMEWORK}),
        ("/quyet-dinh/",),
    ),
    Place(
        "/thiet-lap/",
        _("Thiết lập"),
        _("Thiết lập"),
        "cog-6-tooth",
        _SETS_UP,
        (
            *("/ky-bao-cao/", "/su-kien/", "/lich/", "/cong-khai/", "/don-vi/", "/nguoi-dung/"),
            *("/nhat-ky/", "/cach-tham-dinh/", "/ly-do-tra-lai/"),
            *("/nhac-viec/quy-tac/", "/nhac-viec/tin-gui/"),
        ),
    ),
    Place(
        "/don-vi/",
        _("Đơn vị"),
        _("Đơn vị"),
        "building-library",
        frozenset({Permission.VIEW_FRAMEWORK, Permission.MANAGE_PEOPLE}),
        ("/nguoi-dung/",),
        unless=_SETS_UP,
    ),
    Place(
        "/lich/",
        _("Lịch làm việc"),
        _("Lịch"),
        "calendar",
        frozenset({Permission.RUN_JOBS}),
    ),
    Place(
        "/nhat-ky/",
        _("Nhật ký"),
        _("Nhật ký"),
        "document-text",
        frozenset({Permission.VIEW_AUDIT}),
        unless=_SETS_UP,
    ),
)


def places_of(permissions: frozenset[Permission], path: str) -> list[Place]:
    """The places somebody may go to; the one `path` lies in is marked, never two.

    A page beside several places belongs to where its reader sets things up, if they do.
    """
    shown = [
        place
        for place in ALL_PLACES
        if place.needs & permissions and not place.unless & permissions
    ][:MOST]
    around = [place for place in shown if path.startswith((place.url, *place.beside))]
    around.sort(key=lambda place: (not path.startswith(place.url), place.needs != _SETS_UP))
    return [replace(place, is_current=place in around[:1]) for place in shown]
