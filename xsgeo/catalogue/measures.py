"""Words of the measures: standards, sensitivity, equity, quality and their figure."""

from __future__ import annotations

WORDS = {
    # standards
    "fault.standard_table": ("“{value}”不是一项标准", '"{value}" is not a standard'),
    "remedy.standard_table": (
        "请写成 [standards.编号]，下面逐行写 name、cutoff_min 等",
        "Write [standards.<id>] with name, cutoff_min and so on below it",
    ),
    "fault.standard_id": ("标准编号“{value}”不合规", 'the id "{value}" cannot be used'),
    "remedy.standard_id": (
        "编号用小写字母开头，只含小写字母、数字和下划线，不超过32个字符",
        "An id begins with a small letter and has small letters, digits and underscores, at most 32",
    ),
    "fault.standard_taken": (
        "编号“{value}”是现成标准的编号",
        'the id "{value}" belongs to a standard that comes with xsgeo',
    ),
    "remedy.standard_taken": ("请另取编号，免得同名不同数", "Choose another, or two numbers would have one name"),
    "fault.standard_distance": (
        "标准“{value}”没有写明距离，或写了两种",
        'the standard "{value}" states no distance, or two kinds of it',
    ),
    "remedy.standard_distance": (
        "cutoff_min（各出行方式的分钟数）和 radius_m（步行米数）只写其中一项",
        "Give either cutoff_min (minutes by means) or radius_m (metres on foot)",
    ),
    "fault.standard_cutoffs": ("“{value}”不是各出行方式的分钟数", '"{value}" is not minutes by means of travel'),
    "remedy.standard_cutoffs": (
        "请写成 cutoff_min = {{ walk = 15 }}；可用的出行方式：{modes}",
        "Write cutoff_min = {{ walk = 15 }}; means are {modes}",
    ),
    "fault.standard_mode": ("没有“{value}”这种出行方式", 'there is no means of travel "{value}"'),
    "remedy.standard_mode": ("请从这些里选：{modes}", "Choose from {modes}"),
    "fault.standard_minutes": ("“{value}”不是合理的分钟数", '"{value}" is not a number of minutes'),
    "remedy.standard_minutes": ("请填大于0、不超过1440的数", "Give a number above 0 and at most 1440"),
    "fault.standard_metres": ("“{value}”不是合理的米数", '"{value}" is not a number of metres'),
    "remedy.standard_metres": ("请填大于0、不超过100000的数", "Give a number above 0 and at most 100000"),
    "fault.standard_hours": ("“{value}”不是合理的每周小时数", '"{value}" is not a number of hours a week'),
    "remedy.standard_hours": ("请填大于0、不超过168的数", "Give a number above 0 and at most 168"),
    "fault.standard_month": ("“{value}”不是月份", '"{value}" is not a month'),
    "remedy.standard_month": ("请填1到12的整数", "Give a whole number from 1 to 12"),
    "fault.standard_share": ("“{value}”不是比例", '"{value}" is not a share'),
    "remedy.standard_share": ("请填大于0、不超过1的数，如0.1", "Give a number above 0 and at most 1, such as 0.1"),
    "fault.standard_text": ("“{value}”不是文字", '"{value}" is not a text'),
    "remedy.standard_text": ("请用引号括起来", "Put it in quotes"),
    "fault.standard_list": ("“{value}”不是清单", '"{value}" is not a list'),
    "remedy.standard_list": ('请用方括号括起来，如 ["reading"]', 'Put it in square brackets, such as ["reading"]'),
    "fault.standard_function": ("没有“{value}”这种功能", 'there is no function "{value}"'),
    "remedy.standard_function": ("请从这些里选：{functions}", "Choose from {functions}"),
    "standard.line": (
        "{id}  {name}：{cutoffs}，每周可用不少于{hours}小时{functions}\n    出处：{source}",
        "{id}  {name}: {cutoffs}; at least {hours} usable hours a week{functions}\n    Source: {source}",
    ),
    "standard.several": (
        "标准共{n}个，数据日期{as_of}{demo}：",
        "{n} standards; data of {as_of}{demo}:",
    ),
    "standard.brief": (
        "  {name}：{cutoffs}，每周可用不少于{hours}小时{functions}，按{month}月开放时间",
        "  {name}: {cutoffs}; at least {hours} usable hours a week{functions}; opening hours of month {month}",
    ),
    "standard.functions": ("，须有{functions}", "; with {functions}"),
    "standard.unknown": (
        "没有标准“{value}”，只有：{known}",
        "there is no standard {value!r}; there are {known}",
    ),
    "standard.own": (
        "自定标准写在 study.toml 的 [standards.编号] 下，写法与上面各项相同。",
        "Your own go into study.toml under [standards.<id>], in the same words.",
    ),
    "column.standard_id": ("标准", "standard"),
    "column.standard": ("标准", "standard"),
    "column.cutoffs": ("路程上限", "cut-off"),
    "column.min_hours_per_week": ("每周小时", "hours a week"),
    "column.source": ("出处", "source"),
    # sensitivity
    "column.setting": ("速度与路程上限", "speed and cut-off"),
    "column.speed": ("速度", "speed"),
    "column.cutoff_min": ("分钟", "minutes"),
    "column.is_standard": ("现行标准", "the standard"),
    "speed.same": ("原速", "as planned"),
    "speed.faster": ("快{percent}%", "{percent}% faster"),
    "speed.slower": ("慢{percent}%", "{percent}% slower"),
    "sensitivity.case": ("{speed}，{minutes}分钟", "{speed}, {minutes} min"),
    "sensitivity.here": ("是", "yes"),
    "sensitivity.note": (
        "其余条件不变：同样的班次、开放时间、共享条件和功能要求；渡船班次不随速度变化。",
        "All else is held still: shifts, opening hours, sharing and functions; boats keep their timetable.",
    ),
    # equity
    "column.sex": ("性别", "sex"),
    "column.age": ("年龄", "age"),
    "column.island": ("海岛", "island"),
    "column.mean_hours": ("人均每周可用小时", "mean hours a week"),
    "column.gini": ("基尼系数", "Gini"),
    "column.palma": ("帕尔玛比值", "Palma"),
    "column.fgt0": ("时长不足占比", "short of hours"),
    "column.fgt1": ("缺口率", "mean gap"),
    "column.fgt2": ("缺口平方", "squared gap"),
    "column.share_of_workers": ("占职工", "of workers"),
    "column.share_of_gap": ("占缺口", "of the gap"),
    "column.share_of_gini": ("占基尼系数", "of the Gini"),
    "stratum.women": ("女职工", "women"),
    "stratum.men": ("男职工", "men"),
    "stratum.under_35": ("35岁以下", "under 35"),
    "stratum.from_35": ("35岁及以上", "35 and over"),
    "stratum.island": ("海岛镇乡", "island towns"),
    "stratum.mainland": ("陆上镇乡", "mainland towns"),
    "stratum.unstated": ("未注明", "not stated"),
    "by.town": ("镇乡（街道）", "town"),
    "by.cluster": ("产业集群", "cluster"),
    "by.shift": ("班制", "shift"),
    "by.sex": ("性别", "sex"),
    "by.age": ("年龄", "age"),
    "by.island": ("海岛与陆上", "island and mainland"),
    "equity.worst": (
        "按{by}看，最薄弱的是{worst}：有效覆盖率{share}，全部为{whole}。",
        "By {by}, the worst-off is {worst}: effective coverage {share}, against {whole} for all.",
    ),
    "equity.spread": (
        "每周可用时长的基尼系数{gini}，帕尔玛比值{palma}，泰尔指数{theil}（{by}之间占{between}）。",
        "Usable hours a week: Gini {gini}, Palma {palma}, Theil {theil} ({between} of it lies between one {by} and "
        "another).",
    ),
    "equity.poverty": (
        "每周不足{line}小时的职工占{fgt0}，缺口率{fgt1}，缺口平方{fgt2}；缺口最大的是{cause}，占全部缺口的{part}（职工占{workers}）。",
        "Short of {line} hours a week: {fgt0} of workers, mean gap {fgt1}, squared gap {fgt2}; most of the gap is in "
        "{cause}, {part} of it with {workers} of the workers.",
    ),
    "equity.behind": (
        "基尼系数可分到各行：{cause}最多，占{part}（职工占{workers}）。",
        "The Gini coefficient adds up row by row; most of it is in {cause}: {part}, with {workers} of the workers.",
    ),
    "equity.concentration": (
        "按用人单位规模由小到大排序的集中指数{value}：{meaning}。",
        "Concentration index by size of employer, from the smallest: {value}; {meaning}.",
    ),
    "equity.towards_large": ("可用时长偏向大单位的职工", "usable hours lean to workers of large employers"),
    "equity.towards_small": ("可用时长偏向小单位的职工", "usable hours lean to workers of small employers"),
    "equity.towards_none": ("与单位大小基本无关", "size hardly matters"),
    "equity.unknown": (
        "位置不明的{n}名职工不在时长分布之内，算有效覆盖率时按未服务计。",
        "{n} workers of unknown position are not in the spread of hours; for effective coverage they count as not "
        "served.",
    ),
    "equity.hours": (
        "时长不足：每周可用少于{line}小时。缺口率：离{line}小时还差几成，够的人按零计，取全体平均。占缺口、占基尼系数：该行在全部中的份额，各行合计100%。",
        "Short of hours: fewer than {line} usable a week. Mean gap: by what part of {line} hours workers are short, 0 "
        "for those who are not, averaged over all. Of the gap, of the Gini: the row's part of the whole; rows add up "
        "to 100%.",
    ),
    "figure.workers": ("职工，由可用时长最少者起累计", "Workers, from those with fewest hours"),
    "figure.hours": ("占全部可用时长", "Share of all usable hours"),
    "figure.equal": ("人人一样多", "all have the same"),
    "figure.curve": ("{name} {gini}", "{name} {gini}"),
    "figure.title": (
        "可用时长最少的四成职工，只占{share}",
        "The 40% of workers with fewest hours have {share} of all usable hours",
    ),
    "figure.nothing": ("没有人有可用时长，不画图。", "Nobody has a usable hour: no figure is drawn."),
    "figure.note": (
        "数字为基尼系数：0为人人一样多，1为一人独占。",
        "Figures are Gini coefficients: 0 if all have the same, 1 if one has all.",
    ),
    # quality
    "stage.draws": ("移动位置，反复试算", "moving positions, again and again"),
    "column.interval": ("位置误差区间", "interval for positions"),
    "column.share_nominal_low": ("名义覆盖率下限", "nominal, low"),
    "column.share_nominal_median": ("名义覆盖率中位", "nominal, median"),
    "column.share_nominal_high": ("名义覆盖率上限", "nominal, high"),
    "column.share_effective_low": ("有效覆盖率下限", "effective, low"),
    "column.share_effective_median": ("有效覆盖率中位", "effective, median"),
    "column.share_effective_high": ("有效覆盖率上限", "effective, high"),
    "column.share_unknown": ("位置不明", "unknown"),
    "column.share_inexact": ("坐标太粗", "placed too roughly"),
    "column.share_no_road": ("附近无路", "no road"),
    "column.share_too_far": ("离路太远", "too far from a road"),
    "column.snap_median_m": ("到路米数（中位）", "metres to road, median"),
    "column.snap_p95_m": ("到路米数（95%职工以内）", "metres to road, 95%"),
    "column.snap_max_m": ("到路米数（最大）", "metres to road, most"),
    "column.share_sourced": ("有出处", "sourced"),
    "column.share_derived": ("推算数据", "derived"),
    "column.share_estimate": ("估计数据", "estimate"),
    "column.share_synthetic": ("合成数据", "synthetic"),
    "column.share_unstated": ("依据未注明", "basis not stated"),
    "quality.range": ("{low}—{high}", "{low} to {high}"),
    "quality.interval": (
        "有效覆盖率{share}。{places}处位置在各自精度范围内随机移动{draws}次（种子{seed}），{level}的结果在{low}—{high}之间，中位{median}。",
        "Effective coverage {share}. With {places} places moved at random within their accuracy {draws} times (seed "
        "{seed}), {level} of the results lie between {low} and {high}, the median is {median}.",
    ),
    "quality.unknown": (
        "另有{unknown}的职工位置不明，按未服务计，不在此区间内；即使他们全都有阵地可去，也不超过{most}。",
        "Another {unknown} of workers, whose position is unknown, count as not served and are not in that interval; if "
        "all of them had a venue it would be at most {most}.",
    ),
    "quality.basis": (
        "按职工计，{share}的结果用到估计或合成数据（职工自身或最近的阵地）。",
        "By workers, {share} of the answer rests on estimated or synthetic data (their own row or that of their "
        "nearest venue).",
    ),
    "quality.limits": (
        "此区间只反映位置误差，不含班次、开放时间和路网的误差。",
        "The interval is of positions alone; errors of shifts, opening hours and roads are not in it.",
    ),
}
