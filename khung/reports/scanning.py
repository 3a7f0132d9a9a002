"""Asks a virus scanner about a file, where the installation has one (clamd, man page clamd(8))."""

import socket
import struct
from typing import IO

from django.conf import settings

SECONDS = 30
CHUNK = 1 << 16
PORT = 3310


class Infected(Exception):
    """The scanner knows this file as harmful; says under which name."""


class NoScanner(Exception):
    """The scanner that the installation asks for does not answer, so nothing was scanned."""


def scan(file: IO[bytes]) -> None:
    """Passes what the scanner finds harmless; nothing to do where none is set (KHUNG_CLAMD).

    Raises Infected, and NoScanner: a file that was not scanned is not taken.
    """
    if not settings.CLAMD:
        return
    file.seek(0)
    try:
        answer = _asked(settings.CLAMD, file)
    except (OSError, ValueError) as silent:
        raise NoScanner(str(silent)) from silent
    finally:
        file.seek(0)
    said = answer.removeprefix("stream: ")
    if said.endswith(" FOUND"):
        raise Infected(said.removesuffix(" FOUND"))
    if said != "OK":
        raise NoScanner(answer)


def _asked(address: str, file: IO[bytes]) -> str:
    """The scanner's answer to the command INSTREAM: chunks with their length, then an empty one."""
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and (part := connection.recv(4096)):
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    """A connection to "host:port", or to a socket file by its path."""
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host or address, int(port) if host else PORT), SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
