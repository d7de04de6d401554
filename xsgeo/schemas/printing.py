"""The data dictionary, printed from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xsgeo.catalogue import Language, say
from xsgeo.schemas.columns import Table
from xsgeo.schemas.tables import TABLES


def dictionary(name: str | None = None, *, language: Language = "both") -> str:
    """Print the data dictionary as Markdown.

    Parameters
    ----------
    name
        One table; all of them when None.
    language
        Language of the headings and words.

    Raises
    ------
    KeyError
        When there is no such table; the message names those there are.

    Examples
    --------
    >>> print(dictionary("boundary", language="en").splitlines()[0])
    ## boundary: the limit of the study area, sea included
    """
    if name is not None and name not in TABLES:
        msg = f"no table {name!r}; there are {', '.join(TABLES)}"
        raise KeyError(msg)
    tables = TABLES.values() if name is None else [TABLES[name]]
    return "\n\n".join(_describe(table, language) for table in tables)


def _describe(table: Table, language: Language) -> str:
    title = table.meaning if language == "en" else table.zh if language == "zh" else f"{table.zh} / {table.meaning}"
    heads = ("dictionary.column", "dictionary.header", "dictionary.required", "dictionary.kind", "dictionary.meaning")
    lines = [
        f"## {table.name}: {title}",
        "",
        "| " + " | ".join(say(h, language) for h in heads) + " |",
        "|---" * len(heads) + "|",
    ]
    for name, declared in table.columns.items():
        rule = declared.metadata
        headers = "、".join((declared.title, *rule["synonyms"]))
        meaning = declared.description.replace("|", "\\|")
        required = (
            say("dictionary.key" if name == table.key else "dictionary.yes", language) if declared.required else ""
        )
        lines.append(f"| `{name}` | {headers} | {required} | {_values(rule, language)} | {meaning} |")
    return "\n".join(lines)


def _values(rule: Mapping[str, Any], language: Language) -> str:
    """What a cell may hold: the kind, its unit and bounds, and the words of a choice."""
    parts = [say(f"kind.{rule['kind']}", language)]
    if rule["unit"]:
        parts.append(rule["unit"])
    low, high = rule["minimum"], rule["maximum"]
    if low is not None or high is not None:
        parts.append(f"{'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}")
    if rule["refers_to"]:
        parts.append(f"→ {rule['refers_to']}")
    if rule["choices"]:
        parts.append("、".join(f"{say(f'choice.{c}', 'zh')} `{c}`" for c in rule["choices"]))
    return "; ".join(parts)
