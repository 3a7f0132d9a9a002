"""Evidence under a method says that the method was done."""

from khung.reports.actions import Written, reuse_evidence, save_draft
from tests.cast import TODAY, Cast
from tests.reports.test_evidence import drafted, folder, hand_in, other
from tests.reports.test_uploads import PDF

__all__ = ["folder"]


def test_a_method_with_evidence_counts_as_done_until_it_is_unticked(cast: Cast) -> None:
    first, later = cast.scene.assignment("east1", 2), cast.scene.assignment("east1", 1)
    method = first.task_version.items.get(field="method")
    hand_in(cast, first, PDF)
    assert drafted(first).methods_done == []
    before = drafted(first).version
    added = hand_in(cast, first, other(1), method=method)
    draft = drafted(first)
    assert (draft.methods_done, draft.version) == ([method.pk], before)
    written = Written(text="Đã làm", methods_done=())
    save_draft(
        assignment=first, written=written, version=draft.version, by=cast["officer"], now=TODAY
    )
    assert drafted(first).methods_done == []
    elsewhere = later.task_version.items.filter(field="method")[0]
    reuse_evidence(
        assignment=later, method=elsewhere, evidence=[added.pieces[0].pk], by=cast["officer"],
        now=TODAY,
    )  # fmt: skip
    assert drafted(later).methods_done == [elsewhere.pk]
