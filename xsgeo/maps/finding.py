"""How a name is found: by its characters, by its pinyin, or by the first letters of it.

A planner at a keyboard types ``shipu`` or ``sp`` for 石浦, so the page carries the pinyin of every name it shows,
worked out here, where a dictionary of phrases tells 长街 (changjie) from 校长 (xiaozhang). Syllables are kept apart by
spaces: the initials follow from them, and 西安 is not 先.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

NOT_HEARD = ""
"""What stands for a name without a Chinese character: it is found as it is written."""


def pinyin(names: Iterable[str]) -> list[str]:
    """Pinyin of names without tones, syllables parted by spaces.

    Parameters
    ----------
    names
        Names as a page shows them.

    Returns
    -------
    list of str
        Lower case; letters and digits stay, everything else parts syllables; empty where there is no Chinese
        character.

    Examples
    --------
    >>> pinyin(["石浦镇", "Town 3", "长街镇2号"])
    ['shi pu zhen', '', 'chang jie zhen 2 hao']
    """
    return [_spelt(name) for name in names]


@lru_cache(maxsize=8192)
def _spelt(name: str) -> str:
    from pypinyin import lazy_pinyin

    if not any("\u3400" <= c <= "\u9fff" for c in name):
        return NOT_HEARD
    syllables = lazy_pinyin(name)
    kept = "".join(c if c.isascii() and c.isalnum() else " " for s in syllables for c in (*s.casefold(), " "))
    return " ".join(kept.split())
