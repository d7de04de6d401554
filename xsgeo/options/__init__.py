"""What a plan over years is chosen from: the question put to `xsgeo.phasing`, from a study and what is asked of it.

Rooms, buildings and ground that could be opened come from `xsgeo.workflow`; here they are priced, and three things are
added that only a plan knows. Rooms may be *closed* where the planner says so. With seats, a group that is crowded out
today can be *gained*: by rooms that open when they are shut today, by new rooms, and by rooms that are *enlarged*. And
the same question can be asked in other states of the world, for a robust plan.
"""

from xsgeo.options.asking import Question, ask, described, usual_states
from xsgeo.options.gained import STANDING

__all__ = ["STANDING", "Question", "ask", "described", "usual_states"]
