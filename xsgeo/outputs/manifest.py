"""What outputs were made from and by: hashes of the inputs, versions, settings, the reconciliation.

A manifest holds no clock, because the same input has to give the same bytes; who wants a date in it sets
``SOURCE_DATE_EPOCH``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xsgeo.outputs.writing import MANIFEST

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study

_LIBRARIES = (
    "folium",
    "geopandas",
    "highspy",
    "numpy",
    "opening-hours-py",
    "pandas",
    "pyogrio",
    "pyproj",
    "python-calamine",
    "scikit-learn",
    "scipy",
    "shapely",
    "xlsxwriter",
)


def hash_files(root: str | Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of files in a folder, by name; names of files that are not there are left out.

    Parameters
    ----------
    root
        The folder.
    names
        File names within it.

    Examples
    --------
    >>> hash_files("no such folder", ["a.html"])
    {}
    """
    paths = {name: Path(root) / name for name in sorted(set(names))}
    return {name: _hash(path) for name, path in paths.items() if path.is_file()}


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe(study: Study) -> dict[str, object]:
    """What outputs of a study are made from and by, for a manifest.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    dict
        ``xsgeo``, ``python`` and ``libraries`` (versions), ``inputs`` (SHA-256 by file), ``settings``,
        ``reconciliation`` (one record a table) and, only where ``SOURCE_DATE_EPOCH`` is set, ``made_at``. The same
        study and the same installation give the same text.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> sorted(describe(toy_county()))
    ['inputs', 'libraries', 'python', 'reconciliation', 'settings', 'xsgeo']
    """
    made = {"made_at": _date_asked_for()} if os.environ.get("SOURCE_DATE_EPOCH") else {}
    return {
        **versions(),
        **made,
        "inputs": dict(study.sources),
        "settings": dataclasses.asdict(study.about),
        "reconciliation": _records(study.reconciliation),
    }


def versions() -> dict[str, object]:
    """Versions of xsgeo, Python and the libraries that results depend on.

    Examples
    --------
    >>> sorted(versions())
    ['libraries', 'python', 'xsgeo']
    """
    from xsgeo import __version__

    found = {}
    for name in _LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return {"xsgeo": __version__, "python": platform.python_version(), "libraries": found}


def _date_asked_for() -> str:
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).isoformat()


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    text = frame.reset_index().to_json(orient="records", force_ascii=False)
    return list(json.loads(text))


def verify(folder: str | Path, *, manifest_name: str = MANIFEST) -> list[str]:
    """Names of the files in a folder that are not those its manifest was written for.

    Parameters
    ----------
    folder
        A folder written with a manifest.
    manifest_name
        File name of the manifest.

    Returns
    -------
    list of str
        Missing and changed files; empty when the set is complete and of one run.

    Raises
    ------
    OSError
        When there is no manifest.

    Examples
    --------
    >>> import tempfile
    >>> from xsgeo.outputs import write_files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_files({"a.txt": "甲", "b.txt": "乙"}, folder, manifest={})
    ...     whole = verify(folder)
    ...     written = paths[1].write_text("丙", "utf-8")
    ...     whole, verify(folder)
    ([], ['b.txt'])
    """
    root = Path(folder)
    stated = json.loads((root / manifest_name).read_text("utf-8"))["outputs"]
    found = hash_files(root, stated)
    return [name for name, digest in stated.items() if found.get(name) != digest]
