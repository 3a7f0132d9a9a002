"""How reports are read: all, some chosen by a seed that everybody can check, or together."""

import hashlib
from dataclasses import dataclass

FULL, SAMPLED, CONSOLIDATED = "full", "sampled", "consolidated"
MOST_WORKING_DAYS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """How the reports of a task at a level are judged. `share` is a percentage."""

    way: str = FULL
    share: int = 100
    seed: str = ""
    superior_first: bool = False
    working_days: int = 10

    def check(self) -> None:
        """Raises ValueError for a plan that makes no sense."""
        if self.way not in (FULL, SAMPLED, CONSOLIDATED):
            raise ValueError(self.way)
        if not 1 <= self.share <= 100 or not 1 <= self.working_days <= MOST_WORKING_DAYS:
            raise ValueError("share or working days out of range")
        if self.way == SAMPLED and not self.seed.strip():
            raise ValueError("a sample needs a seed")


def drawn(seed: str, key: str, share: int) -> bool:
    """Whether `key` is among the `share` percent that the seed draws."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < share


def is_read(
    seed: str, key: str, share: int, *, is_first_ever: bool, is_late: bool, is_changed: bool
) -> bool:
    """A unit's first report, a late one and a changed one are always read; else the seed draws."""
    return is_first_ever or is_late or is_changed or drawn(seed, key, share)


def one_in(share: int) -> int | None:
    """20 percent as one in 5; None where the share is no such simple part."""
    return 100 // share if share < 100 and 100 % share == 0 else None
