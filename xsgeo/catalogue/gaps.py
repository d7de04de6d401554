"""Words of the gaps and of how they depend on the method."""

from __future__ import annotations

WORDS = {
    "gaps.lead": (
        "路上相距{link_min}分钟以内连成一片；一片至少{min_workers}人。位置不明的职工不计入。",
        "Groups within {link_min} minutes of one another are joined; a gap has {min_workers} workers or more. "
        "Those of unknown position are left out.",
    ),
    "gaps.kmeans": (
        "k均值按{places}片来分：路上不相连的地方各算一片，所以可能更多；人少的也算一片，没有散在的职工。",
        "k-means was asked for {places} gaps: places that no road joins are gaps of their own, so there may be more; "
        "small ones count too, and nobody is left out.",
    ),
    "gaps.sensitivity": (
        "每行换一种方法或一个参数：dbscan、hdbscan后面是连片的分钟数和一片至少的人数，kmeans后面是要求的片数。"
        "“散在职工”不在任何一片；一致度1为分法完全相同，0为不比碰巧更一致。",
        "Each row is another method or parameter: the minutes that join and the workers that make a gap for dbscan and "
        "hdbscan, the number asked for with kmeans. Those scattered are in no gap; agreement is 1 for the same gaps, 0 "
        "for no more than chance.",
    ),
    "column.gap_id": ("片区", "gap"),
    "column.choice": ("方法与参数", "choice"),
    "column.n_gaps": ("片数", "gaps"),
    "column.n_scattered": ("散在职工", "scattered"),
    "column.n_largest": ("最大一片", "largest"),
    "column.agreement": ("与首行的一致度", "agreement"),
}
