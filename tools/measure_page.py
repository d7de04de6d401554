"""Measure how soon pages are seen, how long they keep the main thread, and how smoothly they pan.

Usage: python tools/measure_page.py PAGE.html ... [--study DIR] [--groups 50000] [--best 5]

Each page is opened in a fresh context of Debian's Chromium with the network off and its marks are taken from the
browser itself: first contentful paint and tasks over 50 ms from PerformanceObserver, heap and script time from CDP. The
least of several runs is told, because everything that disturbs a run makes it longer; the longest task is also given in
processor time, which a busy machine does not stretch. Frames are counted while the map
is dragged, on the county's scale and among single places; what-if is timed by the page's own clock. With --groups a
page of that many scattered groups is made from the study's land and measured beside the others.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from xsgeo import io, maps
from xsgeo.maps import layers
from xsgeo.study import Study

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.tasks.push(Math.round(entry.duration));
  }).observe({type: 'longtask', buffered: true});
}"""

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"

FRAMES = """() => {
  window.frames_ = [];
  let last = null;
  window.counting = true;
  const step = (now) => {
    if (last !== null) window.frames_.push(now - last);
    last = now;
    if (window.counting) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""

EDITS = """() => {
  const {whatif, dock} = xsgeo.api;
  dock.open('whatif');
  const {ids} = whatif.reckoner();
  const times = [];
  for (let k = 0; k < 20; k += 1) {
    const id = ids[(37 * k) % ids.length];
    whatif.put(id, map_page.getCenter());
    times.push(whatif.ms);
    whatif.change(id, {open: false});
    times.push(whatif.ms);
  }
  whatif.reset();
  dock.open(null);
  return times.sort((a, b) => a - b);
}"""


@dataclass(frozen=True)
class Measured:
    """What one opening of a page took: kilobytes, milliseconds, megabytes."""

    size_kb: float
    paint_ms: float
    ready_ms: float
    longest_ms: float
    longest_cpu_ms: float
    script_ms: float
    heap_mb: float
    frame_far_ms: float
    frame_near_ms: float
    whatif_ms: float


def scattered(study: Study, n: int, *, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return groups of workers anywhere on the study's land, and an answer for each.

    Parameters
    ----------
    study
        Gives the land.
    n
        Number of groups.
    seed
        Of the random numbers.

    Returns
    -------
    workers, groups
        As `xsgeo.maps.add_workers` takes them.
    """
    random = np.random.RandomState(seed)
    land = shapely.union_all(study.land.geometry.to_numpy())
    shapely.prepare(land)
    west, south, east, north = land.bounds
    points = np.column_stack([random.uniform(west, east, 6 * n), random.uniform(south, north, 6 * n)])
    points = points[shapely.contains_xy(land, points[:, 0], points[:, 1])][:n]
    index = pd.Index([f"g{i:05d}" for i in range(len(points))], name="group_id")
    workers = pd.DataFrame(
        {
            "lon": points[:, 0],
            "lat": points[:, 1],
            "n_workers": random.randint(1, 60, len(points)),
            "employer_id": [f"e{i}" for i in random.randint(0, 9_000, len(points))],
            "town_id": [f"t{i}" for i in random.randint(0, 18, len(points))],
        },
        index=index,
    )
    reasons = random.choice(["served", "closed", "out_of_reach", "not_shared"], len(points))
    return workers, pd.DataFrame({"reason": reasons, "is_nominal": reasons != "out_of_reach"}, index=index)


def page_of_groups(study: Study, n: int) -> str:
    """Return a page of land, roads and so many groups, and nothing else."""
    workers, groups = scattered(study, n)
    m = maps.OfflineMap("page", location=(29.4, 121.8), zoom_start=10)
    layers.add_land(m, study.land)
    layers.add_roads(m, study.roads)
    layers.add_workers(m, workers, groups)
    script = "document.addEventListener('DOMContentLoaded', () => { document.documentElement.dataset.ready = 'yes'; });"
    m.get_root().header.add_child(maps.page.RawText(f"<script>{script}</script>"), name="ready")
    style = "<style>html, body, .folium-map { height: 100%; margin: 0; }</style>"
    m.get_root().header.add_child(maps.page.RawText(style), name="style")
    return maps.render_offline(m.get_root(), title=f"{n:,}")


def pan(page: Page, zoom: float) -> float:
    """95th percentile of the time between frames while the map is dragged, in milliseconds."""
    page.evaluate("(zoom) => map_page.setView([29.45, 121.85], zoom, {animate: false})", zoom)
    page.wait_for_timeout(200)
    page.evaluate(FRAMES)
    page.mouse.move(900, 430)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(900 - 7 * step, 430 + 4 * step)
    page.mouse.up()
    page.wait_for_timeout(200)
    page.evaluate("window.counting = false")
    return float(np.percentile(page.evaluate("window.frames_"), 95))


def longest_cpu(trace: bytes) -> float:
    """Processor time of the longest task of a page's main thread, in milliseconds, whoever else is at work."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    tasks = [e.get("tdur", 0) for e in events if e["name"] == "RunTask" and (e["pid"], e["tid"]) in mains]
    return max(tasks, default=0) / 1000


def measure(browser: Browser, path: Path) -> Measured:
    """Open a page once and return what it took."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, offline=True)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    browser.start_tracing(page=page, categories=["toplevel", "disabled-by-default-devtools.timeline"])
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    ready = page.evaluate("performance.now()")
    page.wait_for_timeout(1200)
    trace = browser.stop_tracing()
    told = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
    paint, tasks = page.evaluate(PAINT), page.evaluate("window.tasks")
    has_whatif = page.evaluate("typeof xsgeo === 'object' && Boolean(xsgeo.api && xsgeo.api.whatif)")
    has_map = page.evaluate("Boolean(window.map_page)")
    measured = Measured(
        size_kb=path.stat().st_size / 1000,
        paint_ms=paint,
        ready_ms=ready,
        longest_ms=max(tasks, default=0),
        longest_cpu_ms=longest_cpu(trace),
        script_ms=1000 * told["ScriptDuration"],
        heap_mb=told["JSHeapUsedSize"] / 1e6,
        frame_far_ms=pan(page, 10) if has_map else float("nan"),
        frame_near_ms=pan(page, 14) if has_map else float("nan"),
        whatif_ms=page.evaluate(EDITS)[37] if has_whatif else float("nan"),
    )
    context.close()
    return measured


def table(rows: dict[str, list[Measured]]) -> pd.DataFrame:
    """Return the least of every figure, a row a page."""
    return pd.DataFrame({name: pd.DataFrame(runs).min() for name, runs in rows.items()}).T.round(1)


def main() -> int:
    """Measure the pages asked for; 1 when there is no page or no browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE.html")
    parser.add_argument("--study", type=Path, default=Path("data"), metavar="DIR")
    parser.add_argument("--groups", type=int, default=0)
    parser.add_argument("--best", type=int, default=5)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None or not (asked.pages or asked.groups):
        print("a Chromium and a page are needed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        pages = [page.absolute() for page in asked.pages]
        if asked.groups:
            pages.append(Path(folder) / f"{asked.groups}_groups.html")
            pages[-1].write_text(page_of_groups(io.read_study(asked.study), asked.groups), "utf-8")
        rows: dict[str, list[Measured]] = {}
        for _ in range(asked.best):
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            for page in pages:
                rows.setdefault(page.stem, []).append(measure(browser, page))
            browser.close()
    print(table(rows).to_string())
    return 0


if __name__ == "__main__":
    sys.exit(main())
