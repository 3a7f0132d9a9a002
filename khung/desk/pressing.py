"""What has a date: how much time is left, and how pressing it is."""

from typing import ClassVar

from khung.base.wording import days_left

# Fewer working days than this are worth a warning.
NEAR = 5


class Pressing:
    """Rows whose `left` is the number of working days to a date; None once nothing is owed."""

    __slots__ = ()
    left: int | None
    near: ClassVar[int] = NEAR

    @property
    def left_words(self) -> str:
        return "" if self.left is None else days_left(self.left)

    @property
    def tone(self) -> str:
        """How pressing it is: late, near or far."""
        if self.left is None:
            return "far"
        return "late" if self.left < 0 else "near" if self.left < self.near else "far"
