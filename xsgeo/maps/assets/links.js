/* Layers about what stands behind and beside the plaques: rooms with several of them, links that sharing would make, and
   a plan's actions by year. */

(() => {
  'use strict';

  const {trace, el, tell, bilingual, nameOf, pair, count, symbol} = xsgeo;

  function nearest(n, distance, limit) {
    let best = null;
    for (let i = 0; i < n; i += 1) {
      const d = distance(i);
      if (d < limit && (!best || d < best.distance)) best = {distance: d, item: i};
    }
    return best;
  }

  const part = (...children) => el('div', {class: 'xs-card-part'}, ...children);
  const line = (...children) => el('p', {}, ...children);

  // ---- rooms ----------------------------------------------------------------------------------------------------

  xsgeo.kind('rooms', (data) => {
    const xy = xsgeo.positions(data.points);
    const radius = (view) => Math.max(6, Math.min(13, 6 + 2 * (view.zoom - 10.5)));
    return {
      position: (i) => xsgeo.latLng(xy, i),
      paint(context, view, colours) {
        const r = radius(view);
        context.font = `700 ${Math.round(r + 1)}px ${data.font}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        data.items.forEach((item, i) => {
          const [x, y] = [view.x(xy[2 * i]), view.y(xy[2 * i + 1])];
          if (!view.holds(x, y, 20)) return;
          context.beginPath();
          trace(context, 'circle', x, y, r);
          context.fillStyle = colours.paper;
          context.fill();
          context.lineWidth = 2.2;
          context.strokeStyle = colours.union;
          context.stroke();
          context.fillStyle = colours.ink;
          context.fillText(String(item.names.length), x, y + 0.5);
        });
        context.textAlign = 'start';
      },
      pick(view, point) {
        const best = nearest(data.items.length, (i) => Math.hypot(view.x(xy[2 * i]) - point.x, view.y(xy[2 * i + 1]) - point.y), radius(view) + 3);
        return best && {kind: 'rooms', ...best, at: xsgeo.latLng(xy, best.item)};
      },
      card(i) {
        const {names, kinds} = data.items[i];
        return part(el('h3', {}, tell('page.rooms.card', {n: names.length})),
          names.map((name, k) => line(symbol(xsgeo.SHAPES[kinds[k]] || 'circle', xsgeo.theme.colours[xsgeo.FAMILIES[kinds[k]]] || xsgeo.theme.colours.union),
            name ? `${name} · ` : '', bilingual(name ? nameOf('choice', kinds[k]) : pair('page.venues.own', {kind: nameOf('choice', kinds[k])})))));
      },
    };
  });

  // ---- sharing links --------------------------------------------------------------------------------------------

  /* Distance of a point from a line between two others. */
  function away({x, y}, [ax, ay], [bx, by]) {
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(ax + t * dx - x, ay + t * dy - y);
  }

  xsgeo.kind('sharing', (data) => {
    const from = xsgeo.positions(data.points);
    const to = xsgeo.positions(data.ends);
    const at = (xy, view, i) => [view.x(xy[2 * i]), view.y(xy[2 * i + 1])];
    return {
      position: (i) => xsgeo.latLng(from, i),
      paint(context, view, colours) {
        data.items.forEach((item, i) => {
          const [a, b] = [at(from, view, i), at(to, view, i)];
          const hue = item.kind === 'complement' ? colours.reach : colours.served;
          context.setLineDash(item.kind === 'complement' ? [] : [2, 3]);
          for (const [colour, width] of [[colours.halo, 3.6], [hue, 1.6]]) {
            context.beginPath();
            context.moveTo(...a);
            context.lineTo(...b);
            context.strokeStyle = colour;
            context.lineWidth = width;
            context.stroke();
          }
          context.setLineDash([]);
          context.beginPath();
          trace(context, 'house', ...a, 4.6);
          if (item.kind === 'complement') trace(context, 'house', ...b, 4.6);
          else trace(context, 'circle', ...b, 2);
          context.fillStyle = hue;
          context.fill();
        });
      },
      pick(view, point) {
        const best = nearest(data.items.length, (i) => away(point, at(from, view, i), at(to, view, i)), 5);
        return best && {kind: 'sharing', ...best, at: xsgeo.latLng(from, best.item)};
      },
      card(i) {
        const {kind, names, hours, n_workers: n} = data.items[i];
        return part(line(tell(`page.sharing.${kind}`)), el('h3', {}, names.filter(Boolean).join(' ↔ ')),
          hours !== null && line(tell('page.sharing.gained', {n: hours})),
          kind === 'serve' && line(n === null ? tell('page.few') : tell('page.sharing.adds', {n})));
      },
    };
  });

  // ---- actions by year ------------------------------------------------------------------------------------------

  const ACTION_SHAPES = {open_longer: 'square', share: 'diamond', equip: 'hexagon', convert: 'house', rent: 'circle', enlarge: 'star', close: 'down', build: 'up'};

  xsgeo.actions = {
    shape: (action) => ACTION_SHAPES[action] || 'circle',
    /* Ink for the first year, paler for each after it; the year itself is written beside the mark. */
    alpha: (data, year) => 1 - 0.6 * (data.years.indexOf(year) / Math.max(1, data.years.length - 1)),
  };

  xsgeo.kind('actions', (data) => {
    const xy = xsgeo.positions(data.points);
    const shown = new Set(data.years.map(String));
    const R = 7.5;
    return {
      shown,
      position: (i) => xsgeo.latLng(xy, i),
      paint(context, view, colours) {
        context.font = `600 11px ${data.font}`;
        context.textBaseline = 'middle';
        data.items.forEach((item, i) => {
          const [x, y] = [view.x(xy[2 * i]), view.y(xy[2 * i + 1])];
          if (!shown.has(String(item.year)) || !view.holds(x, y, 20)) return;
          context.beginPath();
          trace(context, xsgeo.actions.shape(item.action), x, y, R);
          context.fillStyle = colours.paper;
          context.fill();
          context.globalAlpha = xsgeo.actions.alpha(data, item.year);
          context.fillStyle = colours.not_shared;
          context.fill();
          context.globalAlpha = 1;
          context.lineWidth = 1.2;
          context.strokeStyle = colours.ink;
          context.stroke();
          context.lineWidth = 3;
          context.strokeStyle = colours.halo;
          context.strokeText(String(item.year), x + R + 3, y);
          context.fillStyle = colours.ink;
          context.fillText(String(item.year), x + R + 3, y);
        });
      },
      pick(view, point) {
        const on = (i) => shown.has(String(data.items[i].year));
        const best = nearest(data.items.length, (i) => (on(i) ? Math.hypot(view.x(xy[2 * i]) - point.x, view.y(xy[2 * i + 1]) - point.y) : Infinity), R + 4);
        return best && {kind: 'actions', ...best, at: xsgeo.latLng(xy, best.item)};
      },
      card(i) {
        const {year, action, n_workers: n, name} = data.items[i];
        return part(el('h3', {}, tell('page.actions.year', {year: String(year)}), ' ', el('span', {class: 'xs-chip'}, bilingual(nameOf('page.action', action)))),
          name && line(name), line(n === null ? tell('page.few') : tell('page.actions.adds', {n})));
      },
    };
  });

  // ---- what an internal page tells of a place -------------------------------------------------------------------

  /* Employers and groups of one place, most workers first. Public pages have no such data. */
  xsgeo.ledgerAt = (ledger, place, reasons) => {
    const rows = [];
    ledger.place.forEach((p, i) => {
      if (p === place) rows.push(i);
    });
    rows.sort((a, b) => ledger.n[b] - ledger.n[a]);
    return part(el('h3', {}, tell('page.internal.groups')), el('table', {}, el('tbody', {}, rows.map((i) => el('tr', {},
      el('th', {scope: 'row'}, `${ledger.names[ledger.employer[i]]}${ledger.shifts[ledger.shift[i]] ? ` · ${xsgeo.one(nameOf('choice', ledger.shifts[ledger.shift[i]]))}` : ''}`),
      el('td', {}, xsgeo.one(nameOf('reason', reasons[ledger.reason[i]]))), el('td', {class: 'xs-n'}, count(ledger.n[i])))))));
  };
})();
