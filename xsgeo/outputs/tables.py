"""Tables written by the suffix of their file, each with a manifest beside it.

A table that leaves the house alone has to say by itself what it was made from; so it gets a manifest of its own, named
after it, and several tables in a folder do not overwrite one another's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xsgeo.errors import OutputError
from xsgeo.outputs.locks import WAIT_S
from xsgeo.outputs.manifest import describe, versions
from xsgeo.outputs.writing import MANIFEST, write_files

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study


def write_table(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    study: Study | None = None,
    title: str = "",
    keep_order: bool = False,
    wait_s: float = WAIT_S,
) -> list[Path]:
    """Write a table as CSV, Excel workbook, GeoPackage or JSON, by the suffix of its file, with a manifest beside it.

    Parameters
    ----------
    frame
        The table; its index is written too.
    path
        File to write: ``.csv``, ``.xlsx``, ``.gpkg`` or ``.json``.
    study
        What the table was made from, for the manifest.
    title
        Name of the sheet or layer; the file's own when empty.
    keep_order
        Whether the order of rows means something. Rows are sorted by their index when it does not, so that the same
        rows give the same bytes.
    wait_s
        How long to wait for another process that is writing into the folder.

    Returns
    -------
    list of Path
        The table and its manifest, ``<file>.manifest.json``; that also names the cells of a CSV file which were
        prefixed, because a spreadsheet would have run them as formulas.

    Raises
    ------
    OutputError
        When the suffix is none of those, or the disk or the folder refuses. The old file is then whole.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> table = pd.DataFrame({"n_workers": [80, 100]}, index=pd.Index(["g2", "g1"], name="group_id"))
    >>> with TemporaryDirectory() as folder:
    ...     files = write_table(table, Path(folder, "groups.csv"))
    ...     text = files[0].read_text("utf-8-sig")
    >>> [file.name for file in files], text.splitlines()
    (['groups.csv', 'groups.csv.manifest.json'], ['group_id,n_workers', 'g1,100', 'g2,80'])
    """
    from xsgeo import export

    target = Path(path)
    writer = export.WRITERS.get(target.suffix.lower())
    if writer is None:
        raise OutputError(code="no_format", path=str(target), suffix=target.suffix, known=" ".join(export.WRITERS))
    ready = export.plain(frame if keep_order else export.ordered(frame))
    data, changed = writer(ready, title or target.stem)
    about = {**(versions() if study is None else describe(study)), "rows": len(ready), "changed_cells": changed}
    name = target.name + "." + MANIFEST
    written = write_files({target.name: data}, target.parent, manifest=about, manifest_name=name, wait_s=wait_s)
    return [*written, target.with_name(name)]
