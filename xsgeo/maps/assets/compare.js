/* The page of a comparison: what is changed, who gains, who loses. It words the numbers of the data block and decides none. */

(() => {
  'use strict';

  const {el, pair, nameOf, say, tell, one, bilingual, count, percent, symbol, registry, theme, changes, FAMILIES} = xsgeo;

  let map;
  let page;

  const section = (id, key, ...children) => el('section', {class: 'xs-section', id: `xs-${id}`, 'aria-labelledby': `xs-${id}-head`},
    el('h2', {id: `xs-${id}-head`}, tell(key)), ...children);

  const icon = (state, size = 16) => symbol(changes.SHAPES[state], changes.colour(state, theme.colours), {size});

  /* Rounded workers; nobody is said to be nobody, and what may not be counted says so. */
  const workers = (n) => (n === null ? tell('page.few') : n === 0 ? tell('page.change.nobody') : tell('page.change.about', {n}));

  function hero() {
    const h = page.headline;
    const line = (state) => el('p', {class: 'xs-gain'}, icon(state), ' ', tell(`page.change.${state}`), ' ', workers(h[state]));
    return el('header', {class: 'xs-hero'},
      el('p', {class: 'xs-overline'}, el('span', {}, tell('page.change.overline'))),
      el('h1', {}, bilingual(page.titles[1])),
      el('p', {class: 'xs-soft'}, tell('page.change.against', {name: page.titles[0]}), ' · ', bilingual(page.names)),
      el('p', {class: 'xs-number xs-pair'},
        el('strong', {id: 'xs-effective'}, h.share_after === null ? percent(h.share_before) : `${percent(h.share_before)} → ${percent(h.share_after)}`),
        el('span', {}, tell('page.effective'))),
      line('gained'), line('lost'),
      h.hours_change !== null && el('p', {class: 'xs-note'}, tell('page.change.hours', {n: h.hours_change.toFixed(2)})),
      page.facts.demonstration && el('p', {class: 'xs-demo', role: 'note'}, tell('page.demonstration')));
  }

  function list() {
    if (!page.changes.length) return null;
    return section('changes', 'page.change.section', el('ol', {class: 'xs-list'}, page.changes.map((item) => el('li', {},
      el('span', {class: 'xs-badge', 'aria-hidden': 'true'}, String(item.number)),
      el('div', {}, item.at
        ? el('button', {type: 'button', class: 'xs-point', onclick: () => go([item.at[1], item.at[0]], 13.5)}, bilingual(item.names))
        : bilingual(item.names))))));
  }

  function towns(state) {
    const rows = page.towns[state];
    if (!page.headline[state] && page.headline[state] !== null) return null;
    const name = (t) => (t.names ? bilingual(t.names) : tell('page.change.others'));
    const label = (t) => (t.at ? el('button', {type: 'button', class: 'xs-point', onclick: () => go(t.at, 12)}, name(t)) : name(t));
    return section(state, `page.change.towns.${state}`, rows.length
      ? el('table', {class: 'xs-reasons'}, el('tbody', {}, rows.map((t) => el('tr', {},
        el('th', {scope: 'row'}, el('div', {class: 'xs-named'}, icon(state), el('div', {}, label(t)))),
        el('td', {class: 'xs-n'}, count(t.n))))))
      : el('p', {}, tell('page.few')));
  }

  function flows() {
    if (!page.flows.length) return null;
    const row = (f) => el('tr', {}, f.before === 'merged'
      ? el('th', {scope: 'row', colspan: 2}, tell('page.reason.merged'))
      : [el('th', {scope: 'row'}, bilingual(nameOf('reason', f.before))), el('td', {}, bilingual(nameOf('reason', f.after)))],
    el('td', {class: 'xs-n'}, count(f.n)));
    const head = ['page.change.before', 'page.change.after', 'page.column.workers'].map((key, i) => el('th', {scope: 'col', class: i === 2 ? 'xs-n' : ''}, tell(key)));
    return section('flows', 'page.change.flows', el('table', {class: 'xs-flows'}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, page.flows.map(row))));
  }

  function notes() {
    const f = page.facts;
    const rows = [
      ['standard', bilingual(f.standard)], ['source', f.source], ['hours', tell('page.note.hours.value', {n: f.hours})],
      ['month', tell('page.month', {month: f.month})], ['date', f.as_of], ['rounding', tell('page.change.rounding')],
    ];
    return section('notes', 'page.section.notes', el('dl', {class: 'xs-facts'},
      rows.flatMap(([key, value]) => [el('dt', {}, tell(`page.note.${key}`)), el('dd', {}, value)])));
  }

  function writePanel() {
    document.getElementById('xs-panel').replaceChildren(...[hero(), list(), towns('gained'), towns('lost'), flows(), notes()].filter(Boolean));
  }

  // ---- map ------------------------------------------------------------------------------------------------------

  const isSmall = () => window.matchMedia('(max-width: 760px)').matches;

  function go(at, zoom) {
    map.setView(at, Math.max(zoom, map.getZoom()), {animate: false});
    if (isSmall()) map.getContainer().scrollIntoView({block: 'start'});
  }

  function card(hit) {
    if (hit.kind === 'proposals') {
      const item = registry.proposals.data.items[hit.item];
      return [el('h3', {}, `${item.number} `, bilingual(item.names))];
    }
    if (hit.kind === 'venues') {
      return hit.items.map((i) => {
        const item = registry.venues.data.items[i];
        const kind = nameOf('choice', item.kind);
        const name = item.name ? [item.name, item.name] : pair('page.venues.own', {kind});
        return el('div', {class: 'xs-card-part'}, el('h3', {}, bilingual(name)), el('p', {}, item.town && `${item.town} · `, bilingual(kind)),
          el('p', {}, one(item.hours) ? tell('page.venues.hours', {hours: item.hours}) : tell('page.venues.no_hours')));
      });
    }
    return [el('h3', {}, icon(hit.state), ' ', tell(`page.change.${hit.state}`)), el('p', {}, hit.n ? workers(hit.n) : tell('page.change.here'))];
  }

  function hitAt(point) {
    for (const kind of ['proposals', 'changes', 'venues']) {
      const hit = map.hasLayer(registry[kind]) && registry[kind].pick(point);
      if (hit) return hit;
    }
    return null;
  }

  function listen() {
    map.on('click', (event) => {
      const hit = hitAt(event.layerPoint);
      map.closePopup();
      if (!hit) return;
      const popup = L.popup({content: el('div', {class: 'xs-card'}, ...card(hit)), maxWidth: Math.min(300, map.getSize().x - 60), minWidth: 160})
        .setLatLng(hit.at).openOn(map);
      popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', say('page.close'));
    });
    map.on('mousemove', (event) => {
      map.getContainer().style.cursor = hitAt(event.layerPoint) ? 'pointer' : '';
    });
  }

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

  function whole(animate) {
    const legend = document.getElementById('xs-legend');
    const [above, beside] = isSmall() ? [legend.querySelector('summary').offsetHeight + 24, 24] : [28, legend.offsetWidth + 40];
    map.fitBounds(page.view, {paddingTopLeft: [28, above], paddingBottomRight: [beside, 32], animate});
  }

  function tick(id, checked, mark, label, change) {
    const box = el('input', {type: 'checkbox', id, checked, onchange: (event) => change(event.target.checked)});
    return el('label', {class: 'xs-tick', for: id}, box, mark, el('span', {class: 'xs-tick-name'}, label), el('span', {class: 'xs-n'}, ''));
  }

  const layerTick = (kind, mark, key) => tick(`xs-layer-${kind}`, map.hasLayer(registry[kind]), mark, tell(key), (on) => {
    if (on) registry[kind].addTo(map);
    else registry[kind].remove();
  });

  function legendBox() {
    const {shown} = registry.changes.painter;
    const state = (s) => tick(`xs-changes-${s}`, shown.has(s), icon(s), tell(`page.change.${s}`), (on) => {
      if (on) shown.add(s);
      else shown.delete(s);
      registry.changes.redraw();
    });
    return el('details', {class: 'xs-legend', id: 'xs-legend', open: !isSmall()},
      el('summary', {}, tell('page.section.legend')),
      el('div', {class: 'xs-legend-body'},
        el('div', {class: 'xs-fold'}, changes.STATES.map(state), el('p', {class: 'xs-note'}, tell('page.change.size'))),
        el('div', {class: 'xs-fold'},
          page.changes.some((c) => c.at) && layerTick('proposals', symbol('circle', theme.colours.proposal), 'page.change.section'),
          layerTick('venues', symbol('house', theme.colours[FAMILIES.workers_home]), 'page.layer.venues'),
          layerTick('roads', null, 'page.layer.roads'), layerTick('towns', null, 'page.layer.towns'))));
  }

  function addControls() {
    L.control.zoom({position: 'topleft', zoomInTitle: say('page.zoom_in'), zoomOutTitle: say('page.zoom_out')}).addTo(map);
    control('topleft', el('div', {class: 'leaflet-bar'}, el('button', {type: 'button', class: 'xs-home', title: say('page.whole'), 'aria-label': say('page.whole'), onclick: () => whole(true)}, '⤢')));
    control('topright', legendBox());
    control('bottomright', el('div', {class: 'xs-credit'}, say('page.credit')));
    L.control.scale({position: 'bottomleft', imperial: false, maxWidth: isSmall() ? 88 : 110}).addTo(map);
  }

  function redraw() {
    for (const layer of Object.values(registry)) layer.redraw();
  }

  let before = null;

  // Chromium prints a live canvas over the ones below it, so what the map shows is put on one sheet while it prints.
  function print(on) {
    if (on === Boolean(before)) return;
    before = on ? {at: map.getCenter(), zoom: map.getZoom()} : null;
    document.documentElement.classList.toggle('xs-paper', on);
    xsgeo.chooseTheme(on);
    writePanel();
    map.invalidateSize({animate: false, pan: false});
    whole(false);
    if (on) map.getContainer().append(xsgeo.sheet(map));
    else {
      map.getContainer().querySelector('.xs-sheet').remove();
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
    document.documentElement.dataset.ready = 'yes';
  }

  document.addEventListener('DOMContentLoaded', start);
})();
