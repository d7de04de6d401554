"""Photograph the pages of maps/ for the documents, and for looking at them.

Usage: python tools/take_screenshots.py [--all OUT]

Without --all it renews docs/county.png, the picture at the top of the README. With --all it photographs every page at
desktop and phone size, light and dark, into OUT.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
DESKTOP = (1280, 860)
PHONE = (390, 844)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def photograph(browser: Browser, page: Path, picture: Path, *, size: tuple[int, int], scheme: str = "light") -> None:
    """Open one page with the network off and save what it shows."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_timeout(800)
    tab.screenshot(path=str(picture))
    context.close()


def main() -> int:
    """Take the pictures asked for; 1 when there is no page or no browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="OUT")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    pages = sorted((ROOT / "maps").glob("*.html"))
    if chromium is None or not pages:
        print("a Chromium and the pages of `make maps` are needed", file=sys.stderr)
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        if asked.all is None:
            photograph(browser, ROOT / "maps" / "county.html", ROOT / "docs" / "county.png", size=DESKTOP)
        else:
            asked.all.mkdir(parents=True, exist_ok=True)
            for page in pages:
                for name, size, scheme in (
                    ("desk", DESKTOP, "light"),
                    ("phone", PHONE, "light"),
                    ("dark", DESKTOP, "dark"),
                ):
                    photograph(browser, page, asked.all / f"{page.stem}_{name}.png", size=size, scheme=scheme)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
