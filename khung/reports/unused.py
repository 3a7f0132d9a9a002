"""Evidence nothing stands on any more, and its file."""

from khung.base import files
from khung.reports.models import Evidence, Occurrence, Remark, VillageSending


def delete_unused(piece: Evidence) -> bool:
    """Deletes a piece nothing stands on, and its file when no other record names it.

    Returns whether it went. Call it inside the transaction that let go of the piece.
    """
    if _is_used(piece):
        return False
    stored = piece.file
    piece.delete()
    if stored is not None:
        files.release(stored)
    return True


def _is_used(piece: Evidence) -> bool:
    return (
        piece.uses.exists()
        or VillageSending.objects.filter(evidence=piece).exists()
        or Occurrence.objects.filter(evidence=piece).exists()
        or Remark.objects.filter(evidence=piece).exists()
    )
