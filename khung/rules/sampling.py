"""Which reports of a sample are read: chosen by a seed, so that everybody can check the choice."""

import hashlib


def drawn(seed: str, key: str, share: int) -> bool:
    """Whether `key` is among the `share` percent that the seed draws."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < share


def is_read(
    seed: str, key: str, share: int, *, is_first_ever: bool, is_late: bool, is_changed: bool
) -> bool:
    """A unit's first report, a late one and a changed one are always read; else the seed draws."""
    return is_first_ever or is_late or is_changed or drawn(seed, key, share)
