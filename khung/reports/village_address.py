"""The address a village head opens: short enough for a QR code, worthless without the key.

It is a nonce and its signature in 32 letters and digits that cannot be taken for one another.
A wrong one is told from a right one without asking the database, and 80 bits of signature leave
nothing to guess.
"""

import base64
import secrets

import segno
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "khung.reports.village_link"
NONCE_BYTES, SIGNATURE_BYTES = 5, 10
NONCE_LENGTH, SIGNATURE_LENGTH = 8, 16
# Base32 without l, o, 0 and 1: what is read off paper is typed in right.
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghijkmnpqrstuvwxyz23456789")


def new_nonce() -> str:
    """Forty random bits, which no other link has with near certainty."""
    return _spelt(secrets.token_bytes(NONCE_BYTES))


def code_of(nonce: str) -> str:
    """What stands in the address of the link with this nonce."""
    return f"{nonce}-{_signature(nonce)}"


def nonce_of(code: str) -> str | None:
    """The nonce an address names; None where its signature is not ours."""
    nonce, _, signature = code.partition("-")
    if len(nonce) != NONCE_LENGTH or len(signature) != SIGNATURE_LENGTH or not code.isascii():
        return None
    return nonce if constant_time_compare(signature, _signature(nonce)) else None


def qr_svg(address: str) -> str:
    """The address as a QR code to print: an SVG without a size of its own."""
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))


def _signature(nonce: str) -> str:
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return _spelt(digest[:SIGNATURE_BYTES])


def _spelt(data: bytes) -> str:
    return base64.b32encode(data).decode().translate(_LETTERS)
