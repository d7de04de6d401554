"""Names in a ledger to ids: a town office writes 石浦, not 330225101.

A cell that points to another table may hold the id, the name with or without its suffix (石浦镇, 石浦), an old name
(昌国), the name behind the county's (象山县石浦镇), the English name or the pinyin. It is taken only when all of it is
accounted for and one row alone answers to it: 丹城 was split into two subdistricts, so it is a fault that lists both.
What merely resembles a name, in writing or in sound (石铺 for 石浦), is suggested in the message and never taken:
丹东街道职工之家 and 丹西街道职工之家 resemble one another more than two spellings of one venue do.

A table that others point to may itself have rows that could not be read. Whatever points to those is not a hundred
mistakes but one, in the other table, and is reported once.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property, lru_cache

import pandas as pd

from xsgeo.checked import Checked
from xsgeo.errors import phrase
from xsgeo.ledgers import squeeze
from xsgeo.schemas import TABLES

_AREA = re.compile(r"(?:\w{2,8}?省)?(?:\w{2,8}?市)?\w{1,6}?(?:[县市]|(?<![社小园发业街景新])区)(?=.)")
_SUFFIXES = {
    "towns": re.compile(r"(?:街道办事处|街道|镇政府|镇人民政府|镇|乡政府|乡|办事处)$"),
    "clusters": re.compile(r"(?:产业集群|集群|产业链|产业|行业)$"),
    "villages": re.compile(r"(?:(?:社区|村)?(?:居民委员会|居委会|村民委员会|村委会|委员会)|社区|村)$"),
    "unions": re.compile(r"(?:工会联合会|联合工会|工会委员会|工会)$"),
}
_ROMAN_SUFFIX = re.compile(r"(?:jiedao|zhen|xiang|subdistrict|township|town)$")
_CODE = re.compile(r"(\d{9})0{3}")
_SIMILAR = 60.0


class NameBook:
    """Every word that means a row of one table.

    Parameters
    ----------
    frame
        Rows with the key column, ``name`` and, where there are, ``name_en`` and ``aliases``.
    table
        Name of the table.
    """

    def __init__(self, frame: pd.DataFrame, table: str) -> None:
        self.table = table
        key = TABLES[table].key
        self.names: dict[str, str] = {}
        self._rows: dict[str, Mapping[Hashable, object]] = {}
        columns = [c for c in (key, "name", "name_en", "aliases") if c in frame]
        for row in frame[columns].to_dict("records"):
            row_id = str(row[key])
            if row_id and row_id not in self.names:
                self.names[row_id] = str(row["name"])
                self._rows[row_id] = row

    @cached_property
    def words(self) -> Mapping[str, set[str]]:
        """Ids by every squeezed word that means a row; made when the first name is asked for, ids need none."""
        words: defaultdict[str, set[str]] = defaultdict(set)
        for row_id, row in self._rows.items():
            for word in self._words(row):
                words[squeeze(word)].add(row_id)
        words.pop("", None)
        return dict(words)

    def _words(self, row: Mapping[Hashable, object]) -> Iterable[str]:
        names = [str(row["name"]), *re.split(r"[|、,，;；/]", str(row.get("aliases") or ""))]
        for name in names:
            yield name
            if self.table in _SUFFIXES:
                yield _SUFFIXES[self.table].sub("", name)
        yield str(row.get("name_en") or "")

    def find(self, text: str) -> list[str]:
        """Ids of the rows that a text means, in order; none where nothing answers to all of it."""
        if text in self.names:
            return [text]
        code = _CODE.fullmatch(text)
        if code and code[1] in self.names:
            return [code[1]]
        bare = _AREA.sub("", text, count=1) if _AREA.match(text) else text
        for candidate in (text, bare):
            for word in (candidate, _SUFFIXES[self.table].sub("", candidate) if self.table in _SUFFIXES else candidate):
                found = self.words.get(squeeze(word))
                if found:
                    return sorted(found)
        return self._by_sound(text) if re.fullmatch(r"[A-Za-zÀ-ž' .-]+", text) else []

    def _by_sound(self, text: str) -> list[str]:
        letters = re.sub(r"[^a-z]", "", text.casefold())
        tries = {letters, _ROMAN_SUFFIX.sub("", letters)} - {""}
        return sorted({i for word, ids in self.words.items() for i in ids if tries & {sound(word)}})

    def suggest(self, text: str) -> str:
        """Return id and name of the row that a text most resembles, empty where none does."""
        from rapidfuzz import fuzz, process

        word = squeeze(text)
        is_short = self.table not in {"employers", "unions"}
        heard = sound(word) if re.search(r"[\u4e00-\u9fff]", word) and is_short else ""
        alike = [w for w in self.words if heard and len(heard) > 3 and sound(w) == heard]
        best = process.extractOne(word, list(self.words), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
        near = alike[0] if alike else best[0] if best else ""
        if not near:
            return ""
        row_id = min(self.words[near])
        return f"{row_id} {self.names[row_id]}"


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """Pinyin of a word without tones, joined; Latin letters stay.

    Examples
    --------
    >>> sound("石浦"), sound("石铺")
    ('shipu', 'shipu')
    """
    from pypinyin import lazy_pinyin

    return re.sub(r"[^a-z]", "", "".join(lazy_pinyin(word)).casefold())


def resolve_references(tables: Mapping[str, Checked]) -> dict[str, Checked]:
    """Put ids where a ledger has names.

    Parameters
    ----------
    tables
        Parsed tables by name.

    Returns
    -------
    dict
        The same tables; a name that one row answers to became its id, one that several answer to is a fault. What
        nothing answers to stays for `check_references` to report.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> raw = RawTable("a.csv", pd.DataFrame())
    >>> towns = pd.DataFrame({"town_id": ["T1"], "name": ["石浦镇"]}, index=[2])
    >>> venues = pd.DataFrame({"venue_id": ["V1"], "town_id": ["石浦"]}, index=[2])
    >>> tables = {
    ...     "towns": Checked(raw, TABLES["towns"], towns, {"town_id": "编号"}, (), 0),
    ...     "venues": Checked(raw, TABLES["venues"], venues, {"town_id": "镇乡"}, (), 0),
    ... }
    >>> resolve_references(tables)["venues"].frame["town_id"].tolist()
    ['T1']
    """
    done = dict(tables)
    for name, checked in tables.items():
        for column, rule in checked.table.columns.items():
            target = rule.metadata["refers_to"]
            if target in tables and column in checked.headers:
                done[name] = _resolve(done[name], column, _book(tables[target]))
    return done


def _book(checked: Checked) -> NameBook:
    return NameBook(checked.frame, checked.table.name)


def _resolve(checked: Checked, column: str, book: NameBook) -> Checked:
    values = checked.frame[column]
    strange = [v for v in values.unique() if v not in ("", None) and v not in book.names]
    if not strange:
        return checked
    meant = {text: book.find(str(text)) for text in strange}
    table = phrase(f"table.{book.table}")
    faults = [
        checked.fault(
            row, column, text, "ambiguous_reference", table=table,
            places="、".join(f"{i} {book.names[i]}" for i in meant[text]),
        )
        for row, text in values.items()
        if len(meant.get(text, ())) > 1
    ]  # fmt: skip
    ids = {text: found[0] for text, found in meant.items() if len(found) == 1}
    notes = []
    for offset, part in checked.by_file():
        n = int(part.frame[column].isin(ids).sum())
        if n:
            notes.append(checked.note(offset + part.raw.header_row, column, "", "names_resolved", n=n, table=table))
    return dataclasses.replace(
        checked,
        frame=checked.frame.assign(**{column: [ids.get(v, v) for v in values]}),
        faults=(*checked.faults, *faults),
        notes=(*checked.notes, *notes),
    )


_LOST = frozenset({"ragged_row", "section_row", "row_above_header", "swallowed_rows", "mixed_encoding", "unread_sheet"})
"""Faults by which rows of a table are missing from it."""


def check_references(tables: Mapping[str, Checked]) -> dict[str, Checked]:
    """Find ids that point to a row another table does not have.

    Parameters
    ----------
    tables
        Checked tables by name, names resolved.

    Returns
    -------
    dict
        The same tables with the faults added: one for each cell, or, where the other table has rows that could not be
        read, one for the column, and the rows in question rejected.
    """
    done = dict(tables)
    for name, checked in tables.items():
        for column, rule in checked.table.columns.items():
            target = rule.metadata["refers_to"]
            if target in tables:
                done[name] = _check_column(done[name], column, tables[target], tables.get("villages"))
    return done


def _check_column(checked: Checked, column: str, other: Checked, villages: Checked | None) -> Checked:
    values = checked.frame[column]
    missing = values[(values != "") & ~values.isin(other.frame[other.table.key])]
    named = checked.named() if len(missing) else set()
    missing = missing[[not _is_named(checked, row, column, named) for row in missing.index]]
    if missing.empty:
        return checked
    table = phrase(f"table.{other.table.name}")
    if _has_lost_rows(other):
        details = {"n": len(missing), "ids": missing.nunique(), "table": table}
        fault = checked.fault(missing.index[0], column, missing.iloc[0], "reference_pending", **details)
        rejected = checked.rejected | set(missing.index)
        return dataclasses.replace(checked, faults=(*checked.faults, fault), rejected=rejected)
    book = _book(other)
    near = {value: book.suggest(str(value)) for value in missing.unique()}
    if villages is not None and other.table.name == "towns":
        near |= _towns_of_villages(missing.unique(), villages, book)
    shown = {value: phrase("fault.near", near=text) if text else "" for value, text in near.items()}
    faults = [
        checked.fault(row, column, value, "unknown_reference", table=table, near=shown[value])
        for row, value in missing.items()
    ]
    return dataclasses.replace(checked, faults=(*checked.faults, *faults))


def _towns_of_villages(texts: Iterable[str], villages: Checked, book: NameBook) -> dict[str, str]:
    """Id and name of the town of each text that is a village's name: the town is a near miss, and not taken."""
    towns = villages.frame.drop_duplicates("village_id").set_index("village_id")["town_id"]
    found = {}
    names = _book(villages)
    for text in texts:
        meant = {str(towns[i]) for i in names.find(str(text))} & set(book.names)
        if len(meant) == 1:
            town = meant.pop()
            found[text] = f"{town} {book.names[town]}"
    return found


def _is_named(checked: Checked, row: Hashable, column: str, named: set[tuple[str, str, int, str]]) -> bool:
    part, number = checked.place(row)
    return (part.raw.file, part.raw.sheet, number, part.headers.get(column, column)) in named


def _has_lost_rows(checked: Checked) -> bool:
    """Whether rows of a table could not be read, or have an id that is not the one others know them by."""
    keys = {part.headers.get(checked.table.key, checked.table.columns[checked.table.key].title)
            for _, part in checked.by_file()}  # fmt: skip
    return checked.is_partial or any(f.code in _LOST or f.column in keys for f in checked.faults)
