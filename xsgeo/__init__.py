"""Plan shared workers' venues: who can reach a room that is open when they are free, who cannot and why, what mends it.

The way through the package is one sentence: `read_study` checks a folder of plain tables, `build_network` and
`travel_minutes` turn it into one long table of door-to-door minutes, `coverage` says who is served and why the others
are not, `find_gaps`, `candidate_sites` and `propose` say where a venue would help, and `render_pages` draws it.
`analyse` runs the stages in that order and `write_maps` puts its pages into a folder; `reach` runs the first of them,
and what it gives is what `why` and `mend` ask for.

Names are loaded when first used: the libraries behind them take seconds to import, and ``import xsgeo`` must not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xsgeo.access import coverage as coverage
    from xsgeo.access import summarise as summarise
    from xsgeo.candidates import candidate_sites as candidate_sites
    from xsgeo.errors import HoursError as HoursError
    from xsgeo.errors import NetworkError as NetworkError
    from xsgeo.errors import OutputError as OutputError
    from xsgeo.errors import PageError as PageError
    from xsgeo.errors import PlanError as PlanError
    from xsgeo.errors import StudyError as StudyError
    from xsgeo.errors import XsgeoError as XsgeoError
    from xsgeo.gaps import find_gaps as find_gaps
    from xsgeo.io import check_study as check_study
    from xsgeo.io import read_study as read_study
    from xsgeo.io import write_study as write_study
    from xsgeo.maps import render_comparison as render_comparison
    from xsgeo.maps import render_pages as render_pages
    from xsgeo.maps import render_plan as render_plan
    from xsgeo.network import build_network as build_network
    from xsgeo.network import snap as snap
    from xsgeo.outputs import write_table as write_table
    from xsgeo.plan import Plan as Plan
    from xsgeo.plan import maximal_coverage as maximal_coverage
    from xsgeo.plan import propose as propose
    from xsgeo.questions import compare_scenarios as compare_scenarios
    from xsgeo.questions import compare_studies as compare_studies
    from xsgeo.questions import mend as mend
    from xsgeo.questions import why as why
    from xsgeo.scenarios import Scenario as Scenario
    from xsgeo.scenarios import read_scenario as read_scenario
    from xsgeo.scenarios import write_scenario as write_scenario
    from xsgeo.settings import SitingRules as SitingRules
    from xsgeo.settings import Standard as Standard
    from xsgeo.settings import TravelRules as TravelRules
    from xsgeo.study import Study as Study
    from xsgeo.travel import snap_by_mode as snap_by_mode
    from xsgeo.travel import travel_minutes as travel_minutes
    from xsgeo.travel import usual_means as usual_means
    from xsgeo.workflow import analyse as analyse
    from xsgeo.workflow import reach as reach
    from xsgeo.workflow import write_maps as write_maps

__version__ = "0.1.0"

_HOME = {
    "HoursError": "errors",
    "NetworkError": "errors",
    "OutputError": "errors",
    "PageError": "errors",
    "Plan": "plan",
    "PlanError": "errors",
    "Scenario": "scenarios",
    "SitingRules": "settings",
    "Standard": "settings",
    "Study": "study",
    "StudyError": "errors",
    "TravelRules": "settings",
    "XsgeoError": "errors",
    "analyse": "workflow",
    "build_network": "network",
    "candidate_sites": "candidates",
    "check_study": "io",
    "compare_scenarios": "questions",
    "compare_studies": "questions",
    "coverage": "access",
    "find_gaps": "gaps",
    "maximal_coverage": "plan",
    "mend": "questions",
    "propose": "plan",
    "reach": "workflow",
    "read_scenario": "scenarios",
    "read_study": "io",
    "render_comparison": "maps",
    "render_pages": "maps",
    "render_plan": "maps",
    "snap": "network",
    "snap_by_mode": "travel",
    "summarise": "access",
    "travel_minutes": "travel",
    "usual_means": "travel",
    "why": "questions",
    "write_maps": "workflow",
    "write_scenario": "scenarios",
    "write_study": "io",
    "write_table": "outputs",
}

__all__ = [*sorted(_HOME), "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
