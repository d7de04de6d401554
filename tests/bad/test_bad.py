"""Every case of the catalogue is refused, names its place, loses no row, and can be answered with a workbook."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.bad.cases import CASES, Case, build_batch
from tests.conftest import TOY_SETTINGS
from xsgeo import fixes, io
from xsgeo.datasets import toy_county
from xsgeo.schemas import TABLES


@pytest.fixture(scope="session")
def good(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    study = toy_county()
    io.write_study({name: getattr(study, name) for name in TABLES}, TOY_SETTINGS, folder)
    return folder


def holds(check: io.StudyCheck) -> None:
    """What is true of every check: it adds up, and every fault can be said in both languages."""
    table = check.reconciliation
    assert (table["rows_in"] == table["rows_used"] + table["rows_rejected"] + table["rows_blank"]).all()
    counted = table.dropna(subset="workers_in")
    assert (counted["workers_in"] == counted["workers_used"] + counted["workers_rejected"]).all()
    for fault in check.faults:
        assert fault.file in fault.text("zh")
        assert "{" not in fault.text("en").replace(fault.value, "")
    json.dumps(fixes.records(check), ensure_ascii=False)


@pytest.mark.parametrize("case", [c for c in CASES if not c.batch], ids=lambda c: c.name)
def test_a_bad_ledger_is_refused_and_its_place_is_named(case: Case, good, tmp_path):
    folder = tmp_path / "方案"
    shutil.copytree(good, folder)
    case.build(folder)
    check = io.check_study(folder)
    found = {(f.file, f.sheet, f.row, f.column, f.code) for f in check.faults}
    assert (case.file, case.sheet, case.row, case.column, case.code) in found
    assert check.study is None
    holds(check)


@pytest.fixture(scope="session")
def batch(good, tmp_path_factory) -> tuple[dict[str, int], io.StudyCheck]:
    folder = tmp_path_factory.mktemp("batch") / "方案"
    shutil.copytree(good, folder)
    rows = build_batch(folder, [c for c in CASES if c.batch])
    return rows, io.check_study(folder)


@pytest.mark.parametrize("case", [c for c in CASES if c.batch], ids=lambda c: c.name)
def test_a_bad_cell_is_refused_and_its_place_is_named(case: Case, batch):
    rows, check = batch
    found = {(f.column, f.code) for f in check.faults if (f.file, f.row) == (case.file, rows[case.name])}
    assert (case.column, case.code) in found


def test_bad_cells_by_the_dozen_add_up(batch):
    holds(batch[1])
    assert batch[1].study is None


def test_the_catalogue_has_no_case_twice_and_enough_of_them():
    assert len({c.name for c in CASES}) == len(CASES) >= 150


def test_a_good_ledger_has_no_fault(good):
    assert io.check_study(good).faults == ()


def test_one_workbook_answers_many_faults_at_once(good, tmp_path):
    folder = tmp_path / "方案"
    shutil.copytree(good, folder)
    cells = [c for c in CASES if c.file == "venues.csv" and c.row == 2 and "=" in c.name]
    for case in cells:
        case.build(folder)
    check = io.check_study(folder)
    book = CalamineWorkbook.from_filelike(BytesIO(fixes.workbook(check)))
    rows = book.get_sheet_by_name("阵地").to_python()
    assert rows[1][0] == "3.30902E+17"
    assert "【open_hours】" in rows[1][-1]
    assert fixes.workbook(check) == fixes.workbook(io.check_study(folder))
