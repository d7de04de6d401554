/* The page of one map: the text beside it, its legend, and what a click on either does to the other.

   It words the numbers of the data block; it decides none of them. */

(() => {
  'use strict';

  const {el, pair, nameOf, say, tell, one, bilingual, count, percent, symbol, words, registry, theme, SHAPES, FAMILIES, UNSERVED} = xsgeo;

  let map;
  let page;
  let focus = null;
  let before = null; // what the screen showed when printing began; null while it does not print

  // ---- text -----------------------------------------------------------------------------------------------------

  const section = (id, key, ...children) => el('section', {class: 'xs-section', id: `xs-${id}`, 'aria-labelledby': `xs-${id}-head`},
    el('h2', {id: `xs-${id}-head`}, tell(key)), ...children);

  const named = (icon, ...label) => el('div', {class: 'xs-named'}, icon, el('div', {}, ...label));

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
        withheld ? tell('page.withheld') : tell('page.hero', {n_workers: h.n_workers, n_effective: h.n_effective}), ' ',
        page.ledger && tell('page.internal.total', {n: page.ledger.n_employers}), ' ',
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

  /* A name in a list that shows its thing on the map. */
  const pointer = (label, show, name) => el('button', {
    type: 'button', class: 'xs-point', 'aria-label': name ? say('page.show', {name}) : null, onclick: show,
  }, label);

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
        whole && typeof plan.objective === 'number' && tell('page.proposals.sum', {k: items.length, n: Math.round(plan.objective)}), ' ',
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
        pointer(el('span', {}, el('span', {class: 'xs-id'}, item.id), ' ', item.name), (event) => show('gaps', i, event.currentTarget), `${item.id} ${item.name}`))),
      el('td', {}, bilingual(reasonName(item.main_reason))),
      el('td', {class: 'xs-n'}, item.n_workers === null ? tell('page.few') : count(item.n_workers)));
    return section('gaps', 'page.section.gaps',
      el('p', {class: 'xs-note'}, tell('page.gaps.note'), ' ', page.kind === 'cluster' && tell('page.proposals.all')),
      shortened(items, 12, (some, from) => el('table', {class: 'xs-gaps'}, el('tbody', {}, some.map((item, i) => row(item, from + i))))));
  }

  /* The first so many, the rest behind a disclosure; all of them on paper. */
  function shortened(items, n, make) {
    if (items.length <= n + 3 || before) return el('div', {class: 'xs-columns'}, make(items, 0));
    return [make(items.slice(0, n), 0),
      el('details', {class: 'xs-more'}, el('summary', {}, tell('page.more', {n: items.length - n})), make(items.slice(n), n))];
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

  const kindName = (item) => nameOf('choice', item.kind);
  const venueName = (item) => (item.name ? [item.name, item.name] : pair('page.venues.own', {kind: kindName(item)}));

  function venues() {
    const all = registry.venues.data.items.map((item, i) => ({item, i}));
    const near = all.filter(({item}) => item.reached);
    const size = (text) => (/^\d+$/.test(text) ? Number(text) : text ? 1 : 0);
    const ranked = (page.kind === 'county' ? all : near)
      .sort((a, b) => !a.item.name - !b.item.name || size(b.item.reached) - size(a.item.reached) || a.i - b.i);
    const row = ({item, i}) => el('tr', {},
      el('th', {scope: 'row'}, named(symbol(SHAPES[item.kind], theme.colours[FAMILIES[item.kind]]),
        pointer(bilingual(venueName(item)), (event) => show('venues', i, event.currentTarget), one(venueName(item))),
        el('span', {class: 'xs-soft'}, [item.town, one(kindName(item))].filter(Boolean).join(' · ')),
        el('span', {class: 'xs-soft'}, one(item.hours) || say('page.venues.no_hours')))),
      el('td', {class: 'xs-n'}, item.reached === 'few' ? '<5' : item.reached ? count(Number(item.reached)) : '–'));
    const head = el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, tell('page.column.venue')), el('th', {scope: 'col', class: 'xs-n'}, tell('page.column.reached'))));
    const table = (some) => el('table', {class: 'xs-venues'}, head.cloneNode(true), el('tbody', {}, some.map(row)));
    return section('venues', 'page.section.venues',
      el('p', {class: 'xs-note'}, tell('page.venues.sum', {plaques: page.plaques, rooms: page.rooms}), ' ',
        page.kind === 'cluster' && tell('page.venues.reached', {n: near.length}), ' ', tell('page.venues.note')),
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
    const month = [pair('page.month', {month: f.month})[0], new Date(2000, f.month - 1).toLocaleString('en', {month: 'long'})];
    const rows = [
      ['standard', bilingual(f.standard)], ['source', f.source], ['cutoff', bilingual(cutoff)],
      ['hours', tell('page.note.hours.value', {n: f.hours})], ['month', bilingual(month)], ['date', f.as_of],
      ['basis.workers', bilingual(basisOf(f.basis_workers))], ['basis.venues', bilingual(basisOf(f.basis_venues))],
      ['rounding', tell(page.ledger ? 'page.internal.rounding' : 'page.note.rounding.value')], ['reach', tell('page.note.reach.value')],
    ];
    return section('notes', 'page.section.notes', el('dl', {class: 'xs-facts'},
      rows.flatMap(([key, value]) => [el('dt', {}, tell(`page.note.${key}`)), el('dd', {}, value)])));
  }

  function links() {
    return el('nav', {class: 'xs-section xs-links', 'aria-labelledby': 'xs-links-head'},
      el('h2', {id: 'xs-links-head'}, tell('page.section.maps')),
      el('ul', {}, page.links.map((link) => el('li', {}, el('a', {href: link.file},
        el('span', {}, link.cluster ? bilingual(link.names) : tell('page.county')), el('b', {}, percent(link.share_effective)))))));
  }

  function writePanel() {
    document.getElementById('xs-panel').replaceChildren(...[
      hero(), reasons(), xsgeo.week(page), proposals(), towns(), gaps(), months(), venues(), notes(), links(),
    ].filter(Boolean));
  }

  // ---- map ------------------------------------------------------------------------------------------------------

  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

  function go(at, zoom) {
    map.setView(at, Math.max(zoom, map.getZoom()), {animate: false});
    if (isSmall()) map.getContainer().scrollIntoView({block: 'start'});
  }

  function show(kind, item, opener) {
    const layer = registry[kind];
    const box = document.getElementById(`xs-layer-${kind}`);
    if (box && !box.checked) box.click();
    const at = layer.painter.position(item);
    go(at, 13.25);
    openCard(kind === 'venues' ? {kind, items: [item], at} : {kind, item, at}, opener);
  }

  function showTown(town, opener) {
    const at = L.latLng(town.at);
    go(at, 13);
    openCard({kind: 'towns', town, at}, opener);
  }

  const line = (...children) => el('p', {}, ...children);

  function venueCard(item) {
    const reach = item.reached === 'few' ? tell('page.venues.reach_few')
      : item.reached ? tell('page.venues.reach', {n: Number(item.reached)}) : tell('page.venues.reach_none');
    return el('div', {class: 'xs-card-part'},
      el('h3', {}, bilingual(venueName(item))),
      line(symbol(SHAPES[item.kind], theme.colours[FAMILIES[item.kind]]), item.town && `${item.town} · `, bilingual(kindName(item))),
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
      el('h3', {}, data.total[area] ? tell('page.area', {n: data.total[area]}) : tell('page.area.few')),
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
      return [el('div', {class: 'xs-card-part'}, el('h3', {}, `${item.id} ${item.name}`),
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

  let returnTo = null; // what opened the card from the text, for the keyboard to go back to

  function openCard(hit, opener = null) {
    map.closePopup();
    dropFocus();
    if (hit.kind === 'venues') {
      focus = registry.catchments.painter.focus(hit.items[0]);
      focus.addTo(map);
    }
    const text = el('div', {class: 'xs-card', tabindex: -1, role: 'group'}, ...card(hit));
    const room = map.getSize();
    const popup = L.popup({
      content: text, maxWidth: Math.min(300, room.x - 60), minWidth: 180, maxHeight: Math.max(120, Math.min(300, room.y - 110)),
      autoPanPaddingTopLeft: [20, isSmall() ? 64 : 20], autoPanPaddingBottomRight: [20, 30],
    }).setLatLng(hit.at).openOn(map);
    popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', say('page.close'));
    popup.getElement().querySelector('.leaflet-popup-content').tabIndex = 0; // long cards scroll
    map.fire('xs-card', {hit, text});
    returnTo = opener;
    if (opener) text.focus({preventScroll: true});
  }

  /* Closing by hand goes back to where the reader was. */
  function closed() {
    dropFocus();
    if (returnTo && returnTo.isConnected && map.getContainer().contains(document.activeElement)) returnTo.focus();
    returnTo = null;
  }

  const PICK_ORDER = ['proposals', 'actions', 'rooms', 'venues', 'gaps', 'workers', 'sharing'];

  function hitAt(point) {
    for (const kind of PICK_ORDER) {
      const hit = registry[kind] && registry[kind].pick(point);
      if (hit) return hit;
    }
    return null;
  }

  function listen() {
    map.on('click', (event) => {
      const hit = hitAt(event.layerPoint);
      if (hit) openCard(hit);
      else dropFocus();
    });
    map.on('popupclose', closed);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') map.closePopup();
    });
    map.on('mousemove', (event) => {
      map.getContainer().style.cursor = hitAt(event.layerPoint) ? 'pointer' : '';
    });
  }

  // ---- controls -------------------------------------------------------------------------------------------------

  function control(position, node) {
    const Control = L.Control.extend({
      onAdd() {
        L.DomEvent.disableClickPropagation(node);
        L.DomEvent.disableScrollPropagation(node);
        return node;
      },
    });
    new Control({position}).addTo(map);
  }

  const isSmall = () => window.matchMedia('(max-width: 760px)').matches;

  /* The whole map, clear of the legend where that stands over it. */
  function whole(animate) {
    const legend = document.getElementById('xs-legend');
    const [above, beside] = isSmall() && !before ? [legend.querySelector('summary').offsetHeight + 24, 24] : [28, legend.offsetWidth + (before ? 4 : 40)]; // on paper the legend lies over the sea in the south-east
    map.fitBounds(page.view, {paddingTopLeft: [before ? 12 : 28, above], paddingBottomRight: [beside, 32], animate: animate && !calm.matches});
  }

  function tick(id, checked, icon, label, number, change) {
    const box = el('input', {type: 'checkbox', id, checked, onchange: (event) => change(event.target.checked)});
    return el('label', {class: 'xs-tick', for: id}, box, icon, el('span', {class: 'xs-tick-name'}, label), el('span', {class: 'xs-n'}, number));
  }

  const layerTick = (kind, icon, number = '') => tick(`xs-layer-${kind}`, map.hasLayer(registry[kind]), icon, tell(`page.layer.${kind}`), number, (on) => {
    if (on) registry[kind].addTo(map);
    else registry[kind].remove();
  });

  function kindTick(layer, name, icon, label, number) {
    const {shown} = registry[layer].painter;
    return tick(`xs-${layer}-${name}`, shown.has(name), icon, label, number, (on) => {
      if (on) shown.add(name);
      else shown.delete(name);
      registry[layer].redraw();
    });
  }

  const fold = (title, open, ...children) => el('details', {class: 'xs-fold', open}, el('summary', {}, title), ...children);

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

  function legendBox() {
    const c = theme.colours;
    const n = Object.fromEntries(page.reasons.map((r) => [r.reason, r.n]));
    const shown = (reason) => (n[reason] === undefined ? '' : count(n[reason]));
    const states = ['served', ...UNSERVED].filter((s) => n[s] !== undefined || registry.workers.data.counts[s]);
    if (n.merged !== undefined || registry.workers.data.counts.merged) states.push('merged');
    const {items} = registry.venues.data;
    const kinds = Object.keys(FAMILIES).filter((k) => items.some((v) => v.kind === k));
    return el('details', {class: 'xs-legend', id: 'xs-legend', open: !isSmall()},
      el('summary', {}, tell('page.section.legend')),
      el('div', {class: 'xs-legend-body'},
        fold(tell('page.layer.workers'), true,
          states.map((s) => kindTick('workers', s, symbol(SHAPES[s], c[s]), bilingual(reasonName(s)), shown(s))),
          el('p', {class: 'xs-note'}, tell('page.legend.size'))),
        fold(tell('page.layer.proposals'), true,
          layerTick('proposals', symbol('circle', c.proposal), count(registry.proposals.data.items.length)),
          layerTick('gaps', el('span', {class: 'xs-dash', 'aria-hidden': 'true'}), count(registry.gaps.data.items.length)),
          layerTick('catchments', el('span', {class: 'xs-patch', style: `background:${c.reach}`, 'aria-hidden': 'true'}))),
        sharedFold(c), actionsFold(c),
        fold(tell('page.layer.venues'), true,
          layerTick('venues', null, count(items.length)),
          el('p', {class: 'xs-families'}, ['union', 'mass', 'other'].map((f) => el('span', {}, symbol('circle', c[f], {size: 13}), tell(`page.family.${f}`)))),
          fold(tell('page.legend.kinds'), false,
            kinds.map((k) => kindTick('venues', k, symbol(SHAPES[k], c[FAMILIES[k]]), tell(`choice.${k}`), count(items.filter((v) => v.kind === k).length))))),
        fold(tell('page.legend.base'), false, registry.roads && layerTick('roads', null), layerTick('towns', null))));
  }

  function north() {
    const svg = el('svg', {width: 22, height: 30, viewBox: '0 0 22 30', role: 'img', 'aria-label': say('page.north')});
    svg.append(el('path', {d: 'M11 2 L17 19 L11 15.5 L5 19 Z', class: 'xs-north'}), el('text', {x: 11, y: 29, class: 'xs-north-text'}, say('page.north')));
    return svg;
  }

  function addControls() {
    L.control.zoom({position: 'topleft', zoomInTitle: say('page.zoom_in'), zoomOutTitle: say('page.zoom_out')}).addTo(map);
    control('topleft', el('div', {class: 'leaflet-bar'}, el('button', {type: 'button', class: 'xs-home', title: say('page.whole'), 'aria-label': say('page.whole'), onclick: () => whole(true)}, '⤢')));
    control('topright', legendBox());
    control('bottomright', el('div', {class: 'xs-credit'}, say(page.tiles ? `page.tiles.${page.tiles}` : 'page.credit')));
    L.control.scale({position: 'bottomleft', imperial: false, maxWidth: isSmall() ? 88 : 110}).addTo(map);
    control('bottomleft', el('div', {class: 'xs-north-box'}, north()));
  }

  function redraw() {
    for (const layer of Object.values(registry)) layer.redraw();
    if (focus) focus.redraw();
  }

  // Paper is white and has no disclosure to open. It is laid out after this event, so the map takes paper's size now.
  function print(on) {
    if (on === Boolean(before)) return;
    const legend = document.getElementById('xs-legend');
    const now = {at: map.getCenter(), zoom: map.getZoom(), legend: legend.open};
    if (on) map.closePopup();
    const then = before;
    before = on ? now : null;
    document.documentElement.classList.toggle('xs-paper', on);
    legend.open = on || then.legend;
    xsgeo.chooseTheme(on);
    writePanel();
    map.invalidateSize({animate: false, pan: false});
    if (on) {
      whole(false);
      map.getContainer().append(xsgeo.sheet(map));
    } else {
      map.getContainer().querySelector('.xs-sheet').remove();
      map.setView(then.at, then.zoom, {animate: false});
      redraw();
    }
  }

  function start() {
    page = xsgeo.read('xsgeo_page');
    map = window.map_page;
    theme.adaptive = true;
    xsgeo.chooseTheme();
    map.getContainer().setAttribute('role', 'region');
    map.getContainer().setAttribute('aria-label', say('page.section.map'));
    map.invalidateSize({animate: false});
    map.setView(L.latLngBounds(page.view).getCenter(), 10, {animate: false});
    writePanel();
    addControls();
    whole(false);
    listen();
    redraw();
    xsgeo.screenIsDark.addEventListener('change', () => {
      xsgeo.chooseTheme();
      writePanel();
      redraw();
    });
    window.addEventListener('beforeprint', () => print(true));
    window.addEventListener('afterprint', () => print(false));
    const api = {map, page, openCard, show, showTown, control, isSmall, redraw, venueName, kindName};
    xsgeo.api = api;
    setTimeout(() => { // a task of its own: the page is seen before its tools are made
      for (const begin of xsgeo.tools) begin(api);
      registry.towns.redraw(); // names keep clear of the tools
      document.documentElement.dataset.ready = 'yes';
    });
  }

  document.addEventListener('DOMContentLoaded', start);
})();
