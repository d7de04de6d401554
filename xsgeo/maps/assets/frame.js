/* What every page with a map does alike: the text beside the map in sections, the legend, the controls, cards, paper, and
   the order in which all of it comes to be. A page brings its sections, its legend and its cards; see `xsgeo.page`.

   The page is made in many short tasks: first the headline and the frame of the map, then one layer after another, then
   the tools, then the rest of the text. Nothing is painted before the map has its size and its view. */

(() => {
  'use strict';

  const {el, pair, nameOf, say, tell, registry, theme, later} = xsgeo;

  xsgeo.isPaused = true;

  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  const isSmall = () => window.matchMedia('screen and (max-width: 760px)').matches;
  let map;
  let page;
  let view;
  let before = null; // what the screen showed when printing began; null while it does not print
  let drawer;
  let written = 0; // how often the text has been written; what was begun for an earlier time is dropped

  // ---- parts of the text ------------------------------------------------------------------------------------------

  const section = (id, key, ...children) => el('section', {class: 'xs-section', id: `xs-${id}`, 'aria-labelledby': `xs-${id}-head`},
    el('h2', {id: `xs-${id}-head`}, tell(key)), ...children);

  const named = (icon, ...label) => el('div', {class: 'xs-named'}, icon, el('div', {}, ...label));

  /* A name in a list that shows its thing on the map. */
  const pointer = (label, show, name) => el('button', {
    type: 'button', class: 'xs-point', 'aria-label': name ? say('page.show', {name}) : null, onclick: show,
  }, label);

  const facts = (rows) => el('dl', {class: 'xs-facts'}, rows.flatMap(([key, value]) => [el('dt', {}, tell(`page.note.${key}`)), el('dd', {}, value)]));

  const monthName = (month) => [pair('page.month', {month})[0], new Date(2000, month - 1).toLocaleString('en', {month: 'long'})];

  const CHUNK = 40;

  /* The first so many rows, the rest behind a disclosure, made while nobody waits; all of them at once on paper. */
  function shortened(items, n, make) {
    if (items.length <= n + 3 || before) return el('div', {class: 'xs-columns'}, make(items, 0));
    const rest = el('details', {class: 'xs-more'}, el('summary', {}, tell('page.more', {n: items.length - n})));
    const mine = written;
    for (let from = n; from < items.length; from += CHUNK) {
      later(() => {
        if (mine !== written) return;
        const part = make(items.slice(from, from + CHUNK), from);
        if (rest.lastChild.tagName === 'TABLE') rest.lastChild.tBodies[0].append(...part.tBodies[0].rows);
        else rest.append(part);
      });
    }
    return [make(items.slice(0, n), 0), rest];
  }

  const kindName = (item) => nameOf('choice', item.kind);
  /* A town by its Chinese name, in the page's first language. */
  function townName(name) {
    const known = registry.towns && registry.towns.data.names.find(([zh]) => zh === name);
    return known ? xsgeo.one(known) : name;
  }

  const venueName = (item) => (item.name ? [item.name, item.name] : pair('page.venues.own', {kind: kindName(item)}));

  // ---- parts of the legend ----------------------------------------------------------------------------------------

  function tick(id, checked, icon, label, number, change) {
    const box = el('input', {type: 'checkbox', id, checked, onchange: (event) => change(event.target.checked)});
    return el('label', {class: 'xs-tick', for: id}, box, icon, el('span', {class: 'xs-tick-name'}, label), el('span', {class: 'xs-n'}, number));
  }

  const layerTick = (kind, icon, number = '', key = `page.layer.${kind}`) => tick(`xs-layer-${kind}`, map.hasLayer(registry[kind]), icon, tell(key), number, (on) => {
    if (on) registry[kind].addTo(map);
    else registry[kind].remove();
  });

  /* One kind of what a layer shows. */
  function kindTick(layer, name, icon, label, number) {
    const {shown} = registry[layer].painter;
    return tick(`xs-${layer}-${name}`, shown.has(name), icon, label, number, (on) => {
      if (on) shown.add(name);
      else shown.delete(name);
      registry[layer].redraw();
    });
  }

  const fold = (title, open, ...children) => el('details', {class: 'xs-fold', open}, el('summary', {}, title), ...children);

  /* Whose the venues are: what the colours of their dots say. */
  const families = () => el('p', {class: 'xs-families'}, ['union', 'mass', 'other'].map((f) => el('span', {},
    xsgeo.symbol('circle', theme.colours[f], {size: 13}), tell(`page.family.${f}`))));

  const baseFold = (open) => fold(tell('page.legend.base'), open, registry.roads && layerTick('roads', null), registry.towns && layerTick('towns', null));

  const legendBox = (...children) => el('details', {class: 'xs-legend', id: 'xs-legend', open: !isSmall()},
    el('summary', {}, tell('page.section.legend')), el('div', {class: 'xs-legend-body'}, ...children));

  // ---- map --------------------------------------------------------------------------------------------------------

  function go(at, zoom) {
    if (isSmall() && drawer.state === 'full') drawer.set('half');
    map.setView(at, Math.max(zoom, map.getZoom()), {animate: false});
  }

  /* Where a card may stand: clear of the legend beside it and of what stands at the foot. Where there is no room beside the
     legend, that is folded and the card stands below it; on a phone the card also takes the place of the buttons, which wait
     until it is closed (page.css). */
  function roomForCard() {
    const room = map.getSize();
    const [widest, highest, tip] = [300, 440, 34];
    const legend = document.getElementById('xs-legend');
    const isBeside = !isSmall() && room.x >= widest + legend.offsetWidth + 120;
    if (!isBeside && !isSmall()) legend.open = false;
    const left = isSmall() ? 10 : 56; // the buttons' column
    const above = isBeside ? 20 : 64;
    const right = isBeside ? legend.offsetWidth + 24 : 10;
    const below = isBeside ? 30 : isSmall() ? view.foot || 76 : view.foot ? 130 : 30;
    return {
      maxWidth: Math.min(widest, room.x - 60), maxHeight: Math.max(120, Math.min(highest, room.y - above - below - tip)),
      autoPanPaddingTopLeft: [left, above], autoPanPaddingBottomRight: [right, below],
    };
  }

  let returnTo = null; // what opened the card from the text, for the keyboard to go back to

  function openCard(hit, opener = null) {
    map.closePopup();
    if (view.closed) view.closed();
    if (view.opened) view.opened(hit);
    const text = el('div', {class: 'xs-card', tabindex: -1, role: 'group'}, ...view.card(hit));
    const popup = L.popup({content: text, minWidth: 180, autoPan: false, ...roomForCard()}).setLatLng(hit.at).openOn(map);
    popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', say('page.close'));
    popup.getElement().querySelector('.leaflet-popup-content').tabIndex = 0; // long cards scroll
    map.fire('xs-card', {hit, text});
    popup.options.autoPan = true; // now that the tools have added to it, so that the map moves once
    popup.update();
    returnTo = opener;
    if (opener) text.focus({preventScroll: true});
  }

  /* Closing by hand goes back to where the reader was. */
  function closed() {
    if (view.closed) view.closed();
    if (returnTo && returnTo.isConnected && map.getContainer().contains(document.activeElement)) returnTo.focus();
    returnTo = null;
  }

  /* Show one thing of a layer and its card. */
  function show(kind, item, opener) {
    const box = document.getElementById(`xs-layer-${kind}`);
    if (box && !box.checked) box.click();
    const at = registry[kind].painter.position(item);
    go(at, 13.25);
    openCard(kind === 'venues' ? {kind, items: [item], at} : {kind, item, at}, opener);
  }

  function showTown(town, opener) {
    const at = L.latLng(town.at);
    go(at, 13);
    openCard({kind: 'towns', town, at}, opener);
  }

  function hitAt(point) {
    for (const kind of view.picks) {
      const hit = registry[kind] && registry[kind].pick(point);
      if (hit) return hit;
    }
    return null;
  }

  function listen() {
    map.on('click', (event) => {
      const hit = hitAt(event.layerPoint);
      if (hit) openCard(hit);
      else if (view.closed) view.closed();
    });
    map.on('popupopen popupclose', (event) => map.getContainer().classList.toggle('xs-carded', event.type === 'popupopen'));
    map.on('popupclose', closed);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') map.closePopup();
    });
    map.on('mousemove', (event) => {
      map.getContainer().style.cursor = hitAt(event.layerPoint) ? 'pointer' : '';
    });
  }

  // ---- controls ---------------------------------------------------------------------------------------------------

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

  /* The whole map, clear of the legend where that stands over it, and on a phone of what stands at its foot. */
  function whole(animate) {
    const legend = document.getElementById('xs-legend');
    const [above, beside] = isSmall() && !before ? [legend.querySelector('summary').offsetHeight + 24, 24] : [28, legend.offsetWidth + (before ? 4 : 40)]; // on paper the legend lies over the sea in the south-east
    const foot = (isSmall() && !before && view.foot) || 32;
    map.fitBounds(page.view, {paddingTopLeft: [before ? 12 : 28, above], paddingBottomRight: [beside, foot], animate: animate && !calm.matches});
  }

  function north() {
    const svg = el('svg', {width: 22, height: 30, viewBox: '0 0 22 30', role: 'img', 'aria-label': say('page.north')});
    svg.append(el('path', {d: 'M11 2 L17 19 L11 15.5 L5 19 Z', class: 'xs-north'}), el('text', {x: 11, y: 29, class: 'xs-north-text'}, say('page.north')));
    return svg;
  }

  function addControls() {
    L.control.zoom({position: 'topleft', zoomInTitle: say('page.zoom_in'), zoomOutTitle: say('page.zoom_out')}).addTo(map);
    control('topleft', el('div', {class: 'leaflet-bar'}, el('button', {type: 'button', class: 'xs-home', title: say('page.whole'), 'aria-label': say('page.whole'), onclick: () => whole(true)}, '⤢')));
    control('topright', view.legend());
    control('bottomright', el('div', {class: 'xs-credit'}, say(page.tiles ? `page.tiles.${page.tiles}` : 'page.credit')));
    L.control.scale({position: 'bottomleft', imperial: false, maxWidth: isSmall() ? 88 : 110}).addTo(map);
    control('bottomleft', el('div', {class: 'xs-north-box'}, north()));
  }

  // ---- the whole --------------------------------------------------------------------------------------------------

  const panel = () => document.getElementById('xs-panel');

  function writePanel() {
    written += 1;
    panel().replaceChildren(drawer.handle, ...view.sections.map((make) => make()).filter(Boolean));
  }

  /* The first sections now, the others one after another. */
  function beginPanel(first) {
    const mine = written;
    const add = (make) => {
      const node = mine === written && make();
      if (node) panel().append(node);
    };
    panel().replaceChildren(drawer.handle);
    view.sections.slice(0, first).forEach(add);
    return view.sections.slice(first).map((make) => () => add(make));
  }

  function redraw() {
    for (const layer of Object.values(registry)) layer.redraw();
    if (view.redrawn) view.redrawn();
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

  function dressMap() {
    theme.adaptive = true;
    xsgeo.chooseTheme();
    document.documentElement.dataset.language = xsgeo.words().language;
    map.getContainer().setAttribute('role', 'region');
    map.getContainer().setAttribute('aria-label', say('page.section.map'));
    drawer = xsgeo.drawer(panel(), {id: 'xs-panel'});
    drawer.tell(...view.brief());
    drawer.open();
  }

  function react() {
    xsgeo.screenIsDark.addEventListener('change', () => {
      xsgeo.chooseTheme();
      writePanel();
      redraw();
    });
    window.addEventListener('beforeprint', () => print(true));
    window.addEventListener('afterprint', () => print(false));
  }

  /* A background that does not come leaves nothing but sea; the banner says so. */
  function watchTiles() {
    const note = el('span', {role: 'status'});
    document.querySelector('.xs-banner').append(note);
    map.eachLayer((layer) => layer instanceof L.TileLayer && layer.once('tileerror', () => {
      note.replaceChildren(' ', tell('page.tiles.missing'));
      map.invalidateSize({animate: false}); // the banner has grown
    }));
  }

  function begin() {
    page = xsgeo.read('xsgeo_page');
    map = window.map_page;
    const api = {map, page, openCard, show, showTown, go, control, whole, isSmall, redraw, writePanel, venueName, kindName, links: new Map()};
    xsgeo.api = api;
    view = view(api);
    dressMap();
    map.invalidateSize({animate: false});
    const rest = beginPanel(2);
    addControls();
    if (page.tiles) watchTiles();
    whole(false);
    listen();
    react();
    const {towns, ...others} = registry;
    later(() => { xsgeo.isPaused = false; });
    later(...Object.values(others).map((layer) => () => layer.redraw()));
    later(...xsgeo.tools.map((tool) => () => tool(api)), () => towns && towns.redraw()); // names keep clear of the tools
    later(...rest, function ready() {
      if (xsgeo.isBusy()) later(ready);
      else document.documentElement.dataset.ready = 'yes';
    });
  }

  /* Make the page. `make(api)` is given the map, the data and the functions above that act on them, and returns what the
     page brings: {sections: functions that make a section or null; legend: makes the box of the legend; brief: what a sheet
     that only peeks says; picks: layers that answer to a click, the first first; card(hit): what a card holds; opened(hit)
     and closed(): what else happens with a card; redrawn(): what else is painted anew}. */
  xsgeo.page = (make) => {
    view = make;
    document.addEventListener('DOMContentLoaded', begin);
  };

  xsgeo.frame = {section, named, pointer, facts, monthName, shortened, townName, venueName, kindName, tick, layerTick, kindTick, fold, families, baseFold, legendBox, isSmall, isPrinting: () => before !== null};
})();
