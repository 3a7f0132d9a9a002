"""Sends templates through an HTTP gateway: Zalo notification service, brandname SMS.

The message is POSTed as {"phone", "template_id", "template_data", "tracking_id"}, the form of
Zalo's own interface; most SMS gateways take it or stand behind a small translator.
"""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.reminders.adapters.sent import NotSent, Outgoing

TIMEOUT_SECONDS = 15
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway, as the settings have it: where to, as whom, with which template."""

    adapter: str
    url: str
    token: str
    header: str
    template_id: str

    def send(self, message: Outgoing) -> None:
        """Hands one message over; an answer with an "error" other than 0 is a refusal."""
        if not self.url.startswith(("https://", "http://")):
            raise NotSent(gettext("Chưa đặt địa chỉ cổng gửi tin (http hoặc https)."))
        body = {
            "phone": message.address,
            "template_id": self.template_id,
            "template_data": dict(message.parameters),
            "tracking_id": f"khung-{message.number}",
        }
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self.url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", **self._credentials()},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                _check(answer.read(_MOST_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                said = gettext("Cổng gửi tin trả lời %(code)s.")
                raise NotSent(said % {"code": error.code}) from error
        except (OSError, http.client.HTTPException) as error:
            said = gettext("Không kết nối được cổng gửi tin: %(why)s") % {"why": error}
            raise NotSent(said[:300]) from error

    def _credentials(self) -> dict[str, str]:
        if not self.token:
            return {}
        bearer = "Bearer " if self.header == "Authorization" else ""
        return {self.header: f"{bearer}{self.token}"}


def _check(body: bytes) -> None:
    """Zalo answers 200 also to what it refuses, and says so inside."""
    try:
        answer = json.loads(body or b"{}")
    except ValueError:
        return
    if isinstance(answer, dict) and answer.get("error"):
        why = answer.get("message") or answer["error"]
        raise NotSent((gettext("Cổng gửi tin từ chối: %(why)s") % {"why": why})[:300])
