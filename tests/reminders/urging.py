"""Letters of urging as tests write and issue them."""

import datetime as dt
from io import BytesIO
from typing import Any

from khung.reminders.actions import letters as actions
from khung.reminders.letters.recipients import Selection
from khung.reminders.models import Letter
from khung.reports.uploads import prepared
from tests.cast import TODAY, Cast

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NEW_DATE = dt.date(2025, 3, 10)


def selection(cast: Cast, **said: Any) -> Selection:
    return Selection(cast.scene.period("2025-Q1"), **said)


def make(cast: Cast, *codes: str, **said: Any) -> actions.Made:
    wording: dict[str, Any] = {"signed_by": "coordinator", "new_date": NEW_DATE} | said
    return actions.make_letters(
        selection=wording.pop("selection", selection(cast)),
        units=[cast.scene.units[code].pk for code in codes],
        throughs=wording.pop("throughs", {}),
        wording=actions.Wording(**wording),
        from_unit=cast.scene.units["home"],
        by=cast["coordinator"],
        now=TODAY,
    )


def issue(cast: Cast, letter: Letter, number: str = "125/SNV-CCHC", **said: Any) -> Letter:
    given = {"issued_on": TODAY.date(), "by": cast["coordinator"], "version": letter.version}
    with prepared(BytesIO(PDF), "ky.pdf") as signed:
        return actions.record_letter(
            letter=letter,
            number=number,
            signer="Nguyễn Văn A",
            signed=signed,
            now=TODAY,
            **{**given, **said},
        )
