"""Every text a reader may see, for the catalogues and for the test that they are whole.

Texts are Vietnamese in the code. Most stand in a call of gettext or in a template; the labels of
`khung.rules`, which knows no Django, are listed here.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.apps import apps
from django.utils.translation.template import templatize

from khung.rules import (
    actors,
    amounts,
    document,
    evidence,
    figures,
    freshness,
    letters,
    methods,
    permissions,
    phones,
    reminding,
    reporting,
    risk,
    routing,
    timing,
    workflow,
)

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Text = tuple[str, str | tuple[str, ...], str | None]


def used() -> Iterator[Text]:
    """Where each text stands, the text (with its plural, if it has one) and its context."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        source = path.read_text()
        if path.suffix != ".py":
            source = templatize(source)
        for line, message, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            yield f"{path.relative_to(PACKAGE)}:{line}", message, context
    for where, text in (*rule_labels(), *choice_labels()):
        yield where, text, None


def choice_labels() -> Iterator[tuple[str, str]]:
    """The labels of what records may be, shown by pages through gettext."""
    for model in apps.get_models():
        if model.__module__.startswith("khung."):
            where = f"{model._meta.app_label}/models"
            for field in model._meta.concrete_fields:
                yield from ((where, str(label)) for _, label in field.flatchoices)


def rule_labels() -> Iterator[tuple[str, str]]:
    """The labels of the rules that pages show through gettext."""
    tables: dict[str, tuple[Mapping[str, str], ...]] = {
        "actors": (actors.KINDS, actors.LEVELS, actors.DOUBTS),
        "amounts": (amounts.PROBLEMS,),
        "document/tree": (document.FIELDS,),
        "figures": (figures.NAMES,),
        "freshness": (freshness.FRESHNESS,),
        "evidence": (evidence.DETAIL_LABELS, evidence.DETAIL_PROBLEMS),
        "letters": (letters.DROPPED,),
        "methods": (methods.KINDS, methods.EVIDENCE_LABELS),
        "permissions": ({str(key): label for key, label in permissions.LABELS.items()},),
        "phones": ({"message": phones.MESSAGE},),
        "reminding": (reminding.SENTENCES, reminding.MESSAGES),
        "reporting": (reporting.OUTCOMES, reporting.MESSAGES),
        "risk": (risk.REASONS,),
        "routing": (routing.VERBS,),
        "timing": (timing.KINDS, timing.OCCASIONS, timing.PHASES, timing.CYCLES, timing.DOUBTS),
        "workflow": (workflow.STATES, workflow.VERBS, workflow.OFFICIAL_CLASSES),
    }
    for module, found in tables.items():
        for table in found:
            yield from ((f"rules/{module}.py", label) for label in table.values())
    for role in permissions.ROLES.values():
        yield from (("rules/permissions.py", text) for text in (role.name, role.description))
    yield "rules/workflow.py", workflow.DONE_IN_PERIOD
    yield from (("rules/timing.py", label) for label in timing.SEASON_LABELS.values())


def translations(message: Message) -> tuple[str, ...]:
    """The translations of a message, one for each plural form."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def renewed(old: Catalog) -> Catalog:
    """A catalogue of exactly the texts in use, with the translations the old one has."""
    new = Catalog(
        locale=old.locale,
        header_comment="# What Khung says, in English. Renewed by `manage.py extract_messages`.",
        project="Khung",
        version="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=old.creation_date,
        charset="utf-8",
        fuzzy=False,
    )
    for _, text, context in used():
        known = old.get(text if isinstance(text, str) else text[0], context)
        new.add(text, known.string if known else "", context=context)
    return new
