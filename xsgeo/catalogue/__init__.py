"""Every word a planner sees, once, in Chinese and English.

Pages, tables, messages and workbooks all take their words from here, so a term is the same everywhere and a native
planner can read all of them in one folder, one file a topic. Chinese comes first because the planners are Chinese;
English stands beside it for the reviewer. Sentences are `str.format` templates with named values, never glued from
pieces at the call site, because word order differs between the two languages.

A key stands in one topic only, and its first part says what it is (``reason.``, ``column.``, ``fault.``).

Values that come from data are put in as they are: escaping belongs to the page that shows them (`xsgeo.maps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

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
    planpage,
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
    planpage,
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


class Both(str):
    """A text in both languages: shown as Chinese, a slash, English, and taken apart again by the sentence it goes into.

    Without this a word that was looked up in both languages stands four times in a sentence that is said in both.

    Parameters
    ----------
    zh, en
        The text in each language; shown once where they are the same, and one below the other where it has lines.

    Examples
    --------
    >>> town = Both("石浦镇", "Shipu")
    >>> print(town, "|", say("compare.flow", "both", before=town, after=town, n=5))
    石浦镇 / Shipu | “石浦镇”变为“石浦镇”：5人 / Shipu to Shipu: 5 workers
    """

    __slots__ = ("en", "zh")
    zh: str
    en: str

    def __new__(cls, zh: str, en: str) -> Both:
        """Join the two, and keep them."""
        mark = "\n" if "\n" in zh else " / "
        both = super().__new__(cls, zh if zh == en else f"{zh}{mark}{en}")
        both.zh, both.en = zh, en
        return both

    def __reduce__(self) -> tuple[type[Both], tuple[str, str]]:
        """Both parts are needed to make it again."""
        return Both, (self.zh, self.en)


def either(zh: str, en: str, language: Language = "zh") -> str:
    """Choose between a text and its English, or keep both.

    Parameters
    ----------
    zh, en
        The text in each language.
    language
        ``zh``, ``en`` or ``both``.

    Examples
    --------
    >>> either("石浦镇", "Shipu", "en"), either("石浦镇", "Shipu", "both")
    ('Shipu', '石浦镇 / Shipu')
    """
    if language == "both":
        return Both(zh, en)
    return zh if language == "zh" else en


def listed(words: Iterable[str], language: Language = "zh", *, mark: str = "、", mark_en: str = ", ") -> str:
    """List words one after another, each language for itself.

    Parameters
    ----------
    words
        What is listed, such as `say` gives it.
    language
        Language of the list.
    mark, mark_en
        What stands between two, in Chinese and in English.

    Examples
    --------
    >>> listed([say("reason.closed", "both"), say("reason.crowded", "both")], "both")
    '下班时不开、容纳不下 / closed when free, crowded'
    """
    words = list(words)
    sides = (mark.join(_side(w, "zh") for w in words), mark_en.join(_side(w, "en") for w in words))
    return either(*sides, language)


def _side(value: object, language: str) -> Any:
    """What a text in both languages is in one of them; anything else as it is."""
    return getattr(value, language) if isinstance(value, Both) else value


def say(key: str, language: Language = "zh", **values: object) -> str:
    """The word or sentence of `key`, filled in.

    Parameters
    ----------
    key
        Key of the catalogue.
    language
        ``zh``, ``en``, or ``both`` (Chinese, a slash, English; the same text is not said twice).
    **values
        What the template names in braces. Where one is itself said in both languages, each side takes its own.

    Raises
    ------
    KeyError
        When the key is not in the catalogue, or the template names a value that is not given.

    Examples
    --------
    >>> say("reason.closed"), say("reason.closed", "en"), say("reason.closed", "both")
    ('下班时不开', 'closed when free', '下班时不开 / closed when free')
    """
    sides = {
        side: words.format(**{name: _side(value, side) for name, value in values.items()})
        for side, words in zip(("zh", "en"), WORDS[key], strict=True)
        if language in {side, "both"}
    }
    return Both(**sides) if language == "both" else sides[language]
