"""What people read and fill in about sharing: the workbook of plaques to confirm, and tables with names for ids.

Detection proposes, a person decides; so the proposal is a sheet one can walk down, pairs that wait for a verdict
first, the likeliest on top, each with what the ledgers say of both plaques, its evidence in words and a cell to choose
是 or 否 from. Pairs that were decided before come back with their verdict, so nobody decides twice, and 待定 takes one
back. What is read back is a small table, `room_pairs`, that stays in the study beside the ledgers: the ledgers
themselves are never changed.

* `workbook`: the sheet out, and the verdicts back;
* `labelled`: pairs labelled for measuring the method;
* `tables`: what sharing would gain, with names for ids.
"""

from __future__ import annotations

from xsgeo.review.labelled import case_table, read_labelled
from xsgeo.review.tables import calendar_table, cross_town_table, opportunity_table, pair_table
from xsgeo.review.workbook import evidence_words, read_review, refuse_to_lose, review_workbook

__all__ = [
    "calendar_table",
    "case_table",
    "cross_town_table",
    "evidence_words",
    "opportunity_table",
    "pair_table",
    "read_labelled",
    "read_review",
    "refuse_to_lose",
    "review_workbook",
]
