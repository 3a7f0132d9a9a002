"""The bench's own databases: files in a temporary folder, or databases dropped afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


class NoServer(Exception):
    """No PostgreSQL answers; the message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Place:
    """One data folder and the database that goes with it, as environment variables."""

    folder: Path
    database_url: str

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KHUNG_DATA": str(self.folder),
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "KHUNG_SECRET_KEY": "bench",
            "KHUNG_DEMONSTRATION": "0",
            "PYTHONUTF8": "1",
        }


class Sqlite:
    """Two SQLite files."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.small = _sqlite(folder / "small")
        self.large = _sqlite(folder / "large")

    def copy(self) -> None:
        """Makes the large database a copy of the small one."""
        shutil.copytree(self.small.folder, self.large.folder)


def _sqlite(folder: Path) -> Place:
    return Place(folder, f"sqlite:///{folder / 'khung.sqlite3'}")


class Postgresql:
    """Two databases on the server for tests."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        self.server = os.environ.get("KHUNG_TEST_POSTGRES_URL", SERVER)
        self.names = [f"khung_bench_{os.getpid()}_{size}" for size in ("small", "large")]
        urls = [urlunsplit(urlsplit(self.server)._replace(path=f"/{name}")) for name in self.names]
        self.small = Place(folder / "small", urls[0])
        self.large = Place(folder / "large", urls[1])

    def copy(self) -> None:
        shutil.copytree(self.small.folder, self.large.folder)
        self.execute("CREATE DATABASE {large} TEMPLATE {small}")

    def execute(self, statement: str) -> None:
        small, large = (sql.Identifier(name) for name in self.names)
        try:
            with psycopg.connect(self.server, autocommit=True, connect_timeout=5) as connection:
                connection.execute(sql.SQL(statement).format(small=small, large=large))
        except psycopg.OperationalError as error:
            raise NoServer(
                f"PostgreSQL tại {urlsplit(self.server).hostname} không trả lời: {error}"
            ) from error


Database = Sqlite | Postgresql


@contextmanager
def databases(name: str, folder: Path) -> Iterator[Database]:
    """The pair of databases of a kind, gone when done. Raises NoServer."""
    if name == Sqlite.name:
        yield Sqlite(folder)
        return
    server = Postgresql(folder)
    server.execute("CREATE DATABASE {small}")
    try:
        yield server
    finally:
        server.execute("DROP DATABASE IF EXISTS {large} WITH (FORCE)")
        server.execute("DROP DATABASE IF EXISTS {small} WITH (FORCE)")
