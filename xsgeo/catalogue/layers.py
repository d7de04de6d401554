"""Words of the further layers, of internal and online pages, of the week and of paper."""

from __future__ import annotations

WORDS = {
    "page.layer.rooms": ("一室多牌", "Rooms with several plaques"),
    "page.layer.sharing": ("共享连线", "Sharing links"),
    "page.layer.actions": ("分年行动", "Actions by year"),
    "page.layers.shared": ("共建共享", "Sharing"),
    "page.rooms.note": ("圈内数字为同一间房上挂的牌子数", "the number is of plaques on one door"),
    "page.rooms.card": ("同一间房挂{n}块牌子", "{n} plaques on one room"),
    "page.sharing.complement": ("开放时间互补", "their hours complete each other"),
    "page.sharing.serve": ("开放后可服务", "would serve, once shared"),
    "page.sharing.gained": ("合起来每周多开{n}小时", "together open {n} h a week more"),
    "page.sharing.adds": ("开放共享后多服务约{n}名职工", "would serve about {n} more workers"),
    "page.actions.year": ("{year}年", "{year}"),
    "page.actions.adds": ("多服务约{n}名职工", "serves about {n} more workers"),
    "page.week.section": ("一周之中", "Through the week"),
    "page.week.workers": ("职工有空", "workers free"),
    "page.week.venues": ("阵地开门", "venues open"),
    "page.week.most": (
        "有空的职工最多是在{when}（占{free}），此时{open}的阵地开门。",
        "Most workers are free on {when} ({free}); {open} of the venues are open then.",
    ),
    "page.week.note": (
        "颜色越深，比例越高；每格半小时，职工比例按5%取整。",
        "Darker is more; a cell is half an hour, shares of workers go in steps of 5%.",
    ),
    "page.week.note.exact": ("颜色越深，比例越高；每格半小时。", "Darker is more; a cell is half an hour."),
    "page.week.hidden": ("单位不足5家，不列职工有空的时间。", "Under 5 employers: when workers are free is not shown."),
    "page.week.table": ("查看数据表", "The same as a table"),
    "page.week.part": ("时段", "time"),
    "page.week.day.1": ("周一", "Mon"),
    "page.week.day.2": ("周二", "Tue"),
    "page.week.day.3": ("周三", "Wed"),
    "page.week.day.4": ("周四", "Thu"),
    "page.week.day.5": ("周五", "Fri"),
    "page.week.day.6": ("周六", "Sat"),
    "page.week.day.7": ("周日", "Sun"),
    "page.tool.picture": ("存为图片", "save as picture"),
    "page.tool.sheet": ("打印一页", "print one sheet"),
    "page.tool.all": ("打印全部", "print everything"),
    "page.tools": ("图片与打印", "Picture and print"),
    "page.internal": ("内部资料 请勿外传", "internal, do not forward"),
    "page.internal.lead": (
        "内部版，列有单位名称与人数，仅供本单位使用，不得外传。",
        "Internal edition: it names employers and their numbers, and stays in the office.",
    ),
    "page.internal.groups": ("此处各单位", "employers here"),
    "page.internal.employers": ("{n}家单位", "{n} employers"),
    "page.internal.hero": (
        "{k}家单位共{n_workers}名职工，其中{n_effective}名下班后真正有阵地可去。",
        "Of {n_workers} workers of {k} employers, {n_effective} have a venue they can really use.",
    ),
    "page.internal.rounding": (
        "准确数，含单位名称与人数，仅供内部使用",
        "exact, with names of employers and numbers: for internal use",
    ),
    "page.withheld": (
        "单位不足5家，或可由其他地图推算，不列人数。",
        "Under 5 employers, or deducible from the other maps: no numbers.",
    ),
    "page.online": (
        "联网地图：打开时向{host}取底图，不可离线，底图受其条款约束。",
        "Online map: it fetches its background from {host} and does not work offline; their terms apply.",
    ),
    "page.online.lead": (
        "各图须联网，从地图服务取底图。",
        "These maps need the network for their background.",
    ),
    "page.tiles.tianditu": ("底图 © 天地图", "background © Tianditu"),
    "page.tiles.gaode": ("底图 © 高德地图（显示时换算为GCJ-02）", "background © Amap, shifted to GCJ-02 for display"),
    "page.tiles.missing": (
        "底图暂未取到，点位和数字不受影响。",
        "The background has not come; places and numbers are as they should be.",
    ),
    "page.sheet.facts": (
        "标准：{standard}；数据日期：{as_of}；职工数据：{basis}。",
        "Standard: {standard}; data of {as_of}; workers: {basis}.",
    ),
}
