"""Photograph the pages of maps/ for the documents, and for looking at them.

Usage: python tools/take_screenshots.py [--pages DIR] [--english DIR] [--all OUT]

Without --all it renews the pictures of the county's page in docs/: on a desk, in the dark, on a phone, on paper; and
where --english names a folder of pages made with `--lang en`, in English. With --all it photographs every page at
desktop and phone size, light and dark, into OUT. Pictures have a palette, so that each stays under 300 kB.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
DESKTOP = (1280, 860)
PHONE = (390, 844)
PAPER = (718, 1047)
"""A4 less its margins, at 96 pixels an inch."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

PIXELS = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return [image.width, image.height, btoa(text)];
}"""


def photograph(
    browser: Browser, page: Path, picture: Path, *, size: tuple[int, int], scheme: str = "light", on_paper: bool = False
) -> None:
    """Open one page with the network off and save what it shows."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector("html[data-ready]")
    if on_paper:
        tab.emulate_media(media="print")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.wait_for_timeout(800)
    data = tab.screenshot()
    context.close()
    blank = browser.new_page()
    picture.write_bytes(with_palette(blank, data))
    blank.close()


def with_palette(blank: Page, png: bytes) -> bytes:
    """Return the picture in the 256 colours it has most of, others taken for the nearest of them."""
    width, height, text = blank.evaluate(PIXELS, base64.b64encode(png).decode("ascii"))
    rgb = np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(-1, 4)[:, :3].astype(np.int64)
    code = (rgb >> 2) @ np.array([1 << 12, 1 << 6, 1])
    _, number, count = np.unique(code, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(number, weights=rgb[:, k]) for k in range(3)], axis=1)
    means = sums / count[:, None]
    kept = np.argsort(-count, kind="stable")[:256]
    nearest = np.array([((means[kept] - colour) ** 2).sum(axis=1).argmin() for colour in means], dtype=np.uint8)
    rows = nearest[number].reshape(height, width)
    raw = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1).tobytes()
    palette = np.round(means[kept]).astype(np.uint8).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def for_the_documents(browser: Browser, pages: Path, english: Path | None) -> None:
    """Renew the pictures of docs/."""
    county, docs = pages / "county.html", ROOT / "docs"
    photograph(browser, county, docs / "county.png", size=DESKTOP)
    photograph(browser, county, docs / "county_dark.png", size=DESKTOP, scheme="dark")
    photograph(browser, county, docs / "county_phone.png", size=PHONE)
    photograph(browser, county, docs / "county_sheet.png", size=PAPER, on_paper=True)
    if english is not None:
        photograph(browser, english / "county.html", docs / "county_en.png", size=DESKTOP)


def main() -> int:
    """Take the pictures asked for; 1 when there is no page or no browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="OUT")
    parser.add_argument("--english", type=Path, metavar="DIR")
    parser.add_argument("--pages", type=Path, metavar="DIR", default=ROOT / "maps")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    pages = sorted(asked.pages.glob("*.html"))
    if chromium is None or not pages:
        print("a Chromium and the pages of `make maps` are needed", file=sys.stderr)
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        if asked.all is None:
            for_the_documents(browser, asked.pages, asked.english)
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
