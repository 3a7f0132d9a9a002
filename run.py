"""Khung in one command: `python3 run.py` builds what is missing, starts and prints the address.

This file must be readable by an old Python, so that it can say that the Python is too old;
everything else is in `bootstrap/`, which like this file needs nothing but the standard library.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is the message an old Python must reach
    sys.stderr.write(
        "Khung cần Python 3.11 trở lên; bản đang chạy là " + sys.version.split()[0] + ".\n"
        "Hãy cài Python mới hơn rồi chạy, ví dụ: python3.12 run.py\n"
        "Khung needs Python 3.11 or newer. Install one and run it with that.\n"
    )
    sys.exit(2)

from bootstrap.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
