"""Pictures of pages of a running Khung, at 1280 and 390 px.

python -m tests.e2e.screenshots --out FOLDER [--site ADDRESS] [--as ROLE] PATH…

ROLE is part of the text of a demonstration account's button on the sign-in page.
"""

import argparse
import re
from pathlib import Path

from tests.e2e.chromium import SIZES, started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--as", dest="role", default="")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with started() as browser:
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            if options.role:
                page.goto(f"{options.site}/dang-nhap/")
                page.get_by_role("button", name=re.compile(options.role)).first.click()
            for path in options.paths:
                page.goto(options.site + path)
                stem = re.sub(r"\W+", "-", f"{options.role}{path}").strip("-") or "trang-dau"
                page.screenshot(path=options.out / f"{stem}-{name}.png", full_page=True)
            page.close()


if __name__ == "__main__":
    main()
