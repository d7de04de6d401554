"""The order of the stages, and nothing else.

Each stage is a function of its own module that takes frames and gives frames; a reader who wants to know what the
package does reads `analyse` from top to bottom. Whoever wants to change one stage calls the others by hand in the same
order. What must travel together from stage to stage is `Reach` (who gets where, and who is served), `Prospect` (what a
plan can be made of) and `Analysis` (what would mend it).

* `reaching`: network, minutes, coverage;
* `planning`: gaps, candidate sites, plan;
* `drawing`: pages;
* `tables`: coverage of a whole study, at a time or over a year.
"""

from __future__ import annotations

from xsgeo.workflow.drawing import write_maps
from xsgeo.workflow.planning import LINK_MIN, Analysis, Prospect, analyse, between_unserved, prospect
from xsgeo.workflow.reaching import Reach, Stage, conditions, judge, judged, reach, silent
from xsgeo.workflow.tables import BREAKDOWNS, coverage_table, year_table

__all__ = [
    "BREAKDOWNS",
    "LINK_MIN",
    "Analysis",
    "Prospect",
    "Reach",
    "Stage",
    "analyse",
    "between_unserved",
    "conditions",
    "coverage_table",
    "judge",
    "judged",
    "prospect",
    "reach",
    "silent",
    "write_maps",
    "year_table",
]
