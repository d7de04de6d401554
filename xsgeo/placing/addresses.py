"""Rows with an address and no coordinates, placed by the study's own names: towns, villages and employers.

A place found by its address gets the accuracy that deserves: for a town the distance within which nearly all of its
known points lie, for a village the distance at which rows that have both coordinates and an address of a village lie
from it. A village whose place nobody knows tells the town and no more, so its rows stand at the town's seat with the
town's accuracy. Two villages of one name are told apart by the town that the address or the row names; where that does
not help, the row is a fault that lists both.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xsgeo.checked import Checked
from xsgeo.crs import project
from xsgeo.ledgers import squeeze
from xsgeo.placing.datums import MIN_KNOWN
from xsgeo.references import NameBook

_AREA = re.compile(r"^(?:\w{2,8}?省)?(?:\w{2,8}?市)?\w{1,6}?(?:县|(?<![社小园发业街景新])区)(?=.)")
_LEAST_TOWN_M = 1000.0
_SHARE_OF_TOWN = 0.95
_NAME_LENGTH = 4
_LEAST_VILLAGE_M = 500.0
_VILLAGE_M = 1000.0
"""A merged village has several hamlets: without better knowledge a door in it lies within 1 km of its point."""
_VILLAGE_ENDS = ("村", "社区", "村委会", "居委会", "委员会")
_AFTER_VILLAGE = re.compile(r"\d|[一二三四五六七八九十]+[组号]|[(,、.]|$")


def place_by_address(tables: Mapping[str, Checked]) -> dict[str, Checked]:
    """Give rows that have an address and no coordinates the place their address names.

    Parameters
    ----------
    tables
        Parsed tables by name, names resolved and coordinates in WGS-84.

    Returns
    -------
    dict
        The same tables; a row placed has ``accuracy_m`` filled in and a note, one that cannot be has a fault.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> from xsgeo.schemas import TABLES
    >>> raw = RawTable("a.csv", pd.DataFrame())
    >>> seats = pd.DataFrame({"town_id": ["T1"], "name": ["石浦镇"], "lon": [121.95], "lat": [29.21]}, index=[2])
    >>> row = {"address": ["石浦镇渔港路"], "town_id": ["T1"], "lon": [np.nan], "lat": [np.nan], "accuracy_m": [np.nan]}
    >>> towns = Checked(raw, TABLES["towns"], seats, {}, (), 0)
    >>> venues = Checked(raw, TABLES["venues"], pd.DataFrame(row, index=[2]), {}, (), 0)
    >>> placed = place_by_address({"towns": towns, "venues": venues})["venues"]
    >>> placed.frame[["lon", "lat", "accuracy_m"]].to_numpy().tolist()
    [[121.95, 29.21, 5000.0]]
    """
    done = dict(tables)
    for name, checked in tables.items():
        if "address" not in checked.table.columns or "towns" not in tables:
            continue
        frame = checked.frame
        empty = frame[["lon", "lat"]].isna().all(axis=1) & (frame["address"] != "")
        named = checked.named() if empty.any() else set()
        bare = [
            row for row in frame.index[empty] if (row, "lon") not in checked.excused and _unnamed(checked, row, named)
        ]
        if bare:
            done[name] = _place(checked, bare, Gazetteer(tables))
    return done


def _unnamed(checked: Checked, row: int, named: set[tuple[str, str, int, str]]) -> bool:
    part, number = checked.place(row)
    return not any((part.raw.file, part.raw.sheet, number, part.headers.get(c, c)) in named for c in ("lon", "lat"))


def _place(checked: Checked, rows: list[int], gazetteer: Gazetteer) -> Checked:
    frame = checked.frame.copy()
    faults, notes = list(checked.faults), list(checked.notes)
    excused = set(checked.excused)
    for row in rows:
        address = str(frame.at[row, "address"])
        found = gazetteer.find(address, str(frame.at[row, "town_id"]))
        excused |= {(row, "lon"), (row, "lat")}
        if len(found) != 1:
            places = "、".join(sorted(p.name for p in found))
            code = "ambiguous_address" if found else "unmatched_address"
            faults.append(checked.fault(row, "address", address, code, places=places))
            continue
        place = found[0]
        stated = frame.at[row, "accuracy_m"]
        accuracy = max(place.accuracy_m, 0.0 if pd.isna(stated) else float(stated))
        frame.loc[row, ["lon", "lat", "accuracy_m"]] = [place.lon, place.lat, accuracy]
        notes.append(
            checked.note(row, "address", address, "placed_by_address", name=place.name, accuracy=f"{accuracy:.0f}")
        )
    return dataclasses.replace(
        checked, frame=frame, faults=tuple(faults), notes=tuple(notes), excused=frozenset(excused)
    )


@dataclass(frozen=True)
class Place:
    """A named place and how well it places what is said to be there."""

    name: str
    lon: float
    lat: float
    accuracy_m: float
    town_id: str


class Gazetteer:
    """Names of a study that an address may hold: its towns, its villages and its employers.

    Parameters
    ----------
    tables
        Parsed tables by name, names resolved and coordinates in WGS-84; ``towns`` must be there.
    """

    def __init__(self, tables: Mapping[str, Checked]) -> None:
        towns = tables["towns"].frame.dropna(subset=["lon", "lat"]).drop_duplicates("town_id")
        self.book = NameBook(towns, "towns")
        spread = _spread_of_towns(towns, tables)
        self.towns = {
            town: Place(name, lon, lat, spread[town], town)
            for town, name, lon, lat in _rows(towns, "town_id", "name", "lon", "lat")
        }
        self.employers: list[tuple[str, Place]] = []
        if "employers" in tables:
            frame = tables["employers"].frame.dropna(subset=["lon", "lat"])
            for name, lon, lat, off, town in _rows(frame, "name", "lon", "lat", "accuracy_m", "town_id"):
                if len(name) >= _NAME_LENGTH:
                    accuracy = 100.0 + (0.0 if pd.isna(off) else off)
                    self.employers.append((squeeze(name), Place(name, lon, lat, accuracy, town)))
        self.villages: dict[str, Place] = {}
        self.village_words: Mapping[str, set[str]] = {}
        if "villages" in tables:
            self._learn_villages(tables)

    def _learn_villages(self, tables: Mapping[str, Checked]) -> None:
        frame = tables["villages"].frame.drop_duplicates("village_id")
        self.village_words = NameBook(frame, "villages").words
        columns = ("village_id", "name", "lon", "lat", "accuracy_m", "town_id")
        for village, name, lon, lat, off, town in _rows(frame, *columns):
            seat = self.towns.get(town)
            accuracy = _VILLAGE_M + (0.0 if pd.isna(off) else off)
            if not pd.isna(lon):
                self.villages[village] = Place(name, lon, lat, accuracy, town)
            elif seat:
                self.villages[village] = dataclasses.replace(seat, name=f"{seat.name}（{name}）")
        spread = self._spread_of_villages(tables)
        located = frame.loc[frame["lon"].notna(), "village_id"].astype(str)
        if spread:
            self.villages |= {v: dataclasses.replace(self.villages[v], accuracy_m=spread) for v in located}

    def _spread_of_villages(self, tables: Mapping[str, Checked]) -> float:
        """Distance within which nearly all rows that have coordinates lie from the village of their address; or 0."""
        apart = []
        located = tables["villages"].frame.dropna(subset=["lon", "lat"])["village_id"].astype(str)
        known = set(located)
        for checked in tables.values():
            if "address" not in checked.frame:
                continue
            frame = checked.frame.dropna(subset=["lon", "lat"])
            for address, town, lon, lat in _rows(frame[frame["address"] != ""], "address", "town_id", "lon", "lat"):
                _, named = self._named(squeeze(_AREA.sub("", squeeze(address))), town)
                if len(named) == 1 and named & known:
                    place = self.villages[named.pop()]
                    x, y = project(np.array([lon, place.lon]), np.array([lat, place.lat]))
                    apart.append(math.hypot(x[0] - x[1], y[0] - y[1]))
        if len(apart) < MIN_KNOWN:
            return 0.0
        far = sorted(apart)[math.ceil(_SHARE_OF_TOWN * len(apart)) - 1]
        return max(_LEAST_VILLAGE_M, math.ceil(far / 100.0) * 100.0)

    def find(self, address: str, town_id: str) -> list[Place]:
        """Places that an address can mean; more than one is a contradiction between the address and the town given."""
        plain = squeeze(_AREA.sub("", squeeze(address)))
        firms = [place for name, place in self.employers if name in plain]
        if firms:
            longest = max(len(p.name) for p in firms)
            return [p for p in firms if len(p.name) == longest]
        towns, villages = self._named(plain, town_id)
        return [self.towns[i] for i in sorted(towns)] + [self.villages[v] for v in sorted(villages)]

    def _named(self, plain: str, town_id: str) -> tuple[set[str], set[str]]:
        """Towns and villages that an address can mean, given the town of its row; one in all where it is clear.

        The village of the row's own town is meant rather than its namesake elsewhere. One that only another town has
        contradicts the row if the address says in so many words that it is a village.
        """
        word = max((w for w in self.book.words if plain.startswith(w)), key=len, default="")
        towns = {i for i in self.book.words[word] if i in self.towns} if word else set()
        if town_id in self.towns:
            towns = {town_id} if not towns or town_id in towns else {*towns, town_id}
        if len(towns) > 1:
            return towns, set()
        villages, in_full = self._village_at(plain.removeprefix(word))
        here = {v for v in villages if not towns or self.villages[v].town_id in towns}
        if here:
            return set(), here
        return towns, villages if in_full else set()

    def _village_at(self, plain: str) -> tuple[set[str], bool]:
        """Villages that the beginning of a text names, and whether it says 村 or 社区: 东门 may be a street as well."""
        words = (w for w in self.village_words if len(w) > 1 and plain.startswith(w))
        for word in sorted(words, key=len, reverse=True):
            rest = plain[len(word) :]
            in_full = word.endswith(_VILLAGE_ENDS) or rest.startswith(_VILLAGE_ENDS)
            if in_full or _AFTER_VILLAGE.match(rest):
                return {v for v in self.village_words[word] if v in self.villages}, in_full
        return set(), False


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns, without their labels."""
    yield from frame[[*columns]].itertuples(index=False, name=None)


