/* The layer of a comparison: who gains (blue, triangle up), who loses (vermilion, triangle down), everybody else small and
   grey. From afar areas with rounded counts, from near places without any. */

(() => {
  'use strict';

  const PLACES_FROM_ZOOM = 13.4;
  const STATES = ['gained', 'lost', 'same'];
  const SHAPES = {gained: 'up', lost: 'down', same: 'circle'};
  const colour = (state, colours) => ({gained: colours.reach, lost: colours.out_of_reach, same: colours.unknown})[state];
  const depthAt = (zoom) => Math.max(0, Math.min(3, Math.floor(zoom - 9.4)));

  xsgeo.changes = {STATES, SHAPES, colour};

  xsgeo.kind('changes', (data) => {
    const places = xsgeo.positions(data.places);
    const kinds = xsgeo.unpack(data.states, Uint8Array);
    const areas = xsgeo.positions(data.areas);
    const shown = new Set(STATES);
    const largest = Math.max(1, ...data.counts.gained, ...data.counts.lost);
    const radius = (n, view) => Math.max(4.5, Math.sqrt(n / largest) * 22 * 2 ** (0.3 * (view.zoom - 10)));

    function* marks(view) {
      const depth = depthAt(view.zoom);
      for (let i = 0; i < data.total.length; i += 1) {
        if (depth < data.first[i] || depth > data.last[i]) continue;
        const [x, y] = [view.x(areas[2 * i]), view.y(areas[2 * i + 1])];
        const on = ['gained', 'lost'].filter((s) => shown.has(s) && data.counts[s][i]);
        if (!on.length) yield {i, x, y, r: 2.2, state: 'same', n: 0};
        for (const state of on) {
          const r = radius(data.counts[state][i], view);
          const aside = on.length > 1 ? (state === 'gained' ? -0.6 : 0.6) * r : 0; // both stand beside one another
          yield {i, x: x + aside, y, r, state, n: data.counts[state][i]};
        }
      }
    }

    function symbol(context, {x, y, r, state}, colours) {
      context.beginPath();
      xsgeo.trace(context, SHAPES[state], x, y, r);
      context.fillStyle = colour(state, colours);
      context.globalAlpha = state === 'same' ? 0.45 : 0.88;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colours.halo;
      context.lineWidth = 1;
      if (state !== 'same') context.stroke();
    }

    const near = (view) => [...kinds.keys()].map((i) => ({
      i, state: STATES[kinds[i]], x: view.x(places[2 * i]), y: view.y(places[2 * i + 1]), r: kinds[i] === 2 ? 2.6 : 6,
    })).filter((p) => shown.has(p.state) && view.holds(p.x, p.y, 10));

    const all = (view) => (view.zoom < PLACES_FROM_ZOOM ? [...marks(view)].filter((a) => a.n || shown.has('same')) : near(view))
      .sort((a, b) => (a.state === 'same' ? -1 : 0) - (b.state === 'same' ? -1 : 0) || b.r - a.r);

    return {
      shown,
      paint(context, view, colours) {
        for (const mark of all(view)) symbol(context, mark, colours);
      },
      pick(view, point) {
        let best = null;
        for (const mark of all(view)) {
          const distance = Math.hypot(mark.x - point.x, mark.y - point.y);
          if (mark.state !== 'same' && distance < mark.r + 4 && (!best || distance < best.distance)) {
            best = {kind: 'changes', distance, state: mark.state, n: mark.n || 0, at: xsgeo.latLng(view.zoom < PLACES_FROM_ZOOM ? areas : places, mark.i)};
          }
        }
        return best;
      },
    };
  });
})();
