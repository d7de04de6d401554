"""Every word a planner sees, once, in Chinese and English.

Pages, tables, messages and workbooks all take their words from here, so a term is the same everywhere and a native
planner can read all of them in one file. Chinese comes first because the planners are Chinese; English stands beside it
for the reviewer. Sentences are `str.format` templates with named values, never glued from pieces at the call site,
because word order differs between the two languages.

Values that come from data are put in as they are: escaping belongs to the page that shows them (`xsgeo.maps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Language = Literal["zh", "en", "both"]

_PLACES = {
    "place.file": ("{file}", "{file}"),
    "place.sheet": ("，工作表“{sheet}”", ', sheet "{sheet}"'),
    "place.row": ("，第{row}行", ", row {row}"),
    "place.column": ("，“{column}”列", ', column "{column}"'),
    "place.sentence": ("{place}：{problem}。{remedy}。", "{place}: {problem}. {remedy}."),
}

_FAULTS = {
    "fault.count": ("发现{n}处问题：", "{n} faults found:"),
    "fault.no_study": ("找不到方案文件夹“{value}”", 'there is no study folder "{value}"'),
    "remedy.no_study": (
        "请检查路径，文件夹中应有study.toml",
        "Check the path; the folder must hold a study.toml",
    ),
    "fault.bad_settings": ("方案设置读不懂：{value}", "the settings cannot be read: {value}"),
    "remedy.bad_settings": ("请按说明改正这一项", "Correct this entry"),
    "fault.unknown_setting": ("不认识“{value}”这一项设置", 'the setting "{value}" is not known'),
    "remedy.unknown_setting": ("请改正项名，或删去此项", "Correct its name, or remove it"),
    "fault.missing_setting": ("缺少“{value}”这一项设置", 'the setting "{value}" is missing'),
    "remedy.missing_setting": ("请补上此项", "Add it"),
    "fault.empty_file": ("文件是空的", "the file is empty"),
    "remedy.empty_file": ("第一行应为列名", "The first row must hold the column names"),
    "fault.ragged_row": ("此行有{value}格，表头有{expected}格", "the row has {value} cells, the header {expected}"),
    "remedy.ragged_row": ("请检查多余或缺少的逗号与引号", "Look for a comma or quote too many or too few"),
    "fault.wrong_crs": ("坐标系“{value}”不是WGS-84经纬度", 'the CRS "{value}" is not WGS-84 degrees'),
    "remedy.wrong_crs": ("请用GIS软件转换为EPSG:4326后再存", "Convert it to EPSG:4326 in a GIS and save it again"),
    "fault.missing_file": ("缺少文件“{value}”", 'the file "{value}" is missing'),
    "remedy.missing_file": (
        "请补上文件，或在study.toml中改正文件名",
        "Add the file, or correct its name in study.toml",
    ),
    "fault.outside_folder": (
        "文件“{value}”不在方案文件夹内",
        'the file "{value}" is not inside the study folder',
    ),
    "remedy.outside_folder": ("请把文件放进方案文件夹", "Put the file into the study folder"),
    "fault.unreadable_file": ("文件打不开：{value}", "the file cannot be read: {value}"),
    "remedy.unreadable_file": (
        "请用Excel或GIS软件另存后再试（CSV请存为UTF-8）",
        "Save it again from Excel or a GIS (CSV as UTF-8)",
    ),
    "fault.not_text": ("这里的字节{value}不是文字", "the bytes {value} are no text"),
    "remedy.not_text": ("请用Excel打开后另存为“CSV UTF-8”", "Save the file again as CSV UTF-8"),
    "fault.unknown_column": ("不认识“{value}”这一列", 'the column "{value}" is not known'),
    "remedy.unknown_column": (
        "请改用数据字典中的列名{near}，或删去此列",
        "Use a name from the data dictionary{near}, or remove the column",
    ),
    "fault.missing_column": ("缺少“{value}”列", 'the column "{value}" is missing'),
    "remedy.missing_column": ("请补上此列", "Add the column"),
    "fault.repeated_column": ("“{value}”列出现了两次", 'the column "{value}" appears twice'),
    "remedy.repeated_column": ("请只保留一列", "Keep one of them"),
    "fault.missing_value": ("此格必填，却是空的", "this cell must not be empty"),
    "remedy.missing_value": ("请填写", "Fill it in"),
    "fault.duplicate_id": ("编号“{value}”重复", 'the id "{value}" appears more than once'),
    "remedy.duplicate_id": ("请让每行编号唯一", "Give each row an id of its own"),
    "fault.not_a_number": ("“{value}”不是数字", '"{value}" is not a number'),
    "remedy.not_a_number": ("请只填数字，不带单位和“约”字", "Enter digits only, without unit or 'about'"),
    "fault.not_an_integer": ("“{value}”不是整数", '"{value}" is not a whole number'),
    "remedy.not_an_integer": ("请填整数", "Enter a whole number"),
    "fault.not_a_flag": ("“{value}”不是“是”或“否”", '"{value}" is neither yes nor no'),
    "remedy.not_a_flag": ("请填“是”或“否”", "Enter yes or no"),
    "fault.not_a_date": ("“{value}”不是日期", '"{value}" is not a date'),
    "remedy.not_a_date": ("请按“2026-05-01”的样子填写", "Write it like 2026-05-01"),
    "fault.below_minimum": (
        "“{value}”小于允许的最小值{minimum}",
        '"{value}" is below the smallest allowed value {minimum}',
    ),
    "remedy.below_minimum": ("请改正数值", "Correct the value"),
    "fault.above_maximum": (
        "“{value}”大于允许的最大值{maximum}",
        '"{value}" is above the largest allowed value {maximum}',
    ),
    "remedy.above_maximum": ("请改正数值", "Correct the value"),
    "fault.not_a_choice": ("“{value}”不在可选项之内", '"{value}" is not one of the choices'),
    "remedy.not_a_choice": ("请从以下各项中选：{choices}", "Choose from: {choices}"),
    "fault.not_weights": ("“{value}”不是12个月的权重", '"{value}" is not twelve monthly weights'),
    "remedy.not_weights": (
        "请填12个以空格分开的数字，从1月到12月",
        "Enter twelve numbers parted by blanks, January first",
    ),
    "fault.unreadable_hours": (
        "开放时间“{value}”中看不懂“{residue}”",
        'in the hours "{value}" the part "{residue}" is not understood',
    ),
    "remedy.unreadable_hours": (
        "请写成“周一至周五 8:30-11:30，13:30-17:00”的样子",
        "Write it like 周一至周五 8:30-11:30，13:30-17:00 or Mo-Fr 08:30-17:00",
    ),
    "fault.unreadable_shape": ("图形读不懂：{value}", "the geometry cannot be read: {value}"),
    "remedy.unreadable_shape": ("请从GIS软件重新导出此要素", "Export this feature again from a GIS"),
    "fault.unknown_reference": ("“{value}”在“{table}”表中找不到", '"{value}" is not in the table {table}'),
    "remedy.unknown_reference": (
        "请改正，或先在该表中登记{near}",
        "Correct it, or add it to that table first{near}",
    ),
    "fault.near": ("（是否为“{near}”？）", " (did you mean {near}?)"),
    "fault.in_the_sea": (
        "坐标（{value}）落在海里，离岸{distance}米",
        "the point ({value}) lies in the sea, {distance} m from land",
    ),
    "remedy.in_the_sea": (
        "请核对经纬度与坐标系（WGS-84、GCJ-02、BD-09相差数百米）",
        "Check longitude, latitude and datum (WGS-84, GCJ-02 and BD-09 differ by hundreds of metres)",
    ),
    "fault.outside_county": ("坐标（{value}）不在县域内", "the point ({value}) is outside the county"),
    "remedy.outside_county": ("请核对经纬度是否填反", "Check whether longitude and latitude are swapped"),
    "fault.wrong_sum": (
        "合计{value}与“{table}”表的{expected}不符",
        "the sum {value} differs from {expected} in the table {table}",
    ),
    "remedy.wrong_sum": ("请核对两表人数", "Check the numbers in both tables"),
    "fault.part_exceeds": ("“{value}”大于总人数{whole}", '"{value}" is more than all {whole} workers'),
    "remedy.part_exceeds": ("请改正人数", "Correct the number"),
    "fault.unknown_node": (
        "渡口“{value}”不在道路节点之中",
        'the landing "{value}" is not a node of the roads',
    ),
    "remedy.unknown_node": ("请改用roads表中的节点编号", "Use a node id from the roads table"),
    "fault.shape_gap": (
        "此路段的端点与节点“{value}”的位置不符",
        'the end of this road is not where node "{value}" is',
    ),
    "remedy.shape_gap": ("请让同一节点的坐标一致", "Give one node one position"),
}

_REASONS = {
    "reason.served": ("已服务", "served"),
    "reason.closed": ("下班时不开", "closed when free"),
    "reason.out_of_reach": ("路太远", "out of reach"),
    "reason.not_shared": ("不对其开放", "not shared with them"),
    "reason.no_function": ("功能不符", "lacks the function"),
    "reason.crowded": ("容纳不下", "crowded"),
    "reason.unknown": ("位置不明", "unknown"),
}

_CHOICES = {
    "choice.sourced": ("有出处", "sourced"),
    "choice.derived": ("推算", "derived"),
    "choice.estimate": ("估计", "estimate"),
    "choice.synthetic": ("合成", "synthetic"),
    "choice.workers_palace": ("工人文化宫", "workers' palace"),
    "choice.culture_centre": ("职工文体活动中心", "culture and sports centre"),
    "choice.workers_home": ("职工之家", "workers' home"),
    "choice.youth_home": ("青年之家", "youth home"),
    "choice.women_home": ("妇女之家", "women's home"),
    "choice.rest_station": ("工会驿站", "rest station"),
    "choice.library": ("职工书屋", "workers' library"),
    "choice.party_centre": ("党群服务中心", "party and community centre"),
    "choice.culture_hall": ("文化礼堂", "culture hall"),
    "choice.school_venue": ("学校场馆", "school venue"),
    "choice.legal_point": ("法律援助点", "legal aid point"),
    "choice.union": ("工会", "trade union"),
    "choice.youth_league": ("共青团", "youth league"),
    "choice.women_federation": ("妇联", "women's federation"),
    "choice.party": ("党委", "party committee"),
    "choice.culture": ("文旅", "culture and tourism"),
    "choice.education": ("教育", "education"),
    "choice.village": ("村社", "village"),
    "choice.zone": ("园区", "industrial zone"),
    "choice.employer": ("企业", "employer"),
    "choice.everyone": ("所有人", "everyone"),
    "choice.workers": ("全体职工", "all workers"),
    "choice.members": ("工会会员", "union members"),
    "choice.own_staff": ("本单位职工", "own staff"),
    "choice.women": ("女职工", "women"),
    "choice.youth": ("青年职工", "young workers"),
    "choice.open": ("开放", "open"),
    "choice.appointment": ("预约", "by appointment"),
    "choice.agreement": ("协议", "by agreement"),
    "choice.none": ("不共享", "not shared"),
    "choice.closed": ("停用", "closed"),
    "choice.planned": ("拟建", "planned"),
    "choice.own": ("自建", "own"),
    "choice.joint": ("联建", "joint"),
    "choice.co_built": ("共建", "co-built"),
    "choice.rented": ("租赁", "rented"),
    "choice.converted": ("改建", "converted"),
    "choice.pump_station": ("泵站", "pump station"),
    "choice.school_hall": ("学校礼堂", "school hall"),
    "choice.idle_shop": ("闲置店面", "idle shop"),
    "choice.idle_factory": ("闲置厂房", "idle factory"),
    "choice.low": ("低", "low"),
    "choice.mid": ("中", "middle"),
    "choice.high": ("高", "high"),
    "choice.workplace": ("厂区", "workplace"),
    "choice.dormitory": ("宿舍", "dormitory"),
    "choice.home": ("住所", "home"),
    "choice.day": ("白班", "day shift"),
    "choice.long_day": ("长白班", "long day"),
    "choice.two_shift_day": ("两班倒白班", "two-shift, day"),
    "choice.two_shift_night": ("两班倒夜班", "two-shift, night"),
    "choice.early": ("凌晨班", "early market"),
    "choice.split": ("两头班", "split shift"),
    "choice.irregular": ("不定时", "irregular"),
    "choice.flexible": ("弹性", "flexible"),
    "choice.field": ("农时", "field work"),
    "choice.ashore": ("在岸", "ashore"),
    "choice.walk": ("步行", "walk"),
    "choice.ebike": ("电动自行车", "e-bike"),
    "choice.drive": ("开车", "drive"),
    "choice.expressway": ("高速公路", "expressway"),
    "choice.bridge_exp": ("高速大桥", "expressway bridge"),
    "choice.class1": ("一级公路", "class 1 road"),
    "choice.class2": ("二级公路", "class 2 road"),
    "choice.county": ("县道", "county road"),
    "choice.local": ("城区道路", "local road"),
    "choice.bridge_local": ("大桥", "bridge"),
    "choice.street": ("街巷", "street"),
    "choice.osm": ("开放街道图", "OpenStreetMap"),
    "choice.digitised": ("手工绘制", "digitised"),
    "choice.reading": ("阅览", "reading"),
    "choice.class": ("培训", "classes"),
    "choice.fitness": ("健身", "fitness"),
    "choice.ball": ("球类", "ball games"),
    "choice.table_tennis": ("乒乓球", "table tennis"),
    "choice.billiards": ("台球", "billiards"),
    "choice.dance": ("舞蹈", "dance"),
    "choice.opera": ("戏曲", "opera"),
    "choice.rest": ("休息", "rest"),
    "choice.charging": ("充电", "charging"),
    "choice.shower": ("淋浴", "showers"),
    "choice.childcare": ("托管", "childcare"),
    "choice.legal_aid": ("法律援助", "legal aid"),
    "choice.mediation": ("调解", "mediation"),
    "choice.hall": ("会场", "hall"),
    "choice.co_working": ("创客", "co-working"),
    "choice.internet": ("上网", "internet"),
    "choice.tea": ("茶室", "tea room"),
}

_DICTIONARY = {
    "dictionary.column": ("字段", "column"),
    "dictionary.header": ("中文列名", "Chinese headers"),
    "dictionary.required": ("必填", "required"),
    "dictionary.kind": ("填写内容", "values"),
    "dictionary.meaning": ("含义", "meaning"),
    "dictionary.yes": ("是", "yes"),
    "dictionary.key": ("是，主键", "yes, key"),
    "kind.id": ("编号", "id"),
    "kind.text": ("文字", "text"),
    "kind.integer": ("整数", "whole number"),
    "kind.number": ("数字", "number"),
    "kind.flag": ("是或否", "yes or no"),
    "kind.date": ("日期", "date"),
    "kind.choice": ("任选其一", "one of"),
    "kind.set": ("可选多项，以|分开", "any of, parted by |"),
    "kind.hours": ("开放时间", "hours"),
    "kind.weights": ("12个月的权重", "twelve monthly weights"),
    "kind.geometry": ("图形（WKT或GeoJSON）", "geometry (WKT or GeoJSON)"),
}

_COMMAND = {
    "cli.no_table": ("没有“{table}”这张表，只有：{tables}", "no table {table!r}; there are {tables}"),
    "cli.checked": ("检查通过，没有问题。", "Checked: nothing is wrong."),
    "cli.cannot_write": ("写不进去，旧文件未动：{error}", "Cannot write; the old files are as they were: {error}"),
    "cli.standard": (
        "标准：{name}（{cutoffs}，每周可用不少于{hours}小时，按{month}月开放时间）。数据日期{as_of}{demo}。",
        "Standard: {name} ({cutoffs}; at least {hours} usable hours a week; opening hours of month {month}). "
        "Data of {as_of}{demo}.",
    ),
    "cli.cutoff": ("{mode}{minutes}分钟", "{minutes} min by {mode}"),
    "cli.demo": ("，演示数据", ", demonstration data"),
    "stage.network": ("建路网", "building the network"),
    "stage.minutes": ("算路上时间", "measuring travel minutes"),
    "stage.coverage": ("判断能否用上", "judging who is served"),
    "stage.gaps": ("找盲区", "finding the gaps"),
    "stage.plan": ("选点", "choosing sites"),
    "stage.pages": ("画地图", "drawing the pages"),
    "proposal.plan": (
        "选{sites}处，新增服务{objective}人；上界{bound}人，差距{gap}，{status}，用时{seconds}秒。",
        "{sites} sites add {objective} workers; bound {bound}, gap {gap}, {status}, {seconds} s.",
    ),
    "proposal.ground": ("新址", "new ground"),
    "status.optimal": ("已证明最优", "proven optimal"),
    "status.time_limit": ("时限已到，未证明最优", "stopped at the time limit, not proven"),
    "status.interrupted": ("中途停止，未证明最优", "interrupted, not proven"),
    "status.unproven": ("未证明最优", "not proven"),
    "column.order": ("次序", "order"),
    "column.action": ("做法", "action"),
    "column.town": ("所在镇乡", "town"),
    "column.n_workers_added": ("新增服务", "workers added"),
    "column.towns": ("惠及镇乡", "for towns"),
    "column.clusters": ("惠及集群", "for clusters"),
    "column.lon": ("经度", "lon"),
    "column.lat": ("纬度", "lat"),
    "column.table": ("表", "table"),
    "column.file": ("文件", "file"),
    "column.rows_in": ("读入行", "rows in"),
    "column.rows_used": ("采用", "used"),
    "column.rows_rejected": ("退回", "rejected"),
    "column.rows_blank": ("空行", "blank"),
    "column.workers_in": ("读入职工", "workers in"),
    "column.workers_used": ("采用职工", "workers used"),
    "column.workers_rejected": ("退回职工", "workers rejected"),
    "column.n_workers": ("职工人数", "workers"),
    "column.n_nominal": ("够得着人数", "within reach"),
    "column.n_effective": ("用得上人数", "served"),
    "column.share_nominal": ("名义覆盖率", "nominal share"),
    "column.share_effective": ("有效覆盖率", "effective share"),
    "column.n_served": ("已服务", "served"),
    "column.n_closed": ("下班时不开", "closed when free"),
    "column.n_out_of_reach": ("路太远", "out of reach"),
    "column.n_not_shared": ("不对其开放", "not shared"),
    "column.n_no_function": ("功能不符", "no function"),
    "column.n_crowded": ("容纳不下", "crowded"),
    "column.n_unknown": ("位置不明", "unknown"),
    "column.town_id": ("镇乡", "town"),
    "column.cluster_id": ("产业集群", "cluster"),
    "column.shift": ("班制", "shift"),
    "column.reason": ("原因", "reason"),
    "column.place": ("所在", "place"),
    "column.means": ("出行方式", "means"),
    "column.all": ("范围", "scope"),
    "column.name": ("名称", "name"),
    "total.all": ("全部", "all"),
}

_MODES = {
    "mode.walk": ("步行", "walk"),
    "mode.ebike": ("电动自行车", "e-bike"),
    "mode.drive": ("开车", "drive"),
}

_PAGES = {
    "page.layer.land": ("陆地", "Land"),
    "page.layer.roads": ("道路", "Roads"),
    "page.layer.towns": ("镇乡名", "Town names"),
    "page.layer.workers": ("职工", "Workers"),
    "page.layer.catchments": ("可达范围", "Within reach"),
    "page.layer.venues": ("阵地", "Venues"),
    "page.layer.gaps": ("盲区", "Gaps"),
    "page.layer.proposals": ("建议选址", "Proposed sites"),
    "page.family.union": ("工会", "union"),
    "page.family.mass": ("团委、妇联", "youth, women"),
    "page.family.other": ("党群、文化、学校", "party, culture, school"),
    "page.action.open_longer": ("延长开放", "open longer"),
    "page.action.share": ("开放共享", "share"),
    "page.action.equip": ("添置设施", "equip"),
    "page.action.convert": ("改造利用", "convert"),
    "page.action.rent": ("租用", "rent"),
    "page.action.build": ("新建", "build"),
    "page.remedy.out_of_reach": ("改造、租用或新建", "convert, rent or build"),
    "page.remedy.closed": ("延长开放", "open longer"),
    "page.remedy.not_shared": ("开放共享", "share"),
    "page.remedy.no_function": ("添置设施", "equip"),
    "page.remedy.unknown": ("补准坐标", "find the position"),
    "page.remedy.merged": ("", ""),
    "page.basis.unstated": ("未注明", "not stated"),
    "page.reason.merged": ("其他（合并计）", "other, merged"),
    "page.overline": ("职工阵地服务圈", "Reach of workers' venues"),
    "page.county": ("全县", "Whole county"),
    "page.all_maps": ("全部地图", "All maps"),
    "page.effective": ("有效覆盖率", "effective coverage"),
    "page.effective.short": ("有效", "effective"),
    "page.nominal": ("名义覆盖率", "nominal coverage"),
    "page.nominal.short": ("名义", "nominal"),
    "page.effective.what": ("够得着、下班时开着、进得去", "near enough, open when off shift, open to them"),
    "page.nominal.what": ("只看路程", "by distance alone"),
    "page.hero": (
        "{n_workers}名职工中，{n_effective}名下班后真正有阵地可去。",
        "Of {n_workers} workers, {n_effective} have a venue they can really use.",
    ),
    "page.hero.reason": (
        "另外{n}名用不上，最主要的原因是“{reason}”（{m}名）。",
        "Of the other {n}, most fail because: {reason} ({m}).",
    ),
    "page.hero.others": ("另外{n}名用不上。", "The other {n} do not."),
    "page.demonstration": (
        "演示数据：单位、班次和大部分阵地为合成，不代表真实情况。",
        "Demonstration data: employers, shifts and most venues are synthetic and describe nobody.",
    ),
    "page.section.reasons": ("为什么用不上", "Why not"),
    "page.section.towns": ("各镇乡", "By town"),
    "page.section.proposals": ("建议", "Proposals"),
    "page.section.gaps": ("盲区", "Gaps"),
    "page.section.venues": ("阵地一览", "Venues"),
    "page.section.months": ("各月在岗", "Workers by month"),
    "page.section.notes": ("口径与数据", "Method and data"),
    "page.section.maps": ("其他地图", "Other maps"),
    "page.section.map": ("地图", "Map"),
    "page.section.legend": ("图例与图层", "Legend and layers"),
    "page.towns.note": (
        "按有效覆盖率从低到高；点镇名可在图上查看。",
        "Lowest effective coverage first; choose a town to see it on the map.",
    ),
    "page.towns.merged": ("其余{n}个镇乡合计", "{n} other towns together"),
    "page.towns.hidden": ("单位不足5家，不分镇乡列数。", "Fewer than 5 employers: no figures by town."),
    "page.reasons.hidden": ("单位不足5家，不分原因列数。", "Fewer than 5 employers: no figures by reason."),
    "page.column.town": ("镇乡", "town"),
    "page.column.workers": ("职工", "workers"),
    "page.column.venue": ("阵地", "venue"),
    "page.column.hours": ("开放时间", "opening hours"),
    "page.column.reached": ("可达职工", "within reach"),
    "page.reasons.label": ("未服务职工按原因分", "Unserved workers by reason"),
    "page.remedy": ("办法：{remedy}", "remedy: {remedy}"),
    "page.proposals.sum": (
        "{k}处建议共可多服务约{n}名职工。",
        "The {k} proposals would serve about {n} more workers.",
    ),
    "page.proposals.optimal": ("已证明最优（求解间隙{gap}）。", "Proven optimal (gap {gap})."),
    "page.proposals.bounded": (
        "未证明最优：理论上限{bound}名，求解间隙{gap}。",
        "Not proven optimal: bound {bound} workers, gap {gap}.",
    ),
    "page.proposals.none": ("没有建议。", "No proposals."),
    "page.proposals.adds": ("多服务{n}名", "serves {n} more"),
    "page.proposals.towns": ("职工来自：{names}", "workers from: {names}"),
    "page.proposals.clusters": ("涉及产业：{names}", "clusters: {names}"),
    "page.proposals.all": ("人数为各产业合计。", "Numbers are of all clusters together."),
    "page.gaps.none": ("没有成片的盲区。", "No gaps."),
    "page.gaps.note": (
        "成片用不上阵地的职工，虚线圈大小表示人数。",
        "Unserved workers who stand together; the dashed ring grows with their number.",
    ),
    "page.gaps.workers": ("{n}名未服务", "{n} unserved"),
    "page.few": ("不足5家单位，不列数", "under 5 employers, no figure"),
    "page.about": ("约{n}名", "about {n}"),
    "page.show": ("在图上查看{name}", "show {name} on the map"),
    "page.venues.sum": (
        "开放中的阵地{plaques}块牌子，分在{rooms}处。",
        "{plaques} plaques in use, at {rooms} places.",
    ),
    "page.venues.reached": ("其中{n}块在本产业职工可达范围内。", "{n} of them are within reach of this cluster."),
    "page.venues.note": ("可达职工四舍五入到5。", "Numbers within reach are rounded to 5."),
    "page.venues.own": ("单位自有的{kind}", "an employer's own {kind}"),
    "page.venues.hours": ("开放：{hours}", "open: {hours}"),
    "page.venues.no_hours": ("开放时间不详", "opening hours not known"),
    "page.venues.serves": ("对象：{serves}；{terms}", "for: {serves}; {terms}"),
    "page.venues.reach": ("时限内可达职工{n}名", "{n} workers within the cut-off"),
    "page.venues.reach_few": ("时限内可达职工不足5家单位，不列数", "workers of under 5 employers within the cut-off"),
    "page.venues.reach_none": ("时限内没有职工", "no workers within the cut-off"),
    "page.venues.accuracy": ("位置误差约{n}米", "placed within about {n} m"),
    "page.more": ("其余{n}项", "{n} more"),
    "page.area": ("这一片约{n}名职工", "about {n} workers in this area"),
    "page.area.few": ("单位不足5家，不列人数", "under 5 employers, no figures"),
    "page.place": ("此处以“{state}”为主", "here mostly: {state}"),
    "page.months.note": (
        "与常年平均之比；本图按{month}月的开放时间计算。",
        "Against the yearly mean; this map uses opening hours of month {month}.",
    ),
    "page.month": ("{month}月", "{month}"),
    "page.needs": ("阵地需求", "what they ask of a venue"),
    "page.note.standard": ("标准", "standard"),
    "page.note.source": ("依据", "source"),
    "page.note.cutoff": ("路上最长", "cut-off"),
    "page.note.minutes": ("{mode}{n}分钟", "{mode} {n} min"),
    "page.note.hours": ("每周可用", "usable a week"),
    "page.note.hours.value": ("至少{n}小时", "at least {n} h"),
    "page.note.month": ("开放时间取", "opening hours of"),
    "page.note.date": ("数据日期", "data of"),
    "page.note.basis.workers": ("职工数据", "workers"),
    "page.note.basis.venues": ("阵地数据", "venues"),
    "page.note.rounding": ("图上人数", "numbers on the map"),
    "page.note.rounding.value": (
        "每项至少5家单位，不足的合并；图上四舍五入到5，合计为准确数",
        "at least 5 employers each, smaller ones merged; rounded to 5 on the map, totals are exact",
    ),
    "page.note.reach": ("可达范围", "reach shapes"),
    "page.note.reach.value": (
        "按到得了的职工点勾画，仅供看图；人数一律按分钟数统计",
        "drawn about the places within reach, for the eye only; people are counted by minutes",
    ),
    "page.note.made": ("制图", "made with"),
    "page.credit": (
        "陆地 © OpenStreetMap contributors（ODbL）· Leaflet",
        "Land © OpenStreetMap contributors (ODbL) · Leaflet",
    ),
    "page.credit.land": (
        "陆地 © OpenStreetMap contributors（ODbL）",
        "land © OpenStreetMap contributors (ODbL)",
    ),
    "page.north": ("北", "N"),
    "page.zoom_in": ("放大", "zoom in"),
    "page.zoom_out": ("缩小", "zoom out"),
    "page.whole": ("回到全图", "whole map"),
    "page.skip": ("跳到文字说明", "skip to the text"),
    "page.close": ("关闭", "close"),
    "page.legend.size": (
        "大小表示人数：外圈为全部职工，内部图形为用不上的，颜色和形状表示主要原因",
        "size shows number: outer circle all workers, inner shape the unserved, by main reason",
    ),
    "page.legend.kinds": ("按类别", "by kind"),
    "page.legend.base": ("底图", "base map"),
    "page.unserved": ("用不上 {share}", "unserved {share}"),
    "page.index.lead": (
        "每张地图是一个文件，不联网也能打开，可以直接转发。",
        "Each map is one file that opens without a network and can be sent on.",
    ),
    "page.index.open": ("打开地图", "open the map"),
    "page.index.workers": ("{n}名职工", "{n} workers"),
    "page.no_script": ("本页需要浏览器允许运行脚本。", "This page needs a browser that runs scripts."),
}

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {**_PLACES, **_FAULTS, **_REASONS, **_CHOICES, **_DICTIONARY, **_COMMAND, **_MODES, **_PAGES}
)


def say(key: str, language: Language = "zh", **values: object) -> str:
    """The word or sentence of `key`, filled in.

    Parameters
    ----------
    key
        Key of the catalogue.
    language
        ``zh``, ``en``, or ``both`` (Chinese, a slash, English; the same text is not said twice).
    **values
        What the template names in braces.

    Raises
    ------
    KeyError
        When the key is not in the catalogue, or the template names a value that is not given.

    Examples
    --------
    >>> say("reason.closed"), say("reason.closed", "en"), say("reason.closed", "both")
    ('下班时不开', 'closed when free', '下班时不开 / closed when free')
    """
    zh, en = WORDS[key]
    if language == "zh":
        return zh.format(**values)
    if language == "en":
        return en.format(**values)
    both = dict.fromkeys((zh.format(**values), en.format(**values)))
    return " / ".join(both)
