"""Figures: one file, well formed, the same bytes each time, readable on a phone, and nothing typed into a name runs."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from xsgeo import figures
from xsgeo.equity import lorenz

SVG = "{http://www.w3.org/2000/svg}"
CURVES = {"全部 0.31": lorenz([1, 2, 4, 8]), "白班 0.10": lorenz([3, 4, 4]), "两班倒 0.60": lorenz([0, 0, 1, 6])}


def drawn(curves=None, title="可用时长", **options):
    text = figures.lorenz_svg(curves or CURVES, title=title, **options)
    return text, ET.fromstring(text)  # noqa: S314


def test_each_curve_is_one_line_with_its_label_and_the_first_is_black_and_on_top():
    text, root = drawn()
    lines = root.findall(f".//{SVG}polyline")
    assert len(lines) == 3
    assert lines[-1].get("stroke") == "#000000"
    assert lines[-1].get("stroke-dasharray") is None
    assert len({line.get("stroke-dasharray") for line in lines}) == 3
    words = [t.text for t in root.iter(f"{SVG}text")]
    assert all(label in words for label in CURVES)
    assert text.endswith("</svg>\n")


def test_curves_go_from_corner_to_corner_below_the_line_of_equality():
    _, root = drawn(title="一行")
    lines = root.findall(f".//{SVG}polyline")
    assert len(lines) == len(CURVES)
    for line in lines:
        points = [tuple(map(float, p.split(","))) for p in line.get("points").split()]
        (left, bottom), (right, top) = points[0], points[-1]
        assert right - left == bottom - top == figures._SIDE
        assert all((x - left) >= (bottom - y) - 0.02 for x, y in points)


def test_letters_are_large_enough_for_a_phone_and_lines_fit():
    name = "Auto parts, moulds, plastics and everything else 0.58"
    _, root = drawn({name: CURVES["白班 0.10"]}, title="很长的标题" * 12, notes=["注" * 90, "note " * 40])
    width = float(root.get("viewBox").split()[2])
    assert width <= 400
    for text in root.iter(f"{SVG}text"):
        size, x = float(text.get("font-size")), float(text.get("x"))
        assert size >= 13
        wide = figures._width(text.text, size)
        left = {"end": x - wide, "middle": x - wide / 2}.get(text.get("text-anchor"), x)
        assert left >= -2
        assert left + wide <= width + 2


def test_the_same_input_gives_the_same_bytes():
    again = {label: points.copy() for label, points in CURVES.items()}
    assert drawn()[0] == drawn(again)[0]


def test_names_are_text_whatever_they_hold():
    name = '<script>alert(1)</script> & "x" \x00\x1b'
    text, root = drawn({name: CURVES["全部 0.31"]}, title=name, notes=[name])
    assert "<script" not in text
    assert root.find(f".//{SVG}script") is None
    assert "alert(1)" in root.find(f"{SVG}title").text


def test_a_figure_asks_the_network_for_nothing():
    text, _ = drawn(language="en")
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"href|url\(|@import|<image|<style", text)


def test_words_are_in_the_language_asked_for():
    assert "人人一样多" in drawn()[0]
    text, _ = drawn({"all 0.31": CURVES["全部 0.31"]}, title="Hours", language="en")
    assert "all have the same" in text
    assert not re.search(r"[\u4e00-\u9fff]", text)


@pytest.mark.parametrize("n", [0, figures.MOST_CURVES + 1])
def test_none_or_too_many_curves_are_refused(n):
    with pytest.raises(ValueError, match="curves"):
        figures.lorenz_svg({str(i): CURVES["全部 0.31"] for i in range(n)}, title="x")
