/* The index: a card for each map, with a small map of its own that shows the pattern before the page is opened. */

(() => {
  'use strict';

  const {el, tell, bilingual, percent, symbol, theme, trace} = xsgeo;

  let page;
  let land;

  /* The county's frame, fitted into a canvas. */
  function framed(canvas) {
    const ratio = window.devicePixelRatio || 1;
    const {clientWidth: width, clientHeight: height} = canvas;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [[south, west], [north, east]] = page.view;
    const box = new Float64Array(4);
    xsgeo.world(west, north, box, 0);
    xsgeo.world(east, south, box, 2);
    const margin = Math.max(14, 0.07 * height);
    const scale = Math.min((width - 2 * margin) / (box[2] - box[0]), (height - 2 * margin) / (box[3] - box[1]));
    const dx = (width - scale * (box[0] + box[2])) / 2;
    const dy = (height - scale * (box[1] + box[3])) / 2;
    return {context, width, height, x: (w) => w * scale + dx, y: (w) => w * scale + dy};
  }

  function draw(canvas, dots) {
    const {context, width, height, x, y} = framed(canvas);
    const c = theme.colours;
    context.fillStyle = c.sea;
    context.fillRect(0, 0, width, height);
    context.beginPath();
    let from = 0;
    for (const to of land.ends) {
      for (let i = from; i < to; i += 1) {
        if (i === from) context.moveTo(x(land.xy[2 * i]), y(land.xy[2 * i + 1]));
        else context.lineTo(x(land.xy[2 * i]), y(land.xy[2 * i + 1]));
      }
      context.closePath();
      from = to;
    }
    context.fillStyle = c.land;
    context.fill('evenodd');
    const xy = xsgeo.positions(dots);
    const states = xsgeo.bytes(dots.states);
    const r = height > 250 ? 1.9 : 1.6;
    const order = ['served', ...page.reasons.filter((s) => s !== 'served')];
    for (const state of order) {
      const code = page.reasons.indexOf(state);
      context.beginPath();
      for (let i = 0; i < states.length; i += 1) {
        if (states[i] === code) trace(context, 'circle', x(xy[2 * i]), y(xy[2 * i + 1]), r);
      }
      context.fillStyle = c[state];
      context.fill();
    }
  }

  function bar(link) {
    const svg = el('svg', {class: 'xs-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
    svg.append(el('rect', {width: 100, height: 8, class: 'xs-bar-ground'}));
    svg.append(el('rect', {width: (100 * link.share_nominal).toFixed(2), height: 8, fill: theme.colours.nominal}));
    svg.append(el('rect', {width: (100 * link.share_effective).toFixed(2), height: 8, fill: theme.colours.served}));
    return svg;
  }

  /* What the dots of the small maps mean; they show the prevailing state of a place and no number. */
  function key() {
    const present = new Set(page.dots.flatMap((d) => [...xsgeo.bytes(d.states)]));
    const states = ['served', ...page.reasons.filter((s) => s !== 'served')].filter((s) => present.has(page.reasons.indexOf(s)));
    return el('ul', {class: 'xs-key'}, states.map((s) => el('li', {}, symbol('circle', theme.colours[s], {size: 14}), tell(`reason.${s}`))));
  }

  function tile({link, canvas}) {
    const county = !link.cluster;
    return el('li', {class: county ? 'xs-tile-wide' : ''}, el('a', {class: 'xs-tile', href: link.file}, canvas,
      el('div', {class: 'xs-tile-text'},
        el('h2', {}, county ? tell('page.county') : bilingual(link.names)),
        el('p', {class: 'xs-number'}, el('strong', {}, percent(link.share_effective)), el('span', {}, tell('page.effective'))),
        bar(link),
        el('p', {class: 'xs-soft'},
          link.n_workers !== null && el('span', {}, tell('page.index.workers', {n: link.n_workers})),
          el('span', {}, tell('page.nominal'), ' ', percent(link.share_nominal))),
        county && el('p', {class: 'xs-lead'}, link.n_workers === null ? tell('page.withheld') : tell('page.hero', {n_workers: link.n_workers, n_effective: link.n_effective})),
        county && key())));
  }

  function write() {
    const f = page.facts;
    const maps = page.links.map((link, i) => ({link, dots: page.dots[i], canvas: el('canvas', {'aria-hidden': 'true'})}));
    maps.sort((a, b) => Boolean(a.link.cluster) - Boolean(b.link.cluster) || b.link.n_workers - a.link.n_workers);
    document.getElementById('xs-panel').replaceChildren(
      el('p', {class: 'xs-overline'}, tell('page.overline')),
      el('h1', {}, bilingual(page.names)),
      el('p', {class: 'xs-lead'}, tell(page.lead)),
      f.demonstration ? el('p', {class: 'xs-demo', role: 'note'}, tell('page.demonstration')) : '',
      page.plan ? el('p', {class: 'xs-index-plan'}, el('a', {href: page.plan}, tell('page.index.plan'))) : '',
      el('ul', {class: 'xs-cards'}, maps.map(tile)),
      el('p', {class: 'xs-foot'}, bilingual(f.standard), ' · ', f.source, ' · ', tell('page.note.date'), ' ', f.as_of, ' · ', tell('page.credit.land')));
    for (const {canvas, dots} of maps) draw(canvas, dots);
  }

  function start() {
    document.body.classList.add('xs-index');
    page = xsgeo.read('xsgeo_page');
    land = {xy: xsgeo.positions(page.land), ends: xsgeo.unpack(page.land.ends, Uint32Array)};
    theme.adaptive = true;
    xsgeo.chooseTheme();
    write();
    const again = (printing) => () => {
      xsgeo.chooseTheme(printing);
      write();
    };
    xsgeo.screenIsDark.addEventListener('change', again(false));
    window.addEventListener('beforeprint', again(true));
    window.addEventListener('afterprint', again(false));
    let waiting = 0;
    window.addEventListener('resize', () => {
      clearTimeout(waiting);
      waiting = setTimeout(again(false), 150);
    });
    document.documentElement.dataset.ready = 'yes';
  }

  document.addEventListener('DOMContentLoaded', start);
})();
