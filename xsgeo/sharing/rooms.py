"""Find plaques that hang on the door of one room, with the evidence for each pair; a person confirms, never we.

Federation, youth league and women's federation each keep a ledger, so one room is counted three times under three
names. Which plaques are one room is a question of record linkage, and the answer here is its classical form (Fellegi
and Sunter 1969): each piece of evidence says how much likelier it is found between two plaques of one room than between
two plaques of different rooms, the ratios are multiplied, and the odds that a pair nearby is one room at all are their
start::

    odds = prior * r_place * r_core * r_number * r_town * r_area * r_phone * r_keeper

Point and address both tell where a plaque hangs, and rooms of one building share both: where both speak for one room,
only the stronger counts (``r_place``); where one of them speaks against it, both do.

The ratios are judgements, kept in one table (`RATIOS`) and measured on labelled pairs (`evaluate`). One half of those
was looked at while the table was made; what counts is the other half. Only the ratio of distance is worked out: where a
plaque may lie within `accuracy_m` of its point (taken as the radius that holds 95%), two plaques of one room are a
Rayleigh distance apart, and two of different rooms lie anywhere in the circle that is searched. Where one of the two is
known to some hundred metres only, it was set to a town's seat or guessed, and so was its accuracy: it is taken as twice
as wide, and never speaks for a pair, since everything unknown in a town stands at its seat.

A number behind a name, or one character in which two names of a kind are each other's counterparts (上湾 and 下湾), is
there to tell two places apart. It speaks for itself, and what the names have in common then counts for nothing.

Pairs are sought among plaques near each other (an R-tree, not all pairs) and, where a position is coarse, among those
of one town whose names or addresses agree. Nothing is merged: a pair is proposed with its probability and its reasons,
and becomes a room when a person has written so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import crs
from xsgeo.sharing.names import (
    AddressParts,
    NameParts,
    PlaceWords,
    are_counterparts,
    split_address,
    split_name,
    squeezed,
)

RATIOS: Mapping[str, float] = MappingProxyType(
    {
        "core_same": 8.0,
        "core_alike": 2.5,
        "core_different": 0.15,
        "core_empty_same_kind": 6.0,
        "core_empty_other_kind": 1.5,
        "core_one_empty": 0.8,
        "number_different": 0.05,
        "counterparts": 0.05,
        "town_different": 0.01,
        "address_same": 30.0,
        "road_same": 2.0,
        "house_different": 0.02,
        "floor_different": 0.02,
        "road_different": 0.1,
        "area_same": 8.0,
        "area_close": 2.0,
        "area_different": 0.3,
        "phone_same": 3.0,
        "phone_different": 0.7,
        "keeper_other": 1.3,
        "keeper_and_kind_same": 0.5,
    }
)
"""How much likelier each finding is between two plaques of one room than between two of different rooms."""

PRIOR = 0.05
"""Share of the pairs looked at that are one room: one in twenty, a judgement."""

SEARCH_M = 300.0
"""Plaques further apart than this, beyond what their accuracy allows, are not looked at."""

_UNKNOWN_ACCURACY_M = 50.0
_COARSE_M = 300.0  # a position coarser than this finds no neighbours of its own: names and addresses must
_DOOR_M = 15.0  # the width of a building: two plaques of one room are not read off at one point
_P95 = math.sqrt(-2 * math.log(0.05))  # radius that holds 95% of a Rayleigh distance, in standard deviations
_PLACE = ("distance", "address_same", "road_same")
_COLUMNS = ("venue_a", "venue_b", "probability", "distance_m", "evidence")


def find_pairs(venues: pd.DataFrame, towns: pd.DataFrame, *, county: str = "", least: float = 0.1) -> pd.DataFrame:
    """Pairs of plaques that may hang on one door, likeliest first.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; columns ``name``, ``kind``, ``owner_system``, ``town_id``, ``lon``, ``lat`` and,
        where there are, ``accuracy_m``, ``address``, ``area_m2``, ``phone``. A study holds no telephones, since those
        are people's; a caller who has them may add them here.
    towns
        Index ``town_id``; columns ``name`` and ``aliases``.
    county
        The county's name, which plaques may put before the town's.
    least
        Least probability of a pair that is listed.

    Returns
    -------
    pandas.DataFrame
        One row a pair, `venue_a` before `venue_b` by id: ``venue_a``, ``venue_b``, ``probability``, ``distance_m``
        between the points as written, and ``evidence``, the findings of `RATIOS` parted by ``|``, weightiest first.
        Sorted by probability, most first, then by ids.

    Raises
    ------
    ValueError
        When an id is repeated or `least` is no probability.

    References
    ----------
    Fellegi, I. P. and Sunter, A. B. (1969). A theory for record linkage. Journal of the American Statistical
    Association 64, 1183-1210.

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["石浦镇"]}, index=pd.Index(["T1"], name="town_id"))
    >>> venues = pd.DataFrame(
    ...     {
    ...         "name": ["石浦镇职工之家", "象山县石浦职工之家（总工会）", "石浦镇渔港社区妇女之家"],
    ...         "kind": ["workers_home", "workers_home", "women_home"],
    ...         "owner_system": ["union", "union", "women_federation"],
    ...         "town_id": "T1",
    ...         "lon": [121.9, 121.9001, 121.9015],
    ...         "lat": [29.2, 29.2, 29.2],
    ...         "accuracy_m": 20.0,
    ...     },
    ...     index=pd.Index(["V1", "V2", "V3"], name="venue_id"),
    ... )
    >>> pairs = find_pairs(venues, towns)
    >>> pairs[["venue_a", "venue_b", "probability"]].round(2).to_dict("records")
    [{'venue_a': 'V1', 'venue_b': 'V2', 'probability': 0.95}]
    >>> pairs["evidence"].item()
    'distance|core_empty_same_kind|keeper_and_kind_same'
    """
    if not venues.index.is_unique:
        msg = f"the venues repeat the id {venues.index[venues.index.duplicated()][0]!r}"
        raise ValueError(msg)
    if not 0 <= least <= 1:
        msg = f"least must be a probability, got {least}"
        raise ValueError(msg)
    rows = compare(venues.sort_index(), PlaceWords(towns, county=county))
    table = pd.DataFrame([row for row in rows if row[2] >= least], columns=list(_COLUMNS))
    return table.sort_values(["probability", "venue_a", "venue_b"], ascending=[False, True, True], ignore_index=True)


def compare(venues: pd.DataFrame, places: PlaceWords) -> list[tuple[str, str, float, float, str]]:
    """Rows of `find_pairs` for all pairs that are looked at, the more likely and the less.

    Parameters
    ----------
    venues
        As in `find_pairs`, sorted by id.
    places
        The study's towns.

    Returns
    -------
    list of tuple
        Ids, probability, distance and evidence of each pair.
    """
    facts = _Facts(venues, places)
    first, second = facts.neighbours()
    return [facts.row(int(a), int(b)) for a, b in zip(first, second, strict=True)]


def probability(
    venue_a: Mapping[str, object], venue_b: Mapping[str, object], towns: pd.DataFrame, *, county: str = ""
) -> float:
    """How likely two plaques hang on one door, near each other or not.

    Parameters
    ----------
    venue_a, venue_b
        Columns of `find_pairs`, as mappings.
    towns, county
        As in `find_pairs`.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["石浦镇"]}, index=pd.Index(["T1"], name="town_id"))
    >>> home = {"name": "石浦镇职工之家", "kind": "workers_home", "owner_system": "union", "town_id": "T1",
    ...         "lon": 121.9, "lat": 29.2, "accuracy_m": 20.0}
    >>> youth = {"name": "石浦镇青年之家", "kind": "youth_home", "owner_system": "youth_league"}
    >>> round(probability(home, home | youth, towns), 2)
    0.93
    """
    frame = pd.DataFrame([dict(venue_a), dict(venue_b)], index=pd.Index(["a", "b"], name="venue_id"))
    return float(_Facts(frame, PlaceWords(towns, county=county)).row(0, 1)[2])


class _Facts:
    """What is compared of each plaque, read once."""

    def __init__(self, venues: pd.DataFrame, places: PlaceWords) -> None:
        self.ids = venues.index.to_numpy(dtype=object)
        self.names: list[NameParts] = [split_name(n, places) for n in _text(venues, "name")]
        self.addresses: list[AddressParts] = [split_address(a, places) for a in _text(venues, "address")]
        self.kind, self.owner = _text(venues, "kind"), _text(venues, "owner_system")
        self.town, self.phone = _text(venues, "town_id"), np.array([_digits(p) for p in _text(venues, "phone")])
        self.area = _number(venues, "area_m2", np.nan)
        self.accuracy_m = _number(venues, "accuracy_m", _UNKNOWN_ACCURACY_M)
        self.x, self.y = crs.project(_number(venues, "lon", np.nan), _number(venues, "lat", np.nan))
        self.town_ids = [
            set(parts.town_ids) or ({town} if town else set())
            for parts, town in zip(self.names, self.town, strict=True)
        ]

    def neighbours(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs worth looking at, as row numbers, the lesser first, sorted."""
        placed = np.flatnonzero(np.isfinite(self.x) & (self.accuracy_m <= _COARSE_M))
        points = np.asarray(shapely.points(self.x[placed], self.y[placed]))
        reach = SEARCH_M + self.accuracy_m[placed]
        near = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach)
        # The coarser of two finds the finer, whichever of them comes first.
        pairs = {(min(a, b), max(a, b)) for a, b in placed[near].T.tolist() if a != b}
        coarse = np.setdiff1d(np.arange(len(self.ids)), placed)
        pairs |= self._of_one_word([f"{t}|{p.core}|{p.kind}" if p.core else "" for t, p in self._by_town()], coarse)
        pairs |= self._of_one_word(
            [f"{t}|{p.road}|{p.number}" if p.number else "" for t, p in zip(self.town, self.addresses, strict=True)],
            coarse,
        )
        pairs |= self._of_one_word(
            [f"{t}|{p.kind}" if p.kind and not p.core else "" for t, p in self._by_town()], coarse
        )
        table = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _by_town(self) -> zip[tuple[str, NameParts]]:
        return zip(self.town, self.names, strict=True)

    def _of_one_word(self, words: list[str], coarse: NDArray[np.intp]) -> set[tuple[int, int]]:
        """Pairs with the same word of which one at least is coarsely placed."""
        groups = pd.Series(np.arange(len(words))).groupby(np.array(words, dtype=object)).groups
        is_coarse = np.isin(np.arange(len(words)), coarse)
        return {
            (int(a), int(b))
            for word, rows in groups.items()
            if word
            for n, a in enumerate(rows)
            for b in rows[n + 1 :]
            if is_coarse[a] or is_coarse[b]
        }

    def row(self, a: int, b: int) -> tuple[str, str, float, float, str]:
        """Return one row of `find_pairs`."""
        distance = float(np.hypot(self.x[a] - self.x[b], self.y[a] - self.y[b]))
        found = {"distance": self._distance_ratio(distance, a, b)}
        found |= {name: RATIOS[name] for name in self._findings(a, b)}
        speaking = sorted((n for n in _PLACE if found.get(n, 0) > 1), key=lambda n: (-found[n], n))
        found |= dict.fromkeys(speaking[1:], 1.0)
        odds = PRIOR / (1 - PRIOR) * math.prod(found.values())
        weight = {name: abs(math.log(ratio)) for name, ratio in found.items()}
        evidence = sorted((n for n in found if weight[n] > 0), key=lambda n: (-weight[n], n))
        return self.ids[a], self.ids[b], odds / (1 + odds), distance, "|".join(evidence)

    def _distance_ratio(self, distance: float, a: int, b: int) -> float:
        if not math.isfinite(distance):
            return 1.0
        sigma = math.sqrt((self.accuracy_m[a] ** 2 + self.accuracy_m[b] ** 2) / _P95**2 + _DOOR_M**2)
        is_coarse = max(self.accuracy_m[a], self.accuracy_m[b]) > _COARSE_M
        sigma = 2 * sigma if is_coarse else sigma
        radius = max(SEARCH_M, 2 * sigma)
        ratio = max(radius**2 / (2 * sigma**2) * math.exp(-(distance**2) / (2 * sigma**2)), 1e-12)
        return min(ratio, 1.0) if is_coarse else ratio

    def _findings(self, a: int, b: int) -> list[str]:
        return [f for f in (*self._name(a, b), *self._address(a, b), self._size(a, b), *self._keeper(a, b)) if f]

    def _name(self, a: int, b: int) -> tuple[str, ...]:
        from rapidfuzz import fuzz

        one, other = self.names[a], self.names[b]
        findings = []
        if self.town_ids[a] and self.town_ids[b] and not self.town_ids[a] & self.town_ids[b]:
            findings.append("town_different")
        # Each kind of venue is numbered for itself: 职工之家2 and 妇女之家1 may well be one room.
        if one.number != other.number and one.number and other.number and one.kind == other.kind:
            findings.append("number_different")
        elif are_counterparts(one.core, other.core) or are_counterparts(one.aside, other.aside):
            findings.append("counterparts")
        elif not one.core and not other.core:
            findings.append("core_empty_same_kind" if one.kind == other.kind else "core_empty_other_kind")
        elif not one.core or not other.core:
            findings.append("core_one_empty")
        else:
            alike = fuzz.ratio(one.core, other.core)
            findings.append("core_same" if alike >= 85 else "core_alike" if alike >= 60 else "core_different")
        return tuple(findings)

    def _address(self, a: int, b: int) -> tuple[str, ...]:
        one, other = self.addresses[a], self.addresses[b]
        floors = ("floor_different",) if one.floor and other.floor and one.floor != other.floor else ()
        if not one.road or not other.road:
            return floors
        if one.road != other.road:
            return ("road_different",)
        if not one.number or not other.number:
            return ("road_same", *floors)
        if one.building != other.building and one.building and other.building:
            return ("house_different",)
        return ("address_same", *floors) if one.number == other.number else ("house_different",)

    def _size(self, a: int, b: int) -> str:
        small, large = sorted((self.area[a], self.area[b]))
        if not small > 0:
            return ""
        ratio = large / small
        return (
            "area_same" if ratio <= 1.02 else "area_close" if ratio <= 1.25 else "area_different" if ratio > 2 else ""
        )

    def _keeper(self, a: int, b: int) -> tuple[str, ...]:
        phone = ""
        if self.phone[a] and self.phone[b]:
            phone = "phone_same" if self.phone[a] == self.phone[b] else "phone_different"
        if not self.owner[a] or not self.owner[b]:
            return (phone,)
        if self.owner[a] != self.owner[b]:
            return (phone, "keeper_other")
        return (phone, "keeper_and_kind_same" if self.kind[a] == self.kind[b] else "")


def _text(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    return np.array([str(v) if isinstance(v, str) else "" for v in frame[column]], dtype=object)


def _number(frame: pd.DataFrame, column: str, missing: float) -> NDArray[np.float64]:
    if column not in frame:
        return np.full(len(frame), missing)
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(values), missing, values)


def _digits(text: str) -> str:
    return "".join(c for c in squeezed(text) if c.isdecimal())
