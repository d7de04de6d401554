"""Run every notebook of a folder in place and keep what it shows.

Usage: python tools/run_notebooks.py notebooks [--check]

With --check nothing is written: the run only has to succeed. Time stamps and kernel details are dropped, so that
running a notebook again changes its file only where an answer changed.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def run(path: Path) -> nbformat.NotebookNode:
    """Run one notebook from its own folder and return it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    with warnings.catch_warnings():
        # The kernel's own start-up warns of things no notebook can change.
        warnings.simplefilter("ignore")
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
        ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    return notebook


def main() -> int:
    """Run them all; return 1 when one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    paths = sorted(asked.folder.glob("*.ipynb"))
    for path in paths:
        print(f"running {path}", file=sys.stderr)
        notebook = run(path)
        if not asked.check:
            path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return 0 if paths else 1


if __name__ == "__main__":
    sys.exit(main())
