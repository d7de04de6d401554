"""The workbook of plaques to confirm: what is proposed, a cell to answer in, and the answers read back.

A sheet that people fill in gets sorted, one column at a time if it goes badly. So the names are read back too, and a
row whose id and name do not belong together is refused; and a sheet with verdicts that nobody has recorded is not
overwritten.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xsgeo.access.masks import text
from xsgeo.catalogue import Language, listed, say
from xsgeo.errors import Fault, StudyError
from xsgeo.export import WORKBOOK_CREATED, WORKBOOK_OPTIONS, sheet_name
from xsgeo.ledgers import squeeze

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

COLUMNS = ("venue_a", "venue_b", "verdict")
_ABOUT = ("name", "owner", "address")
_HEADS = (
    *("venue_a", "name_a", "owner_a", "address_a", "venue_b", "name_b", "owner_b", "address_b"),
    *("probability", "distance_m", "evidence", "state", "verdict"),
)
_WIDTHS = (10, 32, 10, 26, 10, 32, 10, 26, 10, 10, 52, 14, 10)
_WORDS = ("same", "different", "open")


def review_workbook(
    pairs: pd.DataFrame, venues: pd.DataFrame, decided: pd.DataFrame, *, language: Language = "zh"
) -> bytes:
    """Write the workbook in which pairs are decided.

    Parameters
    ----------
    pairs
        What `xsgeo.sharing.find_pairs` proposed.
    venues
        Plaques, index ``venue_id``; column ``name`` and, where there are, ``owner_system``, ``address``, ``room_id``.
    decided
        Pairs decided before: ``venue_a``, ``venue_b``, ``verdict``.
    language
        Language of headers and evidence.

    Returns
    -------
    bytes
        An .xlsx file; the same pairs give the same bytes. Pairs to be decided come first, then those decided, then
        those that are one room by the ledger or by other verdicts.

    Raises
    ------
    StudyError
        When the verdicts of `decided` contradict each other.
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, dict(WORKBOOK_OPTIONS)) as book:
        book.set_properties({"created": WORKBOOK_CREATED, "author": "xsgeo", "title": say("review.title", language)})
        sheet = book.add_worksheet(sheet_name(say("review.sheet", language)))
        _heads(book, sheet, language)
        _rows(book, sheet, _table(pairs, venues, decided, language), language)
        words = [say(f"verdict.{v}", language) for v in _WORDS]
        sheet.data_validation(
            1, len(_HEADS) - 1, max(len(pairs), 1), len(_HEADS) - 1, {"validate": "list", "source": words}
        )
    return stream.getvalue()


def _table(pairs: pd.DataFrame, venues: pd.DataFrame, decided: pd.DataFrame, language: Language) -> pd.DataFrame:
    from xsgeo.sharing import room_labels

    before = {
        frozenset((a, b)): say(f"verdict.{v}", language)
        for a, b, v in decided[list(COLUMNS)].itertuples(index=False, name=None)
    }
    keys = [frozenset(p) for p in zip(pairs["venue_a"], pairs["venue_b"], strict=True)]
    rooms = room_labels(venues, decided)
    joined = rooms.reindex(pairs["venue_a"]).to_numpy() == rooms.reindex(pairs["venue_b"]).to_numpy()
    is_decided = np.array([k in before for k in keys], dtype=bool)
    rank = np.where(is_decided, 1, np.where(joined, 2, 0))
    states = [say(f"review.state.{s}", language) for s in ("open", "decided", "joined")]
    table = pairs.assign(
        evidence=[evidence_words(e, language=language) for e in pairs["evidence"]],
        state=[states[r] for r in rank],
        verdict=[before.get(k, "") for k in keys],
        **{f"{what}_{side}": words for side in "ab" for what, words in _about(pairs, venues, side, language).items()},
    )
    return table[list(_HEADS)].iloc[np.argsort(rank, kind="stable")]


def _about(pairs: pd.DataFrame, venues: pd.DataFrame, side: str, language: Language) -> dict[str, list[str]]:
    """What the ledger says of one plaque of each pair, as far as it is there."""
    rows = venues.loc[pairs[f"venue_{side}"]]
    name, owner, address = (text(rows, c).tolist() for c in ("name", "owner_system", "address"))
    return dict(zip(_ABOUT, (name, [say(f"choice.{o}", language) if o else "" for o in owner], address), strict=True))


def evidence_words(evidence: str, *, language: Language = "zh") -> str:
    """Say the findings of a pair in words.

    Examples
    --------
    >>> evidence_words("address_same|area_same"), evidence_words("address_same|area_same", language="en")
    ('门牌相同；面积相同', 'same street and number; same area')
    """
    found = (say(f"finding.{finding}", language) for finding in evidence.split("|") if finding)
    return listed(found, language, mark="；", mark_en="; ")


