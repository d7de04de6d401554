"""How long an edge takes by each mode: length over speed, slopes where they are given, riding a bus.

Slope is ``rise_m / length_m``, the height of ``v`` above ``u`` over the length of the edge; a blank rise is a flat
edge, and so is a road that goes over a hill between two nodes of the same height. Uphill and downhill differ, so there
and back do.

* **On foot**, Tobler's hiking function (Tobler 1993, Three presentations on geographical analysis and modeling, NCGIA
  technical report 93-1): ``6 exp(-3.5 |slope + 0.05|)`` km/h, scaled so that the flat gives the planner's own speed.
  The fastest walk is slightly downhill.
* **By e-bike**, a declared simplification: the planner's speed, as long as the motor holds it. Uphill the speed is
  limited by power: ``power / (mass g (rolling + slope))``. Motor and machine are at the limits of GB 17761-2018 (400 W,
  55 kg); a rider of 75 kg, four fifths of the power at the road and rolling resistance of 0.01 are our assumptions, and
  air is left out, which matters little below 18 km/h. Where the motor gives out the rider pushes, so nobody is
  slower than on foot. Downhill is ridden like the flat: brakes, not hills, set the speed there.
* **By car** slopes do not count.
* **By bus** the speed is a share of the speed of cars on roads of `BUS_CLASSES` (see `xsgeo.network.model`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from xsgeo.network.model import Floats, minutes_for
from xsgeo.settings import TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

BUS_CLASSES = ("class1", "class2", "county", "local", "bridge_local")
"""Roads that a bus could use: local roads and better, no street, and no expressway, where it has no stop."""

_TOBLER = 3.5
_EASIEST_SLOPE = -0.05
_POWER_W = 0.8 * 400.0
_MASS_KG = 55.0 + 75.0
_GRAVITY = 9.80665
_ROLLING = 0.01


def walk_kmh(slope: Floats, flat_kmh: float) -> Floats:
    """Walking speed on a slope, in km/h: ``flat * exp(-3.5 (|slope + 0.05| - 0.05))``.

    Parameters
    ----------
    slope
        Rise over length, positive uphill.
    flat_kmh
        Speed on the flat.

    Examples
    --------
    >>> walk_kmh(np.array([0.0, 0.1, -0.05, -0.2]), 4.8).round(2).tolist()
    [4.8, 3.38, 5.72, 3.38]
    """
    return np.asarray(flat_kmh * np.exp(-_TOBLER * (np.abs(slope - _EASIEST_SLOPE) + _EASIEST_SLOPE)), dtype=float)


def ebike_kmh(slope: Floats, rules: TravelRules) -> Floats:
    """Speed of an e-bike on a slope, in km/h: limited by power uphill, and never below that of a walker.

    Parameters
    ----------
    slope
        Rise over length, positive uphill.
    rules
        Speeds of walkers and e-bikes on the flat.

    Examples
    --------
    >>> ebike_kmh(np.array([-0.1, 0.0, 0.03, 0.08]), TravelRules()).round(2).tolist()
    [18.0, 18.0, 18.0, 10.04]
    """
    # Where rolling and slope together pull forward no power is needed at all.
    resistance = np.maximum(_ROLLING + slope, 1e-9)
    by_power = 3.6 * _POWER_W / (_MASS_KG * _GRAVITY * resistance)
    pushed = np.minimum(walk_kmh(slope, rules.walk_kmh), rules.ebike_kmh)
    return np.maximum(np.minimum(by_power, rules.ebike_kmh), pushed)


def slopes(roads: gpd.GeoDataFrame) -> Floats:
    """Rise over length of each edge from ``u`` to ``v``; 0 where no rise is given.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> slopes(toy_county().roads.assign(rise_m=[40.0, None, -16.0, None])).tolist()
    [0.05, 0.0, -0.01, 0.0]
    """
    if "rise_m" not in roads:
        return np.zeros(len(roads))
    rise_m = np.nan_to_num(roads["rise_m"].to_numpy(dtype=float, na_value=np.nan))
    length_m = roads["length_m"].to_numpy(dtype=float)
    return np.where(length_m > 0, rise_m, 0.0) / np.where(length_m > 0, length_m, 1.0)


def edge_minutes(
    roads: gpd.GeoDataFrame, rules: TravelRules
) -> tuple[Mapping[str, Floats], Mapping[str, Floats], tuple[Floats, Floats]]:
    """Minutes along each edge and back, by mode, and aboard a bus; infinite where the mode may not go.

    Parameters
    ----------
    roads
        As for `xsgeo.network.build_network`.
    rules
        Speeds.

    Returns
    -------
    forward, backward
        By mode, on foot for ``bus``. One-way roads bind vehicles; walkers go both ways.
    aboard
        Forward and backward minutes aboard a bus.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> forward, backward, aboard = edge_minutes(toy_county().roads, TravelRules())
    >>> forward["walk"].round(2).tolist()
    [10.0, 10.0, 20.0, 10.0]
    """
    length_m, slope = roads["length_m"].to_numpy(dtype=float), slopes(roads)
    car_kmh = roads["speed_kmh"].to_numpy(dtype=float)
    forward_kmh = {"walk": walk_kmh(slope, rules.walk_kmh), "ebike": ebike_kmh(slope, rules), "drive": car_kmh}
    backward_kmh = {"walk": walk_kmh(-slope, rules.walk_kmh), "ebike": ebike_kmh(-slope, rules), "drive": car_kmh}
    oneway = roads["oneway"].to_numpy(dtype=bool)
    forward, backward = {}, {}
    for mode, kmh in forward_kmh.items():
        allowed = roads[mode].to_numpy(dtype=bool)
        returns = allowed & (~oneway | (mode == "walk"))
        forward[mode] = _minutes(length_m, kmh, allowed)
        backward[mode] = _minutes(length_m, backward_kmh[mode], returns)
    forward["bus"], backward["bus"] = forward["walk"], backward["walk"]
    on_line = roads["road_class"].isin(BUS_CLASSES).to_numpy(dtype=bool)
    aboard = tuple(np.where(on_line, way["drive"] / rules.bus_car_share, np.inf) for way in (forward, backward))
    return MappingProxyType(forward), MappingProxyType(backward), (aboard[0], aboard[1])


def _minutes(length_m: Floats, speed_kmh: Floats, allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    return np.where(allowed, minutes_for(length_m, np.where(allowed, speed_kmh, 1.0)), np.inf)
