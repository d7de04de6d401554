"""Whole files or the old ones: how anything xsgeo writes gets onto the disk.

A page half written is worse than none, because nobody sees that it is half. So every file is written aside in the same
folder, flushed to the disk, and put in place by one rename; where one of several cannot be put in place (a page open in
Excel on Windows), those already placed are taken back. A run killed at any moment leaves each file old or new, never
torn, and what it had written aside is swept by the next run.

* `writing`: files put in place, all or none;
* `locks`: one writer at a time;
* `names`: names of files that every system takes;
* `manifest`: what the files of a run were made from, and whether they are those;
* `tables`: a frame as CSV, workbook, GeoPackage or JSON.
"""

from __future__ import annotations

from xsgeo.outputs.locks import LOCK, WAIT_S, lock
from xsgeo.outputs.manifest import describe, hash_files, verify, versions
from xsgeo.outputs.names import safe_name
from xsgeo.outputs.tables import write_table
from xsgeo.outputs.writing import MANIFEST, write_files

__all__ = [
    "LOCK",
    "MANIFEST",
    "WAIT_S",
    "describe",
    "hash_files",
    "lock",
    "safe_name",
    "verify",
    "versions",
    "write_files",
    "write_table",
]
