"""The face of the package: every name it promises is there, and importing it is cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import xsgeo

PACKAGE = Path(xsgeo.__file__).parent
HEAVY = ("geopandas", "pandas", "numpy", "scipy", "sklearn", "osmnx", "folium", "shapely", "highspy", "pandera", "rich")


def modules_after(code: str) -> set[str]:
    out = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(out.stdout.split())


@pytest.mark.parametrize("code", ["import xsgeo", "import xsgeo.cli"])
def test_importing_loads_nothing_heavy(code):
    assert not modules_after(code) & set(HEAVY)


def test_reading_a_study_loads_neither_osmnx_nor_folium_nor_sklearn():
    loaded = modules_after("import xsgeo; xsgeo.read_study; xsgeo.coverage")
    assert not loaded & {"osmnx", "folium", "sklearn", "highspy"}


@pytest.mark.parametrize("name", [n for n in xsgeo.__all__ if n != "__version__"])
def test_every_promised_name_is_there_and_documented(name):
    assert getattr(xsgeo, name).__doc__


def test_names_for_type_checkers_are_the_names_at_run_time():
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If))
    typed = {(a.asname, n.module) for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert typed == {(name, f"xsgeo.{home}") for name, home in xsgeo._HOME.items()}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        xsgeo.nothing  # noqa: B018


def test_coverage_is_the_function_even_after_its_module_was_imported():
    import xsgeo.access

    assert xsgeo.coverage is xsgeo.access.coverage


LAYERS = (
    {"errors", "disk", "catalogue"},
    {
        "schemas",
        "crs",
        "hours",
        "settings",
        "standards",
        "timetables",
        "study",
        "cells",
        "checked",
        "validation",
        "values",
        "ledgers",
        "references",
        "placing",
        "guard",
        "trial",
    },
    {
        "io",
        "sources",
        "studyfile",
        "readers",
        "fixes",
        "templates",
        "scenarios",
        "network",
        "roads",
        "search",
        "outputs",
        "export",
    },
    {"travel", "datasets", "isochrones"},
    {"access", "clustering", "compare", "crowding", "equity", "gaps", "sharing", "siting"},
    {"candidates", "plan", "phasing", "remedies", "ladder"},
    {"explain", "plan_report", "plan_book", "figures", "findings", "maps", "report", "review"},
    {"sensitivity", "uncertainty", "workflow", "questions", "share"},
    {"programme", "classical", "options"},
    {"cli"},
)


def test_arrows_point_down_only_and_every_module_has_a_layer():
    level = {name: i for i, layer in enumerate(LAYERS) for name in layer}
    assert {
        p.stem if p.is_file() else p.name
        for p in PACKAGE.iterdir()
        if p.suffix == ".py" or (p / "__init__.py").is_file()
    } - {"__init__"} == set(level)
    upward = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts == ("__init__",):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{a.name}" for a in node.names]
            for name in names:
                target = name.split(".")[1] if name.startswith("xsgeo.") else ""
                if target in level and level[target] > level[parts[0]]:
                    upward.append(f"{'.'.join(parts)} -> {target}")
    assert not upward
