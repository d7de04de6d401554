"""An empty study reads back without a fault, and a filled-in template is a table."""

from __future__ import annotations

import pytest
from python_calamine import CalamineWorkbook

from xsgeo import io, templates
from xsgeo.errors import OutputError
from xsgeo.ledgers import Grid, lay_out
from xsgeo.schemas import TABLES
from xsgeo.validation import check_table

TITLE = {"title": '甲县"\\', "title_en": "A", "as_of": "2026-01-01"}


def test_an_empty_study_reads_back_without_a_fault(tmp_path):
    written = templates.write_empty_study(tmp_path / "新 方案", **TITLE)
    check = io.check_study(tmp_path / "新 方案")
    assert check.faults == ()
    assert check.study is not None
    assert check.study.title == TITLE["title"]
    assert (check.reconciliation["rows_in"] == check.reconciliation["rows_blank"]).all()
    assert len(check.study.venues) == 0
    assert [n.code for n in check.notes if n.file == "venues.xlsx"] == ["unfilled_table", "example_row"]
    assert {p.name for p in written} == {p.name for p in (tmp_path / "新 方案").iterdir() if not p.name.startswith(".")}


def test_a_study_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "study.toml").write_text("old", "utf-8")
    with pytest.raises(OutputError, match="已有方案"):
        templates.write_empty_study(tmp_path, **TITLE)
    assert [p.name for p in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.parametrize("name", [n for n, t in TABLES.items() if t.shape in {"point", "none"}])
def test_the_example_row_of_each_template_is_a_good_row(name):
    from io import BytesIO

    book = CalamineWorkbook.from_filelike(BytesIO(templates.template(TABLES[name])))
    assert book.sheet_names == [TABLES[name].zh, "填表说明", "选项"]
    rows = [[str(v) for v in row] for row in book.get_sheet_by_index(0).to_python()]
    assert rows[0] == [c.title for c in TABLES[name].columns.values()]
    assert lay_out(Grid("a", rows), TABLES[name]).cells.empty
    rows[1][list(TABLES[name].columns).index(TABLES[name].key)] = "X1"
    assert check_table(lay_out(Grid("a", rows), TABLES[name]), TABLES[name]).faults == ()


def test_templates_are_the_same_bytes_every_time():
    assert templates.study_files(**TITLE) == templates.study_files(**TITLE)
