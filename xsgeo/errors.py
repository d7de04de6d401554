"""What can go wrong, as a small tree of exceptions and one record of a single fault.

A planner corrects a workbook in one go or gives up, so a bad study is reported as *all* of its faults at once, each
with the file, the row, the column, the value found and the remedy. That is why the unit here is `Fault`, a plain
record that the reader collects, and the exception `StudyError` only carries them. The words of a fault live in the
catalogue, so that the same fault can be said in Chinese to a town office and in English to a developer.

The tree::

    XsgeoError
    ├── StudyError      the study folder is not usable; carries every fault found     (also a ValueError)
    ├── HoursError      a text of opening hours or shifts is not understood           (also a ValueError)
    ├── CalendarError   a date whose holidays nobody has announced yet                (also a ValueError)
    ├── NetworkError    the road network cannot be routed on                          (also a ValueError)
    ├── PlanError       a siting question is badly put                                (also a ValueError)
    ├── PageError       a page would ask the network for something, or leak           (also a ValueError)
    └── OutputError     what was to be written could not be; the old files are whole  (also an OSError)

Each is also a built-in error, so a caller may catch broadly or narrowly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xsgeo.catalogue import WORDS, Language, listed, say


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one place of a study.

    Parameters
    ----------
    file
        File name inside the study folder, as the planner knows it.
    row
        Row number as a spreadsheet counts it (the header is row 1); 0 where the fault is not in a row.
    column
        Column header as it stands in the file; empty where the fault is not in a column.
    value
        The text found there, cut to 60 characters when shown.
    code
        Key of the fault in the catalogue, under ``fault.`` (what is wrong) and ``remedy.`` (what to do).
    details
        Values the catalogue's sentence needs, as pairs.
    sheet
        Sheet of the workbook, empty for other files.
    counts
        What `row` counts: a ``row`` of a table, or an ``entry`` of a scenario.

    Examples
    --------
    >>> fault = Fault("venues.csv", 7, "capacity", "-3", "below_minimum", (("minimum", "0"),))
    >>> print(fault.text("en"))
    venues.csv, row 7, column "capacity": "-3" is below the smallest allowed value 0. Correct the value.
    """

    file: str
    row: int
    column: str
    value: str
    code: str
    details: tuple[tuple[str, str], ...] = field(default=())
    sheet: str = ""
    counts: str = "row"

    def text(self, language: Language = "zh") -> str:
        """Say the fault and its remedy in one line.

        Parameters
        ----------
        language
            Language of the sentence: ``zh``, ``en`` or ``both``.
        """
        values = self.values(language)
        problem = say(f"fault.{self.code}", language, **values)
        remedy = say(f"remedy.{self.code}", language, **values)
        return say("place.sentence", language, place=self.place(language), problem=problem, remedy=remedy)

    def place(self, language: Language = "zh") -> str:
        """Say where the fault is: file, sheet, row and column, as far as there are any.

        Parameters
        ----------
        language
            Language of the words.
        """
        parts = [say("place.file", language, file=self.file)]
        if self.sheet:
            parts.append(say("place.sheet", language, sheet=self.sheet))
        if self.row:
            parts.append(say(f"place.{self.counts}", language, row=self.row))
        if self.column:
            parts.append(say("place.column", language, column=self.column))
        return listed(parts, language, mark="", mark_en="")

    def values(self, language: Language = "zh") -> dict[str, str]:
        """Return the values that the catalogue's sentence takes.

        Parameters
        ----------
        language
            Language of the details that `phrase` made.
        """
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return {"value": shown, **{k: _spoken(v, language) for k, v in self.details}}


_NEXT, _NAMES, _IS = "\x1d", "\x1f", "\x1e"
"""Control characters, which no ledger's text holds, part the pieces of a detail that is said in two languages."""


def phrase(*keys: str, **values: str) -> str:
    """Return a detail of a fault that is said in the reader's language: words of the catalogue, listed.

    Parameters
    ----------
    *keys
        Keys of the catalogue.
    **values
        What their templates name in braces.

    Examples
    --------
    >>> fault = Fault("a.csv", 2, "", "x", "not_a_choice", (("choices", phrase("choice.open", "choice.closed")),))
    >>> fault.values("zh")["choices"], fault.values("en")["choices"]
    ('开放、停用', 'open, closed')
    """
    given = "".join(f"{_NAMES}{name}{_IS}{_bare(value)}" for name, value in values.items())
    return _NEXT.join(f"@{key}{given}" for key in keys)


