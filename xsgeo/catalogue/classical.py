"""Words of the classical siting models: their names, what they count, and whom they leave out."""

from __future__ import annotations

WORDS = {
    "status.infeasible": ("无解", "no answer"),
    "model.phased": ("分年计划", "phased plan"),
    "model.mclp": ("最大覆盖模型（MCLP）", "maximal covering (MCLP)"),
    "model.lscp": ("集合覆盖模型（LSCP）", "set covering (LSCP)"),
    "model.p-median": ("p-中位模型", "p-median"),
    "model.p-center": ("p-中心模型", "p-center"),
    "model.backup": ("备用覆盖模型", "backup covering"),
    "model.capacitated": ("限容量覆盖模型", "capacitated covering"),
    "count.workers": ("覆盖职工{n}人", "{n} workers covered"),
    "count.sites": ("点位{n}处", "{n} sites"),
    "count.worker_minutes": ("总路程{n}人·分钟", "{n} worker minutes in all"),
    "count.minutes": ("最远一组{n}分钟", "{n} minutes for the farthest"),
    "count.times_covered": (
        "覆盖{n}人次（有一处覆盖的人数加有两处以上覆盖的人数）",
        "{n}: workers covered once plus workers covered twice",
    ),
    "classical.words": (
        "{model}：选{n_sites}处，{objective}；界{bound}，最优性间隙{gap}，{status}，用时{seconds}秒。"
        "对象为目前未有效服务的职工{n_workers}人。",
        "{model}: {n_sites} sites, {objective}; bound {bound}, gap {gap}, {status}, {seconds} s. "
        "Asked of the {n_workers} workers who are not served today.",
    ),
    "classical.left_out": (
        "另有{n_groups}组{n_workers}人哪个点位都服务不到，未计入：{ids}。",
        "Left out: {n_workers} workers in {n_groups} groups whom no site can serve: {ids}.",
    ),
    "classical.unreachable": (
        "有{n_groups}组{n_workers}人哪个点位都服务不到：{ids}。",
        "{n_workers} workers in {n_groups} groups can be served by no site: {ids}.",
    ),
    "classical.infeasible": ("{model}无解。", "{model} has no answer."),
    "classical.may_skip": (
        "去掉--no-skip-unreachable即可不计这些人。",
        "Without --no-skip-unreachable they are left out.",
    ),
    "classical.lack.n_sites": ("点位数还差{n}处", "{n} more sites are needed"),
    "classical.lack.quota": ("{name}的点位限数差{n}处", "the limit on sites of {name} is {n} too tight"),
    "classical.lack.budget": ("预算还差{n}", "the budget is {n} too small"),
    "classical.lack.floor": ("{name}的底线少{n}人", "{name} lacks {n} workers for its floor"),
    "classical.and_more": ("等", " and others"),
    "programme.bad_quota": (
        "--most-in {value}无法识别：请写成“名称=个数”，名称为镇乡名、镇乡编号或权属部门，如石浦镇=3",
        "--most-in {value} cannot be read: write NAME=NUMBER with the name or id of a town, or an owner system",
    ),
    "column.site_id": ("点位", "site"),
    "column.mean_min": ("平均分钟", "mean minutes"),
    "column.max_min": ("最远分钟", "farthest minutes"),
}
