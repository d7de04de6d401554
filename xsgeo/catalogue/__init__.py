"""Every word a planner sees, once, in Chinese and English.

Pages, tables, messages and workbooks all take their words from here, so a term is the same everywhere and a native
planner can read all of them in one folder, one file a topic. Chinese comes first because the planners are Chinese;
English stands beside it for the reviewer. Sentences are `str.format` templates with named values, never glued from
pieces at the call site, because word order differs between the two languages.

A key stands in one topic only, and its first part says what it is (``reason.``, ``column.``, ``fault.``).

Values that come from data are put in as they are: escaping belongs to the page that shows them (`xsgeo.maps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from xsgeo.catalogue import (
    answers,
    classical,
    dates,
    doors,
    faults,
    gaps,
    interactive,
    layers,
    ledgers,
    measures,
    outputs,
    pages,
    plans,
    questions,
    roads,
    sharing,
    tables,
    travel,
)

Language = Literal["zh", "en", "both"]

TOPICS = (
    answers,
    classical,
    dates,
    doors,
    faults,
    gaps,
    interactive,
    layers,
    ledgers,
    measures,
    outputs,
    pages,
    plans,
    questions,
    roads,
    sharing,
    tables,
    travel,
)

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {key: words for topic in TOPICS for key, words in topic.WORDS.items()}
)


def say(key: str, language: Language = "zh", **values: object) -> str:
    """The word or sentence of `key`, filled in.

    Parameters
    ----------
    key
        Key of the catalogue.
    language
        ``zh``, ``en``, or ``both`` (Chinese, a slash, English; the same text is not said twice).
    **values
        What the template names in braces.

    Raises
    ------
    KeyError
        When the key is not in the catalogue, or the template names a value that is not given.

    Examples
    --------
    >>> say("reason.closed"), say("reason.closed", "en"), say("reason.closed", "both")
    ('下班时不开', 'closed when free', '下班时不开 / closed when free')
    """
    zh, en = WORDS[key]
    if language == "zh":
        return zh.format(**values)
    if language == "en":
        return en.format(**values)
    both = dict.fromkeys((zh.format(**values), en.format(**values)))
    return " / ".join(both)
