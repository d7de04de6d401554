"""The pages of an analysis drawn and put into a folder.

All pages are drawn before any old one is replaced, and a page for the inside never stands among public ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xsgeo import outputs
from xsgeo.catalogue import Language
from xsgeo.errors import PageError
from xsgeo.study import Study
from xsgeo.workflow.planning import Analysis
from xsgeo.workflow.reaching import Stage, silent

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.maps import Audience, Tiles


def write_maps(
    analysis: Analysis,
    folder: str | Path,
    *,
    clusters: Sequence[str] | None = None,
    language: Language = "both",
    audience: Audience = "public",
    tiles: Tiles | None = None,
    actions: pd.DataFrame | None = None,
    plan_page: str = "",
    on_stage: Stage | None = None,
) -> list[Path]:
    """Draw the pages of an analysis and put them into a folder.

    Parameters
    ----------
    analysis
        What `analyse` found.
    folder
        Where to write; all pages are drawn before any old one is replaced, and ``manifest.json`` is put beside them.
    clusters
        Draw the pages of these clusters and no other; every page when None.
    language
        Language of the pages.
    audience
        For whom they are; ``internal`` pages name employers and their numbers, and say so.
    tiles
        A map service to fetch the background from; None for pages that work offline.
    actions
        Actions of a plan by year, to draw as a layer.
    plan_page
        Text of the page of a plan (`xsgeo.programme.page`), to put beside the pages and link to from the index.
    on_stage
        Called with the name of the stage as it begins.

    Returns
    -------
    list of Path
        The pages.

    Raises
    ------
    PageError
        When the page of a plan is internal and the others are public.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from tempfile import TemporaryDirectory
    >>> from xsgeo.workflow import analyse
    >>> with TemporaryDirectory() as folder:
    ...     pages = write_maps(analyse(toy_county()), folder)
    ...     sorted(page.name for page in pages)
    ['cluster_fishing.html', 'cluster_knitting.html', 'county.html', 'index.html']
    """
    from xsgeo import maps

    if audience == "public" and maps.is_internal(plan_page):
        msg = "the page of the plan is internal and cannot stand among public ones"
        raise PageError(msg)
    beside = maps.audience.file_name(maps.PLAN_PAGE, audience=audience) if plan_page else ""
    (on_stage or silent)("pages")
    found, chosen = analysis.reach, analysis.plan
    note = {f: getattr(chosen, f) for f in ("status", "objective", "bound", "gap")}
    pages = maps.render_pages(
        found.study,
        found.groups,
        found.minutes,
        chosen.sites,
        analysis.gaps,
        note,
        clusters=clusters,
        language=language,
        gap_labels=analysis.gap_labels,
        site_labels=chosen.assigned,
        audience=audience,
        tiles=tiles,
        actions=actions,
        plan_page=beside,
        sharing=maps.sharing_links(
            found.study.workers,
            found.study.venues,
            found.minutes,
            found.groups,
            complements=_complements(found.study),
            standard=found.study.standard,
            rules=maps.AUDIENCE_RULES[audience],
        ),
        network=found.network,
    )
    pages |= {beside: plan_page} if plan_page else {}
    return outputs.write_files(pages, folder, manifest=outputs.describe(found.study))


def _complements(study: Study) -> pd.DataFrame:
    from xsgeo import sharing

    rooms = sharing.room_labels(study.venues, study.room_pairs)
    return sharing.complements(study.venues.assign(room_id=rooms), standard=study.standard)
