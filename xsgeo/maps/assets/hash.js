/* The address says what the reader sees: view, selection, layers, half hour, changes. It is written as the reader goes,
   and read when the page opens. What is read is text of a fixed form, checked piece by piece; nothing of it is run, and
   what does not fit is left aside. */

xsgeo.tools.push((api) => {
  'use strict';

  const {registry} = xsgeo;
  const {map, page} = api;
  const MOST = 16000;
  const PART = /^([a-z])=([\w.,;:~%!'()*-]+)$/;
  const places = (v, n) => v.toFixed(n).replace(/\.?0+$/, '');
  const {links} = api; // key of the address: {write, read, clear?}
  let selected = null;
  let known = window.location.hash; // what was last read or written; another one is the reader's, and about to be read
  let isQuiet = true; // while the page sets itself up, and while it obeys an address

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return null;
    }
  };

  // ---- view, layers, selection

  links.set('v', {
    write() {
      const {lat, lng} = map.getCenter();
      return `${places(lat, 5)},${places(lng, 5)},${places(map.getZoom(), 2)}`;
    },
    read(text) {
      const numbers = text.split(',').map(Number);
      const [lat, lng, zoom] = numbers;
      if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return;
      if (Math.abs(lat) > 85 || Math.abs(lng) > 180 || zoom < map.getMinZoom() || zoom > map.getMaxZoom()) return;
      map.setView([lat, lng], zoom, {animate: false});
    },
  });

  const boxes = () => [...document.querySelectorAll('#xs-legend input[type=checkbox]')];
  const usual = new Map(boxes().map((box) => [box.id, box.checked]));
  const shortName = (box) => box.id.replace(/^xs-/, '');

  links.set('o', {
    write: () => boxes().filter((box) => box.checked !== usual.get(box.id)).map(shortName).join(',') || null,
    read(text) {
      const turned = new Set(text.split(','));
      for (const box of boxes()) {
        const is = usual.get(box.id) !== turned.has(shortName(box));
        if (box.checked !== is) box.click();
      }
    },
    clear: () => boxes().forEach((box) => box.checked !== usual.get(box.id) && box.click()),
  });

  const idOf = {
    ...(page.find && {venues: (hit) => page.find.ids[hit.items[0]]}),
    gaps: (hit) => registry.gaps.data.items[hit.item].id,
    proposals: (hit) => String(registry.proposals.data.items[hit.item].number),
    towns: (hit) => hit.town.names[0],
    workers: (hit) => `${places(hit.at.lat, 4)}:${places(hit.at.lng, 4)}`,
  };

  const finders = {
    venues: (id) => page.find && show('venues', page.find.ids.indexOf(id)),
    gaps: (id) => registry.gaps && show('gaps', registry.gaps.data.items.findIndex((g) => g.id === id)),
    proposals: (id) => registry.proposals && show('proposals', registry.proposals.data.items.findIndex((p) => String(p.number) === id)),
    towns(id) {
      const town = (page.towns || []).find((t) => t.at && t.names[0] === id);
      if (town) api.openCard({kind: 'towns', town, at: L.latLng(town.at)});
    },
    workers(id) {
      const at = id.split(':').map(Number);
      const hit = registry.workers && at.length === 2 && at.every(Number.isFinite) && registry.workers.pick(map.latLngToLayerPoint(at));
      if (hit) api.openCard(hit);
    },
  };

  Object.assign(idOf, api.idOf); // a page may have more to select
  Object.assign(finders, api.finders);

  function show(kind, i) {
    if (i < 0) return;
    const at = registry[kind].painter.position(i);
    api.openCard(kind === 'venues' ? {kind, items: [i], at} : {kind, item: i, at});
  }

  links.set('s', {
    write: () => (selected && selected.kind in idOf ? `${selected.kind}:${encodeURIComponent(idOf[selected.kind](selected))}` : null),
    read(text) {
      const [kind, ...rest] = text.split(':');
      const id = decoded(rest.join(':'));
      if (Object.hasOwn(finders, kind) && id) finders[kind](id);
    },
    clear: () => map.closePopup(),
  });

  // ---- the address

  const ORDER = ['v', 'o', 'y', 'm', 't', 'w', 's'];
  const keys = () => ORDER.filter((key) => links.has(key));

  function write() {
    if (isQuiet || window.location.hash !== known) return;
    const parts = keys().map((key) => [key, links.get(key).write()]).filter(([, text]) => text !== null);
    const hash = `#${parts.map(([key, text]) => `${key}=${text}`).join('&')}`;
    if (hash !== window.location.hash && hash.length <= MOST) window.history.replaceState(null, '', hash);
    known = window.location.hash;
  }

  let waiting = null;
  function later() {
    if (isQuiet) return;
    clearTimeout(waiting);
    waiting = setTimeout(write, 150);
  }

  function read() {
    const given = new Map();
    known = window.location.hash;
    const text = known.slice(1);
    if (text.length > MOST) return;
    for (const part of text.split('&')) {
      const found = PART.exec(part);
      if (found && links.has(found[1])) given.set(found[1], found[2]);
    }
    if (!given.size) return;
    isQuiet = true;
    for (const key of keys()) {
      const link = links.get(key);
      if (given.has(key)) link.read(given.get(key));
      else if (link.clear) link.clear();
    }
    isQuiet = false;
  }

  map.on('xs-card', ({hit}) => {
    selected = hit;
    later();
  });
  map.on('popupclose', () => {
    selected = null;
    later();
  });
  map.on('moveend layeradd layerremove xs-state', later);
  document.getElementById('xs-legend').addEventListener('change', later);
  window.addEventListener('hashchange', read);
  read();
  // The page's own first movements are no wish of the reader.
  setTimeout(() => { isQuiet = false; }, 0);
  api.link = {write, read};
});
