"""Turn coordinates and flags into short text that a browser unpacks into typed arrays.

A point written as GeoJSON takes 270 to 440 bytes and is parsed into objects; packed as two 16-bit steps from a corner
it takes about six and is ready to draw at once. The step is at least 1e-4 degree for points, 11 m, because that is as
exactly as a public page says where something is; lines need no secrecy and get 1e-5 degree, or as fine a step as 16
bits over their extent allow (about 1.3 m over a county).

Everything here is deterministic: same numbers, same text.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

POINT_STEP = 1e-4
LINE_STEP = 1e-5
_STEPS = 65_535


def to_text(array: NDArray[Any]) -> str:
    """Base64 of the array's bytes, least significant byte first.

    Examples
    --------
    >>> to_text(np.array([1, 256], dtype=np.uint16))
    'AQAAAQ=='
    """
    ordered = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return base64.b64encode(ordered.tobytes()).decode("ascii")


def pack_xy(lonlat: NDArray[np.float64], *, step: float = POINT_STEP) -> dict[str, object]:
    """Positions as 16-bit steps east and north of their south-west corner.

    Parameters
    ----------
    lonlat
        Longitude and latitude in degrees, shape (n, 2).
    step
        Size of a step in degrees; made larger where the extent needs more than 65,535 of them.

    Returns
    -------
    dict
        ``origin`` (longitude and latitude of the corner), ``step``, and ``xy`` (base64 of n pairs of uint16).

    Examples
    --------
    >>> packed = pack_xy(np.array([[121.9, 29.2], [121.9001, 29.2002]]))
    >>> packed["origin"], packed["step"]
    ([121.9, 29.2], 0.0001)
    """
    if len(lonlat) == 0:
        return {"origin": [0.0, 0.0], "step": step, "xy": ""}
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    corner = np.floor(low / step) * step
    # Rounded up to a whole billionth of a degree, so that the step is written exactly and nothing falls outside.
    step = max(step, math.ceil(float((high - corner).max()) / _STEPS * 1e9) / 1e9)
    steps = np.clip(np.round((lonlat - corner) / step), 0, _STEPS).astype(np.uint16)
    return {"origin": [round(float(c), 6) for c in corner], "step": step, "xy": to_text(steps)}


def pack_parts(parts: list[NDArray[np.float64]], *, step: float = LINE_STEP) -> dict[str, object]:
    """Lines or rings, one after another, as `pack_xy` does, with where each ends.

    Parameters
    ----------
    parts
        Vertices of each part, shape (n, 2), degrees.
    step
        As for `pack_xy`.

    Returns
    -------
    dict
        What `pack_xy` returns, and ``ends`` (base64 of uint32: number of vertices up to and with each part).

    Examples
    --------
    >>> pack_parts([np.array([[121.9, 29.2], [121.91, 29.2]])])["ends"]
    'AgAAAA=='
    """
    lonlat = np.concatenate(parts) if parts else np.empty((0, 2))
    ends = np.cumsum([len(p) for p in parts]).astype(np.uint32)
    return {**pack_xy(lonlat, step=step), "ends": to_text(ends)}


def pack_flags(flags: NDArray[np.bool_]) -> str:
    """Base64 of a table of flags, each row padded to whole bytes, first flag in the highest bit.

    Examples
    --------
    >>> pack_flags(np.array([[True, False, False, False, False, False, False, True]]))
    'gQ=='
    """
    return to_text(np.packbits(flags, axis=1))


def pack_whole(values: NDArray[Any]) -> str:
    """Base64 of whole numbers in as few bytes as each needs: small ones one, those of a million three.

    Parameters
    ----------
    values
        Whole numbers, below 2**52 in size so that a browser holds them exactly.

    Returns
    -------
    str
        Each number folded to one without a sign (0, -1, 1, -2 become 0, 1, 2, 3) and written in groups of seven bits,
        lowest first, the highest bit of a byte telling that more follow (LEB128 of Protocol Buffers' zigzag).

    Examples
    --------
    >>> pack_whole(np.array([0, -1, 1, 64]))
    'AAECgAE='
    """
    given = np.asarray(values, dtype=np.int64)
    folded = ((given << 1) ^ (given >> 63)).astype(np.uint64)
    size = np.ones(len(folded), dtype=np.int64)
    for bits in range(7, 63, 7):
        size += folded >= np.uint64(1 << bits)
    end = np.cumsum(size)
    out = np.zeros(int(end[-1]) if len(end) else 0, dtype=np.uint8)
    for k in range(int(size.max(initial=0))):
        rows = np.flatnonzero(size > k)
        part = (folded[rows] >> np.uint64(7 * k)) & np.uint64(127)
        more = np.where(size[rows] > k + 1, 128, 0)
        out[end[rows] - size[rows] + k] = part.astype(np.uint8) | more.astype(np.uint8)
    return to_text(out)


def pack_steps(values: NDArray[Any]) -> str:
    """What `pack_whole` makes of the differences from one number to the next, the first from 0."""
    return pack_whole(np.diff(np.asarray(values, dtype=np.int64), prepend=0))
