/* The page of one map: the text beside it, its legend, and what a click on either does to the other.

   It words the numbers of the data block; it decides none of them. */

(() => {
  'use strict';

  const {el, pair, nameOf, say, tell, one, bilingual, between, count, percent, symbol, registry, theme, SHAPES, FAMILIES, UNSERVED} = xsgeo;
  const {section, named, pointer, facts, monthName, shortened, townName, venueName, kindName, layerTick, kindTick, fold, families, baseFold, legendBox} = xsgeo.frame;

  let map;
  let page;
  let show;
  let showTown;
  let focus = null;

  // ---- text -----------------------------------------------------------------------------------------------------

  const reasonName = (state) => (state === 'merged' ? pair('page.reason.merged') : nameOf('reason', state));

  function bar(share, colour, label) {
    const svg = el('svg', {class: 'xs-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', role: 'img', 'aria-label': label});
    svg.append(el('rect', {width: 100, height: 8, class: 'xs-bar-ground'}));
    svg.append(el('rect', {width: Math.max(0, Math.min(100, 100 * share)).toFixed(2), height: 8, fill: colour}));
    return svg;
  }

  function hero() {
    const h = page.headline;
    const others = page.reasons.filter((r) => r.reason !== 'served' && r.reason !== 'merged');
    const merged = page.reasons.find((r) => r.reason === 'merged');
    const most = others.reduce((a, b) => (a && a.n >= b.n ? a : b), null);
    const main = most && (!merged || most.n >= merged.n) ? most : null; // what is merged might hide a larger one
    const withheld = h.n_workers === null;
    const unserved = h.n_workers - h.n_effective;
    const share = (value, key, colour) => el('div', {class: 'xs-share'},
      el('div', {class: 'xs-share-line'}, el('span', {}, tell(`page.${key}`)), el('b', {}, percent(value))),
      bar(value, colour, `${say(`page.${key}`)} ${percent(value)}`),
      el('p', {class: 'xs-note'}, tell(`page.${key}.what`)));
    return el('header', {class: 'xs-hero'},
      el('p', {class: 'xs-overline'}, el('a', {href: page.index || 'index.html'}, tell('page.all_maps')), ' ', el('span', {}, tell('page.overline'))),
      el('h1', {}, bilingual(page.names)),
      el('p', {class: 'xs-number'}, el('strong', {id: 'xs-effective'}, percent(h.share_effective)), el('span', {}, tell('page.effective'))),
      el('p', {class: 'xs-lead'},
        withheld ? tell('page.withheld')
          : page.ledger ? tell('page.internal.hero', {k: page.ledger.n_employers, n_workers: h.n_workers, n_effective: h.n_effective})
            : tell('page.hero', {n_workers: h.n_workers, n_effective: h.n_effective}), between(),
        main && !withheld && tell('page.hero.reason', {n: unserved, reason: reasonName(main.reason), m: main.n}),
        !main && unserved > 0 && tell('page.hero.others', {n: unserved})),
      share(h.share_nominal, 'nominal', theme.colours.nominal),
      share(h.share_effective, 'effective', theme.colours.served),
      page.facts.demonstration && el('p', {class: 'xs-demo', role: 'note'}, tell('page.demonstration')),
      page.needs && el('p', {class: 'xs-needs'}, el('b', {}, tell('page.needs')), ' ', page.needs),
      xsgeo.keep(map, page),
      el('p', {class: 'xs-sheet-facts'}, tell('page.sheet.facts', {standard: page.facts.standard, as_of: page.facts.as_of, basis: basisOf(page.facts.basis_workers)})));
  }

  function reasons() {
    if (!page.reasons.length) return section('reasons', 'page.section.reasons', el('p', {}, tell('page.reasons.hidden')));
    const list = page.reasons.filter((r) => r.reason !== 'served').sort((a, b) => b.n - a.n);
    const total = list.reduce((sum, r) => sum + r.n, 0) || 1;
    const strip = el('svg', {class: 'xs-strip', viewBox: '0 0 1000 22', preserveAspectRatio: 'none', role: 'img', 'aria-label': say('page.reasons.label')});
    let at = 0;
    for (const {reason, n} of list) {
      const width = (1000 * n) / total;
      strip.append(el('rect', {x: at.toFixed(2), width: Math.max(0, width - 3).toFixed(2), height: 22, fill: theme.colours[reason]},
        el('title', {}, `${one(reasonName(reason))} ${count(n)}`)));
      at += width;
    }
    return section('reasons', 'page.section.reasons', strip,
      el('table', {class: 'xs-reasons'}, el('tbody', {}, list.map(({reason, n}) => el('tr', {},
        el('th', {scope: 'row'}, named(symbol(SHAPES[reason], theme.colours[reason]), bilingual(reasonName(reason)))),
        el('td', {class: 'xs-remedy'}, reason === 'merged' ? '' : bilingual(nameOf('page.remedy', reason))),
        el('td', {class: 'xs-n'}, count(n)),
        el('td', {class: 'xs-n xs-soft'}, percent(n / total)))))));
  }

  function towns() {
    const head = ['page.column.town', 'page.column.workers', 'page.nominal.short', 'page.effective.short']
      .map((key, i) => el('th', {scope: 'col', class: i ? 'xs-n' : ''}, tell(key)));
    const rows = page.towns.map((t) => {
      const name = t.merged ? pair('page.towns.merged', {n: t.merged}) : t.names;
      return el('tr', {},
        el('th', {scope: 'row'}, t.at ? pointer(bilingual(name), (event) => showTown(t, event.currentTarget), one(name)) : bilingual(name)),
        el('td', {class: 'xs-n'}, count(t.n_workers), t.n_employers !== undefined && el('span', {class: 'xs-employers'}, tell('page.internal.employers', {n: t.n_employers}))),
        el('td', {class: 'xs-n xs-soft'}, percent(t.share_nominal)),
        el('td', {class: 'xs-n'}, el('b', {}, percent(t.share_effective)), pairBar(t)));
    });
    return section('towns', 'page.section.towns',
      page.towns.length
        ? [el('p', {class: 'xs-note'}, tell('page.towns.note')),
          el('table', {class: 'xs-towns'}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows))]
        : el('p', {}, tell('page.towns.hidden')));
  }

  /* Effective within nominal: what is near and what of it can be used. */
  function pairBar(t) {
    const svg = el('svg', {class: 'xs-bar xs-bar-pair', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
    svg.append(el('rect', {width: 100, height: 8, class: 'xs-bar-ground'}));
    svg.append(el('rect', {width: (100 * t.share_nominal).toFixed(2), height: 8, fill: theme.colours.nominal, opacity: 0.55}));
    svg.append(el('rect', {width: (100 * t.share_effective).toFixed(2), height: 8, fill: theme.colours.served}));
    return svg;
  }

  function proposals() {
    const {items} = registry.proposals.data;
    const {plan} = page;
    const whole = page.kind === 'county';
    if (!items.length) return section('proposals', 'page.section.proposals', el('p', {}, tell('page.proposals.none')));
    const gap = typeof plan.gap === 'number' ? percent(plan.gap) : '–';
    const proven = plan.status === 'optimal'
      ? tell('page.proposals.optimal', {gap})
      : typeof plan.bound === 'number' && tell('page.proposals.bounded', {bound: Math.round(plan.bound), gap});
    return section('proposals', 'page.section.proposals',
      el('p', {class: 'xs-note'},
        whole && typeof plan.objective === 'number' && tell('page.proposals.sum', {k: items.length, n: Math.round(plan.objective)}), between(),
        whole ? proven : tell('page.proposals.all')),
      el('ol', {class: 'xs-list'}, items.map((item, i) => el('li', {},
        el('span', {class: 'xs-badge', 'aria-hidden': 'true'}, String(item.number)),
        el('div', {},
          pointer(bilingual(item.names), (event) => show('proposals', i, event.currentTarget), one(item.names)), ' ',
          el('span', {class: 'xs-chip'}, bilingual(nameOf('page.action', item.action))),
          el('p', {class: 'xs-gain'}, adds(item)),
          item.towns[0] && el('p', {class: 'xs-soft'}, tell('page.proposals.towns', {names: item.towns})))))));
  }

  const adds = (item) => (item.n_workers === null ? tell('page.few') : tell('page.proposals.adds', {n: item.n_workers}));

  function gaps() {
    const {items} = registry.gaps.data;
    if (!items.length) return section('gaps', 'page.section.gaps', el('p', {}, tell('page.gaps.none')));
    const row = (item, i) => el('tr', {},
      el('th', {scope: 'row'}, named(symbol(SHAPES[item.main_reason] || 'ring', theme.colours[item.main_reason] || theme.colours.quiet),
        pointer(el('span', {}, el('span', {class: 'xs-id'}, item.id), ' ', townName(item.name)), (event) => show('gaps', i, event.currentTarget), `${item.id} ${townName(item.name)}`))),
      el('td', {}, bilingual(reasonName(item.main_reason))),
      el('td', {class: 'xs-n'}, item.n_workers === null ? tell('page.few') : count(item.n_workers)));
    return section('gaps', 'page.section.gaps',
      el('p', {class: 'xs-note'}, tell('page.gaps.note'), between(), page.kind === 'cluster' && tell('page.proposals.all')),
      shortened(items, 12, (some, from) => el('table', {class: 'xs-gaps'}, el('tbody', {}, some.map((item, i) => row(item, from + i))))));
  }

  function months() {
    if (!page.months) return null;
    const top = Math.max(...page.months, 1);
    const svg = el('svg', {class: 'xs-months', viewBox: '0 0 360 90', role: 'img', 'aria-label': say('page.section.months')});
    page.months.forEach((weight, i) => {
      const height = (52 * weight) / top;
      const now = i + 1 === page.facts.month;
      svg.append(el('rect', {x: i * 30 + 3, y: (70 - height).toFixed(1), width: 24, height: height.toFixed(1), rx: 1.5, fill: now ? theme.colours.served : theme.colours.nominal},
        el('title', {}, `${say('page.month', {month: i + 1})} ${percent(weight)}`)));
      svg.append(el('text', {x: i * 30 + 15, y: 85, class: now ? 'xs-now' : ''}, String(i + 1)));
      svg.append(el('text', {x: i * 30 + 15, y: (66 - height).toFixed(1), class: 'xs-tiny'}, String(Math.round(100 * weight))));
    });
    return section('months', 'page.section.months', svg, el('p', {class: 'xs-note'}, tell('page.months.note', {month: page.facts.month})));
  }

  /* Placed so roughly that nobody's way to it is reckoned: not a venue that nobody reaches. */
  const isVague = (item) => !item.reached && item.accuracy_m > page.max_accuracy_m;

  function venues() {
    const all = registry.venues.data.items.map((item, i) => ({item, i}));
    const near = all.filter(({item}) => item.reached);
    const size = (text) => (/^\d+$/.test(text) ? Number(text) : text ? 1 : 0);
    const ranked = (page.kind === 'county' ? all : near)
      .sort((a, b) => !a.item.name - !b.item.name || size(b.item.reached) - size(a.item.reached) || a.i - b.i);
    const row = ({item, i}) => el('tr', {},
      el('th', {scope: 'row'}, named(symbol(SHAPES[item.kind], theme.colours[FAMILIES[item.kind]]),
        pointer(bilingual(venueName(item)), (event) => show('venues', i, event.currentTarget), one(venueName(item))),
        el('span', {class: 'xs-soft'}, [townName(item.town), one(kindName(item))].filter(Boolean).join(' · ')),
        el('span', {class: 'xs-soft'}, one(item.hours) || say('page.venues.no_hours')))),
      el('td', {class: 'xs-n'}, isVague(item) ? el('abbr', {title: say('page.venues.reach_vague')}, '–')
        : item.reached === 'few' ? el('abbr', {title: say('page.few')}, say('page.few.short')) : count(Number(item.reached))));
    const head = el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, tell('page.column.venue')), el('th', {scope: 'col', class: 'xs-n'}, tell('page.column.reached'))));
    const table = (some) => el('table', {class: 'xs-venues'}, head.cloneNode(true), el('tbody', {}, some.map(row)));
    return section('venues', 'page.section.venues',
      el('p', {class: 'xs-note'}, tell('page.venues.sum', {plaques: page.plaques, rooms: page.rooms}), between(),
        page.kind === 'cluster' && tell('page.venues.reached', {n: near.length}), between(), !page.ledger && tell('page.venues.note'), between(),
        ranked.some(({item}) => isVague(item)) && tell('page.venues.vague')),
      shortened(ranked, 6, table));
  }

  const basisOf = (list) => list.map(([name, share]) => {
    const label = name === 'unstated' ? pair('page.basis.unstated') : nameOf('choice', name);
    return label.map((text) => `${text} ${percent(share)}`);
  }).reduce((a, b) => (a ? [`${a[0]}、${b[0]}`, `${a[1]}, ${b[1]}`] : b), null) || ['–', '–'];

  function notes() {
    const f = page.facts;
    const cutoff = f.cutoff.map(([mode, n]) => pair('page.note.minutes', {mode: nameOf('mode', mode), n}))
      .reduce((a, b) => (a ? [`${a[0]}、${b[0]}`, `${a[1]}, ${b[1]}`] : b), null);
    const rows = [
      ['standard', bilingual(f.standard)], ['source', f.source], ['cutoff', bilingual(cutoff)],
      ['hours', tell('page.note.hours.value', {n: f.hours})], ['month', bilingual(monthName(f.month))], ['date', f.as_of],
      ['basis.workers', bilingual(basisOf(f.basis_workers))], ['basis.venues', bilingual(basisOf(f.basis_venues))],
      ['rounding', tell(page.ledger ? 'page.internal.rounding' : 'page.note.rounding.value')], ['reach', tell('page.note.reach.value')],
    ];
    return section('notes', 'page.section.notes', facts(rows));
  }

  function links() {
    return el('nav', {class: 'xs-section xs-links', 'aria-labelledby': 'xs-links-head'},
      el('h2', {id: 'xs-links-head'}, tell('page.section.maps')),
      el('ul', {}, page.links.map((link) => el('li', {}, el('a', {href: link.file},
        el('span', {}, link.cluster ? bilingual(link.names) : tell('page.county')), el('b', {}, percent(link.share_effective)))))));
  }

  // ---- cards ----------------------------------------------------------------------------------------------------

  const line = (...children) => el('p', {}, ...children);

  function venueCard(item) {
    const reach = item.reached === 'few' ? tell('page.venues.reach_few')
      : item.reached ? tell('page.venues.reach', {n: Number(item.reached)}) : tell(isVague(item) ? 'page.venues.reach_vague' : 'page.venues.reach_none');
    return el('div', {class: 'xs-card-part'},
      el('h3', {}, bilingual(venueName(item))),
      line(symbol(SHAPES[item.kind], theme.colours[FAMILIES[item.kind]]), item.town && `${townName(item.town)} · `, bilingual(kindName(item))),
      line(item.hours[0] ? tell('page.venues.hours', {hours: item.hours}) : tell('page.venues.no_hours')),
      item.serves && line(tell('page.venues.serves', {
        serves: nameOf('choice', item.serves), terms: item.terms ? nameOf('choice', item.terms) : ['–', '–'],
      })),
      item.reached !== '?' && line(reach),
      item.accuracy_m > 200 && line(el('span', {class: 'xs-soft'}, tell('page.venues.accuracy', {n: item.accuracy_m}))));
  }

  function workersCard({area, state, place}) {
    const {data} = registry.workers;
    if (page.ledger && place !== undefined) return xsgeo.ledgerAt(page.ledger, place, data.reasons);
    const rows = Object.entries(data.counts).filter(([, counts]) => counts[area])
      .sort((a, b) => b[1][area] - a[1][area])
      .map(([name, counts]) => el('tr', {}, el('th', {scope: 'row'}, symbol(SHAPES[name], theme.colours[name]), bilingual(reasonName(name))),
        el('td', {class: 'xs-n'}, count(counts[area]))));
    return el('div', {class: 'xs-card-part'},
      state && line(symbol(SHAPES[state], theme.colours[state]), tell('page.place', {state: nameOf('reason', state)})),
      el('h3', {}, data.total[area] ? tell(page.ledger ? 'page.area.exact' : 'page.area', {n: data.total[area]}) : tell('page.area.few')),
      rows.length > 0 && el('table', {}, el('tbody', {}, rows)));
  }

  function townCard(town) {
    const row = (key, value) => el('tr', {}, el('th', {scope: 'row'}, tell(key)), el('td', {class: 'xs-n'}, value));
    return el('div', {class: 'xs-card-part'}, el('h3', {}, bilingual(town.names)), el('table', {}, el('tbody', {},
      row('page.column.workers', count(town.n_workers)), row('page.nominal', percent(town.share_nominal)),
      row('page.effective', percent(town.share_effective)))));
  }

  function card(hit) {
    if (hit.kind === 'towns') return [townCard(hit.town)];
    if (hit.kind === 'venues') return hit.items.map((i) => venueCard(registry.venues.data.items[i]));
    if (hit.kind === 'workers') return [workersCard(hit)];
    if (registry[hit.kind].painter.card) return [registry[hit.kind].painter.card(hit.item)];
    const item = registry[hit.kind].data.items[hit.item];
    if (hit.kind === 'gaps') {
      return [el('div', {class: 'xs-card-part'}, el('h3', {}, `${item.id} ${townName(item.name)}`),
        line(item.n_workers === null ? tell('page.few') : tell('page.gaps.workers', {n: item.n_workers})),
        line(symbol(SHAPES[item.main_reason] || 'ring', theme.colours[item.main_reason] || theme.colours.quiet), bilingual(reasonName(item.main_reason))),
        line(tell('page.remedy', {remedy: nameOf('page.remedy', item.main_reason)})))];
    }
    return [el('div', {class: 'xs-card-part'}, el('h3', {}, `${item.number} `, bilingual(item.names)),
      line(el('span', {class: 'xs-chip'}, bilingual(nameOf('page.action', item.action)))), line(adds(item)),
      item.towns[0] && line(tell('page.proposals.towns', {names: item.towns})),
      item.clusters[0] && line(tell('page.proposals.clusters', {names: item.clusters})))];
  }

  function dropFocus() {
    if (focus) focus.remove();
    focus = null;
  }

  /* A venue's card comes with the places that reach it. */
  function opened(hit) {
    if (hit.kind !== 'venues') return;
    focus = registry.catchments.painter.focus(hit.items[0]);
    focus.addTo(map);
  }

  // ---- legend ---------------------------------------------------------------------------------------------------

  const lineIcon = (colour, dashed) => {
    const svg = el('svg', {width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true', class: 'xs-symbol'});
    svg.append(el('line', {x1: 1, y1: 12, x2: 15, y2: 4, stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dashed ? '2 2' : null}));
    return svg;
  };

  function sharedFold(c) {
    const {rooms, sharing} = registry;
    const some = [rooms, sharing].filter((layer) => layer && layer.data.items.length);
    if (!some.length) return null;
    return fold(tell('page.layers.shared'), false,
      rooms && layerTick('rooms', symbol('ring', c.union), count(rooms.data.items.length)),
      sharing && layerTick('sharing', lineIcon(c.reach), count(sharing.data.items.length)),
      sharing && el('p', {class: 'xs-families'}, ['complement', 'serve'].map((kind) => el('span', {},
        lineIcon(kind === 'serve' ? c.served : c.reach, kind === 'serve'), tell(`page.sharing.${kind}`)))));
  }

  function actionsFold(c) {
    const layer = registry.actions;
    if (!layer || !layer.data.items.length) return null;
    const {items, years} = layer.data;
    return fold(tell('page.layer.actions'), false,
      layerTick('actions', symbol('circle', c.not_shared), count(items.length)),
      years.map((year) => kindTick('actions', String(year), symbol('circle', c.not_shared, {outline: c.ink}),
        tell('page.actions.year', {year: String(year)}), count(items.filter((item) => item.year === year).length))));
  }

  function legend() {
    const c = theme.colours;
    const n = Object.fromEntries(page.reasons.map((r) => [r.reason, r.n]));
    const shown = (reason) => (n[reason] === undefined ? '' : count(n[reason]));
    const states = ['served', ...UNSERVED].filter((s) => n[s] !== undefined || registry.workers.data.counts[s]);
    if (n.merged !== undefined || registry.workers.data.counts.merged) states.push('merged');
    const {items} = registry.venues.data;
    const kinds = Object.keys(FAMILIES).filter((k) => items.some((v) => v.kind === k));
    return legendBox(
      fold(tell('page.layer.workers'), true,
        states.map((s) => kindTick('workers', s, symbol(SHAPES[s], c[s]), bilingual(reasonName(s)), shown(s))),
        el('p', {class: 'xs-note'}, tell('page.legend.size'))),
      fold(tell('page.layer.proposals'), true,
        layerTick('proposals', symbol('circle', c.proposal), count(registry.proposals.data.items.length)),
        layerTick('gaps', el('span', {class: 'xs-dash', 'aria-hidden': 'true'}), count(registry.gaps.data.items.length)),
        layerTick('catchments', el('span', {class: 'xs-patch', style: `background:${c.reach}`, 'aria-hidden': 'true'}))),
      sharedFold(c), actionsFold(c),
      fold(tell('page.layer.venues'), true,
        layerTick('venues', null, count(items.length)), families(),
        fold(tell('page.legend.kinds'), false,
          kinds.map((k) => kindTick('venues', k, symbol(SHAPES[k], c[FAMILIES[k]]), tell(`choice.${k}`), count(items.filter((v) => v.kind === k).length))))),
      baseFold(false));
  }

  xsgeo.page((api) => {
    ({map, page} = api);
    ({show, showTown} = api);
    return {
      sections: [hero, reasons, () => xsgeo.week(page), proposals, towns, gaps, months, venues, notes, links],
      legend, card, opened, closed: dropFocus,
      brief: () => [el('b', {}, percent(page.headline.share_effective)), ' ', tell('page.effective')],
      picks: ['proposals', 'actions', 'rooms', 'venues', 'gaps', 'workers', 'sharing'],
      redrawn: () => focus && focus.redraw(),
    };
  });
})();
