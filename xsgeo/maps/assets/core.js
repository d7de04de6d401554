/* xsgeo core: data in, words, colours, symbols and a DOM builder. No other file of ours reads a data block itself.

   Everything a ledger can hold reaches the page through `read` and leaves it through `textContent` or canvas text, so
   nothing typed into a cell is ever parsed as HTML or run. */

const xsgeo = (() => {
  'use strict';

  // Okabe and Ito's eight colours, each used once, and a violet: workers by state, venues by whose they are. They stay
  // apart for every kind of colour vision; each also has a shape of its own. The dark set is the same hues, lightened.
  const PALETTES = {
    light: {
      sea: '#dbe6ea', land: '#fbfaf6', coast: '#a9b8bd', ink: '#1d2a30', quiet: '#5d6b72', halo: '#fbfaf6',
      street: '#e6e1d6', local: '#dcd5c5', major: '#cfc3a8', expressway: '#b99f6b', paper: '#ffffff',
      served: '#009E73', closed: '#E69F00', out_of_reach: '#D55E00', not_shared: '#CC79A7', no_function: '#F0E442',
      crowded: '#8A3FFC', unknown: '#8b979d', merged: '#8b979d', reach: '#0072B2',
      union: '#0072B2', mass: '#56B4E9', other: '#1d2a30', proposal: '#1d2a30', proposal_text: '#ffffff',
      pale: '#e4e8ea', nominal: '#9fb6c4',
    },
    dark: {
      sea: '#0f1b22', land: '#1d2a31', coast: '#3d5561', ink: '#eef3f5', quiet: '#9fb0b8', halo: '#1d2a31',
      street: '#2b3a42', local: '#35464f', major: '#4a5a60', expressway: '#7b6f4f', paper: '#16232a',
      served: '#1fb98c', closed: '#E69F00', out_of_reach: '#f0762b', not_shared: '#d68fb6', no_function: '#F0E442',
      crowded: '#9a5cff', unknown: '#86949b', merged: '#86949b', reach: '#4ba3dc',
      union: '#4ba3dc', mass: '#9bd3f5', other: '#eef3f5', proposal: '#eef3f5', proposal_text: '#16232a',
      pale: '#2a3941', nominal: '#5c7788',
    },
  };

  const SHAPES = {
    served: 'circle', closed: 'square', out_of_reach: 'up', not_shared: 'diamond', no_function: 'cross',
    crowded: 'down', unknown: 'ring', merged: 'bar',
    workers_palace: 'star', culture_centre: 'square', workers_home: 'house', rest_station: 'circle',
    library: 'bar', legal_point: 'diamond', youth_home: 'up', women_home: 'down', party_centre: 'hexagon',
    culture_hall: 'square', school_venue: 'cross',
  };

  const FAMILIES = {
    workers_palace: 'union', culture_centre: 'union', workers_home: 'union', rest_station: 'union', library: 'union',
    legal_point: 'union', youth_home: 'mass', women_home: 'mass', party_centre: 'other', culture_hall: 'other',
    school_venue: 'other',
  };

  const UNSERVED = ['closed', 'out_of_reach', 'not_shared', 'no_function', 'crowded', 'unknown'];

  const screenIsDark = window.matchMedia('(prefers-color-scheme: dark)');
  const theme = {colours: PALETTES.light, adaptive: false};

  function chooseTheme(printing) {
    theme.colours = theme.adaptive && screenIsDark.matches && !printing ? PALETTES.dark : PALETTES.light;
  }

  // ---- data -----------------------------------------------------------------------------------------------------

  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  function bytes(text) {
    const raw = atob(text);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) out[i] = raw.charCodeAt(i);
    return out;
  }

  const unpack = (text, Type) => new Type(bytes(text).buffer);

  /* Whole numbers in groups of seven bits (pack_whole); `steps` adds them up from one to the next (pack_steps). */
  function whole(text) {
    const raw = bytes(text);
    const out = new Float64Array(raw.reduce((n, byte) => n + (byte < 128), 0));
    let value = 0;
    let scale = 1;
    let k = 0;
    for (const byte of raw) {
      value += (byte & 127) * scale;
      if (byte < 128) {
        out[k] = value % 2 ? -(value + 1) / 2 : value / 2;
        k += 1;
        value = 0;
        scale = 1;
      } else scale *= 128;
    }
    return out;
  }

  function steps(text) {
    const out = whole(text);
    for (let i = 1; i < out.length; i += 1) out[i] += out[i - 1];
    return out;
  }

  /* Web Mercator in units of the whole world, so that a zoom is one multiplication away. */
  function world(lon, lat, out, at) {
    const s = Math.sin((lat * Math.PI) / 180);
    out[at] = lon / 360 + 0.5;
    out[at + 1] = 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  }

  function positions(packed) {
    const steps = unpack(packed.xy, Uint16Array);
    const out = new Float64Array(steps.length);
    for (let i = 0; i < steps.length; i += 2) {
      world(packed.origin[0] + steps[i] * packed.step, packed.origin[1] + steps[i + 1] * packed.step, out, i);
    }
    return out;
  }

  function latLng(xy, i) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * xy[2 * i + 1]))) * 180) / Math.PI;
    return L.latLng(lat, (xy[2 * i] - 0.5) * 360);
  }

  // ---- words ----------------------------------------------------------------------------------------------------

  let book = null;

  function words() {
    if (!book) book = read('xsgeo_words');
    return book;
  }

  const grouped = new Intl.NumberFormat('en-US'); // made once: toLocaleString makes one at each call
  const count = (n) => grouped.format(n);
  const percent = (share) => (share === null ? '–' : `${(100 * share).toFixed(1)}%`);

  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === 'number' ? count(value) : String(value);
    });
  }

  const isPair = (value) => Array.isArray(value) && value.length === 2;

  /* The text of a key, [Chinese, English]; a value that is itself a pair gives each language its own. */
  function pair(key, values = {}) {
    const entry = words().words[key];
    return [0, 1].map((i) => {
      const own = {};
      for (const [name, value] of Object.entries(values)) own[name] = isPair(value) ? value[i] : value;
      return fill(entry[i], own);
    });
  }

  /* The name of a value that comes from a table; one the catalogue does not know stands for itself. */
  const nameOf = (group, value) => (Object.hasOwn(words().words, `${group}.${value}`) ? pair(`${group}.${value}`) : [value, value]);

  /* One line in the page's first language: for labels on the map, titles and ARIA names. */
  const one = (both) => (words().language === 'en' ? both[1] : both[0]);
  const say = (key, values) => one(pair(key, values));

  // ---- DOM ------------------------------------------------------------------------------------------------------

  /* el('p', {class: 'x'}, 'text', node): strings become text nodes, whatever they hold. */
  function el(tag, attributes = {}, ...children) {
    const svg = ['svg', 'path', 'rect', 'circle', 'line', 'g', 'text', 'title'].includes(tag);
    const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }

  /* Both languages of a pair, the second smaller and marked as what it is. */
  function bilingual(both) {
    const {language} = words();
    const [zh, en] = both;
    if (language === 'zh') return el('span', {}, zh);
    if (language === 'en') return el('span', {lang: 'en'}, en);
    if (zh === en) return el('span', {}, zh);
    return el('span', {class: 'xs-both'}, el('span', {}, zh), ' ', el('span', {class: 'xs-en', lang: 'en'}, en));
  }

  const tell = (key, values) => bilingual(pair(key, values));

  /* Chinese sentences follow one another without a space; where English stands between or alone, it needs one. */
  const between = () => (words().language === 'zh' ? '' : ' ');

  // ---- one thing after another -----------------------------------------------------------------------------------

  /* Work that can wait is done in tasks of its own, in order, so that a click need never wait for all of it. */
  const waiting = [];
  let isPumping = false;

  function pump() {
    const act = waiting.shift();
    isPumping = act !== undefined;
    if (isPumping) {
      setTimeout(() => {
        try {
          act();
        } finally {
          pump();
        }
      });
    }
  }

  function later(...acts) {
    waiting.push(...acts);
    if (!isPumping) pump();
  }

  const isBusy = () => waiting.length > 0;

  /* A value that is worked out when it is first asked for. */
  function lazy(make) {
    let known = null;
    return () => {
      if (known === null) known = make();
      return known;
    };
  }

  // ---- symbols --------------------------------------------------------------------------------------------------

  const CORNERS = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    bar: [[-1.15, -0.7], [1.15, -0.7], [1.15, 0.7], [-1.15, 0.7]],
    diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
    up: [[0, -1.25], [1.25, 0.95], [-1.25, 0.95]],
    down: [[0, 1.25], [1.25, -0.95], [-1.25, -0.95]],
    house: [[0, -1.35], [1.25, -0.2], [0.9, -0.2], [0.9, 1.05], [-0.9, 1.05], [-0.9, -0.2], [-1.25, -0.2]],
    hexagon: [0, 1, 2, 3, 4, 5].map((i) => [1.2 * Math.cos((i * Math.PI) / 3), 1.2 * Math.sin((i * Math.PI) / 3)]),
    star: [...Array(10).keys()].map((i) => {
      const r = i % 2 ? 0.66 : 1.55;
      return [r * Math.sin((i * Math.PI) / 5), -r * Math.cos((i * Math.PI) / 5)];
    }),
    cross: [[-0.42, -1.2], [0.42, -1.2], [0.42, -0.42], [1.2, -0.42], [1.2, 0.42], [0.42, 0.42], [0.42, 1.2],
      [-0.42, 1.2], [-0.42, 0.42], [-1.2, 0.42], [-1.2, -0.42], [-0.42, -0.42]],
  };

  /* Trace a shape of about the area of a circle of radius r. */
  function trace(context, shape, x, y, r) {
    const corners = CORNERS[shape];
    if (!corners) {
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    }
    const k = 0.89 * r;
    corners.forEach(([dx, dy], i) => (i ? context.lineTo(x + k * dx, y + k * dy) : context.moveTo(x + k * dx, y + k * dy)));
    context.closePath();
  }

  function symbol(shape, colour, {size = 16, outline = null, text = null} = {}) {
    const mid = size / 2;
    const r = size * 0.31;
    const svg = el('svg', {width: size, height: size, viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true', class: 'xs-symbol'});
    const corners = CORNERS[shape];
    const style = shape === 'ring'
      ? {fill: 'none', stroke: colour, 'stroke-width': 2}
      : {fill: colour, stroke: outline || 'none', 'stroke-width': outline ? 1 : 0};
    svg.append(corners
      ? el('path', {d: `M${corners.map(([dx, dy]) => `${(mid + 0.89 * r * dx).toFixed(2)} ${(mid + 0.89 * r * dy).toFixed(2)}`).join('L')}Z`, ...style})
      : el('circle', {cx: mid, cy: mid, r: shape === 'ring' ? r - 0.5 : r, ...style}));
    if (text) svg.append(el('text', {x: mid, y: mid, class: 'xs-symbol-text'}, text));
    return svg;
  }

  return {
    PALETTES, SHAPES, FAMILIES, UNSERVED, theme, chooseTheme, screenIsDark, read, unpack, bytes, whole, steps, positions, world, latLng,
    words, count, percent, pair, nameOf, one, say, el, bilingual, tell, between, later, isBusy, lazy, trace, symbol, isPaused: false, layers: {}, registry: {}, tools: [],
  };
})();
