"""The classical siting models by their names, exact where proven and bounded where not.

Which sites to open is a family of questions, and the literature has a name for each: cover everyone with the fewest
sites (`set_covering`), cover the most with p (`maximal_covering`), twice for safety (`backup_covering`), with rooms
that fill up (`capacitated_covering`, `capacitated_p_median`), the worst-off town first (`worst_off_first`), the fewest
minutes for all (`p_median`) or for the farthest (`p_center`). Here they stand side by side: each takes the same two
tables, the same `Limits`, and returns the same `Siting`. Around them: `alternatives` for the plans next to the best,
and `pareto` for what more money or more fairness would buy.

Three promises hold for all of them. An answer is ``optimal`` if and only if bound and objective meet; every other
answer says by how much it may be missed. A search that runs out of time or is stopped by Ctrl-C hands over the best it
has. And a question without an answer says why, and by how much what would have to give.

Nothing here knows a venue, a road or an hour: ids, numbers and pairs come in, and ids go out. A small question goes to
HiGHS at once; the loops of a large one are compiled by numba, which is not even loaded before that. `warm_up` compiles
them when the package is set up; if not, the first large question does, before its clock starts.
"""

from xsgeo.siting.alternatives import Alternatives, alternatives, pareto
from xsgeo.siting.backup import backup_covering
from xsgeo.siting.capacitated import capacitated_covering, capacitated_p_median
from xsgeo.siting.center import p_center
from xsgeo.siting.covering import maximal_covering
from xsgeo.siting.median import p_median
from xsgeo.siting.problem import Limits, Quota, Siting, quotas_by
from xsgeo.siting.setcover import set_covering
from xsgeo.siting.warming import warm_up
from xsgeo.siting.watch import Progress
from xsgeo.siting.worstoff import worst_off_first

__all__ = [
    "Alternatives",
    "Limits",
    "Progress",
    "Quota",
    "Siting",
    "alternatives",
    "backup_covering",
    "capacitated_covering",
    "capacitated_p_median",
    "maximal_covering",
    "p_center",
    "p_median",
    "pareto",
    "quotas_by",
    "set_covering",
    "warm_up",
    "worst_off_first",
]
