"""Somebody signed in, over one connection that stays open: opens pages and sends forms."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

# Any secret does: the cookie and the form only have to agree.
CSRF = "b" * 32
BOUNDARY = "----khung-bench"
PANEL = {"X-Wants": "panel"}


class BadAnswer(RuntimeError):
    """A page did not come, or came without what it should show."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, where it sends the visitor, and the body."""

    status: int
    location: str
    body: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form."""

    name: str
    data: bytes


class Visitor:
    """A browser without a screen. One request at a time; not for several threads."""

    def __init__(self, host: str, port: int, session: str, *, timeout: float = 60) -> None:
        self._cookie = f"sessionid={session}; csrftoken={CSRF}"
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(
        self, path: str, fields: Mapping[str, str], file: File | None = None, *, panel: bool = False
    ) -> Answer:
        """Sends a form; with a file as a form of files does; `panel` as the sheet's script does."""
        fields = {"csrfmiddlewaretoken": CSRF, **fields}
        if file is None:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        else:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", _multipart(fields, file)
        return self._ask("POST", path, body, {"Content-Type": kind, **(PANEL if panel else {})})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self._connection.request(method, path, body, {"Cookie": self._cookie, **headers})
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.headers.get("Location", ""), answer.read())


def _multipart(fields: Mapping[str, str], file: File) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="evidence"; filename="{file.name}"'
    kind = "Content-Type: application/pdf"
    parts.append(f"--{BOUNDARY}\r\n{head}\r\n{kind}\r\n\r\n".encode() + file.data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def proof(words: str) -> File:
    """A small PDF that is like no other."""
    text = f"%PDF-1.4\n% {words} {uuid4().hex}\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    return File("bien-ban.pdf", text.encode())


def add_proof(visitor: Visitor, assignment: int, file: File) -> Answer:
    """Hands in a piece of evidence for an assignment, as the sheet does."""
    return visitor.post(f"/nhiem-vu-duoc-giao/{assignment}/tai-lieu/", {}, file, panel=True)


def send_report(
    visitor: Visitor, assignment: int, words: str, *, version: int = 1
) -> tuple[Answer, bool]:
    """Saves what was written and sends it in one form; the answer, and whether it was sent."""
    form = {"outcome": "done", "text": words, "version": str(version), "then": "send"}
    answer = visitor.post(f"/viec-cua-toi/{assignment}/luu/", form)
    # The sheet opens the line again where something is missing; a sent one stays closed.
    sent = answer.status == 302 and not re.search(r"[?&]open=", answer.location)
    return answer, sent
