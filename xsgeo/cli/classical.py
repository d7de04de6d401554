"""What `xsgeo plan --model` prints for a classical model: the answer, its bound, the sites, whom it leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xsgeo.catalogue import Language, listed, say
from xsgeo.cli.shared import Format, show, stages

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.classical import Classical
    from xsgeo.study import Study

_NAMED = 8  # groups named in a sentence; the file has all of them


def ask(
    study: Study,
    model: str,
    *,
    n_sites: int | None,
    must: Collection[str],
    must_not: Collection[str],
    most_by: Mapping[str, Mapping[str, int]],
    skip_unreachable: bool,
    time_limit_s: float,
    language: Language,
) -> Classical:
    """Ask the model; where it has no answer say why and end."""
    from xsgeo import classical

    found = classical.answer(
        study,
        next(name for name in classical.MODELS if name == model),
        n_sites=n_sites,
        must=must,
        must_not=must_not,
        most_by=most_by,
        skip_unreachable=skip_unreachable,
        time_limit_s=time_limit_s,
        on_stage=stages(language),
    )
    if found.siting.status == "infeasible":
        typer.echo(_lack_words(found, language), err=True)
        raise SystemExit(2)
    return found


def tell(found: Classical, form: Format, language: Language, *, out: Path | None) -> None:
    """Print the answer, and write it if a folder is given."""
    from xsgeo import classical

    study = found.prospect.reach.study
    sites = classical.chosen_sites(found)
    typer.echo(_words(found, language), err=True)
    if len(found.unreachable):
        key = "classical.left_out" if found.is_skipped else "classical.unreachable"
        typer.echo(_who(found, key, language), err=True)
    typer.echo(show(sites if form is not Format.table else _named(sites, study, language), form, language))
    if out is not None:
        _write(found, sites, out, study, language)


def _words(found: Classical, language: Language) -> str:
    from xsgeo.classical import UNITS

    held, unit = found.siting, UNITS[found.model]
    places = ",.1f" if unit == "minutes" else ",.0f"
    return say(
        "classical.words",
        language,
        model=say(f"model.{found.model}", language),
        n_sites=len(held.chosen),
        objective=say(f"count.{unit}", language, n=format(held.objective, places)),
        bound=format(held.bound, places),
        gap=f"{held.gap:.2%}",
        status=say(f"status.{held.status}", language),
        seconds=f"{held.seconds:.1f}",
        n_workers=f"{int(found.weights.sum()):,}",
    )


def _who(found: Classical, key: str, language: Language) -> str:
    most = found.unreachable.sort_index().sort_values(ascending=False, kind="stable")
    named = listed((str(i) for i in most.index[:_NAMED]), language)
    more = [say("classical.and_more", language)] if len(most) > _NAMED else []
    ids = listed([named, *more], language, mark="", mark_en="")
    return say(key, language, n_groups=f"{len(most):,}", n_workers=f"{int(most.sum()):,}", ids=ids)


def _lack_words(found: Classical, language: Language) -> str:
    lines = [say("classical.infeasible", language, model=say(f"model.{found.model}", language))]
    lacks = found.siting.lacks
    if (lacks["rule"] == "uncovered").any():
        lines += [_who(found, "classical.unreachable", language), say("classical.may_skip", language)]
    lines += [
        say(f"classical.lack.{rule}", language, name=name, n=f"{amount:g}")
        for rule, name, amount in zip(lacks["rule"], lacks["subject"], lacks["amount"], strict=True)
        if rule != "uncovered"
    ]
    return "\n".join(lines)


def _named(sites: pd.DataFrame, study: Study, language: Language) -> pd.DataFrame:
    """The sites as a planner reads them."""
    from xsgeo.report import names_of

    towns = names_of(study.towns, language)
    out = sites.assign(
        action=[say(f"page.action.{a}", language) for a in sites["action"]],
        name=[n or say("proposal.ground", language) for n in sites["name"]],
        town=[towns.get(t, t) for t in sites["town_id"]],
    )
    return out[["name", "action", "town", *(c for c in ("n_workers", "mean_min", "max_min") if c in out)]]


def _write(found: Classical, sites: pd.DataFrame, folder: Path, study: Study, language: Language) -> None:
    import pandas as pd

    from xsgeo import outputs

    held = found.siting
    told = {"model": found.model, "status": held.status, "objective": held.objective, "bound": held.bound}
    who = pd.DataFrame({"n_workers": found.weights, "site_id": held.assignment})
    frames = {
        "answer": pd.DataFrame({**told, "gap": held.gap, "seconds": held.seconds}, index=[0]).set_index("model"),
        "sites": sites,
        "assignment": who.rename_axis("group_id"),
        "unreachable": found.unreachable.to_frame("n_workers").rename_axis("group_id"),
    }
    for name, table in frames.items():
        for path in outputs.write_table(table, folder / f"{name}.xlsx", study=study, keep_order=True):
            typer.echo(say("cli.written", language, path=path), err=True)
