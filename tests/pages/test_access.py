"""Every address of the site × every role. A new page without a row here fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from khung.desk.permissions import is_undeclared
from khung.rules.permissions import ROLES
from tests.cast import Cast
from tests.pages.access_records import (
    a_calendar_day,
    a_colleague,
    a_decision,
    a_difficulty,
    a_disclosure,
    a_doubt,
    a_held_role,
    a_letter,
    a_meaning,
    a_piece,
    a_published_unit,
    a_return_reason,
    a_rule,
    a_task_version,
    a_use,
    a_village_code,
    a_village_link,
    a_village_sending,
    an_accepted_report,
    an_issued_letter,
    an_occasion,
    an_occurrence,
    assignment,
    east1,
)
from tests.pages.access_unit_side import a_leave, a_proposal, a_signed_paper, an_exempted

ANONYMOUS = "anonymous"
EVERYBODY = frozenset({ANONYMOUS, *ROLES})
SIGNED_IN = frozenset(ROLES)
OFFICIALS = SIGNED_IN - {"operator"}
WORKERS = frozenset({"officer", "head", "guide", "coordinator"})
# Those who write for their unit, and who enters for one that cannot.
WRITERS = frozenset({"officer", "head", "coordinator"})
COORDINATOR = frozenset({"coordinator"})
REPORTERS = frozenset({"officer", "head"})
KEEPERS = frozenset({"coordinator", "operator"})
JUDGES = frozenset({"guide", "coordinator"})

Parts = Callable[[Cast], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """Who is served an address; `parts` fill it, `answer` is what those served get.

    `elsewhere` are those sent on to another page because there is nothing here for them; `unseen`
    are those who may ask, but for whom this record does not exist.
    """

    may: frozenset[str]
    parts: Parts = field(default=lambda cast: {})
    answer: int = 200
    is_post: bool = False
    elsewhere: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


TABLE: dict[str, Row] = {
    # the day's work
    "start": Row(SIGNED_IN, answer=302),
    "setup": Row(COORDINATOR),
    "choose_unit": Row(SIGNED_IN, answer=302, is_post=True),
    "my_work": Row(WORKERS),
    # reporting
    "report_line": Row(OFFICIALS, assignment),
    "save_report": Row(WRITERS, assignment, answer=422, is_post=True),
    "send_many": Row(WRITERS, answer=302, is_post=True),
    "hand_in": Row(WRITERS, answer=302, is_post=True),
    "copy_last_of_all": Row(WRITERS, answer=302, is_post=True),
    "copy_last": Row(WRITERS, assignment, answer=302, is_post=True),
    "withdraw_report": Row(WRITERS, assignment, answer=302, is_post=True),
    "record_occurrence": Row(WRITERS, assignment, answer=422, is_post=True),
    "withdraw_occurrence": Row(WRITERS, an_occurrence, answer=302, is_post=True),
    "spreadsheet": Row(WRITERS, east1),
    "spreadsheet_file": Row(WRITERS, east1),
    "take_spreadsheet": Row(WRITERS, east1, answer=302, is_post=True),
    "figures": Row(JUDGES),
    "figures_template": Row(JUDGES),
    "take_figures": Row(JUDGES, answer=302, is_post=True),
    # judging
    "judging": Row(JUDGES),
    "accept_reports": Row(JUDGES, answer=302, is_post=True),
    "return_reports": Row(JUDGES, answer=302, is_post=True),
    "pass_on_reports": Row(JUDGES, answer=302, is_post=True),
    "assign_reviewer": Row(JUDGES, answer=302, is_post=True),
    "judge_together": Row(JUDGES),
    "judge_together_task": Row(JUDGES, a_task_version, answer=302),
    "reopen_report": Row(JUDGES, an_accepted_report),
    "judging_plans": Row(JUDGES),
    "set_judging_plan": Row(COORDINATOR, answer=302),
    "compulsory_methods": Row(JUDGES, a_task_version),
    "return_reasons": Row(JUDGES),
    "propose_reasons": Row(COORDINATOR, answer=302, is_post=True),
    "move_reason": Row(COORDINATOR, answer=302, is_post=True),
    "reword_reason": Row(COORDINATOR, a_return_reason),
    "retire_reason": Row(COORDINATOR, a_return_reason, answer=302, is_post=True),
    # what is given, and how it stands
    "assignment": Row(OFFICIALS, assignment),
    "board_ranking": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_trend": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_map": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_guides": Row(frozenset({"coordinator", "leader", "observer"})),
    "work_list": Row(OFFICIALS),
    "board": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    # difficulties
    "difficulties": Row(OFFICIALS),
    "raise_difficulty": Row(frozenset({"officer", "head"})),
    "difficulty": Row(OFFICIALS, a_difficulty),
    # reminders
    "digests": Row(SIGNED_IN),
    # whose digest it is, is tested in test_reminders
    "read_digest": Row(SIGNED_IN, lambda cast: {"pk": 0}, answer=404, is_post=True),
    "preference": Row(SIGNED_IN),
    "reminder_rules": Row(COORDINATOR),
    "begin_rules": Row(COORDINATOR, answer=302, is_post=True),
    "switch_rule": Row(COORDINATOR, a_rule, answer=302, is_post=True),
    "outbox": Row(KEEPERS),
    "retry_messages": Row(KEEPERS, answer=302, is_post=True),
    # evidence
    "add_evidence": Row(WRITERS, assignment),
    "reuse_evidence": Row(WRITERS, assignment),
    "carry_over": Row(WRITERS, assignment, answer=302, is_post=True),
    "change_evidence": Row(WRITERS, a_use),
    "remove_evidence": Row(WRITERS, a_use, answer=302, is_post=True),
    "evidence_file": Row(OFFICIALS, lambda cast: {"pk": a_piece(cast).pk}),
    "evidence_thumbnail": Row(OFFICIALS, lambda cast: {"pk": a_piece(cast, "image/png").pk}),
    # the framework
    "framework": Row(OFFICIALS),
    "task": Row(OFFICIALS, lambda cast: {"no": 2}),
    "settle_phrase": Row(COORDINATOR, lambda cast: {"no": 2}),
    "place_task": Row(COORDINATOR, lambda cast: {"no": 2}),
    "settle_addressee": Row(COORDINATOR),
    "withdraw_meaning": Row(COORDINATOR, a_meaning),
    "reuse_settlements": Row(COORDINATOR, answer=302, is_post=True),
    "discard_draft": Row(COORDINATOR),
    "doubts": Row(OFFICIALS),
    "doubt": Row(OFFICIALS, a_doubt),
    "decision_file": Row(OFFICIALS, a_decision),
    "put_in_force": Row(COORDINATOR),
    "read_decision": Row(COORDINATOR),
    # the coordinator's desk
    "periods": Row(OFFICIALS),
    "period": Row(OFFICIALS, lambda cast: {"code": "2025-Q1"}),
    "exempt_ended": Row(COORDINATOR, lambda cast: {"code": "2025-Q1"}, answer=302, is_post=True),
    "put_into_work": Row(COORDINATOR, answer=302, is_post=True),
    "deadline": Row(COORDINATOR, lambda cast: {"code": "2025-Q1", "level": "commune"}),
    "calendar": Row(SIGNED_IN),
    "choose_day": Row(COORDINATOR, answer=302),
    "fill_year": Row(COORDINATOR, lambda cast: {"year": 2025}, answer=302, is_post=True),
    "calendar_day": Row(COORDINATOR, lambda cast: {"day": "2025-03-03"}),
    "remove_day": Row(COORDINATOR, a_calendar_day, answer=302, is_post=True),
    "occasions": Row(OFFICIALS),
    "open_occasion": Row(WORKERS),
    "occasion": Row(OFFICIALS, an_occasion),
    "extend_occasion": Row(COORDINATOR, an_occasion, answer=302, is_post=True),
    "close_occasion": Row(COORDINATOR, an_occasion, answer=302, is_post=True),
    "disclosures": Row(OFFICIALS),
    "withdraw_disclosure": Row(COORDINATOR, a_disclosure, answer=302, is_post=True),
    # the unit's own order
    "approve": Row(frozenset({"head"})),
    "share_work": Row(REPORTERS),
    "unit_habits": Row(REPORTERS),
    "report_versions": Row(OFFICIALS, assignment),
    "joint_result": Row(REPORTERS, assignment),
    "propose_exemption": Row(frozenset({"officer", "head", "guide"}), assignment),
    "exemptions": Row(OFFICIALS),
    "answer_exemption": Row(COORDINATOR, a_proposal),
    "withdraw_proposal": Row(
        frozenset({"officer", "head", "guide"}), a_proposal, answer=302, is_post=True
    ),
    "restore_exempted": Row(COORDINATOR, an_exempted, answer=302, is_post=True),
    "covering_report": Row(REPORTERS),
    "covering_draft": Row(REPORTERS, answer=302, is_post=True),
    "covering_signed": Row(OFFICIALS - {"guide"}, a_signed_paper, unseen=frozenset({"guide"})),
    "lock_exceptions": Row(OFFICIALS),
    "grant_lock_exception": Row(COORDINATOR),
    "revoke_lock_exception": Row(COORDINATOR, a_leave),
    "enter_for": Row(frozenset({"head", "coordinator"})),
    "enter_for_unit": Row(COORDINATOR, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    # links of villages
    "village_links": Row(REPORTERS),
    "make_village_link": Row(REPORTERS),
    "village_cards": Row(REPORTERS),
    "village_link": Row(REPORTERS, lambda cast: {"pk": a_village_link(cast).pk}),
    "revoke_village_link": Row(
        REPORTERS, lambda cast: {"pk": a_village_link(cast).pk}, answer=302, is_post=True
    ),
    "village_sendings": Row(REPORTERS),
    "village_sending": Row(REPORTERS, a_village_sending),
    # letters of urging
    "letters": Row(OFFICIALS),
    "write_letter": Row(COORDINATOR),
    "letters_zip": Row(COORDINATOR, answer=302),
    "letter": Row(OFFICIALS, an_issued_letter),
    "letter_docx": Row(OFFICIALS, an_issued_letter),
    "signed_letter": Row(OFFICIALS, an_issued_letter),
    "record_letter": Row(COORDINATOR, a_letter),
    "withdraw_letter": Row(COORDINATOR, a_letter),
    # units
    "units": Row(SIGNED_IN),
    "unit": Row(SIGNED_IN, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    "unit_history": Row(OFFICIALS, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    # people
    "people": Row(KEEPERS),
    "add_person": Row(KEEPERS),
    "person": Row(KEEPERS, a_colleague),
    "deactivate_person": Row(KEEPERS, a_colleague, answer=302, is_post=True),
    "reactivate_person": Row(KEEPERS, a_colleague, answer=302, is_post=True),
    "new_password": Row(KEEPERS, a_colleague, is_post=True),
    "end_role": Row(KEEPERS, a_held_role, answer=302, is_post=True),
    # the trail
    "audit_trail": Row(KEEPERS),
    # signing in
    "account_login": Row(EVERYBODY, elsewhere=SIGNED_IN),
    # only in demonstration mode; tested in test_signin
    "demonstrate": Row(
        EVERYBODY, lambda cast: {"person_id": cast["officer"].pk}, answer=404, is_post=True
    ),
    "account_logout": Row(EVERYBODY, elsewhere=frozenset({ANONYMOUS})),
    "set_language": Row(EVERYBODY, answer=302, is_post=True),
    "account_change_password": Row(SIGNED_IN),
    "password_changed": Row(SIGNED_IN),
    # the public's pages
    "home": Row(EVERYBODY),
    "public_tasks": Row(EVERYBODY),
    "public_task": Row(EVERYBODY, lambda cast: {"no": 2}),
    "public_decision": Row(EVERYBODY, a_decision),
    "public_progress": Row(EVERYBODY),
    "public_unit": Row(EVERYBODY, a_published_unit),
    # the phone of a village head
    "village_page": Row(EVERYBODY, a_village_code),
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {str(found.name) for found in patterns()} == set(TABLE)


def test_every_view_of_the_desk_says_who_may_see_it() -> None:
    assert [found.name for found in patterns() if is_undeclared(found.callback)] == []


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_is_served(cast: Cast, name: str) -> None:
    row = TABLE[name]
    address = reverse(name, kwargs=row.parts(cast))
    got: dict[str, object] = {}
    for role in sorted(EVERYBODY):
        client = cast.client(role)
        response = client.post(address) if row.is_post else client.get(address)
        to_sign_in = response.headers.get("Location", "").startswith(reverse("account_login"))
        got[role] = "sign in" if to_sign_in else response.status_code
    refused = {role: "sign in" if role == ANONYMOUS else 403 for role in EVERYBODY - row.may}
    served = dict.fromkeys(row.may, row.answer) | dict.fromkeys(row.elsewhere, 302)
    served |= dict.fromkeys(row.unseen, 404)
    assert got == refused | served


@pytest.mark.parametrize(
    "name", sorted(name for name, row in TABLE.items() if row.may != EVERYBODY)
)
def test_nobody_refused_may_post(cast: Cast, name: str) -> None:
    row = TABLE[name]
    address = reverse(name, kwargs=row.parts(cast))
    for role in sorted(EVERYBODY - row.may - {ANONYMOUS}):
        assert cast.client(role).post(address).status_code in (403, 405)
