"""The real server, one client, and how long its pages take next to a bare one."""

import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import Place
from bench.sizes import QUARTER
from bench.visitor import BadAnswer, Visitor

HOST = "127.0.0.1"
READY_SECONDS = 60.0
WARM_UP = 5
# What KHUNG_WEB_WORKERS is where nobody says otherwise.
WORKERS = 2
BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Page:
    """An address, who opens it, and words that prove it is the page and not an empty one."""

    path: str
    session: str
    proof: str


PAGES = {
    "bare": Page("/bench/bare/", "coordinator", "Trang trơn"),
    "board": Page(f"/bang-theo-doi/?period={QUARTER}", "coordinator", "<svg"),
    "my_work": Page(f"/viec-cua-toi/?period={QUARTER}", "officer", 'id="nv-'),
    "review_queue": Page(f"/viec-cua-toi/tham-dinh/?period={QUARTER}", "guide", "data-turn="),
}


class Server:
    """One web server on one database, with one worker process unless more are asked for."""

    def __init__(self, place: Place, sessions: Mapping[str, str], workers: int = 1) -> None:
        self._sessions = sessions
        with socket.socket() as free:
            free.bind((HOST, 0))
            self._port = free.getsockname()[1]
        environment = place.environment() | {
            "KHUNG_HOST": HOST,
            "KHUNG_PORT": str(self._port),
            "KHUNG_WEB_WORKERS": str(workers),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.serve"],
            env=environment,
            cwd=BASE_DIR,
            # The server's own words must not stand among the figures.
            stdout=sys.stderr,
        )
        self._visitors = {name: self.visitor(key) for name, key in sessions.items()}

    def visitor(self, session: str) -> Visitor:
        """Somebody signed in with this session key, who has not come yet."""
        return Visitor(HOST, self._port, session)

    def seconds(self, page: Page) -> float:
        """How long a page takes over a connection that stays open. Raises BadAnswer."""
        visitor = self._visitors[page.session]
        started = time.perf_counter()
        answer = visitor.get(page.path)
        taken = time.perf_counter() - started
        if answer.status != 200 or page.proof not in answer.body.decode():
            raise BadAnswer(f"{page.path}: {answer.status}")
        return taken

    def wait(self) -> None:
        """Until it answers. Raises BadAnswer where it does not."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection((HOST, self._port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise BadAnswer("máy chủ web không khởi động được")

    def peak_rss_mb(self) -> float:
        """The largest memory any process of the server ever held, as Linux tells it."""
        return max(_peak_rss_mb(pid) for pid in _descendants(self._process.pid))

    def stop(self) -> None:
        for visitor in self._visitors.values():
            visitor.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in _descendants(int(child)))]


def _peak_rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise BadAnswer(f"không đọc được bộ nhớ của tiến trình {pid}")


@contextmanager
def serving(place: Place, sessions: Mapping[str, str], workers: int = 1) -> Iterator[Server]:
    server = Server(place, sessions, workers)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def compare(
    small: Server, large: Server, rounds: int, advance: Callable[[], None]
) -> dict[str, float]:
    """Ratios to the bare page of the same server, each the median of interleaved rounds."""
    asked = {
        "bare": (small, "bare"),
        "board_60k": (small, "board"),
        "my_work": (small, "my_work"),
        "review_queue": (small, "review_queue"),
        "bare_2m": (large, "bare"),
        "board_2m": (large, "board"),
    }
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(WARM_UP + rounds):
        for name, (server, page) in asked.items():
            seconds = server.seconds(PAGES[page])
            if number >= WARM_UP:
                taken[name].append(seconds)
        advance()

    def ratio(name: str, to: str) -> float:
        return statistics.median(a / b for a, b in zip(taken[name], taken[to], strict=True))

    return {
        "board_ratio_60k": ratio("board_60k", "bare"),
        "board_ratio_2m": ratio("board_2m", "bare_2m"),
        "board_2m_over_60k": ratio("board_2m", "board_60k"),
        "my_work_ratio": ratio("my_work", "bare"),
        "review_queue_ratio": ratio("review_queue", "bare"),
        "bare_page_ms": 1000 * statistics.median(taken["bare"]),
    }
