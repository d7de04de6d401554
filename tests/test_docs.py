"""What the documents say is true: links lead somewhere, commands exist, the lines run, notebooks show their outputs."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from xsgeo import cli

ROOT = Path(__file__).parents[1]
PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("*/*.md")] if ".venv" not in p.parts)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_the_licence_of_the_data_names_every_file_and_folder():
    data = ROOT / "data"
    named = (data / "LICENSE.md").read_text("utf-8")
    pages = {"LICENSE.md", "README.md"}
    assert [p.name for p in sorted(data.iterdir()) if p.name not in pages and f"`{p.name}" not in named] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_command_is_in_the_readme(name):
    text = (ROOT / name).read_text("utf-8")
    commands = [c.name or c.callback.__name__ for topic in cli.TOPICS for c in topic.app.registered_commands]
    assert [c for c in commands if f"xsgeo {c}" not in text] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_make_target_of_the_readme_exists(name):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)) <= targets


def test_the_lines_of_the_readme_run_and_print_what_it_says():
    text = (ROOT / "README.md").read_text("utf-8")
    code, shown = re.search(r"```python\n(.*?)```\n+```text\n(.*?)```", text, re.DOTALL).groups()
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == shown.strip()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebooks_run_and_show_what_they_give(path):
    spec = importlib.util.spec_from_file_location("run_notebooks", ROOT / "tools" / "run_notebooks.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert outputs(tool.run(path)) == outputs(tool.nbformat.read(path, as_version=4))


def outputs(notebook) -> list[tuple[str, list[str]]]:
    # A kernel sends what is printed in as many pieces as it likes; only the whole means something.
    return [
        (
            "".join(o["text"] for o in c.outputs if o["output_type"] == "stream"),
            [str(o.get("data", {}).get("text/plain", "")) for o in c.outputs if o["output_type"] != "stream"],
        )
        for c in notebook.cells
        if c.cell_type == "code"
    ]


def test_every_dependency_is_named_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    names = {re.split(r"[\[<>=]", name)[0] for name in wanted}
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert sorted(n for n in names if n not in text) == []


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.skipif(os.name == "nt", reason="make is not a Windows tool")
def test_make_help_says_what_each_target_does():
    out = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"setup", "maps", "test", "lint", "data"} <= set(out.stdout.split())


def is_there(name: str) -> bool:
    """Whether a dotted name leads to a module, to what stands in one, or to a field of a class in one."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        with suppress(ModuleNotFoundError):
            found = importlib.import_module(".".join(parts[:n]))
            break
    for part in parts[n:]:
        if part in getattr(found, "__annotations__", {}):
            return True
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def test_every_name_that_a_docstring_or_page_refers_to_is_there():
    files = [*ROOT.glob("xsgeo/**/*.py"), *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]
    told = {name for file in files for name in re.findall(r"`(xsgeo(?:\.\w+)+)`", file.read_text("utf-8"))}
    assert len(told) > 100
    assert not sorted(name for name in told if not is_there(name))
