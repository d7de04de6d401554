"""The study: what a planner's folder holds once it has been read and checked.

It is a bundle and nothing more. It computes nothing, so a measure can be tested on three hand-written frames without
one, and it is frozen, so two stages of a run cannot disagree about the input. `assemble` is the one way to make it from
plain tables, whether they were read from files or written in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xsgeo.hours.calendar import Calendar
from xsgeo.settings import CostRules, SitingRules, Standard, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class About:
    """What a study says of itself and of the rules it is measured by.

    Attributes
    ----------
    title, title_en
        Name of the study.
    as_of
        Date of the data, ISO 8601.
    is_demonstration
        Whether the study holds invented employers, workers or venues; every output then says so.
    standard, travel_rules, siting_rules, costs
        The parameters the study states.
    standards
        Further standards of the study's own, by id (`xsgeo.standards`).
    calendar
        Stages of the fishing moratorium, typhoon stops and closures.
    """

    title: str
    title_en: str
    as_of: str
    is_demonstration: bool
    standard: Standard = field(default_factory=Standard)
    travel_rules: TravelRules = field(default_factory=TravelRules)
    siting_rules: SitingRules = field(default_factory=SitingRules)
    costs: CostRules = field(default_factory=CostRules)
    standards: Mapping[str, Standard] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True)
class Study:
    """Every table of one study, checked, with ids as index and points in WGS-84.

    Attributes
    ----------
    about
        Title, date and parameters.
    towns, villages, employers, workers, venues, assets
        Point GeoDataFrames (EPSG:4326); their columns are declared in `xsgeo.schemas`. A village may have no point.
    clusters, unions
        Industry clusters and grass-roots unions, plain frames.
    needs
        What a venue must have to be of use to a cluster, a plain frame.
    room_pairs
        Pairs of plaques of which a person has said whether they are one room, a plain frame.
    roads
        LineString GeoDataFrame (EPSG:4326), one row an edge.
    ferries
        Crossings between two nodes of `roads`, a plain frame.
    land, boundary
        Polygon GeoDataFrames (EPSG:4326): land and islands, and the limit of the county.
    reconciliation
        One row a table: ``rows_in``, ``rows_used``, ``rows_rejected``, ``rows_blank`` and, where a table counts
        workers, ``workers_in``, ``workers_used``, ``workers_rejected``.
    sources
        SHA-256 of the files the study was read from, by name; empty for a study made in code.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> toy_county()
    <Study 六点县 (2026-01-01): 2 towns, 2 clusters, 340 workers in 7 groups, 3 venues, 4 roads>
    """

    about: About
    towns: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    clusters: pd.DataFrame
    needs: pd.DataFrame
    unions: pd.DataFrame
    employers: gpd.GeoDataFrame
    workers: gpd.GeoDataFrame
    venues: gpd.GeoDataFrame
    room_pairs: pd.DataFrame
    assets: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    ferries: pd.DataFrame
    land: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame
    reconciliation: pd.DataFrame
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name of the study."""
        return self.about.title

    @property
    def standard(self) -> Standard:
        """The standard the study is measured by."""
        return self.about.standard

    def __repr__(self) -> str:
        """One line that says what is held."""
        n = int(self.workers["n_workers"].sum())
        return (
            f"<Study {self.title} ({self.about.as_of}): {len(self.towns)} towns, {len(self.clusters)} clusters, "
            f"{n:,} workers in {len(self.workers):,} groups, {len(self.venues):,} venues, {len(self.roads):,} roads>"
        )


def assemble(tables: Mapping[str, pd.DataFrame], about: About, *, reconciliation: pd.DataFrame) -> Study:
    """Bundle checked tables into a study.

    Parameters
    ----------
    tables
        One frame for each table of `xsgeo.schemas` with its required columns; the key may be the index or a column.
        An optional column or table that is not there is added, empty.
    about
        Title, date and parameters.
    reconciliation
        Rows and workers in, used, rejected and blank, one row a table.

    Returns
    -------
    Study
        The same rows sorted by id, so that nothing later depends on the order of a file; points and shapes as
        GeoDataFrames in EPSG:4326.
    """
    import geopandas as gpd
    import pandas as pd

    from xsgeo.crs import WGS84
    from xsgeo.schemas import TABLES

    frames: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        given = tables.get(name) if table.optional else tables[name]
        if given is None:
            given = pd.DataFrame({c: [table.empty(c)] for c in table.columns}).iloc[:0]
        frame = given if given.index.name == table.key else given.set_index(table.key)
        columns = [c for c in table.columns if c not in {table.key, "geometry"}]
        absent = {c: table.empty(c) for c in columns if c not in frame and not table.columns[c].required}
        frame = frame.assign(**absent)
        geometry = _points(frame) if table.shape == "point" else frame.get("geometry")
        plain = frame[columns]
        whole = plain if geometry is None else gpd.GeoDataFrame(plain, geometry=geometry, crs=WGS84)
        frames[name] = whole.sort_index().astype({c: "int64" for c in ("n_workers",) if c in columns})
    return Study(about=about, reconciliation=reconciliation, **frames)


def _points(frame: pd.DataFrame) -> NDArray[np.object_]:
    """Points of the rows, none where a row has no coordinates."""
    import numpy as np
    import shapely

    degrees = frame[["lon", "lat"]].to_numpy(float)
    known = ~np.isnan(degrees).any(axis=1)
    points = np.full(len(frame), None, dtype=object)
    points[known] = shapely.points(degrees[known])
    return points
