"""Imported roads put into a study folder, whole or not at all, with what was there before kept beside them.

A county's roads are a table of text that a person can open; a province's are not, so from `LARGE` edges on they go into
a GeoPackage, which every GIS opens and which needs nothing that is not installed anyway (GeoParquet would need
pyarrow). Either is a table of the study and is read back by `xsgeo.read_study`.

An import replaces the study's roads, which may be somebody's work of a month. So the old tables are first copied to
``roads.csv.old`` and so on, then the new ones are put in place, and only then does a table of the other format go,
which would otherwise be read instead of the new one. The manifest is written last: where it names the hash of the
tables, they are whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
import shapely

from xsgeo.outputs import write_files
from xsgeo.roads.load import RoadImport
from xsgeo.schemas import TABLES

if TYPE_CHECKING:
    import geopandas as gpd

MANIFEST = "roads_manifest.json"

LARGE = 50_000
"""From this many edges on, roads are written as a GeoPackage."""

_FORMATS = (".csv", ".xlsx", ".xls", ".ods", ".geojson", ".json", ".gpkg", ".parquet")
_FIXED_DATE = "1980-01-01T00:00:00Z"
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
    OSError
        When the folder or the disk refuses; the old tables are then whole.

    Notes
    -----
    Coordinates have seven decimals (a centimetre), as in OpenStreetMap.

    Examples
    --------
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
    old = [p for name in ("roads", "ferries") for s in _FORMATS if (p := root / f"{name}{s}").is_file()]
    for path in old:
        shutil.copy2(path, path.with_name(path.name + ".old"))
    texts = {"ferries.csv": _csv(imported.ferries)}
    written = []
    if suffix == ".csv":
        texts = {"roads.csv": _csv(_in_words(imported.roads)), **texts}
    else:
        written.append(_write_gpkg(imported.roads, root / "roads.gpkg"))
    written += write_files(texts, root)
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


def _write_gpkg(roads: gpd.GeoDataFrame, path: Path) -> Path:
    """Write a GeoPackage aside, flush it and put it in place."""
    import pyogrio

    flags = {c: roads[c].astype(int).to_numpy() for c in ("walk", "ebike", "drive", "oneway")}
    table = roads.reset_index().assign(**flags)
    handle, name = tempfile.mkstemp(prefix=".roads.", suffix=".gpkg", dir=path.parent)
    os.close(handle)
    aside = Path(name)
    aside.unlink()
    try:
        # GDAL would stamp the moment into the file; a fixed date keeps equal roads equal to the byte.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
        table.to_file(aside, layer="roads", driver="GPKG", engine="pyogrio", index=False)
        with aside.open("rb+") as stream:
            os.fsync(stream.fileno())
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        aside.unlink(missing_ok=True)
    return path
