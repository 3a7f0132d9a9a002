"""What really leaves: to a mail server and to a gateway, each on this machine."""

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from khung.reminders.adapters import NotSent, Outgoing, adapter_of, is_connected

MESSAGE = Outgoing(
    number=7,
    channel="email",
    address="an@xa.example.vn",
    template="digest",
    parameters={"name": "Nguyễn Thị An", "summary": "quá hạn: 2"},
    subject="Nhắc việc thứ Tư, 19/03/2025 – quá hạn: 2",
    text="Kính gửi Nguyễn Thị An,\n\n* 2 nhiệm vụ của đơn vị đã quá hạn\n",
)


class Mailbox:
    """A mail server's handler: keeps what comes, refuses one address."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("khong-co"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with override_settings(
            SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_TLS="none", SMTP_FROM="khung@tinh.vn"
        ):
            yield box
    finally:
        server.stop()


def decoded(envelope: Envelope) -> Any:
    assert isinstance(envelope.content, bytes)
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


def test_a_mail_arrives_whole(mailbox: Mailbox) -> None:
    assert is_connected("email")
    adapter_of("email")(MESSAGE)
    (envelope,) = mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("khung@tinh.vn", ["an@xa.example.vn"])
    mail = decoded(envelope)
    assert mail["Subject"].strip() == MESSAGE.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.text


def test_an_address_the_server_refuses(mailbox: Mailbox) -> None:
    with pytest.raises(NotSent, match="từ chối địa chỉ"):
        adapter_of("email")(replace(MESSAGE, address="khong-co@xa.example.vn"))
    assert mailbox.envelopes == []


def test_a_mail_server_that_is_not_there() -> None:
    with (
        override_settings(SMTP_HOST="127.0.0.1", SMTP_PORT=9, SMTP_TLS="none"),
        pytest.raises(NotSent, match="Máy chủ thư không nhận"),
    ):
        adapter_of("email")(MESSAGE)


class Gateway(ThreadingHTTPServer):
    """A gateway that keeps what is posted and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Posted)
        self.posts: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.status, self.answer = 200, b'{"error": 0}'


class Posted(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: object) -> None:
        """Nothing on the tests' output."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/gui"
    common = {"adapter": "http", "url": url, "token": "bi-mat"}
    try:
        with override_settings(
            GATEWAYS={
                "zalo": {**common, "header": "access_token", "template_id": "1234"},
                "sms": {**common, "header": "Authorization", "template_id": "sms-1"},
            }
        ):
            yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def to_phone(channel: str) -> None:
    adapter_of(channel)(replace(MESSAGE, channel=channel, address="84905123456"))


def test_a_gateway_gets_the_template_and_its_values(gateway: Gateway) -> None:
    to_phone("zalo")
    ((headers, body),) = gateway.posts
    assert body == {
        "phone": "84905123456",
        "template_id": "1234",
        "template_data": {"name": "Nguyễn Thị An", "summary": "quá hạn: 2"},
        "tracking_id": "khung-7",
    }
    assert {name.lower(): value for name, value in headers.items()}["access_token"] == "bi-mat"


def test_a_bearer_token_for_sms(gateway: Gateway) -> None:
    to_phone("sms")
    ((headers, body),) = gateway.posts
    assert headers["Authorization"] == "Bearer bi-mat"
    assert body["template_id"] == "sms-1"


def test_an_answer_that_refuses(gateway: Gateway) -> None:
    gateway.answer = b'{"error": -118, "message": "Zalo account not existed"}'
    with pytest.raises(NotSent, match="Zalo account not existed"):
        to_phone("zalo")
    gateway.status = 503
    with pytest.raises(NotSent, match="trả lời 503"):
        to_phone("sms")


def test_a_gateway_without_an_address(gateway: Gateway) -> None:
    bare = {"adapter": "http", "url": "", "token": "", "header": "x", "template_id": ""}
    with override_settings(GATEWAYS={"sms": bare}), pytest.raises(NotSent, match="Chưa đặt"):
        to_phone("sms")


def test_why_a_message_did_not_leave_is_a_sentence_of_the_catalogue(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = {
        "Cổng gửi tin trả lời %(code)s.": "The gateway answered %(code)s.",
        "Cổng gửi tin từ chối: %(why)s": "The gateway refused: %(why)s",
    }
    monkeypatch.setattr("khung.reminders.adapters.gateway.gettext", english.__getitem__)
    gateway.answer = b'{"error": -118, "message": "not existed"}'
    with pytest.raises(NotSent, match=r"^The gateway refused: not existed$"):
        to_phone("zalo")
    gateway.status = 503
    with pytest.raises(NotSent, match=r"^The gateway answered 503\.$"):
        to_phone("sms")
