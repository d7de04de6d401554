"""Texts that a ledger might hold to make a page run them, break it, or show something else than what they are."""

from __future__ import annotations

import dataclasses

import pandas as pd

from xsgeo.study import Study

ALARM = "window.hacked=1"

TEXTS = (
    f"<img src=x onerror={ALARM}>",
    f"</script><script>{ALARM}</script>",
    "<!--<script>",
    "{{7*7}}{% if 1 %}{#",
    "{% raise %}50{% off %}",
    "${" + ALARM + "}",
    "`+" + ALARM + "+`",
    f"';{ALARM};//",
    f'" onmouseover="{ALARM}',
    f"javascript:{ALARM}",
    "\\u003cimg src=x onerror=" + ALARM + "\\u003e",
    "厂名\u202egnp.exe\u202c\u0000\u2028\u2029\ufeff",
    "__proto__",
    "]]>&lt;b&gt;&amp;",
)


def infest(study: Study, number: int) -> Study:
    """The study with a hostile text, told apart by a mark, in every field that is free text."""

    def text(column: str) -> str:
        return f"{TEXTS[number % len(TEXTS)]} #{column}"

    def spoil(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return frame.assign(**{c: text(c) for c in columns})

    standard = dataclasses.replace(
        study.standard, name=text("standard"), name_en=text("standard_en"), source=text("source")
    )
    return dataclasses.replace(
        study,
        about=dataclasses.replace(
            study.about, title=text("title"), title_en=text("title_en"), as_of=text("as_of"), standard=standard
        ),
        towns=spoil(study.towns, "name", "name_en", "basis", "source"),
        clusters=spoil(study.clusters, "name", "name_en", "union_label", "venue_needs"),
        employers=spoil(study.employers, "name"),
        venues=spoil(study.venues, "name", "address", "serves", "share_terms", "basis").assign(employer_id=""),
        workers=spoil(study.workers, "basis"),
    )


def infested_plan(proposals: pd.DataFrame, gaps: pd.DataFrame, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Proposals and gaps likewise; a caller's own frames may hold text where xsgeo's hold tallies."""
    bad = TEXTS[number % len(TEXTS)]
    return (
        proposals.assign(name=f"{bad} #site", towns=f"{bad} #towns", clusters=f"{bad} #clusters"),
        gaps.assign(name=f"{bad} #gap"),
    )
