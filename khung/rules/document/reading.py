"""From rows of strings to the tree of a Decision, with every doubt on the way."""

from collections.abc import Callable, Sequence
from functools import cache

from khung.rules.actors import learn_definitions, parse_actors
from khung.rules.document.contents import Draft, draft_tasks
from khung.rules.document.doubts import doubt_labels, doubt_phrases, slip_doubt
from khung.rules.document.head import Paragraph, paragraphs, read_head
from khung.rules.document.items import Entry
from khung.rules.document.labels import Label, Place, label_pieces, places, recognise, settle
from khung.rules.document.layout import join_parts, read_parts
from khung.rules.document.slips import Slip, Vocabulary, correct, find_slips, learn, name_slip
from khung.rules.document.tree import (
    LIST_FIELDS,
    Doubt,
    Head,
    Item,
    ReadDecision,
    ReadTask,
    SourceText,
    UnreadableDocument,
)
from khung.rules.taxonomy import LATEST_YEAR


def read(source: SourceText) -> ReadDecision:
    """Read a Decision and the table of its annex.

    Raises UnreadableDocument, with a message for a person, where there is no table, no header
    that is known, or no task below it.
    """
    if not source.rows:
        raise UnreadableDocument(
            "Không tìm thấy bảng nhiệm vụ nào. Hãy kiểm tra lại tệp: mỗi dòng của bảng là một dòng "
            "văn bản, các ô cách nhau bằng ký tự tab."
        )
    records = join_parts(read_parts(source.rows))
    if not records:
        raise UnreadableDocument(
            "Bảng chỉ có dòng tiêu đề, không có nhiệm vụ nào. Hãy kiểm tra tệp có bị cắt không."
        )
    texts = paragraphs(source.head)
    head, doubts = read_head(texts)
    year = head.issued_on.year if head.issued_on else LATEST_YEAR
    labels, strays = recognise(label_pieces(records), year, len(records))
    drafts = draft_tasks(records, strays)
    labels = settle(labels, [draft.words for draft in drafts], year)
    found = places(labels, len(records))
    definitions = learn_definitions(entry.text for draft in drafts for entry in _entries(draft))
    vocabulary = learn(_all_texts(texts, labels, drafts), definitions)
    doubts += _head_slips(head, texts, vocabulary)
    doubts += doubt_labels(labels, drafts, found, year, vocabulary)
    # The same words stand in many tasks; each wording is looked at once.
    slips_of = cache(lambda text: find_slips(text, vocabulary))
    actor_doubts = cache(lambda text: parse_actors(text, definitions).doubts)
    tasks = [
        _task(draft, place, slips_of, actor_doubts)
        for draft, place in zip(drafts, found, strict=True)
    ]
    every = [*doubts, *(doubt for draft in drafts for doubt in draft.doubts)]
    return ReadDecision(head, tuple(tasks), tuple({one.key: one for one in every}.values()))


def _task(
    draft: Draft,
    place: Place,
    slips_of: Callable[[str], tuple[Slip, ...]],
    actor_doubts: Callable[[str], tuple[str, ...]],
) -> ReadTask:
    items = {
        name: tuple(
            _item(entry, draft, name, slips_of(entry.text)) for entry in draft.entries[name]
        )
        for name in LIST_FIELDS
    }
    doubt_phrases(draft, items, actor_doubts)
    dimension, subdimension = place
    return ReadTask(
        draft.no,
        dimension,
        subdimension,
        items["content"],
        items["methods"],
        items["guiding"],
        items["implementing"],
        items["timing"],
        tuple(dict.fromkeys(draft.lines)),
        tuple(dict.fromkeys(doubt.code for doubt in draft.doubts)),
    )


def _item(entry: Entry, draft: Draft, name: str, slips: tuple[Slip, ...]) -> Item:
    draft.doubts += [slip_doubt(slip, draft.no, entry.line, name) for slip in slips]
    return Item(entry.text, correct(entry.text, slips) if slips else None, entry.line)


def _entries(draft: Draft) -> list[Entry]:
    return [entry for name in LIST_FIELDS for entry in draft.entries[name]]


def _all_texts(
    texts: Sequence[Paragraph], labels: Sequence[Label], drafts: Sequence[Draft]
) -> list[str]:
    return [
        *(paragraph.text for paragraph in texts),
        *(label.text for label in labels),
        *(entry.text for draft in drafts for entry in _entries(draft)),
    ]


def _head_slips(head: Head, texts: Sequence[Paragraph], vocabulary: Vocabulary) -> list[Doubt]:
    doubts = [
        slip_doubt(slip, None, paragraph.lines.line_at(slip.start), None)
        for paragraph in texts
        for slip in find_slips(paragraph.text, vocabulary)
    ]
    meant = name_slip(head.signer)
    if meant:
        lines = (piece for paragraph in texts for piece in paragraph.lines.pieces)
        line = next(line for line, text in lines if text == head.signer)
        message = f"Tên người ký đọc là “{head.signer}”, có thể đúng là “{meant}”."
        doubts.append(Doubt("name_slip", message, None, line, "signer", head.signer, meant))
    return doubts
