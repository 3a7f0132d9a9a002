"""Serving evidence: only to those who may see it, and never as something a browser would run."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from khung.base import files
from khung.base.models import StoredFile
from khung.desk.permissions import DeskRequest, requires
from khung.reports import images, proofs, uploads
from khung.reports.models import Evidence
from khung.rules.permissions import Permission

VIEWS = (
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_SUBTREE_WORK,
    Permission.VIEW_JUDGED_WORK,
    Permission.VIEW_ALL_WORK,
)
# Nothing in a file may run, load or send anything, whatever it turns out to be.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
# A sandboxed frame shows no PDF in Chromium; its viewer runs apart from the site's pages.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


@requires(*VIEWS)
@require_safe
def evidence_file(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A file of evidence: pictures and PDF are shown, everything else is downloaded."""
    piece, stored = _stored(request, pk)
    is_shown = piece.content_type in uploads.SHOWN
    try:
        data = files.read(stored)
    except OSError as lost:
        raise Http404 from lost
    response = HttpResponse(
        data, content_type=piece.content_type if is_shown else "application/octet-stream"
    )
    name = uploads.file_name(stored.name if "." in stored.name else piece.title)
    disposition = content_disposition_header(not is_shown, name)
    response["Content-Disposition"] = disposition or ("inline" if is_shown else "attachment")
    response["Content-Security-Policy"] = (
        PDF_POLICY if piece.content_type == "application/pdf" else POLICY
    )
    return _private(response)


@requires(*VIEWS)
@require_safe
def evidence_thumbnail(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The small picture of a photograph."""
    piece, stored = _stored(request, pk)
    if piece.content_type not in uploads.IMAGES:
        raise Http404
    try:
        data = files.derived(stored.sha256, "small.jpg", images.thumbnail)
    except (OSError, images.BadImage) as lost:
        raise Http404 from lost
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Security-Policy"] = POLICY
    return _private(response)


def _stored(request: DeskRequest, pk: int) -> tuple[Evidence, StoredFile]:
    """The piece and its file; for whoever may not see it there is no such page."""
    seen = proofs.visible_to(request.acting).filter(kind=Evidence.Kind.FILE)
    piece = get_object_or_404(seen.select_related("file"), pk=pk)
    if piece.file is None:
        raise Http404
    return piece, piece.file


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by this person's browser only; its type is what we say, whatever the content."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(response, private=True, max_age=3600)
    return response
