"""What people read and fill in about sharing: the workbook of plaques to confirm, and tables with names for ids.

Detection proposes, a person decides; so the proposal is a sheet one can walk down, pairs that wait for a verdict
first, the likeliest on top, each with what the ledgers say of both plaques, its evidence in words and a cell to choose
是 or 否 from. Pairs that were decided before come back with their verdict, so nobody decides twice, and 待定 takes one
back. What is read back is a small table, `room_pairs`, that stays in the study beside the ledgers: the ledgers
themselves are never changed.

A sheet that people fill in gets sorted, one column at a time if it goes badly. So the names are read back too, and a
row whose id and name do not belong together is refused; and a sheet with verdicts that nobody has recorded is not
overwritten.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xsgeo.access.masks import text
from xsgeo.catalogue import Language, listed, say
from xsgeo.errors import Fault, StudyError
from xsgeo.export import sheet_name
from xsgeo.ledgers import squeeze
from xsgeo.report import names_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xsgeo.study import Study

COLUMNS = ("venue_a", "venue_b", "verdict")
_ABOUT = ("name", "owner", "address")
_HEADS = (
    *("venue_a", "name_a", "owner_a", "address_a", "venue_b", "name_b", "owner_b", "address_b"),
    *("probability", "distance_m", "evidence", "state", "verdict"),
)
_WIDTHS = (10, 32, 10, 26, 10, 32, 10, 26, 10, 10, 52, 14, 10)
_WORDS = ("same", "different", "open")
_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a property of the file that must not depend on when it was written


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
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as book:
        book.set_properties({"created": _EPOCH, "author": "xsgeo", "title": say("review.title", language)})
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
    cells = _cells(path)
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
        Where a workbook is about to be written; nothing is refused where there is none.
    venues, decided
        As in `review_workbook`.

    Raises
    ------
    StudyError
        With how many there are, or with what is wrong in the file.
    """
    if not path.exists():
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


def _cells(path: Path) -> pd.DataFrame:
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
    if given["verdict"] not in _verdicts() or given["venue_a"] == given["venue_b"]:
        return "verdict", "review_verdict", ()
    return None


def read_labelled(path: Path) -> pd.DataFrame:
    """Read pairs that people have labelled, for `xsgeo.sharing.evaluate`.

    Parameters
    ----------
    path
        A table with ``<field>_a`` and ``<field>_b`` for each of `xsgeo.sharing.FIELDS`, ``verdict`` (``same`` or
        ``different``), ``part`` and ``case``.

    Returns
    -------
    pandas.DataFrame
        Numbers as numbers, everything else as text.

    Raises
    ------
    StudyError
        When a column is missing, or a verdict is neither word.
    """
    from xsgeo.sharing import FIELDS

    cells = _cells(path)
    wanted = [f"{field}_{side}" for field in FIELDS for side in "ab"] + ["verdict", "part", "case"]
    absent = [c for c in wanted if c not in cells]
    faults = [Fault(path.name, 0, "", c, "missing_column") for c in absent]
    if not faults:
        wrong = cells[~cells["verdict"].isin(["same", "different"])]
        faults = [Fault(path.name, int(str(r)), "verdict", v, "review_verdict") for r, v in wrong["verdict"].items()]
    if faults:
        raise StudyError(faults)
    numbers = [f"{f}_{s}" for f in ("lon", "lat", "accuracy_m", "area_m2") for s in "ab"]
    return cells.assign(**{c: pd.to_numeric(cells[c], errors="coerce") for c in numbers})


def opportunity_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Name the rooms of `xsgeo.sharing.opportunities`; rooms that gain nobody are left out.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_id``; ``room_id``, ``name``, ``town``, ``kind``, ``owner_system`` and the counts of `table`.
        Plaques of one room gain the same workers, which the equal ``room_id`` shows.
    """
    from xsgeo import sharing

    gains = table[table["n_if_both"] > 0]
    venues = study.venues.loc[gains.index]
    about = {
        "room_id": sharing.room_labels(study.venues, study.room_pairs).loc[gains.index],
        "name": venues["name"],
        "town": venues["town_id"].map(names_of(study.towns, language)),
        "kind": [say(f"choice.{k}", language) for k in venues["kind"]],
        "owner_system": [say(f"choice.{o}", language) for o in venues["owner_system"]],
    }
    return pd.concat([pd.DataFrame(about, index=gains.index), gains], axis=1)


def pair_table(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Name the rooms of `xsgeo.sharing.complements`.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_a``; ``name_a`` and ``name_b`` beside the columns of `table`.
    """
    name = study.venues["name"]
    named = table.assign(name_a=table["venue_a"].map(name), name_b=table["venue_b"].map(name))
    first = ["venue_a", "name_a", "venue_b", "name_b"]
    return named[[*first, *(c for c in table.columns if c not in first)]].set_index("venue_a")


def cross_town_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Name the towns of `xsgeo.sharing.cross_town`; those at home are left out.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the names.

    Returns
    -------
    pandas.DataFrame
        Index ``town_id``, the name; ``venue_town_id``, ``n_workers``, ``n_only_there``; most who depend on it first.
    """
    names = names_of(study.towns, language)
    away = table[table["town_id"] != table["venue_town_id"]]
    order = ["n_only_there", "n_workers", "town_id", "venue_town_id"]
    away = away.sort_values(order, ascending=[False, False, True, True])
    named = away.assign(town_id=away["town_id"].map(names), venue_town_id=away["venue_town_id"].map(names))
    return named.set_index("town_id")


def calendar_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Say the week of `xsgeo.sharing.draft_calendar` in words.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``room_id``; ``name`` of its first plaque, ``weekday``, ``start``, ``end``, ``use``, ``cluster_id`` by
        name, ``n_workers``.
    """
    from xsgeo import sharing

    rooms = sharing.room_labels(study.venues, study.room_pairs)
    first = study.venues["name"].groupby(rooms).first()
    clusters = names_of(study.clusters, language)
    return table.assign(
        name=table["room_id"].map(first),
        weekday=[say(f"weekday.{d}", language) for d in table["weekday"]],
        use=[say(f"use.{u}", language) for u in table["use"]],
        cluster_id=[clusters.get(c, c) for c in table["cluster_id"]],
    )[["room_id", "name", "weekday", "start", "end", "use", "cluster_id", "n_workers"]].set_index("room_id")


def case_table(table: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """Say the kinds of difficulty of `xsgeo.sharing.evaluate` in words.

    Parameters
    ----------
    table
        What it gave.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        The same rows; shares as ``share_precision`` and ``share_recall``.
    """
    kind = str(table.index.name)
    words = {key: say(f"case.{kind}.{key}", language) for key in map(str, table.index)}
    return table.rename(index=words, columns={"precision": "share_precision", "recall": "share_recall"})
