"""The command that plans over years."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say
from xsgeo.cli import classical
from xsgeo.cli.answers import For
from xsgeo.cli.shared import (
    Format,
    FormatOption,
    Lang,
    LangOption,
    StudyFolder,
    check_suffix,
    plain,
    read,
    show,
    stages,
)

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.phasing import Terms
    from xsgeo.programme import Programme, Question
    from xsgeo.siting.watch import Progress
    from xsgeo.study import Study

app = typer.Typer()

_NEWS_S = 5.0


class Aim(StrEnum):
    """What a plan is to do first."""

    most = "most"
    worst = "worst"


class ModelName(StrEnum):
    """Which model chooses."""

    phased = "phased"
    mclp = "mclp"
    lscp = "lscp"
    p_median = "p-median"
    p_center = "p-center"
    backup = "backup"
    capacitated = "capacitated"


@app.command()
def plan(
    study: StudyFolder,
    *,
    budget: Annotated[str, typer.Option("--budget", help="每年预算，万元 / 10,000 yuan of each year")] = "30,40,30",
    years: Annotated[int | None, typer.Option("--years", min=1, help="几年 / how many years")] = None,
    model: Annotated[
        ModelName, typer.Option("--model", help="用哪种模型 / phased plan or a classical model")
    ] = ModelName.phased,
    sites: Annotated[
        int | None, typer.Option("--sites", min=0, help="经典模型选几处 / number of sites of a classical model")
    ] = None,
    skip_unreachable: Annotated[
        bool, typer.Option(help="谁也服务不到的人不计入经典模型 / leave out whom no site can serve")
    ] = True,
    most_per_town: Annotated[
        int | None, typer.Option("--most-per-town", min=0, help="每个镇乡最多几项 / most actions of each town")
    ] = None,
    most_per_owner: Annotated[
        int | None, typer.Option("--most-per-owner", min=0, help="每个权属部门最多几项 / most actions of each owner")
    ] = None,
    most_in: Annotated[
        list[str] | None,
        typer.Option("--most-in", metavar="NAME=N", help="某镇乡或权属部门最多几项 / most of one town or owner"),
    ] = None,
    must: Annotated[
        list[str] | None, typer.Option("--must", metavar="SITE", help="必须选的点位 / a site that has to be taken")
    ] = None,
    must_not: Annotated[
        list[str] | None, typer.Option("--must-not", metavar="SITE", help="不得选的点位 / a site not to be taken")
    ] = None,
    closable: Annotated[
        list[str] | None,
        typer.Option(
            "--closable", metavar="VENUE_ID", help="可以关停的阵地；其余一律保留 / a venue that may be closed"
        ),
    ] = None,
    floor: Annotated[
        float, typer.Option("--floor", min=0, max=1, help="每个镇乡的有效覆盖率底线 / least share of every town")
    ] = 0.0,
    aim: Annotated[
        Aim, typer.Option("--aim", help="先求多，还是先保最差镇 / most workers, or the worst-off town first")
    ] = Aim.most,
    carry: Annotated[bool, typer.Option("--carry", help="结余可转下年 / money not spent carries over")] = False,
    seats: Annotated[bool, typer.Option("--seats", help="计容纳人数 / count seats by half hour")] = False,
    alternatives: Annotated[
        int, typer.Option("--alternatives", min=1, max=20, help="列出几个相近方案 / how many plans within 1%")
    ] = 1,
    money: Annotated[bool, typer.Option("--money", help="多花少花会怎样 / what more or less money would do")] = False,
    ways: Annotated[bool, typer.Option("--ways", help="与聚类、贪心比较 / set beside clusters and greedy")] = False,
    robust: Annotated[
        bool, typer.Option("--robust", help="大风、休渔、慢路下也稳妥 / least regret in a gale, moratorium, slow roads")
    ] = False,
    time_limit: Annotated[float, typer.Option("--time-limit", min=1, help="求解时限，秒 / seconds")] = 60.0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="写出全部表格和方案页 / write every table, and the page")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--map", metavar="FILE.html", help="把方案画成一页 / draw the plan as a page")
    ] = None,
    audience: Annotated[
        For, typer.Option("--audience", help="方案页给谁看；内部版含单位人数 / for whom the page is")
    ] = For.public,
    form: FormatOption = Format.table,
    lang: LangOption = Lang.zh,
) -> None:
    """按年度预算排出先做什么，并证明没有更好的排法。 What to do in which year for the money, with proof."""
    from xsgeo.phasing import Terms

    check_suffix(page, ".html", lang.value)
    if page is not None and model is not ModelName.phased:
        raise typer.BadParameter(say("cli.map_of_phased", lang.value))
    amounts = _budgets(budget, years, lang.value)
    checked = read(study)
    most_by = _quotas(checked, most_per_town, most_per_owner, most_in or [], lang.value)
    taken, barred = frozenset(must or ()), frozenset(must_not or ())
    if model is not ModelName.phased:
        found = classical.ask(
            checked, model.value, n_sites=sites, must=taken, must_not=barred, most_by=most_by,
            skip_unreachable=skip_unreachable, time_limit_s=time_limit, language=lang.value,
        )  # fmt: skip
        classical.tell(found, form, lang.value, out=out)
        return
    terms = Terms(amounts, carries=carry, most_actions=sites, most_by=most_by, must=taken, must_not=barred)
    shut = _closable(checked, closable or [], seats=seats, language=lang.value)
    question, made = _made(
        checked, terms, floor=floor, seats=seats, closable=shut, aim=aim, time_limit_s=time_limit, lang=lang.value
    )
    tables = _tables(
        question, made, n=alternatives, money=money, ways=ways, robust=robust, time_limit_s=time_limit, lang=lang.value
    )
    drawn = "" if page is None and out is None else _drawn(made, tables, audience, lang.value)
    _print(made, tables, form, lang.value)
    if out is not None:
        _write(made, tables, out, lang.value)
    _write_page(drawn, page, out, audience, lang.value)


def _made(
    study: Study,
    terms: Terms,
    *,
    floor: float,
    seats: bool,
    closable: frozenset[str],
    aim: Aim,
    time_limit_s: float,
    lang: Language,
) -> tuple[Question, Programme]:
    """Ask and answer; where nothing fits say so and end."""
    from xsgeo import plan_report, programme
    from xsgeo.errors import PlanError
    from xsgeo.phasing import InfeasibleError, UnknownSiteError, UnpricedError

    tell = stages(lang)
    try:
        question = programme.ask(study, terms, floor_everywhere=floor, seats=seats, closable=closable, on_stage=tell)
    except UnknownSiteError as error:
        raise PlanError(say("programme.bad_site", lang, value=error.site_id)) from None
    except UnpricedError as error:
        comma = ", " if lang == "en" else "、"
        told = comma.join(say("programme.unpriced", lang, kind=kind, site=site) for kind, site in error.missing.items())
        example = "\n".join(f"{kind} = 5.0" for kind in error.missing)
        raise PlanError(say("programme.no_price", lang, told=told, example=example)) from None
    tell("plan")
    hear = _hear(lang)
    try:
        return question, programme.plan(
            question, worst_off_first=aim is Aim.worst, time_limit_s=time_limit_s, progress=hear
        )
    except InfeasibleError as error:
        typer.echo(plan_report.lack_words(error, study, language=lang), err=True)
        raise SystemExit(2) from None


def _hear(language: Language) -> Callable[[Progress], None]:
    """Say every few seconds how far the search is: what it does, the best so far, and what none passes."""
    told = {"at": 0.0, "best": 0.0, "bound": 0.0}

    def hear(news: Progress) -> None:
        # The solver only says that it is still there; what was known when it began still holds.
        if not math.isnan(news.objective):
            told.update(best=news.objective, bound=news.bound)
        told["at"] = min(told["at"], news.seconds)
        if news.seconds - told["at"] < _NEWS_S:
            return
        told["at"] = news.seconds
        best, bound = f"{told['best']:,.0f}", f"{told['bound']:,.0f}"
        stage = say(f"search.{news.stage}", language)
        line = say("programme.progress", language, stage=stage, best=best, bound=bound, seconds=f"{news.seconds:.0f}")
        typer.echo(line, err=True)

    return hear


def _closable(study: Study, ids: list[str], *, seats: bool, language: Language) -> frozenset[str]:
    """Venues that may be closed; what is wrong with one is said before anything is worked out."""
    from xsgeo import sharing
    from xsgeo.errors import PlanError
    from xsgeo.phasing.states import MOST_CLOSABLE

    if seats and len(set(ids)) > MOST_CLOSABLE:
        told = say("programme.many_closable", language, most=MOST_CLOSABLE, n=len(set(ids)), sets=2**MOST_CLOSABLE)
        raise PlanError(told)
    is_open = study.venues.index[study.venues["status"] == "open"]
    wrong = [i for i in ids if i not in is_open]
    if wrong:
        raise PlanError(
            say("programme.bad_closable", language, value=wrong[0], example=str(min(is_open, default="V1")))
        )
    rooms = sharing.room_labels(study.venues, study.room_pairs)
    first: dict[str, str] = {}
    for i in dict.fromkeys(ids):
        other = first.setdefault(str(rooms[i]), i)
        if other != i:
            raise PlanError(say("programme.same_room", language, value=i, other=other))
    return frozenset(ids)


def _quotas(
    study: Study, per_town: int | None, per_owner: int | None, named: list[str], language: Language
) -> dict[str, dict[str, int]]:
    """Most actions of each town and owner: the usual number, and those that were named."""
    from xsgeo.errors import PlanError

    owners = {str(o) for frame in (study.venues, study.assets) for o in frame["owner_system"].dropna()} - {""}
    towns = {str(name): str(i) for i, name in study.towns["name"].items()} | {str(i): str(i) for i in study.towns.index}
    by_town = {} if per_town is None else dict.fromkeys(sorted(set(towns.values())), per_town)
    by_owner = {} if per_owner is None else dict.fromkeys(sorted(owners), per_owner)
    for text in named:
        name, _, number = text.replace("＝", "=").partition("=")
        if not number.strip().isdecimal() or not (name in towns or name in owners):
            raise PlanError(say("programme.bad_quota", language, value=text))
        if name in towns:
            by_town[towns[name]] = int(number)
        else:
            by_owner[name] = int(number)
    return {column: most for column, most in (("town_id", by_town), ("owner_system", by_owner)) if most}


def _budgets(text: str, years: int | None, language: Language) -> tuple[float, ...]:
    from xsgeo.errors import PlanError

    try:
        amounts = tuple(float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        amounts = ()
    if not amounts or not all(0 <= a < math.inf for a in amounts):
        raise PlanError(say("programme.bad_budget", language, value=text))
    if years is not None and years != len(amounts):
        raise PlanError(say("programme.wrong_years", language, n=len(amounts), years=years))
    return amounts


def _tables(
    question: Question,
    made: Programme,
    *,
    n: int,
    money: bool,
    ways: bool,
    robust: bool,
    time_limit_s: float,
    lang: Language,
) -> dict[str, pd.DataFrame]:
    """Tables that were asked for, by name."""
    from xsgeo import phasing, plan_report, programme

    task = question.task
    tables: dict[str, pd.DataFrame] = {}
    if made.plan.status == "interrupted":
        return tables
    if n > 1:
        others = phasing.alternatives(task, made.plan, most=n, time_limit_s=time_limit_s)
        shared = phasing.in_common(others)
        sites = question.prospect.candidates["name"].reindex(question.actions.loc[shared.index, "site_id"])
        shared.insert(0, "name", [n or say("proposal.ground", lang) for n in sites])
        tables["alternatives"] = shared
    if money:
        tables["money"] = phasing.money(task, time_limit_s=time_limit_s)
    if ways:
        plans = phasing.ways(task, made.plan, question.prospect.gaps)
        table = plan_report.comparison(plans)
        tables["ways"] = table.rename(index={name: say(f"way.{name}", lang) for name in table.index})
    if robust:
        tasks = programme.usual_states(question)
        _, regret = phasing.robust(tasks, time_limit_s=time_limit_s)
        regret.insert(0, "largest_regret", regret.max(axis=1))
        tables["regret"] = regret.rename(index={name: say(f"state.{name}", lang) for name in regret.index})
    return tables


def _print(made: Programme, tables: dict[str, pd.DataFrame], form: Format, language: Language) -> None:
    from xsgeo import plan_report, report

    study = made.question.prospect.reach.study
    words = plan_report.plan_words(made.plan, study.about.costs, language=language)
    if form is not Format.table:
        typer.echo(words, err=True)
        typer.echo(show(made.plan.actions, form, language))
        return
    typer.echo(report.standard_words(study, language=language), err=True)
    typer.echo(words, err=True)
    typer.echo(show(plan_report.plan_table(made.plan, study, language=language), form, language))
    typer.echo(f"\n{say('programme.years', language)}")
    typer.echo(plain(made.plan.by_year, language))
    for name, table in _in_words(made, tables, language).items():
        typer.echo(f"\n{say(f'programme.{name}', language, within='1%')}")
        typer.echo(plain(table, language))
        if name == "regret":
            held = {
                "most": f"{table['largest_regret'].iloc[-1]:,.0f}",
                "least": f"{table.attrs.get('least', 0.0):,.0f}",
            }
            typer.echo(say("programme.regret_least", language, **held))
    sites = plan_report.names_of_sites(made.question.prospect.candidates)
    typer.echo(f"\n{say('programme.cards', language)}")
    for card in made.cards:
        typer.echo(plan_report.card_words(card, study, language=language, anchors=sites) + "\n")


def _in_words(made: Programme, tables: dict[str, pd.DataFrame], language: Language) -> dict[str, pd.DataFrame]:
    """The tables asked for, to be read: actions by what they do, no ids."""
    from xsgeo import plan_book

    if "alternatives" not in tables:
        return tables
    month = made.question.prospect.reach.study.standard.month
    told = plan_book.alternatives_table(tables["alternatives"], made.question.actions, month=month, language=language)
    return {**tables, "alternatives": told}


def _drawn(made: Programme, tables: dict[str, pd.DataFrame], audience: For, language: Language) -> str:
    """Draw the page before any file is written: a fault here leaves none."""
    from xsgeo import programme

    return programme.page(made, money=tables.get("money"), language=language, audience=audience.value)


def _write_page(drawn: str, page: Path | None, folder: Path | None, audience: For, language: Language) -> None:
    """Write the page where it was asked for and beside the tables, under a name that says for whom it is."""
    from xsgeo import outputs
    from xsgeo.maps.audience import PLAN_PAGE, file_name

    places = [page] if page is not None else []
    places += [folder / PLAN_PAGE] if folder is not None else []
    for place in dict.fromkeys(p.with_name(file_name(p.name, audience=audience.value)) for p in places):
        for path in outputs.write_files({place.name: drawn}, place.parent):
            typer.echo(say("cli.written", language, path=path), err=True)


def _write(made: Programme, tables: dict[str, pd.DataFrame], folder: Path, language: Language) -> None:
    """Write the plan, its cards, the tables asked for, and the study's own ledgers with the plan in added columns."""
    from xsgeo import outputs, plan_book, plan_report, programme

    study = made.question.prospect.reach.study
    sites = plan_report.names_of_sites(made.question.prospect.candidates)
    cards = plan_report.card_table(made.cards)
    cards["text"] = [plan_report.card_words(c, study, language=language, anchors=sites) for c in made.cards]
    frames = {"plan": made.plan.actions, "years": made.plan.by_year, "cards": cards, **tables}
    book = plan_book.plan_workbook(
        made.plan,
        made.cards,
        study,
        _in_words(made, tables, language),
        sites=sites,
        seats=made.question.seats,
        language=language,
    )
    for path in outputs.write_files({say("plan_book.file", "en" if language == "en" else "zh"): book}, folder):
        typer.echo(say("cli.written", language, path=path), err=True)
    frames |= {f"{name}_with_plan": table for name, table in programme.marked(made).items()}
    for name, table in frames.items():
        for path in outputs.write_table(table, folder / f"{name}.xlsx", study=study, keep_order=True):
            typer.echo(say("cli.written", language, path=path), err=True)
