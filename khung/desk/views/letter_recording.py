"""What becomes of a draft letter: the clerk's number with the signed file, or its withdrawal."""

from contextlib import AbstractContextManager

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.base import clock, files
from khung.base.upload_handler import NO_ROOM, TOO_LARGE
from khung.base.versions import StaleRecord
from khung.desk.forms_letters import RecordLetter, WithdrawLetter
from khung.desk.permissions import DeskRequest, requires
from khung.reminders.actions import letters as actions
from khung.reminders.letters import checks, reading
from khung.reminders.models import Letter
from khung.reports import uploads
from khung.rules.permissions import Permission

INVALID = 422
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.WRITE_LETTER)
@GET_POST
def record_letter(request: DeskRequest, pk: int) -> HttpResponse:
    """Records the number, the date, the signer and the signed file of a draft."""
    found = get_object_or_404(reading.visible_to(request.acting), pk=pk)
    if reading.state_of(found) != reading.DRAFT:
        return _closed(request, found)
    initial = {"version": found.version, "issued_on": clock.today()}
    form = RecordLetter(request.POST or None, request.FILES or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done = _recorded(request, found, form)
            if done is not None:
                return done
    return render(
        request, "desk/letters/record.html", {"letter": found, "form": form}, status=status
    )


def _recorded(request: DeskRequest, found: Letter, form: RecordLetter) -> HttpResponse | None:
    """Records what a valid form says; None where the form now says why not."""
    said = form.cleaned_data
    try:
        with _signed(said["evidence"]) as signed:
            actions.record_letter(
                letter=found,
                version=said["version"],
                number=said["number"],
                issued_on=said["issued_on"],
                signer=said["signer"],
                signed=signed,
                number_seen=said["number_seen"],
                by=request.user,
                now=clock.now(),
            )
    except uploads.Refused as why:
        form.add_error("evidence", str(why))
    except files.NoRoom:
        form.add_error("evidence", uploads.no_room())
    except actions.NumberTaken as taken:
        form.ask_about_number()
        form.add_error("number", _taken(taken.other))
    except checks.Refused as why:
        form.add_error(why.field, str(why))
    except (actions.LetterClosed, StaleRecord):
        return _closed(request, found)
    else:
        messages.success(request, gettext("Đã ghi số công văn; từ nay công văn không sửa được."))
        return redirect("letter", found.pk)
    return None


def _signed(file: "UploadedFile[bytes]") -> AbstractContextManager[uploads.Prepared]:
    """The signed file, checked and on the disk. Raises uploads.Refused, files.NoRoom."""
    name = uploads.file_name(file.name or "")
    problem = getattr(file, "problem", "")
    if problem == TOO_LARGE:
        raise uploads.too_large(name)
    if problem == NO_ROOM:
        raise files.NoRoom
    return uploads.prepared(file.file, name)  # type: ignore[arg-type]


def _taken(other: Letter) -> str:
    return gettext(
        "Số này đã ghi cho một công văn khác phát hành ngày %(day)s. Kiểm tra lại; nếu đúng là "
        "hai công văn cùng số, đánh dấu ô bên dưới, chọn lại tệp rồi ghi."
    ) % {"day": f"{other.issued_on:%d/%m/%Y}"}


def _closed(request: DeskRequest, found: Letter) -> HttpResponse:
    messages.error(
        request,
        gettext("Công văn này đã được ghi số hoặc thu hồi; chưa có gì của bạn được ghi."),
    )
    return redirect("letter", found.pk)


@requires(Permission.WRITE_LETTER)
@GET_POST
def withdraw_letter(request: DeskRequest, pk: int) -> HttpResponse:
    """Asks why, then withdraws a draft."""
    found = get_object_or_404(reading.visible_to(request.acting), pk=pk)
    if reading.state_of(found) != reading.DRAFT:
        return _closed(request, found)
    form = WithdrawLetter(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            said = form.cleaned_data
            try:
                actions.withdraw_letter(letter=found, **said, by=request.user, now=clock.now())
            except checks.Refused as why:
                form.add_error(why.field, str(why))
            except (actions.LetterClosed, StaleRecord):
                return _closed(request, found)
            else:
                messages.success(request, gettext("Đã thu hồi dự thảo công văn."))
                return redirect("letters")
    return render(
        request, "desk/letters/withdraw.html", {"letter": found, "form": form}, status=status
    )
