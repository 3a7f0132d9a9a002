"""Bytes as a file to be saved, never opened inside the site."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(
    data: bytes, name: str, content_type: str = "application/octet-stream"
) -> HttpResponse:
    """The bytes as a download named `name`, whatever letters the name holds."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": disposition}
    )