def listing(*pieces: str) -> str:
    """Return a detail that lists others, each a text or what `phrase` made.

    Examples
    --------
    >>> fault = Fault("a.csv", 2, "", "", "x", (("places", listing("E1", phrase("choice.open"))),))
    >>> fault.values("zh")["places"], fault.values("en")["places"]
    ('E1、开放', 'E1, open')
    """
    return _NEXT.join(p if p.startswith("@") else phrase("place.text", text=p) for p in pieces)


def _bare(text: str) -> str:
    """Text without the characters that part pieces: a ledger may hold anything."""
    return text.translate(dict.fromkeys(map(ord, (_NEXT, _NAMES, _IS))))


def _spoken(text: str, language: Language) -> str:
    """Say what `phrase` made; any other text stays as it is."""
    if not text.startswith("@"):
        return text
    said = []
    for piece in text.split(_NEXT):
        key, *given = piece[1:].split(_NAMES)
        if key not in WORDS:
            return text
        said.append(say(key, language, **dict(g.split(_IS, 1) for g in given)))
    return listed(said, language)


class XsgeoError(Exception):
    """Root of everything xsgeo raises on purpose."""


class StudyError(XsgeoError, ValueError):
    """The study folder is not usable; `faults` says every reason.

    Parameters
    ----------
    faults
        What is wrong, in any order; kept sorted by file, row and column.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__(self.text("en"))

    def text(self, language: Language = "zh") -> str:
        """Every fault, a line each, under a line that counts them."""
        head = say("fault.count", language, n=len(self.faults))
        return "\n".join([head, *(f.text(language) for f in self.faults)])


class HoursError(XsgeoError, ValueError):
    """A text of hours is not understood to the last character.

    Parameters
    ----------
    text
        The whole text as written.
    residue
        The part that is not understood.

    Examples
    --------
    >>> HoursError("周一 9点左右", "左右").residue
    '左右'
    """

    def __init__(self, text: str, residue: str) -> None:
        self.text = text
        self.residue = residue
        super().__init__(f"hours not understood at {residue!r}: {text!r}")


class CalendarError(XsgeoError, ValueError):
    """What kind of day a date is cannot be told: its holidays are not announced yet, or never were like today's.

    Parameters
    ----------
    year
        The year whose notice would be needed.
    last
        The last year that is known.

    Examples
    --------
    >>> CalendarError(2031, 2026).text("en").partition(" (")[0]
    'The public holidays of 2031 are not known yet'
    """

    def __init__(self, year: int, last: int) -> None:
        self.year = year
        self.last = last
        super().__init__(f"no notice of public holidays of {year} is at hand; the last one known is of {last}")

    def text(self, language: Language = "zh") -> str:
        """Say which year's notice is wanted."""
        return say("calendar.unknown_year", language, year=self.year, last=self.last)


class NetworkError(XsgeoError, ValueError):
    """The road network cannot be routed on; the message names the edges."""


class PlanError(XsgeoError, ValueError):
    """A siting question is badly put: an unknown group or site, a negative number of sites, and the like."""


class PageError(XsgeoError, ValueError):
    """A page would ask the network for something or would carry what it must not."""


class OutputError(XsgeoError, OSError):
    """What was to be written could not be; the old files are whole.

    Parameters
    ----------
    code
        Key in the catalogue, under ``output.``.
    path
        Folder or file that was to be written.
    number
        ``errno`` of the system's refusal, where it was one.
    **details
        Values the catalogue's sentence needs.
    """

    def __init__(self, code: str, *, path: str, number: int | None = None, **details: str) -> None:
        self.code = code
        self._values = {"path": path, **details}
        super().__init__(self.text("both"))
        self.errno, self.filename = number, path

    def text(self, language: Language = "zh") -> str:
        """Say what could not be written, why, and what to do."""
        values = {name: _spoken(value, language) for name, value in self._values.items()}
        return say(f"output.{self.code}", language, **values)

    def __str__(self) -> str:
        """Both languages: whoever catches an `OSError` knows nothing of the reader's."""
        return self.text("both")
