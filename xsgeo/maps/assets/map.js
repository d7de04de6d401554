/* xsgeo map layers: each is one canvas that draws packed data, so ten thousand items pan as easily as ten.

   A layer is made by name from its data block, `xsgeo.layers.venues('venues_county')`, and is an ordinary Leaflet layer:
   it can be added to any map, removed, and listed in a layer control. */

(() => {
  'use strict';

  const {theme, trace, SHAPES, FAMILIES, UNSERVED} = xsgeo;

  const PANES = {
    land: 210, catchments: 220, focus: 225, roads: 230, workers: 310, times: 315, gains: 320, gaps: 330, sharing: 340, venues: 350, rooms: 353, whatif: 355, changes: 360, towns: 370, actions: 375, steps: 376, proposals: 380,
  };

  const METRES_PER_WORLD = 40075016.686;

  /* What a painter needs to know of the moment: where the world's corner is in canvas pixels, and how large it is. */
  class View {
    constructor(map, bounds) {
      this.map = map;
      this.zoom = map.getZoom();
      this.size = 256 * 2 ** this.zoom;
      const origin = map.getPixelOrigin();
      this.dx = -origin.x;
      this.dy = -origin.y;
      this.bounds = bounds;
      const lat = (map.getCenter().lat * Math.PI) / 180;
      this.metre = this.size / (METRES_PER_WORLD * Math.cos(lat));
    }

    x(world) { return world * this.size + this.dx; }

    y(world) { return world * this.size + this.dy; }

    holds(x, y, margin) {
      const {min, max} = this.bounds;
      return x > min.x - margin && x < max.x + margin && y > min.y - margin && y < max.y + margin;
    }
  }

  const CanvasLayer = L.Renderer.extend({
    options: {padding: 0.25, interactive: false},

    initialize(kind, data, painter) {
      L.Renderer.prototype.initialize.call(this, {pane: `xsgeo-${kind}`});
      this.kind = kind;
      this.data = data;
      this.painter = painter;
    },

    beforeAdd(map) {
      const name = this.options.pane;
      if (!map.getPane(name)) {
        const pane = map.createPane(name);
        pane.style.zIndex = PANES[this.kind];
        pane.style.pointerEvents = 'none';
      }
    },

    redraw() {
      if (this._map) this._update();
      return this;
    },

    view() {
      return new View(this._map, this._bounds);
    },

    pick(point) {
      return this._map && this.painter.pick ? this.painter.pick(this.view(), point) : null;
    },

    _initContainer() {
      this._container = document.createElement('canvas');
      this._container.setAttribute('aria-hidden', 'true');
    },

    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      if (xsgeo.isPaused) return; // the page is not laid out yet
      const size = this._bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      const context = canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
      this.painter.paint(context, this.view(), theme.colours);
    },
  });

  const SHEET_RATIO = 3;

  /* All that the map shows now, on one canvas of print's sharpness. Chromium prints a canvas that was drawn while printing
     began by replaying it, its first clearing too, which wipes out every canvas below it: only the topmost would be seen. */
  xsgeo.sheet = (map) => {
    const size = map.getSize();
    const origin = map.containerPointToLayerPoint([0, 0]);
    const canvas = document.createElement('canvas');
    canvas.className = 'xs-sheet';
    canvas.width = size.x * SHEET_RATIO;
    canvas.height = size.y * SHEET_RATIO;
    const context = canvas.getContext('2d');
    context.setTransform(SHEET_RATIO, 0, 0, SHEET_RATIO, -origin.x * SHEET_RATIO, -origin.y * SHEET_RATIO);
    const view = new View(map, L.bounds(origin, origin.add(size)));
    for (const name of Object.keys(PANES)) {
      const layer = xsgeo.registry[name];
      if (!layer || !map.hasLayer(layer)) continue;
      context.save();
      layer.painter.paint(context, view, theme.colours);
      context.restore();
    }
    return canvas;
  };

  /* Register a kind of layer: `make(data)` returns {paint, pick?, ...}. */
  function kind(name, make) {
    xsgeo.layers[name] = (id) => {
      const data = xsgeo.read(`${id}_data`);
      const painter = make(data);
      const layer = new CanvasLayer(name, data, painter);
      xsgeo.registry[name] = layer;
      return layer;
    };
  }

  xsgeo.kind = kind;

  // ---- lines and polygons ---------------------------------------------------------------------------------------

  /* Cut packed parts into {from, to, box}; boxes let a painter skip what is off the canvas. */
  function parts(packed) {
    const xy = xsgeo.positions(packed);
    const ends = xsgeo.unpack(packed.ends, Uint32Array);
    let from = 0;
    const list = [];
    for (const to of ends) {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = from; i < to; i += 1) {
        box[0] = Math.min(box[0], xy[2 * i]);
        box[1] = Math.min(box[1], xy[2 * i + 1]);
        box[2] = Math.max(box[2], xy[2 * i]);
        box[3] = Math.max(box[3], xy[2 * i + 1]);
      }
      list.push({from, to, box});
      from = to;
    }
    return {xy, list};
  }

  function tracePart(context, view, xy, part) {
    const {min, max} = view.bounds;
    const [x0, y0, x1, y1] = part.box;
    if (view.x(x1) < min.x || view.x(x0) > max.x || view.y(y1) < min.y || view.y(y0) > max.y) return;
    context.moveTo(view.x(xy[2 * part.from]), view.y(xy[2 * part.from + 1]));
    for (let i = part.from + 1; i < part.to; i += 1) context.lineTo(view.x(xy[2 * i]), view.y(xy[2 * i + 1]));
  }

  kind('land', (data) => {
    const {xy, list} = parts(data.rings);
    const outline = (context, view) => {
      context.beginPath();
      for (const part of list) {
        tracePart(context, view, xy, part);
        context.closePath();
      }
    };
    return {
      outline,
      paint(context, view, colours) {
        const {min, max} = view.bounds;
        context.fillStyle = colours.sea;
        context.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
        outline(context, view);
        context.fillStyle = colours.land;
        context.fill('evenodd');
        context.lineWidth = 0.8;
        context.strokeStyle = colours.coast;
        context.stroke();
      },
    };
  });

  const ROAD_STYLES = {
    street: {colour: 'street', from: 12, width: [0.5, 2.4]},
    local: {colour: 'local', from: 10.5, width: [0.6, 3.2]},
    county: {colour: 'major', from: 0, width: [0.7, 4]},
    class2: {colour: 'major', from: 0, width: [0.9, 4.6]},
    class1: {colour: 'major', from: 0, width: [1.2, 5.2]},
    expressway: {colour: 'expressway', from: 0, width: [1.3, 5.2]},
  };

  kind('roads', (data) => {
    const classes = Object.keys(ROAD_STYLES).filter((name) => data.classes[name])
      .map((name) => ({...ROAD_STYLES[name], lines: xsgeo.lazy(() => parts(data.classes[name]))})); // most streets are seen from near only
    return {
      paint(context, view, colours) {
        context.lineCap = 'round';
        context.lineJoin = 'round';
        const near = Math.min(1, Math.max(0, (view.zoom - 10.5) / 5));
        for (const {colour, from, width, lines} of classes) {
          if (view.zoom < from) continue;
          const {xy, list} = lines();
          context.beginPath();
          for (const part of list) tracePart(context, view, xy, part);
          context.strokeStyle = colours[colour];
          context.lineWidth = width[0] + near * (width[1] - width[0]);
          context.stroke();
        }
      },
    };
  });

  // ---- labels ---------------------------------------------------------------------------------------------------

  const touches = (box, other) => box[0] < other[2] + 3 && box[2] > other[0] - 3 && box[1] < other[3] + 2 && box[3] > other[1] - 2;

  /* Where a name may stand about its point, best first: close to it, then further off at the end of a leader. */
  function* stands(width, size) {
    const half = width / 2;
    const gap = 9;
    yield* [[-half, -gap - size / 2], [-half, gap + size / 2], [gap, 0], [-gap - width, 0]].map(([dx, dy]) => ({dx, dy, leader: false}));
    for (const far of [20, 30, 42, 54, 68]) {
      for (const [ux, uy] of [[0, -1], [0, 1], [0.8, -0.7], [-0.8, -0.7], [0.8, 0.7], [-0.8, 0.7], [1, 0], [-1, 0]]) {
        const dx = ux > 0 ? ux * far : ux < 0 ? ux * far - width : -half;
        yield {dx, dy: uy * (far + size / 4), leader: true};
      }
    }
  }

  /* What is seen of the map, and which boxes of it lie under a control, in layer pixels. */
  function surroundings(map) {
    const origin = map.containerPointToLayerPoint([0, 0]);
    const home = map.getContainer().getBoundingClientRect();
    const boxed = (r) => [r.left - home.left + origin.x, r.top - home.top + origin.y, r.right - home.left + origin.x, r.bottom - home.top + origin.y];
    return {frame: boxed(home), covered: [...map.getContainer().querySelectorAll('.leaflet-control')].map((n) => boxed(n.getBoundingClientRect()))};
  }

  kind('towns', (data) => {
    const xy = xsgeo.positions(data.points);

    /* The boxes of the names; the largest towns choose first, and one that finds no room waits for a nearer view. */
    function place(context, view, size) {
      // Numbers of proposals lie above the names; a name under one could not be read.
      const taken = ['proposals', 'steps'].map((name) => xsgeo.registry[name])
        .filter((layer) => layer && view.map.hasLayer(layer)).flatMap((layer) => layer.painter.boxes(view));
      const {frame, covered} = surroundings(view.map);
      const under = (box) => covered.some((other) => touches(box, other));
      const seen = (box) => box[0] > frame[0] && box[2] < frame[2] && box[1] > frame[1] && box[3] < frame[3] && !under(box);
      const placed = [];
      data.order.forEach((i) => {
        const x = view.x(xy[2 * i]);
        const y = view.y(xy[2 * i + 1]);
        if (!view.holds(x, y, 60)) return;
        const text = xsgeo.one(data.names[i]);
        const width = context.measureText(text).width;
        const free = [...stands(width, size)]
          .map(({dx, dy, leader}) => ({i, x, y, text, leader, box: [x + dx, y + dy - size / 2, x + dx + width, y + dy + size / 2]}))
          .filter(({box}) => !taken.some((other) => touches(box, other)));
        const best = (seen([x, y, x, y]) && free.find(({box}) => seen(box))) || free.find(({box, leader}) => !leader && !under(box));
        if (!best) return;
        taken.push(best.box);
        placed.push(best);
      });
      return placed;
    }

    function lead(context, {x, y, box}, colours) {
      const to = [Math.min(Math.max(x, box[0]), box[2]), Math.min(Math.max(y, box[1]), box[3])];
      for (const [colour, width] of [[colours.halo, 3], [colours.ink, 1]]) {
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(...to);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.stroke();
      }
      context.beginPath();
      context.arc(x, y, 2, 0, 2 * Math.PI);
      context.fillStyle = colours.ink;
      context.fill();
    }

    return {
      place(context, view) {
        const size = view.zoom < 11.5 ? 12.5 : 14;
        context.font = `600 ${size}px ${data.font}`;
        return place(context, view, size);
      },
      paint(context, view, colours) {
        context.textBaseline = 'middle';
        context.lineJoin = 'round';
        const placed = this.place(context, view);
        for (const name of placed) if (name.leader) lead(context, name, colours);
        for (const {i, text, box} of placed) {
          const middle = (box[1] + box[3]) / 2;
          context.strokeStyle = colours.halo;
          context.lineWidth = 3.5;
          context.strokeText(text, box[0], middle);
          context.fillStyle = data.active[i] ? colours.ink : colours.quiet;
          context.fillText(text, box[0], middle);
        }
      },
    };
  });

  // ---- workers --------------------------------------------------------------------------------------------------

  const PLACES_FROM_ZOOM = 13.4;

  /* Depth of the squares that are large enough to be told apart at this zoom. */
  const depthAt = (zoom) => Math.max(0, Math.min(3, Math.floor(zoom - 9.4)));

  kind('workers', (data) => {
    const places = xsgeo.positions(data.places);
    const states = xsgeo.unpack(data.states, Uint8Array);
    const areas = xsgeo.positions(data.areas);
    const shown = new Set([...data.reasons, 'merged']);
    const largest = Math.max(1, ...data.total);

    const radius = (n, view) => Math.sqrt(n / largest) * 30 * 2 ** (0.42 * (view.zoom - 10));
    const placeRadius = (view) => Math.min(8, 3.6 + 0.9 * (view.zoom - PLACES_FROM_ZOOM));

    /* What of an area is switched on: all of it, the unserved, and the commonest reason among them. */
    function sums(i) {
      let all = 0;
      let unserved = 0;
      let main = null;
      for (const [state, counts] of Object.entries(data.counts)) {
        if (!shown.has(state)) continue;
        all += counts[i];
        if (UNSERVED.includes(state)) {
          unserved += counts[i];
          if (counts[i] && (!main || counts[i] > data.counts[main][i])) main = state;
        }
      }
      return {all, unserved, main};
    }

    function* visible(view) {
      const depth = depthAt(view.zoom);
      for (let i = 0; i < data.total.length; i += 1) {
        if (depth >= data.first[i] && depth <= data.last[i]) yield i;
      }
    }

    function paintAreas(context, view, colours) {
      const items = [...visible(view)].map((i) => ({i, x: view.x(areas[2 * i]), y: view.y(areas[2 * i + 1]), ...sums(i)}))
        .filter((a) => view.holds(a.x, a.y, 60) && (a.all || !data.total[a.i]))
        .sort((a, b) => b.all - a.all);
      for (const {i, x, y, all, unserved, main} of items) {
        if (!data.total[i]) { // nothing may be counted here: say only that somebody is
          context.beginPath();
          trace(context, 'ring', x, y, 3);
          context.strokeStyle = colours.unknown;
          context.lineWidth = 1.2;
          context.stroke();
          continue;
        }
        const r = Math.max(2.2, radius(all, view));
        context.beginPath();
        trace(context, 'circle', x, y, r);
        context.globalAlpha = 0.34;
        context.fillStyle = all > unserved ? colours.served : colours[main];
        if (!shown.has('served')) context.globalAlpha = 0;
        context.fill();
        context.globalAlpha = shown.has('served') ? 0.9 : 0;
        context.strokeStyle = context.fillStyle;
        context.lineWidth = 1;
        context.stroke();
        context.globalAlpha = 1;
        if (main) {
          context.beginPath();
          trace(context, SHAPES[main] === 'ring' ? 'circle' : SHAPES[main], x, y, Math.max(1.6, radius(unserved, view) * 0.94));
          context.fillStyle = colours[main];
          context.globalAlpha = 0.88;
          context.fill();
          context.globalAlpha = 1;
          context.strokeStyle = colours.halo;
          context.lineWidth = 0.9;
          context.stroke();
        }
      }
    }

    function paintPlaces(context, view, colours) {
      const r = placeRadius(view);
      data.reasons.forEach((state, code) => {
        if (!shown.has(state)) return;
        context.beginPath();
        for (let i = 0; i < states.length; i += 1) {
          if (states[i] !== code) continue;
          const x = view.x(places[2 * i]);
          const y = view.y(places[2 * i + 1]);
          if (view.holds(x, y, 10)) trace(context, SHAPES[state], x, y, r);
        }
        if (SHAPES[state] === 'ring') {
          context.strokeStyle = colours[state];
          context.lineWidth = 1.8;
          context.stroke();
        } else {
          context.fillStyle = colours[state];
          context.globalAlpha = state === 'served' ? 0.75 : 0.95;
          context.fill();
          context.globalAlpha = 1;
          context.strokeStyle = state === 'no_function' ? colours.quiet : colours.halo;
          context.lineWidth = 0.8;
          context.stroke();
        }
      });
    }

    return {
      shown,
      radius,
      paint(context, view, colours) {
        (view.zoom < PLACES_FROM_ZOOM ? paintAreas : paintPlaces)(context, view, colours);
      },
      pick(view, point) {
        let best = null;
        const offer = (distance, item) => {
          if (!best || distance < best.distance) best = {distance, ...item};
        };
        if (view.zoom < PLACES_FROM_ZOOM) {
          for (const i of visible(view)) {
            const d = Math.hypot(view.x(areas[2 * i]) - point.x, view.y(areas[2 * i + 1]) - point.y);
            if (sums(i).all && d < Math.max(8, radius(sums(i).all, view))) offer(d, {area: i, at: xsgeo.latLng(areas, i)});
          }
        } else {
          for (let i = 0; i < states.length; i += 1) {
            const d = Math.hypot(view.x(places[2 * i]) - point.x, view.y(places[2 * i + 1]) - point.y);
            if (d < placeRadius(view) + 4 && shown.has(data.reasons[states[i]])) {
              offer(d, {area: data.area_of[i], place: i, state: data.reasons[states[i]], at: xsgeo.latLng(places, i)});
            }
          }
        }
        return best && {kind: 'workers', ...best};
      },
    };
  });

  // ---- catchments -----------------------------------------------------------------------------------------------

  const REACH_M = 260;

  /* A soft shape about the places that are within reach. It is a drawing: people are counted by minutes, never by it. */
  function paintReach(context, view, xy, chosen, colour, alpha) {
    const {min} = view.bounds;
    const size = view.bounds.getSize();
    const r = Math.max(3, REACH_M * view.metre);
    const sheet = document.createElement('canvas');
    sheet.width = Math.round(size.x);
    sheet.height = Math.round(size.y);
    const inner = sheet.getContext('2d');
    inner.translate(-min.x, -min.y);
    const fill = (radius) => {
      inner.beginPath();
      for (let i = 0; i < xy.length / 2; i += 1) {
        if (!chosen(i)) continue;
        const x = view.x(xy[2 * i]);
        const y = view.y(xy[2 * i + 1]);
        if (view.holds(x, y, r)) trace(inner, 'circle', x, y, radius);
      }
      inner.fill();
    };
    inner.fillStyle = colour;
    fill(r + 1.2);
    context.save();
    if (xsgeo.registry.land) { // nobody is reached at sea
      xsgeo.registry.land.painter.outline(context, view);
      context.clip('evenodd');
    }
    context.globalAlpha = Math.min(1, alpha * 2.2);
    inner.globalCompositeOperation = 'destination-out';
    fill(r);
    context.drawImage(sheet, min.x, min.y, size.x, size.y);
    inner.globalCompositeOperation = 'source-over';
    fill(r);
    context.globalAlpha = alpha;
    context.drawImage(sheet, min.x, min.y, size.x, size.y);
    context.restore();
  }

  kind('catchments', (data) => {
    const places = xsgeo.lazy(() => xsgeo.positions(data.places));
    const near = xsgeo.lazy(() => xsgeo.bytes(data.near));
    const reach = xsgeo.lazy(() => xsgeo.bytes(data.reach));

    function bits(table) {
      const stride = Math.ceil(places().length / 2 / 8);
      return (row, i) => (table[row * stride + (i >> 3)] >> (7 - (i & 7))) & 1;
    }

    return {
      /* A layer that shows whom one venue reaches. */
      focus(venue) {
        const row = data.row_of_venue[venue];
        return new CanvasLayer('focus', data, {
          paint(context, view, colours) {
            const isReached = bits(reach());
            paintReach(context, view, places(), (i) => isReached(row, i), colours.reach, 0.3);
          },
        });
      },
      paint(context, view, colours) {
        const isNear = bits(near());
        paintReach(context, view, places(), (i) => isNear(0, i), colours.reach, 0.1);
      },
    };
  });

  // ---- venues ---------------------------------------------------------------------------------------------------

  kind('venues', (data) => {
    const xy = xsgeo.positions(data.points);
    const shown = new Set(Object.keys(FAMILIES));
    const rank = Object.keys(FAMILIES);
    const doors = new Map(); // plaques on one door are one symbol with a number
    data.items.forEach((_, i) => {
      const key = `${xy[2 * i]} ${xy[2 * i + 1]}`;
      if (!doors.has(key)) doors.set(key, []);
      doors.get(key).push(i);
    });
    const radius = (view) => Math.max(1.8, Math.min(8.5, 1.8 + 1.8 * (view.zoom - 10.5)));

    function* visible() {
      for (const all of doors.values()) {
        const on = all.filter((i) => shown.has(data.items[i].kind));
        if (on.length) {
          on.sort((a, b) => rank.indexOf(data.items[a].kind) - rank.indexOf(data.items[b].kind));
          yield on;
        }
      }
    }

    return {
      shown,
      position: (i) => xsgeo.latLng(xy, i),
      paint(context, view, colours) {
        const r = radius(view);
        for (const on of visible()) {
          const i = on[0];
          const x = view.x(xy[2 * i]);
          const y = view.y(xy[2 * i + 1]);
          if (!view.holds(x, y, 12)) continue;
          const item = data.items[i];
          context.globalAlpha = on.some((k) => data.items[k].reached) ? 1 : 0.28;
          context.beginPath();
          trace(context, view.zoom < 11.6 ? 'circle' : SHAPES[item.kind], x, y, r);
          context.lineWidth = view.zoom < 11.6 ? 1 : 2.4;
          context.strokeStyle = colours.halo;
          context.stroke();
          context.fillStyle = colours[FAMILIES[item.kind]];
          context.fill();
          if (on.length > 1 && view.zoom >= 12.6) {
            context.font = `600 10px ${data.font}`;
            context.textBaseline = 'middle';
            context.lineWidth = 3;
            context.strokeText(`×${on.length}`, x + r + 2, y - r * 0.6);
            context.fillStyle = colours.ink;
            context.fillText(`×${on.length}`, x + r + 2, y - r * 0.6);
          }
          context.globalAlpha = 1;
        }
      },
      pick(view, point) {
        let best = null;
        for (const on of visible()) {
          const d = Math.hypot(view.x(xy[2 * on[0]]) - point.x, view.y(xy[2 * on[0] + 1]) - point.y);
          if (d < radius(view) + 4 && (!best || d < best.distance)) {
            best = {kind: 'venues', distance: d, items: on, at: xsgeo.latLng(xy, on[0])};
          }
        }
        return best;
      },
    };
  });

  // ---- gaps and proposals ---------------------------------------------------------------------------------------

  kind('gaps', (data) => {
    const xy = xsgeo.positions(data.points);
    const largest = Math.max(1, ...data.items.map((g) => g.n_workers || 0));
    const radius = (i, view) => Math.max(5, Math.sqrt((data.items[i].n_workers || 0) / largest) * 26) * 2 ** (0.3 * Math.max(0, view.zoom - 10.75));
    return {
      position: (i) => xsgeo.latLng(xy, i),
      paint(context, view, colours) {
        context.setLineDash([4, 3]);
        data.items.forEach((item, i) => {
          const x = view.x(xy[2 * i]);
          const y = view.y(xy[2 * i + 1]);
          if (!view.holds(x, y, 60)) return;
          context.beginPath();
          trace(context, 'circle', x, y, radius(i, view));
          context.strokeStyle = colours.halo;
          context.lineWidth = 3.6;
          context.stroke();
          context.strokeStyle = colours[item.main_reason] || colours.quiet;
          context.lineWidth = 1.8;
          context.stroke();
        });
        context.setLineDash([]);
      },
      pick(view, point) {
        let best = null;
        data.items.forEach((_, i) => {
          const d = Math.abs(Math.hypot(view.x(xy[2 * i]) - point.x, view.y(xy[2 * i + 1]) - point.y) - radius(i, view));
          if (d < 5 && (!best || d < best.distance)) best = {kind: 'gaps', distance: d, item: i, at: xsgeo.latLng(xy, i)};
        });
        return best;
      },
    };
  });

  /* Push discs apart that would cover one another; a pixel's width is left between them. Where nothing touches, nothing
     moves. */
  function spread(points, apart) {
    const at = points.map((p) => [...p]);
    for (let round = 0; round < 80; round += 1) {
      let moved = false;
      for (let i = 0; i < at.length; i += 1) {
        for (let j = i + 1; j < at.length; j += 1) {
          let dx = at[j][0] - at[i][0];
          let dy = at[j][1] - at[i][1];
          let d = Math.hypot(dx, dy);
          if (d >= apart - 0.01) continue;
          if (d < 0.01) { // the same place: part them in a direction of their own
            [dx, dy, d] = [Math.cos(i + 2 * j), Math.sin(i + 2 * j), 1];
            moved = true;
          }
          const push = (apart - Math.min(d, apart)) / 2 + 0.05;
          const [px, py] = [(dx / d) * push, (dy / d) * push];
          at[i][0] -= px;
          at[i][1] -= py;
          at[j][0] += px;
          at[j][1] += py;
          moved = true;
        }
      }
      if (!moved) break;
    }
    return at;
  }

  xsgeo.spread = spread;

  kind('proposals', (data) => {
    const xy = xsgeo.positions(data.points);
    const R = 10.5;
    let known = {zoom: null};

    /* Where each disc stands; how far it moved depends on the zoom alone, so panning does not make it dance. */
    function discs(view) {
      const real = data.items.map((_, i) => [view.x(xy[2 * i]), view.y(xy[2 * i + 1])]);
      if (known.zoom !== view.zoom) {
        const at = spread(real, 2 * R + 3);
        known = {zoom: view.zoom, shift: at.map(([x, y], i) => [x - real[i][0], y - real[i][1]])};
      }
      return real.map(([tx, ty], i) => ({tx, ty, x: tx + known.shift[i][0], y: ty + known.shift[i][1]}));
    }

    function lead(context, {tx, ty, x, y}, colours) {
      if (Math.hypot(tx - x, ty - y) < R * 0.5) return;
      context.beginPath();
      context.moveTo(tx, ty);
      context.lineTo(x, y);
      context.strokeStyle = colours.proposal;
      context.lineWidth = 1.4;
      context.stroke();
      context.beginPath();
      trace(context, 'circle', tx, ty, 2.6);
      context.fillStyle = colours.proposal;
      context.fill();
    }

    return {
      discs,
      radius: R,
      boxes: (view) => discs(view).map(({x, y}) => [x - R, y - R, x + R, y + R]),
      position: (i) => xsgeo.latLng(xy, i),
      paint(context, view, colours) {
        context.font = `700 12px ${data.font}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        const placed = discs(view);
        for (const disc of placed) lead(context, disc, colours);
        for (let i = placed.length - 1; i >= 0; i -= 1) {
          const {x, y} = placed[i];
          if (!view.holds(x, y, 16)) continue;
          context.beginPath();
          trace(context, 'circle', x, y, R);
          context.fillStyle = colours.proposal;
          context.fill();
          context.strokeStyle = colours.paper;
          context.lineWidth = 2;
          context.stroke();
          context.fillStyle = colours.proposal_text;
          context.fillText(String(data.items[i].number), x, y + 0.5);
        }
        context.textAlign = 'start';
      },
      pick(view, point) {
        let best = null;
        discs(view).forEach(({x, y}, i) => {
          const d = Math.hypot(x - point.x, y - point.y);
          if (d < R + 3 && (!best || d < best.distance)) best = {kind: 'proposals', distance: d, item: i, at: xsgeo.latLng(xy, i)};
        });
        return best;
      },
    };
  });
})();
