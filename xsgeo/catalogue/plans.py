"""Words of a plan over years: its list, its cards, what stands in the way, and what binds where nothing fits."""

from __future__ import annotations

WORDS = {
    "stage.actions": ("列出做法与造价", "pricing what could be done"),
    "programme.words": (
        "{n_years}年共{n_actions}项，期末新增服务{n_workers}人，支出{spent}万元（预算{budget}万元）。按年折算{objective}人，"
        "上界{bound}人，最优性间隙{gap}，{status}，用时{seconds}秒。造价依据：{basis}。",
        "{n_actions} actions in {n_years} years serve {n_workers} more workers by the end for {spent} of {budget} "
        "(10,000 yuan). Discounted {objective}, bound {bound}, gap {gap}, {status}, {seconds} s. "
        "Basis of prices: {basis}.",
    ),
    "programme.progress": (
        "  {stage}：目前最好{best}人，上界{bound}人（按年折算），已用{seconds}秒；按Ctrl-C停在目前最好的方案",
        "  {stage}: best so far {best}, bound {bound} (discounted), {seconds} s; Ctrl-C stops at the best so far",
    ),
    "search.bound": ("求上界", "bound"),
    "search.plan": ("求方案", "plan"),
    "search.cheapest": ("在同样好的方案里找最省钱的", "cheapest of equals"),
    "search.worst_off": ("先保最差镇", "worst-off town"),
    "search.robust": ("求稳健方案", "robust plan"),
    "search.explain": ("查哪里太紧", "what is too tight"),
    "programme.closed": (
        "其中关停{n}处，每年省下{saved}万元，{lost}人因此用不上；以上新增人数已扣除。",
        "{n} rooms are closed, which saves {saved} (10,000 yuan) a year and leaves {lost} workers without; the figures "
        "above are net of them.",
    ),
    "programme.seats": (
        "计座位：新增人数是能找到座位的人，今天因坐满而没有座位的也在内。",
        "Seats are counted: workers added are those with a seat, those included who find rooms full today.",
    ),
    "programme.years": ("逐年", "year by year"),
    "programme.cards": ("理由卡", "reason cards"),
    "programme.alternatives": ("相差{within}以内的其他方案", "other plans within {within}"),
    "programme.money": ("多花少花会怎样", "what more or less money would do"),
    "programme.ways": ("同样的钱，不同的选法", "the same money, chosen in other ways"),
    "programme.regret": ("各种情形下的遗憾值（人，按年折算）", "regret in each state (workers, discounted)"),
    "programme.regret_least": (
        "稳健方案的最大遗憾是{most}人；任何方案都不会低于{least}人。",
        "The robust plan's largest regret is {most}; no plan's is less than {least}.",
    ),
    "programme.infeasible": ("没有方案能同时满足这些条件。", "No plan keeps to all of these terms."),
    "programme.lack.floors": (
        "若只放宽底线，最少要让：{told}。",
        "If floors alone gave, these would have to: {told}.",
    ),
    "programme.lack.budgets": (
        "若只加预算，最少要加：{told}。",
        "If money alone gave, there would have to be: {told}.",
    ),
    "programme.lack.limits": (
        "若只放宽项数限制，最少要让：{told}。",
        "If limits alone gave, there would have to be: {told}.",
    ),
    "programme.beyond": (
        "加多少钱也到不了底线的：{told}。",
        "No money reaches the floor of: {told}.",
    ),
    "lack.beyond": (
        "{name}（还差{n}人；有{nobody}人哪项做法都服务不到）",
        "{name} ({n} short; {nobody} workers whom no action serves)",
    ),
    "programme.wrong_years": (
        "--budget写了{n}年，--years却是{years}：两处要一致",
        "--budget has {n} years and --years says {years}: they must agree",
    ),
    "programme.no_single_way": ("只放宽任何一类都不够，需同时放宽。", "No one kind of terms is enough by itself."),
    "programme.bad_budget": (
        "预算“{value}”无法识别：请写成逗号分隔的每年金额（万元），如30,40,30",
        'the budget "{value}" cannot be read: write the amount of each year (10,000 yuan) parted by commas, as '
        "30,40,30",
    ),
    "lack.floors": ("{name}少{n}人", "{name} lacks {n} workers"),
    "lack.budgets": ("第{name}年多{n}万元", "{n} (10,000 yuan) more in year {name}"),
    "lack.limits": ("{name}多{n}项", "{n} more of {name}"),
    "card.title": (
        "【第{year}年】{action}：{name}（{town}），{hours}",
        "[Year {year}] {action}: {name} ({town}), {hours}",
    ),
    "card.title_closed": ("【第{year}年】{action}：{name}（{town}）", "[Year {year}] {action}: {name} ({town})"),
    "card.cost": ("一次性{once}万元，此后每年{yearly}万元。", "{once} once and {yearly} a year (10,000 yuan)."),
    "card.saves": (
        "一次性{once}万元，此后每年省下{yearly}万元。",
        "{once} once, and {yearly} a year saved (10,000 yuan).",
    ),
    "card.loses": (
        "关停后{n}人用不上了。镇乡（街道）：{towns}；集群：{clusters}；班制：{shifts}。",
        "{n} lose what they have. By town: {towns}; by cluster: {clusters}; by shift: {shifts}.",
    ),
    "card.loses_nobody": (
        "关停后没有人用不上：来这里的人都有别的阵地可用。",
        "Nobody is left without: whoever comes here has another venue.",
    ),
    "card.then": ("关停后用不上的原因：{reasons}。", "What stands in their way then: {reasons}."),
    "card.left": (
        "到最近阵地平均{minutes_before}分钟，之后{minutes_after}分钟；每周可用{hours_before}小时，之后{hours_after}小时。",
        "Mean minutes to the nearest venue {minutes_before}, then {minutes_after}; usable hours a week {hours_before}, "
        "then {hours_after}.",
    ),
    "card.who": (
        "新增服务{n}人。镇乡（街道）：{towns}；集群：{clusters}；班制：{shifts}。",
        "Serves {n} more. By town: {towns}; by cluster: {clusters}; by shift: {shifts}.",
    ),
    "card.why": ("目前用不上的原因：{reasons}。", "Why they are not served today: {reasons}."),
    "card.change": (
        "到最近阵地平均{minutes_before}分钟，到这里{minutes_after}分钟；每周可用{hours_before}小时，之后{hours_after}小时。",
        "Mean minutes to the nearest venue {minutes_before}, to this one {minutes_after}; usable hours a week "
        "{hours_before}, then {hours_after}.",
    ),
    "card.lost": ("去掉这一项，少服务{n}人。", "Without it {n} fewer are served."),
    "card.next": ("换成次优的{name}，少服务{n}人。", "The next-best site, {name}, serves {n} fewer."),
    "card.no_next": ("同样的钱没有别处可替代。", "No other site would do for the same money."),
    "card.way": ("要过的坎：{obstacles}。", "In the way: {obstacles}."),
    "card.more": ("等", " and others"),
    "card.none": ("无", "none"),
    "obstacle.other_owner": ("不归工会管，需与权属部门商定", "another owner has to agree"),
    "obstacle.agreement": ("需签共享协议", "an agreement to share"),
    "obstacle.staff": ("需安置现有人员和设施", "its staff and equipment have to go elsewhere"),
    "obstacle.space": ("需核实能否腾出空间", "whether there is space has to be looked at"),
    "obstacle.limited_hours": ("只有部分时段可用", "it can be had at certain hours only"),
    "obstacle.coarse_position": ("位置只定到百米以外，需实地核", "its position is coarse and must be surveyed"),
    "obstacle.estimated_price": ("造价是估计，需询价", "its price is an estimate"),
    "obstacle.seats_unknown": ("容纳人数未填", "its seats are not known"),
    "obstacle.no_room": ("没有现成房屋，需落实用地", "there is no building yet"),
    "column.year": ("年度", "year"),
    "programme.bad_closable": (
        "“{value}”不能列为可关停：今天没有这个编号的开放阵地（用venue_id，如{example}）",
        '"{value}" cannot be named as closable: no venue of that id is open today (give a venue_id, as {example})',
    ),
    "programme.bad_site": (
        "点位“{value}”没有可选的做法：点位编号见plan.xlsx的site_id列，如open_longer:V1、share:V3",
        'nothing can be done at the site "{value}": ids of sites stand in the column site_id of plan.xlsx, as '
        "open_longer:V1, share:V3",
    ),
    "programme.same_room": (
        "“{value}”与“{other}”是同一间房，只写一个即可",
        '"{value}" and "{other}" hang on one room: name one of them',
    ),
    "programme.many_closable": (
        "计座位（--seats）时，可关停的房间最多{most}处，这里写了{n}处：每种关法都要把全县座位重排一遍，{most}处已有{sets}种。"
        "请先不加--seats看关哪几处合算，再从中挑{most}处以内加--seats",
        "With --seats at most {most} rooms can be named as closable, here are {n}: for every set of them the seats of "
        "the county are dealt out anew, and {most} rooms make {sets} sets. Find without --seats which are worth "
        "closing, and name at most {most} of these with --seats",
    ),
    "programme.no_price": (
        "缺造价：{told}。请在study.toml的[costs.once]下补上（万元），如：\n{example}",
        "Prices are missing: {told}. Add them to [costs.once] of study.toml (10,000 yuan), as:\n{example}",
    ),
    "programme.unpriced": ("“{kind}”（如点位{site}）", '"{kind}" (site {site})'),
    "plan_book.file": ("实施方案.xlsx", "plan_report.xlsx"),
    "plan_book.about": ("说明", "about"),
    "plan_book.tables": (
        "同一文件夹里的plan.xlsx、cards.xlsx等是供程序读取的原始表。",
        "plan.xlsx, cards.xlsx and the like beside this file are the tables for programs.",
    ),
    "plan_book.actions": ("实施清单", "actions"),
    "plan_book.years": ("逐年", "year by year"),
    "plan_book.cards": ("理由卡", "reason cards"),
    "plan_book.alternatives": ("其他方案", "other plans"),
    "plan_book.money": ("多花少花", "more or less money"),
    "plan_book.ways": ("不同选法", "other ways"),
    "plan_book.regret": ("遗憾值", "regret"),
    "column.reasons": ("理由", "reasons"),
    "column.plan_hours": ("开放时间", "hours"),
    "column.cost_once": ("一次性（万元）", "once (10k yuan)"),
    "column.cost_per_year": ("每年（万元）", "a year (10k yuan)"),
    "column.spent": ("支出（万元）", "spent (10k yuan)"),
    "column.budget": ("预算（万元）", "budget (10k yuan)"),
    "column.way": ("选法", "way"),
    "column.n_actions": ("项数", "actions"),
    "column.objective": ("按年折算人数", "discounted workers"),
    "column.share_best": ("相当于最优", "of the best"),
    "column.scale": ("预算倍数", "budget times"),
    "column.n_workers_most": ("求多：新增", "most: added"),
    "column.share_worst_most": ("求多：最差镇", "most: worst-off town"),
    "column.gap_most": ("求多：间隙", "most: gap"),
    "column.n_workers_worst": ("保底：新增", "worst-off first: added"),
    "column.share_worst_worst": ("保底：最差镇", "worst-off first: worst-off town"),
    "column.gap_worst": ("保底：间隙", "worst-off first: gap"),
    "column.plan": ("方案", "plan"),
    "column.action_id": ("做法", "action"),
    "column.n_plans": ("入选方案数", "in plans"),
    "column.largest_regret": ("最大遗憾", "largest regret"),
    "column.as_is": ("现状", "as it is"),
    "column.gale": ("大风停航", "gale"),
    "column.moratorium": ("休渔期", "moratorium"),
    "column.slow_roads": ("路上慢两成", "slow roads"),
    "way.exact": ("精确求解", "exact"),
    "way.greedy": ("贪心", "greedy"),
    "way.swapped": ("贪心加交换", "greedy with interchange"),
    "way.clusters": ("只按聚类", "clusters alone"),
    "state.as_is": ("现状最优", "best as it is"),
    "state.gale": ("大风最优", "best in a gale"),
    "state.moratorium": ("休渔期最优", "best in the moratorium"),
    "state.slow_roads": ("慢路最优", "best on slow roads"),
    "state.robust": ("稳健方案", "robust"),
}
WORDS |= {f"column.plan_{n}": (f"方案{n}", f"plan {n}") for n in range(1, 21)}
