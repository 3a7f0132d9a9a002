"""What the pages of evidence share: whose report it is, what is told, the panel drawn again."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext

from khung.assignments.models import OPEN_STATES, Assignment
from khung.base import clock, files
from khung.base.upload_handler import NO_ROOM, TOO_LARGE, Incoming
from khung.base.wording import number, period_name
from khung.desk.permissions import DeskRequest
from khung.frameworks.models import TaskItem
from khung.reports import actions, drafting, proofs, reach, uploads
from khung.reports.models import Evidence, EvidenceUse
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

WRITES = (Permission.REPORT_WORK, Permission.ENTER_FOR_UNIT)


@dataclass(slots=True)
class Told:
    """What to tell a person of what they handed in; `known` are files kept elsewhere already."""

    told: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    known: list[tuple[Evidence, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return 422 if self.failed else 200


@contextmanager
def refusals(told: Told) -> Iterator[None]:
    """What a verb refuses is told in words; nothing of it was saved."""
    try:
        yield
    except (actions.TooMany, actions.Fixed, drafting.Locked) as why:
        told.failed.append(str(why))
    except NotAllowed:
        told.failed.append(
            gettext(
                "Báo cáo này đã gửi nên không thêm, bớt tài liệu được nữa. Muốn sửa, thu hồi báo "
                "cáo trước."
            )
        )
    except files.NoRoom:
        told.failed.append(uploads.no_room())
    except EvidenceUse.DoesNotExist:
        told.failed.append(gettext("Tài liệu này không còn trong bản soạn: người khác vừa bỏ."))


def ready_files(
    stack: ExitStack, handed_in: Iterable[Incoming], told: Told, *, keep_origin: bool
) -> list[uploads.Prepared]:
    """Those files that may be kept, on the disk until the stack is closed; why not the others."""
    ready = []
    for file in handed_in:
        name = uploads.file_name(file.name or "")
        try:
            if file.problem == TOO_LARGE:
                raise uploads.too_large(name)
            if file.problem == NO_ROOM:
                raise files.NoRoom
            prepared = uploads.prepared(file.file, name, keep_origin=keep_origin)  # type: ignore[arg-type]
            ready.append(stack.enter_context(prepared))
        except uploads.Refused as why:
            told.failed.append(str(why))
        except files.NoRoom:
            told.failed.append(uploads.no_room())
    return ready


def tell_added(told: Told, added: actions.Added) -> None:
    """How many pieces were added, and which files the unit has already."""
    if added.pieces:
        n = len(added.pieces)
        told.told.append(
            ngettext("Đã thêm %(n)s tài liệu.", "Đã thêm %(n)s tài liệu.", n) % {"n": number(n)}
        )
    told.told += [
        gettext("Tệp “%(name)s” đã có ở đây nên không thêm lần nữa.") % {"name": piece.title}
        for piece in added.there
    ]
    places = proofs.places_of([piece.pk for piece in added.known])
    told.known = [(piece, where(places[piece.pk])) for piece in added.known]


def where(places: Sequence[proofs.Place]) -> str:
    """Where a piece is used already: "ở nhiệm vụ 12, Quý I/2025"."""
    if not places:
        return gettext("trong tài liệu của đơn vị")
    return gettext("ở nhiệm vụ %(no)s, %(period)s") % {
        "no": places[0].task_no,
        "period": period_name(places[0].period),
    }


def written_by(request: DeskRequest, pk: int) -> Assignment:
    """The assignment whose report this person writes. Raises Http404, PermissionDenied."""
    seen = reach.assignments_visible(request.acting).select_related(
        "unit", "task_version", "counts_in"
    )
    assignment = get_object_or_404(seen, pk=pk)
    _require_writer(request, assignment)
    return assignment


def use_written_by(request: DeskRequest, use_id: int) -> EvidenceUse:
    """A piece in a report this person writes. Raises Http404, PermissionDenied."""
    seen = reach.assignments_visible(request.acting)
    uses = EvidenceUse.objects.filter(report__assignment__in=seen)
    use = get_object_or_404(
        uses.select_related(
            "evidence__file", "method", "report__assignment__unit",
            "report__assignment__task_version", "report__assignment__counts_in",
        ),
        pk=use_id,
    )  # fmt: skip
    _require_writer(request, use.report.assignment)
    return use


def _require_writer(request: DeskRequest, assignment: Assignment) -> None:
    """Refuses who may not write in the unit they act for; the verbs ask once more."""
    unit = request.acting.unit
    is_own = unit is not None and unit.pk == assignment.unit_id
    needed = Permission.REPORT_WORK if is_own else Permission.ENTER_FOR_UNIT
    if not request.acting.may(needed):
        raise PermissionDenied
    reach.writing_unit(request.user, assignment, Permission.REPORT_WORK, clock.today())


def method_of(request: DeskRequest, assignment: Assignment) -> TaskItem | None:
    """The method the form or the address names; None is the whole task. Raises Http404."""
    text = request.POST.get("method") or request.GET.get("method", "")
    if not text:
        return None
    if not is_id(text):
        raise Http404
    items = TaskItem.objects.filter(
        task_version=assignment.task_version_id, field=TaskItem.Field.METHOD
    )
    return get_object_or_404(items, pk=int(text))


def is_id(text: str) -> bool:
    """Whether a text of the address can be the number of a record."""
    return text.isdecimal() and len(text) < 18


def panel_context(
    assignment: Assignment, told: Told, method: TaskItem | None = None
) -> dict[str, Any]:
    """What `desk/evidence/panel.html` takes, as it stands now."""
    newest = drafting.newest(assignment)
    carried = proofs.still_valid([assignment], clock.today())
    state = Assignment.objects.values_list("state", flat=True).get(pk=assignment.pk)
    return {
        "assignment": assignment,
        "draft": newest if newest and newest.sent_at is None else None,
        "proofs": proofs.proofs_of([newest.pk])[newest.pk] if newest else [],
        "methods": proofs.methods_of(assignment),
        "may_edit": state in OPEN_STATES,
        "carried": carried[assignment.pk],
        "told": told.told,
        "failed": told.failed,
        "known": told.known,
        "known_method": method.pk if method else "",
    }


def wants_panel(request: DeskRequest) -> bool:
    """Whether the script of the sheet asks, which puts the answer in place of the panel."""
    return request.headers.get("X-Wants") == "panel"


def answer(
    request: DeskRequest, assignment: Assignment, told: Told, method: TaskItem | None = None
) -> HttpResponse:
    """The panel for the script; for everybody else the report again, with what came of it."""
    if wants_panel(request):
        context = panel_context(assignment, told, method)
        return render(request, "desk/evidence/panel.html", context, status=told.status)
    for words in told.told:
        messages.success(request, words)
    for words in told.failed:
        messages.error(request, words)
    return redirect("report_line", assignment.pk)