def _heads(book: Workbook, sheet: Worksheet, language: Language) -> None:
    head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
    for c, (name, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.write_string(0, c, say(f"review.{name}", language), head)
        sheet.set_column(c, c, width)
    sheet.freeze_panes(1, 0)


def _rows(book: Workbook, sheet: Worksheet, table: pd.DataFrame, language: Language) -> None:
    share, metres = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "0"})
    answer = book.add_format({"bg_color": "#FFF6D6", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for r, row in enumerate(table.itertuples(index=False, name=None), 1):
        for c, value in enumerate(row):
            if isinstance(value, float):
                sheet.write_number(r, c, round(value, 4), share if _HEADS[c] == "probability" else metres) if pd.notna(
                    value
                ) else sheet.write_blank(r, c, None)
            else:
                form = answer if _HEADS[c] == "verdict" else wrap if _HEADS[c] == "evidence" else None
                sheet.write_string(r, c, str(value), form)


def read_review(path: Path, venues: pd.DataFrame) -> pd.DataFrame:
    """Read the verdicts back.

    Parameters
    ----------
    path
        The workbook of `review_workbook`, filled in; rows without a verdict are pairs still undecided. Rows may stand
        in any order, and columns but ids and verdict may be missing.
    venues
        Plaques, index ``venue_id``; column ``name``.

    Returns
    -------
    pandas.DataFrame
        Index ``pair_id``, sorted; ``venue_a``, ``venue_b``, ``verdict`` (``same``, ``different`` or ``open``, which
        takes an earlier one back), ``source``, the name of the file, and ``row`` in it.

    Raises
    ------
    StudyError
        With every fault: no such file, a venue that is not in the study, a name that is another venue's, a verdict that
        is no such word, a pair decided twice and differently, a column that is missing.
    """
    cells = cells_of(path)
    columns = {name: _head(cells, name) for name in (*COLUMNS, "name_a", "name_b")}
    absent = [name for name in COLUMNS if not columns[name]]
    if absent:
        raise StudyError([Fault(path.name, 0, "", say(f"review.{n}"), "missing_column") for n in absent])
    faults: list[Fault] = []
    verdicts: dict[tuple[str, str], tuple[str, int]] = {}
    for label, row in cells.iterrows():
        number = int(str(label))
        given = {name: str(row[head]).strip() if head else "" for name, head in columns.items()}
        if not given["verdict"]:
            continue
        wrong = _wrong(given, venues)
        if wrong:
            column, code, details = wrong
            faults.append(Fault(path.name, number, columns[column], given[column], code, details))
            continue
        first, second = sorted((given["venue_a"], given["venue_b"]))
        verdict = _verdicts()[given["verdict"]]
        if verdicts.setdefault((first, second), (verdict, number))[0] != verdict:
            faults.append(Fault(path.name, number, columns["verdict"], given["verdict"], "review_twice"))
    if faults:
        raise StudyError(faults)
    rows = [(a, b, verdict, path.name, number) for (a, b), (verdict, number) in sorted(verdicts.items())]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "source", "row"])
    return table.set_axis(pd.Index([f"{a}+{b}" for a, b, *_ in rows], name="pair_id", dtype=object))


def refuse_to_lose(path: Path, venues: pd.DataFrame, decided: pd.DataFrame) -> None:
    """Refuse to write over a workbook that holds verdicts nobody has recorded.

    Parameters
    ----------
    path
        Where a workbook is about to be written; nothing is refused where there is none, nor where writing will fail.
    venues, decided
        As in `review_workbook`.

    Raises
    ------
    StudyError
        With how many there are, or with what is wrong in the file.
    """
    if not path.is_file():
        return
    filled_in = read_review(path, venues)
    recorded = {frozenset((a, b)): v for a, b, v in decided[list(COLUMNS)].itertuples(index=False, name=None)}
    left = [
        row
        for row in filled_in.itertuples(index=False)
        if recorded.get(frozenset((row.venue_a, row.venue_b)), "open") != row.verdict
    ]
    if left:
        details = (("n", str(len(left))),)
        raise StudyError([Fault(path.name, min(int(r.row) for r in left), "", "", "review_unrecorded", details)])


def cells_of(path: Path) -> pd.DataFrame:
    """Cells of a table that people have filled in, as text; StudyError where there is no such file."""
    from xsgeo import io

    if not path.is_file():
        raise StudyError([Fault(path.name, 0, "", str(path), "review_absent")])
    return io.read_cells(path, path.name).cells


def _head(cells: pd.DataFrame, name: str) -> str:
    """Header of a column in whichever language it was written; empty where it is missing."""
    heads = (say(f"review.{name}", lang) for lang in ("zh", "en", "both"))
    return next((head for head in heads if head in cells), "")


def _verdicts() -> dict[str, str]:
    return {say(f"verdict.{v}", lang): v for v in _WORDS for lang in ("zh", "en", "both")}


def _wrong(given: dict[str, str], venues: pd.DataFrame) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """Column, code and details of the first thing wrong in a row; nothing where all is well."""
    for side in "ab":
        venue_id, name = given[f"venue_{side}"], given[f"name_{side}"]
        if venue_id not in venues.index:
            return f"venue_{side}", "review_venue", ()
        known = str(venues.at[venue_id, "name"])
        if name and squeeze(name) != squeeze(known):
            return f"name_{side}", "review_name", (("name", known),)
    if given["verdict"] not in _verdicts():
        return "verdict", "review_verdict", ()
    return ("venue_b", "review_itself", ()) if given["venue_a"] == given["venue_b"] else None
