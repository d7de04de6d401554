"""Words that a column of choices may hold; what they are called in Chinese stands in the catalogue."""

from __future__ import annotations

BASES = ("sourced", "derived", "estimate", "synthetic")
VENUE_KINDS = (
    "workers_palace",
    "culture_centre",
    "workers_home",
    "youth_home",
    "women_home",
    "rest_station",
    "library",
    "party_centre",
    "culture_hall",
    "school_venue",
    "legal_point",
)
OWNERS = (
    "union",
    "youth_league",
    "women_federation",
    "party",
    "culture",
    "education",
    "village",
    "zone",
    "employer",
)
SERVES = ("everyone", "workers", "members", "own_staff", "women", "youth")
SHARE_TERMS = ("open", "appointment", "agreement", "none")
BUILD_MODES = ("own", "joint", "co_built", "rented", "converted")
UNION_KINDS = ("single_union", "joint_union", "industry_union", "area_union")
ASSET_KINDS = ("pump_station", "school_hall", "party_centre", "culture_hall", "idle_shop", "idle_factory")
SHIFTS = (
    "day",
    "long_day",
    "two_shift_day",
    "two_shift_night",
    "early",
    "split",
    "irregular",
    "flexible",
    "field",
    "ashore",
)
ROAD_CLASSES = ("expressway", "bridge_exp", "class1", "class2", "county", "local", "bridge_local", "street")
FUNCTIONS = (
    "reading",
    "class",
    "fitness",
    "ball",
    "table_tennis",
    "billiards",
    "dance",
    "opera",
    "rest",
    "charging",
    "shower",
    "childcare",
    "legal_aid",
    "mediation",
    "hall",
    "co_working",
    "internet",
    "tea",
)
