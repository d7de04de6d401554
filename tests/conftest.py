"""Fixtures shared by the tests: the toy county in memory and as a folder, the demonstration study, the command line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from xsgeo import cli, io, workflow
from xsgeo.datasets import toy_county
from xsgeo.schemas import TABLES
from xsgeo.study import Study

# How long an example takes says what else the machine does, not whether the answer is right.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
TOY_SETTINGS = """\
title = "六点县"
title_en = "Six-node county"
as_of = "2026-01-01"
demonstration = true
"""


@pytest.fixture
def toy() -> Study:
    return toy_county()


@pytest.fixture
def toy_folder(tmp_path: Path) -> Path:
    study = toy_county()
    folder = tmp_path / "六点县 study"
    io.write_study({name: getattr(study, name) for name in TABLES}, TOY_SETTINGS, folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """A shell starts what runs in its background deaf to Ctrl-C, which some tests press."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def demonstration() -> Study:
    return io.read_study(ROOT / "data")


@pytest.fixture(scope="session")
def analysis(demonstration: Study) -> workflow.Analysis:
    return workflow.analyse(demonstration)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process; return exit code, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["xsgeo", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call
