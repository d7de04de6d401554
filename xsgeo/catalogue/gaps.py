"""Words of the gaps and of how they depend on the method."""

from __future__ import annotations

WORDS = {
    "gaps.lead": (
        "路上相距{link_min}分钟以内连成一片；一片至少{min_workers}人。位置不明的职工不计入。",
        "Groups within {link_min} minutes of one another are joined; a gap has {min_workers} workers or more. "
        "Those of unknown position are left out.",
    ),
    "column.gap_id": ("片区", "gap"),
    "column.choice": ("方法与参数", "choice"),
    "column.n_gaps": ("片数", "gaps"),
    "column.n_scattered": ("散在职工", "scattered"),
    "column.n_largest": ("最大一片", "largest"),
    "column.agreement": ("与首行的一致度", "agreement"),
}
