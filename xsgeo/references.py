"""Names in a ledger to ids: a town office writes 石浦, not 330225101.

A cell that points to another table may hold the id, the name with or without its suffix (石浦镇, 石浦), an old name
(昌国), the name behind the county's (象山县石浦镇), the English name or the pinyin. It is taken only when all of it is
accounted for and one row alone answers to it: 丹城 was split into two subdistricts, so it is a fault that lists both.
What merely resembles a name, in writing or in sound (石铺 for 石浦), is suggested in the message and never taken:
丹东街道职工之家 and 丹西街道职工之家 resemble one another more than two spellings of one venue do.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd

from xsgeo.catalogue import say
from xsgeo.errors import Fault
from xsgeo.ledgers import squeeze
from xsgeo.schemas import TABLES
from xsgeo.validation import Checked

_AREA = re.compile(r"(?:\w{2,8}?省)?(?:\w{2,8}?市)?\w{1,6}?[县区市](?=.)")
_SUFFIXES = {
    "towns": re.compile(r"(?:街道办事处|街道|镇政府|镇人民政府|镇|乡政府|乡|办事处)$"),
    "clusters": re.compile(r"(?:产业集群|集群|产业链|产业|行业)$"),
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
        self.words: defaultdict[str, set[str]] = defaultdict(set)
        for row in frame.to_dict("records"):
            row_id = str(row[key])
            if not row_id or row_id in self.names:
                continue
            self.names[row_id] = str(row["name"])
            for word in self._words(row):
                self.words[squeeze(word)].add(row_id)
        self.words.pop("", None)

    def _words(self, row: Mapping[object, object]) -> Iterable[str]:
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
        heard = sound(word) if re.search(r"[\u4e00-\u9fff]", word) and self.table != "employers" else ""
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
        nothing answers to stays for `xsgeo.validation.check_references` to report.
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
    table = TABLES[book.table].zh
    faults = [
        checked.fault(
            row, column, text, "ambiguous_reference", table=table,
            places="、".join(f"{i} {book.names[i]}" for i in meant[text]),
        )
        for row, text in values.items()
        if len(meant.get(text, ())) > 1
    ]  # fmt: skip
    ids = {text: found[0] for text, found in meant.items() if len(found) == 1}
    n = int(values.isin(ids).sum())
    notes = [checked.note(checked.raw.header_row, column, "", "names_resolved", n=n, table=table)] if n else []
    return dataclasses.replace(
        checked,
        frame=checked.frame.assign(**{column: [ids.get(v, v) for v in values]}),
        faults=(*checked.faults, *faults),
        notes=(*checked.notes, *notes),
    )


def check_references(tables: Mapping[str, Checked]) -> list[Fault]:
    """Ids that point to a row another table does not have.

    Parameters
    ----------
    tables
        Checked tables by name, names resolved.
    """
    faults = []
    for checked in tables.values():
        for column, rule in checked.table.columns.items():
            target = rule.metadata["refers_to"]
            if not target or target not in tables:
                continue
            values = checked.frame[column]
            missing = values[(values != "") & ~values.isin(tables[target].frame[TABLES[target].key])]
            if missing.empty:
                continue
            book = _book(tables[target])
            named = {(f.row, f.column) for f in checked.faults}
            for row, value in missing.items():
                if (int(str(row)), checked.headers.get(column, column)) in named:
                    continue
                near = book.suggest(str(value))
                shown = say("fault.near", "zh", near=near) if near else ""
                faults.append(
                    checked.fault(row, column, value, "unknown_reference", table=TABLES[target].zh, near=shown)
                )
    return faults
