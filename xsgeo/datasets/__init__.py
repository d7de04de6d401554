"""Studies to try things on: a toy county worked by hand, and the demonstration county of Xiangshan.

`toy_county` fits in the head and answers tests and doctests; `build_xiangshan` makes the demonstration of ``data/``
from the facts kept beside it.
"""

from __future__ import annotations

from xsgeo.datasets.toy import toy_county as toy_county
from xsgeo.datasets.xiangshan import build_xiangshan as build_xiangshan
from xsgeo.datasets.xiangshan import study_toml as study_toml
