/* What a plan's page says of one action and of its money: the reason card, the list, the years, the curve. Figures come
   from the data block; what may not be told is null there and is said to be so here. */

(() => {
  'use strict';

  const {el, tell, bilingual, one, pair, nameOf, count, percent, symbol, theme, plan} = xsgeo;

  const money = (n) => n.toLocaleString('en-US', {maximumFractionDigits: 1});
  const icon = (action, size = 18) => {
    const {shape, colour} = plan.kindOf(action);
    return symbol(shape, theme.colours[colour], {size, outline: theme.colours.ink});
  };

  plan.money = money;
  plan.yuan = (n) => [money(n), (n * 10000).toLocaleString('en-US', {maximumFractionDigits: 0})]; // English has no 万
  plan.icon = icon;
  plan.actionName = (action) => nameOf('page.action', action);

  /* Names of a tally, most workers first, each with its number where there is one. */
  function names(tally) {
    const in_ = (k) => tally.map(({names: both, n}) => (n === null ? both[k] : `${both[k]} ${count(n)}`));
    return [in_(0).join('、'), in_(1).join(', ')];
  }

  const gain = (item, isExact) => (item.n === null ? tell('page.few') : item.n === 0 ? tell('page.plan.nobody') : item.n < 0 ? tell('page.plan.card.n.fewer', {n: -item.n}) : tell(isExact ? 'page.plan.card.n.exact' : 'page.plan.card.n', {n: item.n}));

  function minutes([before, after]) {
    if (after === null) return null;
    return before === null ? tell('page.plan.card.minutes.new', {after: after.toFixed(0)})
      : tell('page.plan.card.minutes.value', {before: before.toFixed(0), after: after.toFixed(0)});
  }

  const used = ([before, after]) => (before === null || after === null ? null
    : tell('page.plan.card.used.value', {before: before.toFixed(1), after: after.toFixed(1)}));

  function nextBest(item) {
    if (!item.next) return tell('page.plan.card.next.none');
    const {names: name, n} = item.next;
    return n === null ? bilingual(name) : tell(n ? 'page.plan.card.next.value' : 'page.plan.card.next.same', {name, n});
  }

  /* The reason card of an action. */
  plan.card = (item, isExact) => {
    const rows = [
      ['who', [gain(item, isExact), names(item.towns), names(item.clusters)].filter((part) => !Array.isArray(part) || part[0])
        .map((part) => el('div', {}, Array.isArray(part) ? bilingual(part) : part))],
      ['shifts', item.shifts.length > 0 && bilingual(names(item.shifts))],
      ['why', item.reasons.length > 0 && bilingual(names(item.reasons))],
      ['minutes', item.minutes && minutes(item.minutes)],
      ['used', item.hours_used && used(item.hours_used)],
      ['lost', item.lost !== null && item.action !== 'close' && tell(item.lost ? 'page.plan.card.lost.value' : 'page.plan.card.lost.none', {n: item.lost})],
      ['next', item.action !== 'close' && nextBest(item)],
      ['hours', item.hours[0] && bilingual(item.hours)],
      ['cost', tell('page.plan.card.cost.value', {once: plan.yuan(item.once), yearly: plan.yuan(item.yearly)})],
      ['way', item.obstacles.length > 0 && el('ul', {class: 'xs-plan-way'}, item.obstacles.map((o) => el('li', {}, bilingual(o))))],
    ];
    return el('div', {class: 'xs-card-part'},
      el('p', {class: 'xs-soft xs-plan-where'}, tell('page.plan.year', {year: String(item.year)}), ' · ', bilingual(item.town), ' · ', bilingual(plan.actionName(item.action))),
      el('h3', {}, icon(item.action), ' ', `${item.number} `, bilingual(item.names)),
      el('dl', {class: 'xs-facts xs-plan-facts'}, rows.filter(([, value]) => value).flatMap(([key, value]) => [
        el('dt', {}, tell(`page.plan.card.${key}`)), el('dd', {}, value)])));
  };

  const none = () => el('abbr', {title: one(pair('page.few'))}, '–');
  const remark = (isAnyHidden) => isAnyHidden && el('p', {class: 'xs-note'}, '– ', tell('page.few'));

  // ---- the list ---------------------------------------------------------------------------------------------------

  const cost = (item) => `${money(item.once)} + ${money(item.yearly)}`;

  function row(item, open) {
    return el('tr', {'data-year': item.year},
      el('th', {scope: 'row'}, el('div', {class: 'xs-named'}, icon(item.action), el('div', {},
        el('button', {type: 'button', class: 'xs-point', onclick: (event) => open(item, event.currentTarget)}, `${item.number}. `, bilingual(item.names)),
        el('p', {class: 'xs-soft'}, bilingual(plan.actionName(item.action)), item.hours[0] && [' · ', bilingual(item.hours)])))),
      el('td', {class: 'xs-n'}, cost(item)),
      el('td', {class: 'xs-n'}, item.n === null ? none() : count(item.n)));
  }

  /* Every action by year, with what the map and the cards say. */
  plan.list = (items, years, open) => {
    const head = ['page.plan.column.action', 'page.plan.column.cost', 'page.plan.column.n'].map((key, i) => el('th', {scope: 'col', class: i ? 'xs-n' : ''}, tell(key)));
    const body = (year) => {
      const mine = items.filter((item) => item.year === year);
      return mine.length > 0 && el('tbody', {}, el('tr', {class: 'xs-plan-year'}, el('th', {scope: 'rowgroup', colspan: 3}, tell('page.plan.year', {year: String(year)}))),
        mine.map((item) => row(item, open)));
    };
    return [el('table', {class: 'xs-plan-list'}, el('thead', {}, el('tr', {}, head)), years.map(({year}) => body(year))),
      el('p', {class: 'xs-note xs-plan-unit'}, tell('page.plan.money.unit')), remark(items.some((item) => item.n === null))];
  };

  // ---- the years --------------------------------------------------------------------------------------------------

  function budget(row, most) {
    const svg = el('svg', {class: 'xs-bar xs-plan-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
    const width = (n) => ((100 * Math.max(0, n)) / most).toFixed(2); // closing a room may save more than is spent
    svg.append(el('rect', {width: width(row.budget), height: 8, class: 'xs-bar-ground'}),
      el('rect', {width: width(row.spent), height: 8, fill: theme.colours.reach}));
    return svg;
  }

  plan.years = (years, share) => {
    const most = Math.max(1e-9, ...years.map((y) => Math.max(y.budget, y.spent)));
    const head = ['year', 'spent', 'actions', 'gained', 'share'].map((key, i) => el('th', {scope: 'col', class: i > 1 ? 'xs-n' : ''}, tell(`page.plan.column.${key}`)));
    const today = el('tr', {}, el('th', {scope: 'row'}, tell('page.plan.today')), el('td'), el('td'), el('td', {class: 'xs-n'}, '0'), el('td', {class: 'xs-n'}, percent(share)));
    const lines = years.map((y) => el('tr', {}, el('th', {scope: 'row'}, tell('page.plan.year', {year: String(y.year)})),
      el('td', {}, `${money(y.spent)} / ${money(y.budget)}`, budget(y, most)),
      el('td', {class: 'xs-n'}, count(y.n_actions)),
      el('td', {class: 'xs-n'}, y.gained === null ? none() : count(y.gained)),
      el('td', {class: 'xs-n'}, percent(y.share))));
    return [el('table', {class: 'xs-plan-years'}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, today, lines)),
      el('p', {class: 'xs-note'}, tell('page.plan.years.note')), remark(years.some((y) => y.gained === null))];
  };

  // ---- the curve of money -----------------------------------------------------------------------------------------

  plan.curve = (points, headline) => {
    const [W, H, left, bottom, top] = [420, 170, 46, 24, 12];
    const mostX = Math.max(...points.map((p) => p.budget), 1e-9);
    const mostY = Math.max(...points.map((p) => p.gained), 1);
    const x = (n) => left + ((W - left - 16) * n) / mostX;
    const y = (n) => H - bottom - ((H - bottom - top) * Math.max(0, n)) / mostY;
    const svg = el('svg', {class: 'xs-plan-curve', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': one(pair('page.plan.money.label'))});
    svg.append(el('line', {x1: left, y1: H - bottom, x2: W - 8, y2: H - bottom, class: 'xs-plan-axis'}),
      el('text', {x: left - 6, y: y(mostY) + 4, class: 'xs-plan-end'}, count(mostY)), el('text', {x: left - 6, y: H - bottom + 4, class: 'xs-plan-end'}, '0'),
      el('path', {d: `M${points.map((p) => `${x(p.budget).toFixed(1)} ${y(p.gained).toFixed(1)}`).join('L')}`, fill: 'none', stroke: theme.colours.reach, 'stroke-width': 2}));
    for (const p of points) {
      const isHere = p.scale === 1;
      svg.append(el('circle', {cx: x(p.budget).toFixed(1), cy: y(p.gained).toFixed(1), r: isHere ? 5 : 3, fill: isHere ? theme.colours.served : theme.colours.reach}),
        el('text', {x: x(p.budget).toFixed(1), y: H - 8, class: 'xs-plan-tick'}, money(p.budget)));
      if (isHere) svg.append(el('text', {x: x(p.budget).toFixed(1), y: (y(p.gained) - 10).toFixed(1), class: 'xs-plan-tick xs-plan-here'}, one(pair('page.plan.money.here'))));
    }
    const rows = points.map((p) => el('tr', {}, el('th', {scope: 'row'}, money(p.budget)), el('td', {class: 'xs-n'}, count(p.gained))));
    return [svg, el('p', {class: 'xs-note'}, tell('page.plan.money.note'), ' ', tell('page.plan.money.unit')),
      el('details', {class: 'xs-more'}, el('summary', {}, tell('page.week.table')), el('table', {}, el('thead', {}, el('tr', {},
        el('th', {scope: 'col'}, tell('page.plan.column.budget')), el('th', {scope: 'col', class: 'xs-n'}, tell('page.plan.column.gained')))), el('tbody', {}, rows)))];
  };
})();
