"""The command: parse, call, print.

Everything a planner does without Python stands here and nothing else: each command reads a study, calls one function of
the library and prints what came back. Libraries are imported inside the commands, so that ``xsgeo --help`` answers at
once. What is asked for goes to standard output (so it can be piped), what is happening goes to standard error. Exit
code 0 is success, 2 is an input that cannot be used; the old outputs are then untouched.
"""

from __future__ import annotations

import sys

import typer

from xsgeo.catalogue import Language
from xsgeo.cli import answers, gaps, inputs, measures, plan, questions, roads, share
from xsgeo.disk import system_text
from xsgeo.errors import CalendarError, OutputError, StudyError, XsgeoError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="谁能在下班后走进一间开着门的活动室，谁不能，为什么，怎么补。\n\n"
    "Who can reach a room that is open when they are free, who cannot and why, and what would mend it.",
)

TOPICS = (inputs, answers, gaps, plan, measures, questions, share)
for topic in TOPICS:
    app.add_typer(topic.app)
app.add_typer(roads.app, name="roads")


def main() -> None:
    """Run the command line; turn an unusable input into one message and exit code 2."""
    lang = _asked_language(sys.argv)
    try:
        app()
    except (StudyError, OutputError, CalendarError) as error:
        typer.echo(error.text(lang), err=True)
        raise SystemExit(2) from None
    except XsgeoError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from None
    except OSError as error:
        typer.echo(system_text(error, lang), err=True)
        raise SystemExit(2) from None


def _asked_language(arguments: list[str]) -> Language:
    """Language asked for, for messages that arise before or outside the command's own options."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else following if word == "--lang" else ""
        if value in {"en", "both"}:
            return "en" if value == "en" else "both"
    return "zh"
