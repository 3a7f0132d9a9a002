"""Reports sent over HTTP: how many a second by one, and whether any is lost when many send."""

import hashlib
import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.databases import Place
from bench.visitor import BadAnswer, add_proof, proof, send_report
from bench.web import BASE_DIR, Server

WORDS = "Đã tổ chức hội nghị với 120 người dự, trả lời 15 ý kiến; biên bản kèm theo."
# The first of one client's reports warm the server up and are not timed: one in so many.
WARM_UP_SHARE = 10


@dataclass(slots=True)
class Told:
    """What a client was told: reports acknowledged as [assignment, hash of the file], and faults.

    A connection that broke off counts as a fault of the server.
    """

    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    faults: int = 0


def alone(server: Server, sender: dict[str, Any]) -> dict[str, float]:
    """One client hands in a file and sends its report, one after the other. Raises BadAnswer.

    Medians, so that what else the machine did for a moment does not count.
    """
    visitor, own = server.visitor(sender["session"]), sender["assignments"]
    taken: list[tuple[float, float]] = []
    for assignment in own:
        file = proof(f"{assignment}")
        started = time.perf_counter()
        added = add_proof(visitor, assignment, file)
        between = time.perf_counter()
        answer, sent = send_report(visitor, assignment, WORDS)
        ended = time.perf_counter()
        if added.status != 200 or not sent:
            raise BadAnswer(f"báo cáo {assignment}: {added.status}, {answer.status}")
        taken.append((between - started, ended - between))
    visitor.close()
    timed = taken[len(own) // WARM_UP_SHARE :]
    return {
        "submit_per_s": 1 / statistics.median(sending for _, sending in timed),
        "upload_per_s": 1 / statistics.median(uploading for uploading, _ in timed),
    }


def at_once(server: Server, place: Place, senders: Sequence[dict[str, Any]]) -> dict[str, float]:
    """All clients send at once; then the database and the files are asked what came."""
    started = time.perf_counter()
    with ThreadPoolExecutor(len(senders)) as pool:
        told = list(pool.map(lambda sender: _send_all(server, sender), senders))
    taken = time.perf_counter() - started
    sent = [one for client in told for one in client.acknowledged]
    wanted = sum(len(sender["assignments"]) for sender in senders)
    return {
        "concurrent_lost": wanted - _found(place, sent),
        "concurrent_5xx": sum(client.faults for client in told),
        "concurrent_per_s": len(sent) / taken,
    }


def _send_all(server: Server, sender: dict[str, Any]) -> Told:
    told, visitor = Told(), server.visitor(sender["session"])
    for assignment in sender["assignments"]:
        file = proof(f"{assignment}")
        try:
            added = add_proof(visitor, assignment, file)
            answer, sent = send_report(visitor, assignment, WORDS)
        except (OSError, http.client.HTTPException):
            told.faults += 1
            visitor.close()
            visitor = server.visitor(sender["session"])
            continue
        told.faults += (added.status >= 500) + (answer.status >= 500)
        if sent:
            told.acknowledged.append((assignment, hashlib.sha256(file.data).hexdigest()))
    visitor.close()
    return told


def _found(place: Place, sent: Sequence[tuple[int, str]]) -> int:
    """How many of these stand in the database whole, with a file that can be read."""
    command = [sys.executable, "-m", "bench.inside", "found"]
    done = subprocess.run(  # noqa: S603 - our own module
        command,
        env=place.environment(),
        cwd=BASE_DIR,
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Không đếm lại được báo cáo đã gửi: {done.stderr}")
    return int(json.loads(done.stdout)["found"])
