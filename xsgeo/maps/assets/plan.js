/* The page of a plan over years: so much money, so many more workers, what is done where and when, and why. It words the
   numbers of the data block and decides none; a slider takes the map through the years. */

xsgeo.page((api) => {
  'use strict';

  const {el, pair, nameOf, say, tell, one, bilingual, percent, symbol, registry, theme, words, plan, SHAPES, FAMILIES} = xsgeo;
  const {section, layerTick, fold, families, baseFold, legendBox, monthName, townName, venueName, kindName, facts} = xsgeo.frame;
  const {map, page} = api;
  const {items} = registry.steps.data;
  const last = page.years.length;
  const isExact = page.audience === 'internal';
  let year = last;

  document.body.classList.add('xs-plan');
  plan.show(year);

  // ---- the text ---------------------------------------------------------------------------------------------------

  const text = (n) => String(n);

  function title() {
    const h = page.headline;
    const values = {years: text(h.n_years), spent: plan.yuan(Math.abs(h.spent)), n: h.gained};
    if (h.spent < 0) return pair('page.plan.headline.saves', values);
    return h.gained > 0 ? pair('page.plan.headline', values) : pair('page.plan.headline.few', values);
  }

  function proof() {
    const {status, gap} = page.headline;
    return status === 'optimal' ? tell('page.plan.proven') : tell('page.plan.gap', {gap: percent(gap)});
  }

  const shares = () => {
    const {share_before: before, share_after: after} = page.headline;
    return after === null ? percent(before) : `${percent(before)} → ${percent(after)}`;
  };

  const lead = () => pair('page.plan.lead', {n: page.headline.n_actions, budget: plan.yuan(page.headline.budget), spent: plan.yuan(page.headline.spent)});

  function hero() {
    const {gained} = page.headline;
    return el('header', {class: 'xs-hero'},
      el('p', {class: 'xs-overline'}, el('span', {}, tell('page.plan.overline')), el('span', {}, bilingual(page.names))),
      el('h1', {}, bilingual(title())),
      el('p', {class: 'xs-number xs-pair'}, el('strong', {id: 'xs-effective'}, shares()), el('span', {}, tell('page.effective'))),
      gained === null && el('p', {class: 'xs-lead'}, tell('page.plan.few')),
      gained < 0 && el('p', {class: 'xs-lead'}, tell('page.plan.card.n.fewer', {n: -gained})),
      gained === 0 && el('p', {class: 'xs-lead'}, tell('page.plan.nobody')),
      el('p', {class: 'xs-lead'}, bilingual(lead())),
      el('p', {class: 'xs-plan-proof'}, proof()),
      xsgeo.keep(map, page),
      page.facts.demonstration && el('p', {class: 'xs-demo', role: 'note'}, tell('page.demonstration')), sheet());
  }

  const years = () => section('years', 'page.plan.section.years', ...plan.years(page.years, page.headline.share_before));

  function actions() {
    return section('actions', 'page.plan.section.actions', el('p', {class: 'xs-note'}, tell('page.plan.actions.note')),
      ...plan.list(items, page.years, (item, opener) => open(item.number - 1, opener)));
  }

  const money = () => page.money.length > 1 && section('money', 'page.plan.section.money', ...plan.curve(page.money, page.headline));

  function basis() {
    const parts = page.facts.basis_workers.map(([name, share]) => pair('page.plan.note.basis', {
      name: name === 'unstated' ? pair('page.basis.unstated') : nameOf('choice', name), share: percent(share),
    }));
    return [parts.map((p) => p[0]).join('、'), parts.map((p) => p[1]).join(', ')];
  }

  function notes() {
    const f = page.facts;
    const prices = tell(f.is_assumed ? 'page.plan.note.assumed' : 'page.plan.note.given', {basis: f.prices});
    return section('notes', 'page.section.notes', facts([
      ['prices', prices], f.prices_source && ['prices_source', f.prices_source],
      ['counted', tell('page.plan.note.counted.value')],
      !isExact && ['rounding', tell('page.plan.note.numbers.value')],
      ['standard', bilingual(f.standard)], ['source', f.source], ['hours', tell('page.note.hours.value', {n: f.hours})],
      ['month', bilingual(monthName(f.month))], ['basis.workers', bilingual(basis())], ['date', f.as_of],
    ].filter(Boolean)));
  }

  /* What one sheet says below its headline, as the other pages do. */
  const sheet = () => el('p', {class: 'xs-sheet-facts'}, tell('page.sheet.facts', {
    standard: page.facts.standard, as_of: page.facts.as_of, basis: basis(),
  }), ' ', tell('page.plan.sheet.prices', {prices: pair(page.facts.is_assumed ? 'page.plan.note.assumed' : 'page.plan.note.given', {basis: page.facts.prices})}));

  // ---- the years --------------------------------------------------------------------------------------------------

  const slider = el('input', {type: 'range', id: 'xs-year', min: 0, max: last, step: 1, value: last, oninput: () => choose(Number(slider.value))});
  const said = el('output', {id: 'xs-year-said', for: 'xs-year'});

  function when(n) {
    return n ? pair('page.plan.until', {year: text(n)}) : pair('page.plan.today');
  }

  function told(n) {
    const k = items.filter((item) => item.year <= n).length;
    const gained = n ? page.years[n - 1].gained : 0;
    if (gained === null) return pair('page.plan.said.few', {when: when(n), k});
    return gained < 0 ? pair('page.plan.said.fewer', {when: when(n), k, n: -gained}) : pair('page.plan.said', {when: when(n), k, n: gained});
  }

  function write() {
    slider.value = text(year);
    slider.setAttribute('aria-valuetext', one(when(year)));
    said.replaceChildren(bilingual(told(year)));
  }

  function choose(n) {
    if (!Number.isInteger(n) || n < 0 || n > last) return;
    year = n;
    plan.show(n);
    write();
    map.fire('xs-state');
  }

  function yearBox() {
    const stops = [say('page.plan.today'), ...page.years.map((y) => text(y.year))];
    const buttons = stops.map((label, n) => el('button', {type: 'button', class: 'xs-plan-stop', 'aria-label': one(when(n)), onclick: () => choose(n)}, label));
    write();
    return el('div', {class: 'xs-years', role: 'group', 'aria-label': say('page.plan.slider')},
      el('label', {for: 'xs-year', class: 'xs-hidden'}, say('page.plan.slider')), said, slider, el('div', {class: 'xs-plan-stops'}, buttons));
  }

  api.links.set('y', {
    write: () => (year === last ? null : text(year)),
    read: (value) => choose(/^\d+$/.test(value) ? Number(value) : last),
    clear: () => choose(last),
  });

  // ---- cards and legend -------------------------------------------------------------------------------------------

  function open(i, opener) {
    if (!items[i]) return;
    if (items[i].year > year) choose(items[i].year);
    api.show('steps', i, opener);
  }

  api.idOf = {steps: (hit) => text(items[hit.item].number)};
  api.finders = {steps: (id) => open(items.findIndex((item) => text(item.number) === id))};

  function venue(i) {
    const item = registry.venues.data.items[i];
    return el('div', {class: 'xs-card-part'}, el('h3', {}, bilingual(venueName(item))),
      el('p', {}, symbol(SHAPES[item.kind], theme.colours[FAMILIES[item.kind]]), item.town && `${townName(item.town)} · `, bilingual(kindName(item))),
      el('p', {}, one(item.hours) ? tell('page.venues.hours', {hours: item.hours}) : tell('page.venues.no_hours')));
  }

  const kinds = () => Object.keys(plan.KINDS).filter((kind) => items.some((item) => item.action === kind));

  function places() {
    const c = theme.colours;
    return [['new', symbol('circle', c.served)], ['served', symbol('circle', c.nominal, {size: 12})], ['never', symbol('ring', c.unknown, {size: 14})]];
  }

  function legend() {
    const count = (kind) => text(items.filter((item) => item.action === kind).length);
    return legendBox(
      fold(tell('page.layer.steps'), true, layerTick('steps', null, text(items.length)),
        el('ul', {class: 'xs-plan-key'}, kinds().map((kind) => el('li', {}, plan.icon(kind), el('span', {}, bilingual(plan.actionName(kind))), el('span', {class: 'xs-n'}, count(kind))))),
        el('p', {class: 'xs-note'}, tell('page.plan.mark.note'))),
      fold(tell('page.layer.gains'), true, layerTick('gains', null),
        el('ul', {class: 'xs-plan-key'}, places().map(([key, icon]) => el('li', {}, icon, el('span', {}, tell(`page.plan.gains.${key}`))))),
        el('p', {class: 'xs-note'}, tell('page.plan.gains.note'))),
      fold(tell('page.layer.venues'), false, layerTick('venues', null, text(registry.venues.data.items.length)), families()), baseFold(false));
  }

  page.picture = {number: shares(), label: pair('page.effective'), lead: title()};
  api.pictureKeys = () => [
    ...kinds().map((kind) => ({shape: plan.kindOf(kind).shape, colour: theme.colours[plan.kindOf(kind).colour], text: one(plan.actionName(kind))})),
    ...['new', 'served'].map((key) => ({shape: 'circle', colour: theme.colours[key === 'new' ? 'served' : 'nominal'], text: say(`page.plan.gains.${key}`)})),
  ];

  xsgeo.tools.push(() => api.control('bottomright', yearBox()));

  return {
    sections: [hero, years, actions, money, notes],
    legend,
    brief: () => [el('strong', {}, shares()), ' ', bilingual(title())],
    picks: ['steps', 'venues'],
    foot: words().language === 'en' ? 116 : 98, // px on a phone: the years' box, in English of two lines, and the credit below it
    card: (hit) => (hit.kind === 'steps' ? [plan.card(items[hit.item], isExact)] : hit.items.map(venue)),
    redrawn: write,
  };
});
