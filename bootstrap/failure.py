"""An end with a message for the person at the keyboard, in Vietnamese and then in English."""


class Failure(Exception):
    """Something the operator can put right. `vi` and `en` say what, where and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi = vi
        self.en = en
