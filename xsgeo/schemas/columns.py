"""What a declaration is made of: one column, one table, and the columns that many tables have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandera.pandas as pa

from xsgeo.schemas.words import BASES

Kind = Literal[
    "id",
    "text",
    "integer",
    "number",
    "flag",
    "date",
    "time",
    "times",
    "choice",
    "set",
    "hours",
    "free_hours",
    "weights",
    "geometry",
]


def column(
    kind: Kind,
    zh: str,
    meaning: str,
    *,
    required: bool = True,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    refers_to: str = "",
    synonyms: tuple[str, ...] = (),
    axis: Literal["", "lon", "lat"] = "",
) -> pa.Column:
    """Declare one column.

    Parameters
    ----------
    kind
        How the text of a cell is parsed.
    zh
        Chinese header; the first one a ledger is expected to use.
    meaning
        What the value says, in English.
    required
        Whether the column must be there and filled in.
    unit
        Unit of a number.
    minimum, maximum
        Inclusive bounds of a number.
    choices
        Allowed values of a ``choice`` or members of a ``set``.
    refers_to
        Table whose ids this column holds.
    synonyms
        Further headers that mean this column.
    axis
        Whether a number is a longitude or a latitude, which may be written in degrees, minutes and seconds.

    Examples
    --------
    >>> column("integer", "职工人数", "workers", unit="person", minimum=0).metadata["unit"]
    'person'
    """
    checks = []
    if minimum is not None:
        checks.append(pa.Check.ge(minimum, error="below_minimum"))
    if maximum is not None:
        checks.append(pa.Check.le(maximum, error="above_maximum"))
    if kind == "choice":
        checks.append(pa.Check.isin(choices, error="not_a_choice"))
    return pa.Column(
        None,
        checks,
        nullable=not required,
        required=required,
        title=zh,
        description=meaning,
        metadata={
            "kind": kind,
            "unit": unit,
            "minimum": minimum,
            "maximum": maximum,
            "choices": choices,
            "refers_to": refers_to,
            "synonyms": synonyms,
            "axis": axis,
        },
    )


@dataclass(frozen=True)
class Table:
    """One table of a study.

    Attributes
    ----------
    name
        Name of the table and of the attribute of `Study`.
    zh
        What planners call it.
    meaning
        What one row is.
    columns
        Declared columns by name, in the order they are written.
    key
        The id column, which becomes the index.
    shape
        ``point`` (lon and lat), ``line``, ``polygon`` or ``none``.
    optional
        Whether a study may do without the table.
    """

    name: str
    zh: str
    meaning: str
    columns: Mapping[str, pa.Column]
    key: str
    shape: Literal["point", "line", "polygon", "none"]
    optional: bool = False

    def empty(self, name: str) -> str | float:
        """What stands in a cell of the column when nothing is known: an empty text, or NaN for a number.

        Parameters
        ----------
        name
            A column of the table.

        Examples
        --------
        >>> from xsgeo.schemas import TABLES
        >>> TABLES["venues"].empty("address"), TABLES["venues"].empty("capacity")
        ('', nan)
        """
        return float("nan") if self.columns[name].metadata["kind"] in {"number", "integer"} else ""


def aliases(*synonyms: str) -> pa.Column:
    """Column of the old and other names that a row may be called by.

    Parameters
    ----------
    *synonyms
        Further headers that mean this column.

    Examples
    --------
    >>> aliases("曾用名").metadata["synonyms"]
    ('曾用名',)
    """
    return column("text", "别名", "old and other names, parted by |", required=False, synonyms=synonyms)


def provenance() -> dict[str, pa.Column]:
    """Columns that say where a row's figures come from, and of what date they are.

    Examples
    --------
    >>> list(provenance())
    ['basis', 'as_of', 'source']
    """
    return {
        "basis": column(
            "choice",
            "数据依据",
            "where the row's figures come from",
            required=False,
            choices=BASES,
            synonyms=("依据",),
        ),
        "as_of": column("date", "数据日期", "date of the row's figures", required=False, synonyms=("日期", "更新日期")),
        "source": column("text", "数据来源", "source of the row's figures", required=False, synonyms=("来源", "出处")),
    }


def point(*, required: bool = True) -> dict[str, pa.Column]:
    """Columns that place a row, in WGS-84 degrees, and say how exactly.

    Parameters
    ----------
    required
        Whether every row has to have a place.

    Examples
    --------
    >>> {name: column.required for name, column in point().items()}
    {'lon': True, 'lat': True, 'accuracy_m': False}
    """
    return {
        "lon": column(
            "number",
            "经度",
            "longitude, WGS-84",
            required=required,
            unit="degree",
            minimum=-180,
            maximum=180,
            synonyms=("lng", "longitude", "x", "东经"),
            axis="lon",
        ),
        "lat": column(
            "number",
            "纬度",
            "latitude, WGS-84",
            required=required,
            unit="degree",
            minimum=-90,
            maximum=90,
            synonyms=("latitude", "y", "北纬"),
            axis="lat",
        ),
        "accuracy_m": column(
            "number",
            "定位误差(米)",
            "how far the true place may lie from the point",
            required=False,
            unit="m",
            minimum=0,
            synonyms=("定位误差", "坐标精度"),
        ),
    }


def of_town(*, required: bool = True) -> pa.Column:
    """Column that names the town of a row, by id or by name.

    Parameters
    ----------
    required
        Whether every row has to have one.

    Examples
    --------
    >>> of_town().metadata["refers_to"]
    'towns'
    """
    return column(
        "id",
        "所属镇乡（街道）",
        "town, by id or name",
        required=required,
        refers_to="towns",
        synonyms=(
            "所属镇乡",
            "乡镇街道",
            "镇乡",
            "乡镇",
            "街道",
            "镇乡(街道)",
            "乡镇(街道)",
            "镇(街道)",
            "所属乡镇",
            "所在镇乡",
            "所在乡镇",
        ),
    )


def of_cluster(*, required: bool = True) -> pa.Column:
    """Column that names the industry cluster of a row, by id or by name.

    Parameters
    ----------
    required
        Whether every row has to have one.

    Examples
    --------
    >>> of_cluster().metadata["refers_to"]
    'clusters'
    """
    return column(
        "id",
        "产业集群",
        "industry cluster, by id or name",
        required=required,
        refers_to="clusters",
        synonyms=("集群", "所属集群", "所属产业集群", "产业", "行业"),
    )
