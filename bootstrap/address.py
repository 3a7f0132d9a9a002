"""Whether the server can have the address asked for, before any work is done for it."""

import errno
import socket

from bootstrap.failure import Failure


def check_free(host: str, port: int) -> None:
    """Raise Failure where `host`:`port` is taken, forbidden or not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise _not_ours(host) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(
                f"Cổng {port} trên {host} đang có chương trình khác dùng. Hãy dừng chương trình "
                f"đó, hoặc chọn cổng khác: python3 run.py --port {port % 65535 + 1}",
                f"Port {port} on {host} is taken. Choose another one with --port.",
            ) from error
        if error.errno == errno.EACCES:
            raise Failure(
                f"Hệ điều hành không cho dùng cổng {port}. Hãy chọn cổng từ 1024 trở lên.",
                f"Port {port} is not allowed; choose 1024 or above.",
            ) from error
        raise _not_ours(host) from error


def _not_ours(host: str) -> Failure:
    return Failure(
        f"Địa chỉ {host} không phải của máy này. Để máy khác truy cập được: --host 0.0.0.0",
        f"{host} is not an address of this machine.",
    )
