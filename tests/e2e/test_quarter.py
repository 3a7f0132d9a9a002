"""One quarter lived through by everybody in the browser, from the first word to the decision."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from io import BytesIO

import docx
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from khung.assignments.models import Assignment
from khung.difficulties.models import Difficulty
from khung.reminders.models import Letter
from khung.reports.models import EvidenceUse, Report
from khung.rules.text import fold
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.e2e.chromium import SIZES
from tests.e2e.journey import NARROW, WIDE, Sheet, Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Đã rà soát trạm y tế tại cả năm thôn"
NEWS = "Trạm mới quét vôi"
CHECKED = "Kiểm tra định kỳ"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = Cast()
    for unit in cast.scene.units.values():
        unit.names.create(name=unit.name, folded=fold(unit.name))
    cast.people["neighbour"] = person("head", cast.scene.units["east2"])
    cast.people["district"] = person("head", cast.scene.units["east"])
    return cast


@pytest.fixture
def open_stage(
    cast: Cast,
    browser: Browser,
    live_server: LiveServer,
    axe_faults: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    with stage(browser, live_server, axe_faults, monkeypatch, TODAY) as opened:
        yield opened


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """How wide the windows of the commune are; the province's offices have large screens."""
    return str(request.param)


def photo(shade: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), (shade, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def test_one_quarter(open_stage: Stage, cast: Cast, size: str) -> None:
    quarter = Quarter(open_stage, cast, size)
    quarter.the_officer_writes_and_finds_it_again()
    quarter.the_village_sends_a_photo()
    quarter.the_head_approves_and_sends()
    quarter.the_neighbour_sends_too()
    open_stage.until(3, 5)
    quarter.the_guide_returns_one_and_accepts_another()
    open_stage.until(3, 6)
    quarter.the_officer_sees_why_and_corrects()
    open_stage.until(3, 7)
    quarter.the_guide_accepts_the_correction()
    open_stage.until(3, 25)
    quarter.the_coordinator_urges_who_is_late()
    quarter.the_difficulty_climbs_and_its_decision_comes_back()
    open_stage.until(4, 2)
    quarter.the_board_is_right_as_of_its_tick()


class Quarter:
    """The steps of one quarter, each done by clicks of whom it falls to."""

    def __init__(self, on: Stage, cast: Cast, size: str) -> None:
        self.on, self.cast, self.size = on, cast, size
        self.own = cast.scene.assignment("east1", 2)
        self.other = cast.scene.assignment("east2", 2)
        self.unreported = cast.scene.assignment("east1", 1)
        self.windows: dict[str, Page] = {}

    def at(self, role: str) -> Page:
        """The window of somebody, opened once and kept."""
        if role not in self.windows:
            size = self.size if role in ("officer", "head", "neighbour") else WIDE
            self.windows[role] = self.on.window(self.cast[role], size)
        return self.windows[role]

    def state(self, assignment: Assignment) -> str:
        return Assignment.objects.get(pk=assignment.pk).state

    def the_officer_writes_and_finds_it_again(self) -> None:
        page = self.at("officer")
        sheet = Sheet(page)
        line = sheet.open(self.own.pk)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Còn 12 ngày làm việc")
        sheet.write(line, WORDS, CHECKED)
        expect(line.get_by_text("Chưa có tài liệu kiểm chứng.")).to_be_visible()
        sheet.attach(line, CHECKED, "tram-y-te.jpg", photo(10))
        expect(line.get_by_text("Đã đủ để gửi.")).to_be_visible()
        self.on.look(page)
        # The tab is closed, and another finds what was written.
        page.close()
        page = self.windows["officer"] = page.context.new_page()
        line = Sheet(page).open(self.own.pk)
        expect(line.get_by_label("Nội dung kết quả")).to_have_value(WORDS)
        expect(line.get_by_role("link", name="tram-y-te.jpg", exact=True)).to_be_visible()
        line.get_by_label("Đã xong, trình thủ trưởng duyệt").check()
        expect(line.locator("[data-save-state]")).to_have_attribute("data-kind", "saved")

    def the_village_sends_a_photo(self) -> None:
        officer = self.at("officer")
        officer.goto("/thon-to/")
        self.on.look(officer)
        officer.get_by_role("link", name="Cấp đường dẫn", exact=True).click()
        officer.get_by_label("Các thôn, tổ dân phố").fill("Thôn Đông; Nguyễn Văn Thôn")
        officer.get_by_label(re.compile("Rà soát trạm y tế")).check()
        officer.get_by_label("Nhờ trưởng thôn làm gì").fill("Chụp trạm y tế nhìn từ cổng")
        self.on.look(officer)
        officer.get_by_role("button", name="Cấp đường dẫn, xem thẻ để in").click()
        self.on.look(officer)
        address = officer.locator(".cards .address").inner_text()
        phone = self.the_village_opens(f"http://{address}")
        officer.goto("/thon-to/da-gui/")
        self.on.look(officer)
        sending = officer.locator("article.sending").filter(has_text="Thôn Đông")
        expect(sending.get_by_text(NEWS)).to_be_visible()
        sending.get_by_role("button", name="Nhận vào báo cáo").click()
        expect(officer.get_by_role("status").first).to_be_visible()
        phone.reload()
        expect(phone.locator("#history li")).to_contain_text("Ủy ban đã nhận")
        line = Sheet(officer).open(self.own.pk)
        expect(line.locator(".piece")).to_have_count(2)
        assert EvidenceUse.objects.filter(report__assignment=self.own).count() == 2

    def the_village_opens(self, address: str) -> Page:
        """A phone without an account: what is asked, a photo, send."""
        phone = self.on.window(None, NARROW)
        phone.goto(address)
        expect(phone.get_by_text("Chụp trạm y tế nhìn từ cổng")).to_be_visible()
        self.on.look(phone)
        phone.locator("input[type=file]").first.set_input_files(
            FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=photo(140))
        )
        expect(phone.locator("#chosen img")).to_have_count(1)
        phone.get_by_label("Lời nhắn").fill(NEWS)
        phone.get_by_role("button", name="Gửi", exact=True).click()
        expect(phone.locator("#history li")).to_contain_text("Chờ Ủy ban xem")
        self.on.look(phone)
        assert phone.context.cookies() == []
        return phone

    def the_head_approves_and_sends(self, words: str = WORDS) -> None:
        page = self.at("head")
        page.goto("/duyet-bao-cao/")
        self.on.look(page)
        report = page.locator("ul.waiting > li").filter(has_text="Rà soát trạm y tế")
        expect(report.get_by_text(words)).to_be_visible()
        report.get_by_role("checkbox").check()
        page.get_by_role("button", name="Duyệt và gửi").click()
        expect(page.get_by_role("status").first).to_contain_text("gửi")
        assert self.state(self.own) == "submitted"

    def the_neighbour_sends_too(self) -> None:
        page = self.at("neighbour")
        sheet = Sheet(page)
        line = sheet.open(self.other.pk)
        sheet.write(line, "Đã kiểm tra trạm y tế hai lần", CHECKED)
        sheet.attach(line, CHECKED, "kiem-tra.jpg", photo(200))
        line.get_by_role("button", name="Gửi báo cáo").click()
        expect(page.get_by_role("status").first).to_contain_text("gửi")
        assert self.state(self.other) == "submitted"

    def the_guide_returns_one_and_accepts_another(self) -> None:
        page = self.at("guide")
        page.goto("/ban-lam-viec/")
        page.goto("/viec-cua-toi/tham-dinh/")
        expect(page.get_by_role("heading", level=1)).to_have_text("2 báo cáo chờ thẩm định")
        self.on.look(page)
        page.locator(".turns a").filter(has_text="Xã east 1").click()
        report = page.locator("#bao-cao")
        expect(report.get_by_text(WORDS)).to_be_visible()
        self.on.look(page)
        page.keyboard.press("r")
        page.get_by_text("Lý do tại từng cách thức, từng tài liệu").click()
        page.get_by_label(f"Ghi rõ tại: {CHECKED}").fill("Ảnh không rõ trạm nào")
        self.on.look(page)
        page.get_by_role("button", name="Trả lại báo cáo").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("1 báo cáo chờ thẩm định")
        assert self.state(self.own) == "returned"
        if not page.locator("#bao-cao").get_by_text("Đã kiểm tra trạm y tế hai lần").is_visible():
            page.keyboard.press("j")
        expect(page.locator("#bao-cao")).to_contain_text("Đã kiểm tra trạm y tế hai lần")
        page.keyboard.press("a")
        expect(page.get_by_role("heading", level=1)).to_have_text("Không báo cáo nào chờ thẩm định")
        assert self.state(self.other) == "accepted"

    def the_officer_sees_why_and_corrects(self) -> None:
        page = self.at("officer")
        page.goto("/ban-lam-viec/")
        sheet = Sheet(page)
        line = sheet.open(self.own.pk)
        place = line.locator("[data-method]").filter(has_text=CHECKED)
        expect(place.locator(".remark")).to_have_text("Ảnh không rõ trạm nào")
        self.on.look(page)
        sheet.attach(line, CHECKED, "tram-y-te-so-2.jpg", photo(60))
        sheet.write(line, f"{WORDS}, trạm số 2")
        line.get_by_label("Đã xong, trình thủ trưởng duyệt").check()
        expect(line.locator("[data-save-state]")).to_have_attribute("data-kind", "saved")
        self.the_head_approves_and_sends(f"{WORDS}, trạm số 2")
        versions = Report.objects.filter(assignment=self.own).order_by("number")
        first = f"{WORDS}\nThôn Đông: {NEWS}"
        assert [one.text for one in versions] == [first, f"{WORDS}, trạm số 2"]

    def the_guide_accepts_the_correction(self) -> None:
        page = self.at("guide")
        page.goto("/viec-cua-toi/tham-dinh/")
        page.keyboard.press("j")
        report = page.locator("#bao-cao")
        added = report.locator(".since ins").filter(has_text="thêm tài liệu")
        expect(added).to_contain_text("tram-y-te-so-2.jpg")
        self.on.look(page)
        report.get_by_role("button", name="Công nhận").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Không báo cáo nào chờ thẩm định")
        assert self.state(self.own) == "accepted"

    def the_coordinator_urges_who_is_late(self) -> None:
        page = self.at("coordinator")
        page.goto("/bang-theo-doi/")
        self.on.look(page)
        late = page.locator(".board-top .acts")
        expect(late.get_by_role("link", name=re.compile("Huyện west còn 7"))).to_be_visible()
        page.get_by_role("link", name="Soạn công văn đôn đốc").click()
        self.on.look(page)
        page.get_by_label("Xã east 1").check()
        page.get_by_role("button", name="Xem trước").click()
        self.on.look(page)
        page.get_by_role("button", name="Lập 1 dự thảo").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dự thảo công văn chờ số")
        self.on.look(page)
        with page.expect_download() as coming:
            page.get_by_role("link", name="Tải docx").click()
        written = docx.Document(str(coming.value.path()))
        cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
        said = " ".join([*(one.text for one in written.paragraphs), *cells])
        assert "xã east 1" in said
        assert "Thông tin đến người dân" in said
        page.get_by_role("link", name="Ghi số, ngày phát hành").click()
        self.on.look(page)
        page.get_by_label("Số, ký hiệu").fill("125/SNV-CCHC")
        page.get_by_label("Ngày phát hành").fill("2025-03-25")
        page.get_by_label("Người ký").fill("Nguyễn Văn Ký")
        page.get_by_label("Bản đã ký (PDF)").set_input_files(
            FilePayload(name="125.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7\n%%EOF\n")
        )
        page.get_by_role("button", name="Ghi công văn đã phát hành").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Công văn số 125/SNV-CCHC")
        self.on.look(page)
        letter = Letter.objects.get()
        assert (letter.number, letter.issued_on) == ("125/SNV-CCHC", dt.date(2025, 3, 25))

    def the_difficulty_climbs_and_its_decision_comes_back(self) -> None:
        page = self.at("officer")
        Sheet(page).open(self.unreported.pk).get_by_role(
            "link", name="Nêu khó khăn, vướng mắc"
        ).click()
        page.get_by_label("Kinh phí").check()
        page.get_by_label("Khó khăn, vướng mắc").fill("Thiếu loa truyền thanh ở ba thôn")
        page.get_by_label("Đề nghị").fill("Cấp kinh phí mua loa")
        self.on.look(page)
        page.get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Chờ Huyện east trả lời")
        self.on.look(page)
        self.moves("district", "Chuyển tiếp", "Quá khả năng của huyện", to="Sở Nội vụ")
        self.moves("coordinator", "Chuyển tiếp", "Cần chủ trương về kinh phí", to="UBND tỉnh")
        leader = self.at("leader")
        self.opens_what_waits(leader)
        act = leader.locator("details.act[open]")
        act.get_by_label("Nội dung quyết định").fill("Cấp kinh phí từ nguồn dự phòng")
        act.get_by_label("Đơn vị chịu trách nhiệm thực hiện").select_option(label="Sở Y tế")
        act.get_by_label("Xong trước hết ngày").fill("2025-04-10")
        self.on.look(leader)
        act.get_by_role("button", name="Quyết định").click()
        expect(leader.get_by_role("status").first).to_contain_text("Đã ghi quyết định")
        self.moves("guide", "Báo đã thực hiện", "Đã cấp ba bộ loa")
        self.moves("officer", "Xác nhận đã giải quyết", "Đã nhận")
        assert Difficulty.objects.get().state == Difficulty.State.CONFIRMED
        steps = Difficulty.objects.get().steps.order_by("arrived_at", "id")
        assert [one.unit.code for one in steps] == ["east", "home", "T", "health", "east1"]

    def opens_what_waits(self, page: Page) -> None:
        """From the list of difficulties to the one there is."""
        page.goto("/kho-khan/")
        self.on.look(page)
        page.get_by_role("link", name=re.compile("Thiếu loa truyền thanh")).first.click()
        self.on.look(page)

    def moves(self, role: str, verb: str, words: str, to: str = "") -> None:
        """Somebody whose turn it is does what they may, from the list of difficulties."""
        page = self.at(role)
        self.opens_what_waits(page)
        act = page.locator("details.act").filter(has=page.locator("summary", has_text=verb))
        if act.get_attribute("open") is None:
            act.locator("summary").click()
        if to:
            act.get_by_label(re.compile(to)).check()
        act.locator("textarea").fill(words)
        act.get_by_role("button", name=verb).click()
        expect(page.get_by_role("status").first).to_be_visible()

    def the_board_is_right_as_of_its_tick(self) -> None:
        page = self.at("leader")
        page.goto("/bang-theo-doi/")
        expect(page.get_by_text("số liệu tính đến 09:30 02/04/2025")).to_be_visible()
        work = Assignment.objects.filter(counts_in__code="2025-Q1")
        accepted = work.filter(state="accepted").count()
        submitted = work.filter(state="submitted").count()
        overdue = work.filter(is_late=True).exclude(state__in=("accepted", "submitted")).count()
        figures = page.locator(".board-top .figures")
        assert (accepted, submitted) == (2, 0)
        assert overdue
        expect(figures).to_contain_text(f"{accepted}/{work.count()} nhiệm vụ đã công nhận")
        expect(figures.locator(".waiting .figure")).to_have_text(str(submitted))
        expect(figures.locator(".late .figure")).to_have_text(str(overdue))
        self.on.look(page)
        figures.locator(".late a").click()
        expect(page.get_by_text(re.compile(rf"^{overdue} nhiệm vụ")).first).to_be_visible()
        self.on.look(page)
