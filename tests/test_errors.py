from __future__ import annotations

import pytest

from xsgeo import errors
from xsgeo.catalogue import WORDS
from xsgeo.errors import Fault, StudyError


def test_every_error_is_also_a_value_error():
    kinds = [errors.StudyError, errors.HoursError, errors.NetworkError, errors.PlanError, errors.PageError]
    assert all(issubclass(k, ValueError) and issubclass(k, errors.XsgeoError) for k in kinds)


def test_a_fault_names_file_sheet_row_column_value_and_remedy_in_both_languages():
    fault = Fault("阵地.xlsx", 12, "容纳人数", "约200", "not_a_number", sheet="石浦")
    assert (
        fault.text("zh")
        == "阵地.xlsx，工作表“石浦”，第12行，“容纳人数”列：“约200”不是数字。请只填数字，不带单位和“约”字。"
    )
    assert 'sheet "石浦", row 12, column "容纳人数": "约200" is not a number. Enter digits' in fault.text("en")


def test_a_long_value_is_cut_when_shown():
    assert "x" * 61 not in Fault("a.csv", 2, "b", "x" * 500, "not_a_number").text("en")


def test_braces_in_a_value_stay_as_they_are():
    assert "{0} {row}" in Fault("a.csv", 2, "b", "{0} {row}", "not_a_number").text("zh")


def test_faults_come_sorted_and_counted():
    error = StudyError([Fault("b.csv", 9, "", "", "missing_value"), Fault("a.csv", 10, "", "", "missing_value")])
    assert [f.file for f in error.faults] == ["a.csv", "b.csv"]
    assert str(error).startswith("2 faults found:")
    assert error.text("zh").startswith("发现2处问题：")


@pytest.mark.parametrize("code", sorted(k.removeprefix("fault.") for k in WORDS if k.startswith("fault.")))
def test_every_fault_has_a_remedy(code):
    assert code in {"count", "near"} or f"remedy.{code}" in WORDS
