"""Whom a letter urges and whom it asks, and the words it does it in."""

import datetime as dt
from dataclasses import replace

import pytest

from khung.rules import letters
from khung.rules.letters import LetterFacts, Recipient

FACTS = LetterFacts(
    form="urge",
    signed_by="coordinator",
    signer="Sở Nội vụ",
    coordinator="Sở Nội vụ",
    decision="Quyết định số 1/QĐ-UBND ngày 07/11/2022 của Ủy ban nhân dân tỉnh Thử",
    period="Quý I/2025",
    as_of=dt.date(2025, 4, 1),
    new_date=dt.date(2025, 4, 8),
    recipients=(Recipient("Ủy ban nhân dân xã Đông", "Ủy ban nhân dân huyện Biển", False, 3),),
)


def facts(
    *recipients: Recipient, form: str = "urge", signed_by: str = "coordinator"
) -> LetterFacts:
    found = replace(FACTS, recipients=recipients or FACTS.recipients, form=form)
    if signed_by == "committee":
        return replace(found, signed_by=signed_by, signer="Ủy ban nhân dân tỉnh Thử")
    return found


@pytest.mark.parametrize(
    ("level", "kind", "by_coordinator", "by_committee"),
    [
        ("commune", "people_committee", "urge", "urge"),
        ("district", "people_committee", "urge", "urge"),
        ("commune", "radio_station", "urge", "urge"),
        # peers of the coordinator, under the Committee
        ("province", "specialised_agency", "request", "urge"),
        # led along their own line, at any level
        ("province", "police", "request", "request"),
        ("commune", "police", "request", "request"),
        ("district", "social_insurance", "request", "request"),
        # not of the administration
        ("province", "company", "request", "request"),
        ("province", "named", "request", "request"),
        ("commune", "peoples_inspectorate", "request", "request"),
        # never
        ("village", "village", None, None),
    ],
)
def test_who_is_urged_and_who_is_asked(
    level: str, kind: str, by_coordinator: str | None, by_committee: str | None
) -> None:
    assert letters.form_for("coordinator", level, kind) == by_coordinator
    assert letters.form_for("committee", level, kind) == by_committee


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("Xã Cam Lâm", "people_committee", "Ủy ban nhân dân xã Cam Lâm"),
        ("Thành phố Nha Trang", "people_committee", "Ủy ban nhân dân thành phố Nha Trang"),
        ("Ủy ban nhân dân xã A", "people_committee", "Ủy ban nhân dân xã A"),
        ("Sở Y tế", "specialised_agency", "Sở Y tế"),
    ],
)
def test_a_unit_is_named_in_full(name: str, kind: str, said: str) -> None:
    assert letters.formal_name(name, kind) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tỉnh Khánh Hòa", "Khánh Hòa"),
        ("Thành phố Huế", "Thành phố Huế"),
        ("Đặc khu Trường Sa", "Trường Sa"),
    ],
)
def test_a_place_loses_the_word_for_its_level(name: str, said: str) -> None:
    assert letters.place_name(name) == said


@pytest.mark.parametrize(
    ("name", "said", "title"),
    [
        ("Sở Nội vụ", "SNV", "Giám đốc"),
        ("Sở Lao động - Thương binh và Xã hội", "SLĐTBXH", "Giám đốc"),
        ("Ủy ban nhân dân tỉnh Thử", "UBND", "Thủ trưởng đơn vị"),
        ("Văn phòng UBND tỉnh", "VPUT", "Chánh Văn phòng"),
    ],
)
def test_symbol_and_title_follow_the_name(name: str, said: str, title: str) -> None:
    assert letters.symbol(name) == said
    assert letters.head_title(name) == title


def test_a_commune_is_written_to_through_its_district() -> None:
    assert letters.addressees(facts()) == ["Ủy ban nhân dân huyện Biển"]
    body = letters.paragraphs(facts())
    assert "Ủy ban nhân dân xã Đông còn 03 nhiệm vụ quá hạn" in body[0]
    assert body[1].startswith(
        "Sở Nội vụ đôn đốc, yêu cầu Ủy ban nhân dân huyện Biển chỉ đạo Ủy ban nhân dân xã Đông "
        "khẩn trương thực hiện"
    )
    assert "chậm nhất ngày 08/04/2025" in body[1]
    assert body[-1].endswith("./.")


def test_without_a_district_a_commune_is_written_to_directly() -> None:
    direct = facts(Recipient("Ủy ban nhân dân xã Đông", tasks=1))
    assert letters.addressees(direct) == ["Ủy ban nhân dân xã Đông"]
    assert "yêu cầu Ủy ban nhân dân xã Đông khẩn trương" in letters.paragraphs(direct)[1]


def test_a_peer_is_only_asked() -> None:
    asked = facts(Recipient("Sở Y tế", tasks=2), form="request")
    body = " ".join(letters.paragraphs(asked))
    assert "Sở Nội vụ đề nghị Sở Y tế phối hợp thực hiện" in body
    assert "yêu cầu" not in body
    assert "đôn đốc" not in body
    assert letters.about(asked).startswith("đề nghị thực hiện")


def test_a_company_answers_through_its_department() -> None:
    company = Recipient("Viễn thông Thử", "Sở Khoa học và Công nghệ", True, 1)
    asked = facts(company, form="request")
    assert letters.addressees(asked) == ["Viễn thông Thử", "Sở Khoa học và Công nghệ"]
    body = letters.paragraphs(asked)
    assert "gửi kết quả kèm tài liệu kiểm chứng về Sở Khoa học và Công nghệ" in body[1]
    assert body[2] == (
        "Đề nghị Sở Khoa học và Công nghệ tổng hợp kết quả của doanh nghiệp, trả lời Sở Nội vụ."
    )
    unknown = facts(Recipient("Viễn thông Thử", "", True, 1), form="request")
    assert letters.addressees(unknown) == ["Viễn thông Thử"]
    assert "về Sở Nội vụ chậm nhất" in letters.paragraphs(unknown)[1]


def test_many_are_named_in_the_annex() -> None:
    many = facts(*(Recipient(f"Ủy ban nhân dân xã {n}", tasks=2) for n in range(20)))
    assert letters.addressees(many) == [
        "Các cơ quan, đơn vị, địa phương có tên tại Phụ lục kèm theo"
    ]
    body = letters.paragraphs(many)
    assert "20 cơ quan, đơn vị, địa phương còn 40 nhiệm vụ" in body[0]
    assert "yêu cầu các cơ quan, đơn vị, địa phương có tên tại Phụ lục" in body[1]


def test_the_committee_leaves_the_follow_up_to_the_coordinator() -> None:
    signed = facts(signed_by="committee")
    body = letters.paragraphs(signed)
    assert body[1].startswith("Ủy ban nhân dân tỉnh Thử đôn đốc, yêu cầu")
    assert body[-1] == (
        "Giao Sở Nội vụ theo dõi, đôn đốc, tổng hợp kết quả, báo cáo Ủy ban nhân dân tỉnh Thử./."
    )
    assert letters.told(signed)[1:3] == [
        "Chủ tịch, các Phó Chủ tịch UBND tỉnh (báo cáo)",
        "Sở Nội vụ",
    ]
    assert letters.told(facts())[-1] == "Lưu: VT, SNV"


def test_added_words_become_paragraphs_before_the_last() -> None:
    body = letters.paragraphs(replace(FACTS, more="Một.\n\n Hai."))
    assert body[2:4] == ["Một.", "Hai."]
