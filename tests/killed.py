"""Kill a writer at a given step or at a random moment, again and again; run as a program by the tests.

Arguments: folder, format, number of kills, ``random`` or ``step``. The libraries are imported once and each writer is
a fork, which is killed with signal 9: no handler runs, nothing is flushed, no ``finally`` is reached. After every kill
each file that bears a final name has to be whole and of one of the two generations. Prints what was found as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import shapely

from xsgeo import export, outputs

GENERATIONS = (40, 90)


def content(suffix: str, rows: int) -> bytes:
    ids = [f"V{i:03d}" for i in range(rows)]
    points = [shapely.Point(121.5 + i / 1000, 29.1) for i in range(rows)]
    frame = gpd.GeoDataFrame({"name": ["职工之家"] * rows}, index=ids, geometry=points, crs="EPSG:4326")
    if suffix == ".html":
        return ("<!doctype html><p>" + "职工之家" * rows * 20 + "</html>").encode()
    return export.WRITERS[suffix](export.plain(frame.rename_axis("venue_id")), "venues")[0]


def write_for_ever(folder: Path, names: list[str], contents: list[bytes]) -> None:
    number = 0
    while True:
        data = contents[number % 2]
        outputs.write_files(dict.fromkeys(names, data), folder, manifest={"run": number % 2})
        number += 1


def kill_at(step: int) -> None:
    """Let this process die at its so-many-th call that touches the disk."""
    calls = iter(range(step))

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            if next(calls, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in ("open", "fsync", "replace", "rename", "link", "unlink", "ftruncate", "write"):
        setattr(os, name, dying(getattr(os, name)))


def main(folder: Path, suffix: str, kills: int, manner: str) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    contents = [content(suffix, rows) for rows in GENERATIONS]
    whole = {hashlib.sha256(c).hexdigest(): i for i, c in enumerate(contents)}
    names = [f"甲{suffix}", f"乙 2{suffix}"]
    outputs.write_files(dict.fromkeys(names, contents[1]), folder, manifest={"run": 1})
    chance = random.Random(suffix)  # noqa: S311
    torn: list[str] = []
    strays = mixed = 0
    for number in range(kills):
        child = os.fork()
        if child == 0:
            if manner == "step":
                kill_at(number)
            write_for_ever(folder, names, contents)
        if manner == "random":
            time.sleep(chance.random() * 0.02)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
        torn += [name for name, digest in found.items() if digest not in whole]
        manifest = json.loads((folder / outputs.MANIFEST).read_text("utf-8"))
        torn += [] if set(manifest["outputs"]) == set(names) else [outputs.MANIFEST]
        strays += len(list(folder.glob(".xsgeo-*.part")))
        is_mixed = len(set(found.values())) > 1 or manifest["run"] != whole[found[names[0]]]
        mixed += is_mixed
        if is_mixed != bool(outputs.verify(folder)):
            torn.append("verify")
    outputs.write_files(dict.fromkeys(names, contents[0]), folder, manifest={"run": 0}, wait_s=0)
    left = sorted(p.name for p in folder.iterdir())
    return {"torn": torn, "strays": strays, "mixed": mixed, "left": left, "amiss": outputs.verify(folder)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])))
