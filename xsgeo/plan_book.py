"""A plan over years as one workbook to read, print and pass on, beside the tables that programs read.

Tables of `xsgeo plan --out` are for programs: ids, names of columns that never change, one sheet a file. Whoever signs
a plan wants it in words, on sheets that follow one another as a report does: what the figures are and rest on, what is
done when, year by year, why, and what else could be done. Sentences and names are those of `xsgeo.plan_report`, so the
workbook cannot say anything that the command does not print.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from xsgeo.catalogue import Language, say
from xsgeo.export import WORKBOOK_CREATED, WORKBOOK_OPTIONS, sheet_name, text_width
from xsgeo.hours.telling import told
from xsgeo.plan_report import card_words, plan_table, plan_words
from xsgeo.report import names_of, standard_words

if TYPE_CHECKING:
    from xsgeo.phasing import Phased
    from xsgeo.phasing.cards import Card
    from xsgeo.study import Study

_WIDE = {"year": 6, "name": 36, "plan_hours": 42, "reasons": 100, "town": 16}
_USUAL = 15
_COVER = 100
_LINE = 17.0  # points a Chinese line takes; Excel fits the height of a wrapped row by itself, LibreOffice does not
_LOOKS = {"share": "0.0%", "gap": "0.00%", "cost": "#,##0.0", "spent": "#,##0.0", "budget": "#,##0.0", "scale": "0.00"}


def plan_workbook(
    plan: Phased,
    cards: Sequence[Card],
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    *,
    sites: Mapping[str, str] | None = None,
    seats: bool = False,
    language: Language = "zh",
) -> bytes:
    """Write the workbook of a plan.

    Parameters
    ----------
    plan
        What `xsgeo.phasing.solve` chose.
    cards
        Its reasons, from `xsgeo.phasing.cards`.
    study
        The study, for names and the standard.
    tables
        What else was asked for, by the name of its sheet in the catalogue (``alternatives``, ``money``, ``ways``,
        ``regret``), with columns the catalogue knows.
    sites
        Names of sites by id, for next-best ones.
    seats
        Whether seats were counted, which is then said.
    language
        Language of every word.

    Returns
    -------
    bytes
        An .xlsx file; the same plan gives the same bytes but for the seconds it took.

    Examples
    --------
    >>> from xsgeo import programme
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.phasing import Terms
    >>> made = programme.plan(programme.ask(toy_county(), Terms((3.0, 3.0))))
    >>> plan_workbook(made.plan, made.cards, toy_county(), {})[:2]
    b'PK'
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    title = study.about.title_en if language == "en" else study.about.title
    with Workbook(stream, dict(WORKBOOK_OPTIONS)) as book:
        book.set_properties({"created": WORKBOOK_CREATED, "author": "xsgeo", "title": title})
        lines = [standard_words(study, language=language), plan_words(plan, study.about.costs, language=language)]
        lines += [say("programme.seats", language)] if seats else []
        _cover(book, title, [line for text in lines for line in text.split("\n")], language)
        _sheet(book, "actions", plan_table(plan, study, language=language), language)
        _sheet(book, "years", plan.by_year, language)
        _sheet(book, "cards", _reasons(cards, study, sites, language), language)
        for name, table in tables.items():
            _sheet(book, name, table, language)
    return stream.getvalue()


def alternatives_table(
    shared: pd.DataFrame, actions: pd.DataFrame, *, month: int, language: Language = "zh"
) -> pd.DataFrame:
    """Put actions of several plans into words.

    Parameters
    ----------
    shared
        What `xsgeo.phasing.in_common` gave, with the names of sites in ``name``.
    actions
        Every action, index ``action_id``; columns ``action`` and ``open_hours``.
    month
        Whose hours English tells (`xsgeo.hours.telling.told`).
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``action``, what is done; ``name``, ``plan_hours`` and the columns of `shared`.

    Examples
    --------
    >>> shared = pd.DataFrame({"name": ["宫"], "n_plans": [2]}, index=pd.Index(["a1"], name="action_id"))
    >>> actions = pd.DataFrame({"action": ["share"], "open_hours": ["周一至周五 17:30-21:30"]}, index=["a1"])
    >>> alternatives_table(shared, actions, month=11).reset_index().values.tolist()
    [['开放共享', '宫', '周一至周五 17:30-21:30', 2]]
    """
    rows = actions.loc[shared.index]
    words = [say(f"page.action.{a}", language) for a in rows["action"]]
    table = shared.set_index(pd.Index(words, name="action"))
    table.insert(1, "plan_hours", [told(text, month=month, language=language) for text in rows["open_hours"]])
    return table


def _reasons(cards: Sequence[Card], study: Study, sites: Mapping[str, str] | None, language: Language) -> pd.DataFrame:
    towns = names_of(study.towns, language)
    return pd.DataFrame(
        {
            "action": [say(f"page.action.{card.action}", language) for card in cards],
            "name": [card.name or say("proposal.ground", language) for card in cards],
            "town": [towns.get(card.town_id, card.town_id) for card in cards],
            "reasons": [card_words(card, study, language=language, anchors=sites) for card in cards],
        },
        index=pd.Index([card.year for card in cards], name="year"),
    )


def _cover(book: Any, title: str, lines: list[str], language: Language) -> None:
    sheet = book.add_worksheet(sheet_name(say("plan_book.about", language)))
    sheet.set_column(0, 0, _COVER)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for row, line in enumerate([*lines, say("plan_book.tables", language)], start=2):
        sheet.set_row(row, _LINE * _lines(line, _COVER))
        sheet.write_string(row, 0, line, wrap)
    _paper(sheet)


def _sheet(book: Any, name: str, table: pd.DataFrame, language: Language) -> None:
    """One table: heads in words, numbers as numbers, a page wide on paper."""
    sheet = book.add_worksheet(sheet_name(say(f"plan_book.{name}", language)))
    flat = table.reset_index()
    head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1, "text_wrap": True, "valign": "top"})
    for number, column in enumerate(flat):
        shown = {"text_wrap": True, "valign": "top"}
        if flat[column].dtype.kind in "iuf" and column != "year":
            shown["num_format"] = _LOOKS.get(str(column).partition("_")[0], "#,##0")
        sheet.set_column(number, number, _WIDE.get(str(column), _USUAL))
        sheet.write_string(0, number, say(f"column.{column}", language), head)
        look = book.add_format(shown)
        for row, value in enumerate(flat[column].tolist(), start=1):
            _cell(sheet, row, number, value, look)
    for row, texts in enumerate(flat.itertuples(index=False), start=1):
        tall = [_lines(str(v), _WIDE.get(str(c), _USUAL)) for c, v in zip(flat, texts, strict=True)]
        sheet.set_row(row, _LINE * max(tall))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _paper(sheet)


def _paper(sheet: Any) -> None:
    """One A4 page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _lines(text: str, width: int) -> int:
    """Lines a text takes in a column; a Chinese letter is two columns wide."""
    return sum(math.ceil(max(text_width(line), 1) / width) for line in text.split("\n"))


def _cell(sheet: Any, row: int, column: int, value: object, look: Any) -> None:
    if pd.isna(value) or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, int | float) and abs(value) != float("inf"):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)
