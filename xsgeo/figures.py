"""Figures for a report, as SVG written by hand: the same input gives the same bytes, and nothing has to be installed.

A plotting library would bring its own fonts, ids and dates into the file, and the figure has one job: it is read on a
phone in a meeting or pasted into a document. So it is a column as wide as a phone, its letters are never below 13 units
in 400, a label stands at its own line instead of in a legend, and lines differ by dashes as well as by colour (Okabe
and Ito, *Color Universal Design*, 2008), because copies are grey. Every word comes from the catalogue or the caller;
every text is escaped; nothing is fetched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from xsgeo.catalogue import Language, say

if TYPE_CHECKING:
    import pandas as pd

OKABE_ITO = ("#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MOST_CURVES = len(OKABE_ITO)
_DASHES = ("", "7 4", "2 4", "10 4 2 4", "4 2", "12 4", "1 5")

_WIDTH, _LEFT, _SIDE = 400, 52, 324
_TEXT, _SMALL, _TITLE = 14, 13, 17
_INK, _GREY, _PAPER = "#1a1a1a", "#767676", "#ffffff"
_FONTS = "'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lorenz_svg(
    curves: Mapping[str, pd.DataFrame], *, title: str, notes: Sequence[str] = (), language: Language = "zh"
) -> str:
    """Draw Lorenz curves of usable hours.

    Parameters
    ----------
    curves
        By the label that stands at the curve: ``share_workers`` and ``share_hours`` from (0, 0) to (1, 1), as
        `xsgeo.equity.lorenz` gives. The first is drawn in black, on top.
    title
        What the figure says, above it.
    notes
        Lines below it: standard, date, what is left out.
    language
        Language of the axes.

    Returns
    -------
    str
        A whole SVG file, 400 units wide.

    Raises
    ------
    ValueError
        When there is no curve, or more than `MOST_CURVES`.

    Examples
    --------
    >>> from xsgeo.equity import lorenz
    >>> lorenz_svg({"all": lorenz([1, 3])}, title="Hours", language="en").count("<polyline")
    1
    """
    if not 1 <= len(curves) <= MOST_CURVES:
        msg = f"a figure has 1 to {MOST_CURVES} curves, got {len(curves)}"
        raise ValueError(msg)
    heading = _wrapped(title, _TITLE, _WIDTH - 2 * 12)
    top = 22 * len(heading) + 46
    foot = top + _SIDE + 46
    below = [line for note in notes for line in _wrapped(note, _SMALL, _WIDTH - 2 * 12)]
    height = foot + 12 + 19 * len(below) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="{_FONTS}" fill="{_INK}">',
        f"<title>{_clean(title)}</title>",
        f"<desc>{_clean('；'.join([*curves, *notes]) if language == 'zh' else '; '.join([*curves, *notes]))}</desc>",
        f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>',
        *(_text(12, 28 + 22 * i, line, size=_TITLE, weight=600) for i, line in enumerate(heading)),
        *_frame(top, language),
        *_curves(curves, top),
        *(_text(12, foot + 12 + 19 * i, line, size=_SMALL, fill=_GREY) for i, line in enumerate(below)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _frame(top: int, language: Language) -> list[str]:
    """Grid, axes with their words, and the line of equality."""
    right, bottom = _LEFT + _SIDE, top + _SIDE
    parts = []
    for share in (0, 25, 50, 75, 100):
        x, y = _LEFT + _SIDE * share / 100, bottom - _SIDE * share / 100
        parts += [
            f'<path d="M{x:g} {top}V{bottom}M{_LEFT} {y:g}H{right}" stroke="#dddddd" stroke-width="1"/>',
            _text(x, bottom + 18, f"{share}%", size=_SMALL, anchor="middle", fill=_GREY),
            _text(_LEFT - 6, y + 4, f"{share}%", size=_SMALL, anchor="end", fill=_GREY),
        ]
    x, y = _LEFT + 0.2 * _SIDE, bottom - 0.2 * _SIDE
    equal = _text(x, y - 8, say("figure.equal", language), size=_SMALL, anchor="middle", fill=_GREY)
    return [
        *parts,
        f'<path d="M{_LEFT} {bottom}L{right} {top}" stroke="{_GREY}" stroke-width="1.5"/>',
        f'<g transform="rotate(-45 {x:g} {y:g})">{equal}</g>',
        _text((_LEFT + right) / 2, bottom + 38, say("figure.workers", language), size=_TEXT, anchor="middle"),
        _text(12, top - 12, say("figure.hours", language), size=_TEXT),
    ]


def _curves(curves: Mapping[str, pd.DataFrame], top: int) -> list[str]:
    """Curves, the first on top, each with its label at a height of its own."""
    bottom = top + _SIDE
    drawn, named = [], []
    lines = {label: points[["share_workers", "share_hours"]].to_numpy(float) for label, points in curves.items()}
    style = {label: (OKABE_ITO[i], _DASHES[i]) for i, label in enumerate(lines)}
    for label, xy in reversed(lines.items()):
        colour, dash = style[label]
        points = " ".join(f"{_LEFT + _SIDE * x:.2f},{bottom - _SIDE * y:.2f}" for x, y in xy)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"'
            f' stroke-linejoin="round"{dashes}/>'
        )
    # The lowest curve is labelled lowest, so that no label lies on the way of another one.
    lowest_first = sorted(lines, key=lambda label: (_area(lines[label]), label))
    for i, label in enumerate(lowest_first):
        height = 0.10 + 0.70 * i / max(1, len(lines) - 1)
        share = float(np.interp(height, lines[label][:, 1], lines[label][:, 0]))
        x, y = _LEFT + _SIDE * share, bottom - _SIDE * height
        words = _wrapped(label, _TEXT, _SIDE * 0.4)
        # Below the lowest curve there is nothing to be covered; elsewhere the free side is the left one.
        rightwards = i == 0 and x + 9 + max(_width(line, _TEXT) for line in words) < _WIDTH - 8
        at, anchor = (x + 9, "start") if rightwards else (x - 9, "end")
        first = y + 5 - 9 * (len(words) - 1)
        named += [
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="4.5" fill="{style[label][0]}" stroke="{_PAPER}"/>',
            *(
                _text(at, first + 18 * n, line, size=_TEXT, anchor=anchor, weight=600, halo=True)
                for n, line in enumerate(words)
            ),
        ]
    return drawn + named


def _area(xy: np.ndarray) -> float:
    return float(((xy[1:, 1] + xy[:-1, 1]) / 2 * np.diff(xy[:, 0])).sum())


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    anchor: str = "start",
    weight: int = 400,
    fill: str = _INK,
    halo: bool = False,
) -> str:
    around = f' stroke="{_PAPER}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    coloured = f' fill="{fill}"' if fill != _INK else ""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{placed}{bold}{coloured}{around}>{_clean(words)}</text>'


def _clean(words: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", words))


def _width(words: str, size: int) -> float:
    """About how wide a text is: a Chinese letter is as wide as it is high, others are about half of it."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.52 for c in words)


def _wrapped(words: str, size: int, width: float) -> list[str]:
    """Lines no wider than `width`, broken at blanks or between Chinese letters."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|.", " ".join(words.split()))
    lines = [""]
    for piece in pieces:
        # A full stop or comma never begins a line.
        if lines[-1] and piece not in "，。；：、）】》”" and _width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]
