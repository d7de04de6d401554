"""Names of files that Windows, macOS and Linux all take, whatever a venue or a cluster is called.

A name that is safe already stays as it is, Chinese and blanks included; any other is changed in a way that can be seen,
and carries a hash, so that two venues never share a file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from xsgeo.errors import OutputError
from xsgeo.guard import is_device

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_LONGEST_STEM, _LONGEST_BYTES = 60, 200


def safe_name(stem: str, suffix: str = "") -> str:
    """File name that Windows, macOS and Linux all take, as like the given one as can be.

    Parameters
    ----------
    stem
        Any text: a venue's name, a cluster id.
    suffix
        Put behind it, with its dot.

    Returns
    -------
    str
        The name itself where it is safe. Else forbidden letters become ``_``, a device's name gets one in front, more
        than 60 characters or 200 bytes are cut, and eight digits of a hash of the whole are added, so that different
        names stay different.

    Examples
    --------
    >>> safe_name("石浦镇 职工之家（一）", ".html")
    '石浦镇 职工之家（一）.html'
    >>> safe_name("NUL", ".csv"), safe_name("a/b:c. ")
    ('_NUL-ae6de182.csv', 'a_b_c-9ddd91af')
    """
    text = unicodedata.normalize("NFC", stem)
    clean = _FORBIDDEN.sub("_", text).rstrip(". ")
    clean = f"_{clean}" if is_device(clean) or not clean else clean
    room = _LONGEST_BYTES - len(suffix.encode())
    if clean == text and len(clean) <= _LONGEST_STEM and len(clean.encode()) <= room:
        return clean + suffix
    mark = "-" + hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    cut = clean[:_LONGEST_STEM].encode()[: room - len(mark)].decode("utf-8", "ignore").rstrip(". ")
    return cut + mark + suffix


def check_names(names: Iterable[str], root: Path) -> None:
    """Refuse names that some system does not take, or takes for one another, before anything is written.

    Raises
    ------
    OutputError
        ``bad_name``, with a name that would do.

    Examples
    --------
    >>> check_names(["a.html", "石浦.html"], Path("maps"))
    """
    seen: set[str] = set()
    for name in names:
        odd = _FORBIDDEN.search(name) or name.rstrip(". ") != name or is_device(name)
        if odd or not name or len(name.encode("utf-8", "replace")) > _LONGEST_BYTES or name.casefold() in seen:
            safe = safe_name(Path(name).stem, Path(name).suffix)
            raise OutputError(code="bad_name", path=str(root), name=name, safe=safe)
        seen.add(name.casefold())