def _spread_of_towns(towns: pd.DataFrame, tables: Mapping[str, Checked]) -> dict[str, float]:
    """Distance from each seat within which nearly all known points of the town lie, in metres, rounded up."""
    x, y = project(towns["lon"].to_numpy(float), towns["lat"].to_numpy(float))
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(apart, np.inf)
    fallback = np.where(np.isfinite(apart.min(axis=1, initial=np.inf)), apart.min(axis=1, initial=np.inf), 5000.0)
    columns = ["town_id", "lon", "lat"]
    frames = [c.frame[columns] for c in tables.values() if c.table.name != "towns" and set(columns) <= set(c.frame)]
    points = pd.concat(frames).dropna() if frames else pd.DataFrame(columns=columns)
    spread = {}
    for town, tx, ty, far_off in zip(towns["town_id"].astype(str), x, y, fallback, strict=True):
        far = float(far_off)
        mine = points[points["town_id"] == town]
        if len(mine) >= MIN_KNOWN:
            px, py = project(mine["lon"].to_numpy(float), mine["lat"].to_numpy(float))
            distances = np.sort(np.hypot(px - tx, py - ty))
            far = float(distances[math.ceil(_SHARE_OF_TOWN * len(distances)) - 1])
        spread[town] = max(_LEAST_TOWN_M, math.ceil(far / 100.0) * 100.0)
    return spread
