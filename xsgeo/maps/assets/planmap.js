/* The layers of a plan's page: its actions, by rank and year, and where workers are served from which year on. Both show
   the year that `xsgeo.plan.show` was last told. */

(() => {
  'use strict';

  const {trace} = xsgeo;

  // What is done, in Okabe and Ito's colours and a shape of its own; the remedy of a reason has the colour of the reason.
  const KINDS = {
    open_longer: {shape: 'square', colour: 'closed', text: '#1d2a30'},
    share: {shape: 'diamond', colour: 'not_shared', text: '#1d2a30'},
    equip: {shape: 'hexagon', colour: 'no_function', text: '#1d2a30'},
    convert: {shape: 'house', colour: 'reach', text: '#ffffff'},
    rent: {shape: 'circle', colour: 'mass', text: '#1d2a30'},
    enlarge: {shape: 'star', colour: 'crowded', text: '#ffffff'},
    close: {shape: 'down', colour: 'unknown', text: '#1d2a30'},
    build: {shape: 'up', colour: 'out_of_reach', text: '#1d2a30'},
  };
  const OTHER = {shape: 'circle', colour: 'quiet', text: '#ffffff'};
  const state = {year: 254}; // all of them

  const kindOf = (action) => (Object.hasOwn(KINDS, action) ? KINDS[action] : OTHER);

  xsgeo.plan = {
    KINDS,
    kindOf,
    state,
    show(year) {
      state.year = year;
      for (const name of ['gains', 'steps', 'towns']) if (xsgeo.registry[name]) xsgeo.registry[name].redraw();
    },
  };

  // ---- actions ----------------------------------------------------------------------------------------------------

  xsgeo.kind('steps', (data) => {
    const xy = xsgeo.positions(data.points);
    const R = 10;
    let known = {};

    const on = () => [...data.items.keys()].filter((i) => data.items[i].year <= state.year);

    /* Where each mark stands, parted where they would cover one another; panning does not move them. */
    function marks(view) {
      const some = on();
      const real = some.map((i) => [view.x(xy[2 * i]), view.y(xy[2 * i + 1])]);
      const key = `${view.zoom} ${state.year}`;
      if (known.key !== key) {
        known = {key, shift: xsgeo.spread(real, 2 * R + 4).map(([x, y], k) => [x - real[k][0], y - real[k][1]])};
      }
      return some.map((i, k) => ({i, tx: real[k][0], ty: real[k][1], x: real[k][0] + known.shift[k][0], y: real[k][1] + known.shift[k][1]}));
    }

    function lead(context, {tx, ty, x, y}, colours) {
      if (Math.hypot(tx - x, ty - y) < R * 0.5) return;
      context.beginPath();
      context.moveTo(tx, ty);
      context.lineTo(x, y);
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.2;
      context.stroke();
      context.beginPath();
      trace(context, 'circle', tx, ty, 2.4);
      context.fillStyle = colours.ink;
      context.fill();
    }

    function mark(context, {i, x, y}, colours) {
      const item = data.items[i];
      const {shape, colour, text} = kindOf(item.action);
      context.beginPath();
      trace(context, shape, x, y, R);
      context.fillStyle = colours[colour];
      context.fill();
      context.strokeStyle = item.year === state.year ? colours.ink : colours.paper;
      context.lineWidth = item.year === state.year ? 2.2 : 1.2;
      context.stroke();
      context.fillStyle = text;
      context.fillText(String(item.number), x, y + (shape === 'up' ? 2.5 : shape === 'house' ? 1.5 : 0.5));
    }

    return {
      position: (i) => xsgeo.latLng(xy, i),
      boxes: (view) => marks(view).map(({x, y}) => [x - R, y - R, x + R, y + R]),
      paint(context, view, colours) {
        const placed = marks(view);
        for (const one of placed) lead(context, one, colours);
        context.font = `700 11px ${data.font}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        for (let k = placed.length - 1; k >= 0; k -= 1) if (view.holds(placed[k].x, placed[k].y, 16)) mark(context, placed[k], colours);
        context.textAlign = 'start';
      },
      pick(view, point) {
        let best = null;
        for (const {i, x, y} of marks(view)) {
          const distance = Math.hypot(x - point.x, y - point.y);
          if (distance < R + 3 && (!best || distance < best.distance)) best = {kind: 'steps', distance, item: i, at: xsgeo.latLng(xy, i)};
        }
        return best;
      },
    };
  });

  // ---- where workers are -----------------------------------------------------------------------------------------

  xsgeo.kind('gains', (data) => {
    const xy = xsgeo.positions(data.places);
    const since = xsgeo.unpack(data.since, Uint8Array);
    const until = xsgeo.unpack(data.until, Uint8Array);
    const isOn = (i) => since[i] <= state.year && state.year < until[i];

    function dots(context, view, wanted, r) {
      context.beginPath();
      for (let i = 0; i < since.length; i += 1) {
        if (!wanted(i)) continue;
        const [x, y] = [view.x(xy[2 * i]), view.y(xy[2 * i + 1])];
        if (view.holds(x, y, 8)) trace(context, 'circle', x, y, r);
      }
    }

    return {
      paint(context, view, colours) {
        const k = Math.max(1, 2 ** (0.45 * (view.zoom - 11)));
        context.globalAlpha = 0.75;
        dots(context, view, (i) => !isOn(i), 1.9 * k);
        context.strokeStyle = colours.unknown;
        context.lineWidth = 1;
        context.stroke();
        dots(context, view, (i) => isOn(i) && since[i] === 0, 1.9 * k);
        context.fillStyle = colours.nominal;
        context.fill();
        context.globalAlpha = 1;
        dots(context, view, (i) => isOn(i) && since[i] > 0, 2.9 * k);
        context.fillStyle = colours.served;
        context.fill();
        context.strokeStyle = colours.halo;
        context.lineWidth = 0.8;
        context.stroke();
      },
    };
  });
})();
