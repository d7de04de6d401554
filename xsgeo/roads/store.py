"""Imported roads put into a study folder, whole or not at all, with what was there before kept beside them.

A county's roads are a table of text that a person can open; a province's are not, so from `LARGE` edges on they go into
a GeoPackage, which every GIS opens and which needs nothing that is not installed anyway (GeoParquet would need
pyarrow). Either is a table of the study and is read back by `xsgeo.read_study`.

An import replaces the study's roads, which may be somebody's work of a month. So the old tables are kept as
``roads.csv.old`` and so on, put in place together with the new ones (`xsgeo.outputs`: all or none, one writer at a
time), and only then does a table of the other format go, which would otherwise be read instead of the new one. The
manifest is written last: where it names the hash of the tables, they are whole.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
import shapely

from xsgeo.export import to_gpkg
from xsgeo.outputs import write_files
from xsgeo.readers import READERS
from xsgeo.roads.load import RoadImport
from xsgeo.schemas import TABLES

if TYPE_CHECKING:
    import geopandas as gpd

MANIFEST = "roads_manifest.json"

LARGE = 50_000
"""From this many edges on, roads are written as a GeoPackage."""

_LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_roads(
    imported: RoadImport, folder: str | Path, *, table_format: Literal["csv", "gpkg"] | None = None
) -> list[Path]:
    """Put imported roads and ferries into a study folder.

    Parameters
    ----------
    imported
        From `xsgeo.roads.import_roads`.
    folder
        Study folder; made when absent. Its ``study.toml`` is not touched: where that names another file for roads or
        ferries, the new tables are not read.
    table_format
        How roads are written; by their number when None. Ferries are always CSV.

    Returns
    -------
    list of Path
        The tables and ``roads_manifest.json``.

    Raises
    ------
    OutputError
        When the folder or the disk refuses, or another process is writing there; the old tables are then whole.

    Notes
    -----
    Coordinates have seven decimals (a centimetre), as in OpenStreetMap.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> from xsgeo.roads import import_roads
    >>> street = shapely.LineString([(121.87, 29.47), (121.88, 29.47)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "street.geojson"
    ...     gpd.GeoDataFrame({"highway": ["path"]}, geometry=[street], crs="EPSG:4326").to_file(path)
    ...     [file.name for file in write_roads(import_roads(path), folder)]
    ['roads.csv', 'ferries.csv', 'roads_manifest.json']
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    suffix = f".{table_format}" if table_format else ".gpkg" if len(imported.roads) >= LARGE else ".csv"
    old = [p for name in ("roads", "ferries") for s in READERS if (p := root / f"{name}{s}").is_file()]
    kept = {path.name + ".old": path.read_bytes() for path in old}
    roads = _gpkg(imported.roads) if suffix == ".gpkg" else _csv(_in_words(imported.roads))
    files = {f"roads{suffix}": roads, "ferries.csv": _csv(imported.ferries)}
    written = write_files({**files, **kept}, root)[: len(files)]
    for path in set(old) - set(written):
        path.unlink()
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
    manifest = {**imported.manifest, "files": hashes}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return [*written, *write_files({MANIFEST: text}, root)]


def _in_words(roads: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(roads.drop(columns="geometry"))
    return table.assign(geometry=shapely.to_wkt(roads.geometry.to_numpy(), rounding_precision=7))


def _csv(frame: pd.DataFrame) -> str:
    """Text of a table: flags as 1 and 0, and no name that a spreadsheet would take for a formula."""
    declared = TABLES["roads" if "u" in frame else "ferries"].columns
    flags = [name for name, column in declared.items() if column.metadata["kind"] == "flag"]
    cells = {name: ["1" if flag else "0" for flag in frame[name]] for name in flags}
    cells["name"] = [f"'{name}" if str(name).startswith(_LIVE) else str(name) for name in frame["name"]]
    return str(frame.assign(**cells)[[c for c in declared if c in frame]].to_csv(lineterminator="\n"))


def _gpkg(roads: gpd.GeoDataFrame) -> bytes:
    flags = {c: roads[c].astype(int) for c in ("walk", "ebike", "drive", "oneway")}
    return to_gpkg(pd.DataFrame(roads.assign(**flags).reset_index()), "roads")[0]
