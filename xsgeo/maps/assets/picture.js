/* The map as a picture, with what a picture needs to be forwarded without its page: headline, legend, date, standard,
   basis, scale, and on an internal page its banner. Drawn on a canvas of our own and saved from it; no network. */

(() => {
  'use strict';

  const {el, say, one, pair, percent, count, nameOf, trace, theme, SHAPES, FAMILIES, words} = xsgeo;
  const WIDTH = 1600;
  const MARGIN = 48;
  const font = (size, weight = 400) => `${weight} ${size}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif`;

  /* Lines of a text that fit a width; Chinese breaks anywhere, English between words. */
  function wrap(context, text, width) {
    const lines = [''];
    for (const piece of text.match(/[\w%.,:;()'"–-]+\s*|\s+|./gu) || []) {
      const last = lines.length - 1;
      if (lines[last] && context.measureText(lines[last] + piece).width > width) lines.push(piece.trimStart());
      else lines[last] += piece;
    }
    return lines;
  }

  function legend(page, layers) {
    if (xsgeo.api.pictureKeys) return xsgeo.api.pictureKeys();
    const c = theme.colours;
    const n = Object.fromEntries(page.reasons.map((r) => [r.reason, r.n]));
    const rows = [];
    if (layers.workers) {
      for (const state of ['served', ...xsgeo.UNSERVED]) {
        if (layers.workers.painter.shown.has(state) && (n[state] !== undefined || layers.workers.data.counts[state])) {
          rows.push({shape: SHAPES[state], colour: c[state], text: `${one(nameOf('reason', state))}${n[state] === undefined ? '' : ` ${count(n[state])}`}`});
        }
      }
    }
    if (layers.venues) {
      const kinds = Object.keys(FAMILIES).filter((k) => layers.venues.data.items.some((v) => v.kind === k));
      for (const kind of kinds) rows.push({shape: SHAPES[kind], colour: c[FAMILIES[kind]], text: one(nameOf('choice', kind))});
    }
    if (layers.proposals && layers.proposals.data.items.length) rows.push({shape: 'circle', colour: c.proposal, text: say('page.layer.proposals')});
    return rows;
  }

  /* A round length of about a sixth of the picture, and how many of its pixels it takes. */
  function scale(map, pixelsPerScreen) {
    const size = map.getSize();
    const metres = map.distance(map.containerPointToLatLng([0, size.y / 2]), map.containerPointToLatLng([100, size.y / 2])) / (100 * pixelsPerScreen);
    const wanted = (WIDTH / 6) * metres;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const length = [5, 2, 1].map((k) => k * power).find((x) => x <= wanted);
    return {pixels: length / metres, text: length >= 1000 ? `${length / 1000} km` : `${length} m`};
  }

  function drawScale(context, map, ratio, x, y) {
    const {pixels, text} = scale(map, ratio);
    context.strokeStyle = theme.colours.ink;
    context.fillStyle = theme.colours.ink;
    context.lineWidth = 3;
    context.beginPath();
    context.moveTo(x, y - 10);
    context.lineTo(x, y);
    context.lineTo(x + pixels, y);
    context.lineTo(x + pixels, y - 10);
    context.stroke();
    context.font = font(22);
    context.fillText(text, x + 8, y - 12);
    context.font = font(24, 700);
    context.fillText(`↑ ${say('page.north')}`, x, y - 48);
  }

  function facts(page) {
    const f = page.facts;
    const basis = f.basis_workers.map(([name, share]) => `${one(name === 'unstated' ? pair('page.basis.unstated') : nameOf('choice', name))} ${percent(share)}`);
    return [
      say('page.sheet.facts', {standard: f.standard, as_of: f.as_of, basis: basis.join(words().language === 'en' ? ', ' : '、')}),
      f.demonstration && say('page.demonstration'), say('page.credit'),
    ].filter(Boolean);
  }

  /* What the picture says first: a number, what it is of, and a sentence. */
  function headline({headline: {share_effective: share, n_workers: n, n_effective: served}}) {
    return {number: percent(share), label: pair('page.effective'), lead: n === null ? pair('page.withheld') : pair('page.hero', {n_workers: n, n_effective: served})};
  }

  /* The picture as a canvas. */
  xsgeo.picture = (map, page) => {
    const c = theme.colours;
    const sheet = xsgeo.sheet(map);
    const height = Math.round((WIDTH * sheet.height) / sheet.width);
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.font = font(24);
    const keys = legend(page, Object.fromEntries(Object.entries(xsgeo.registry).filter(([, layer]) => map.hasLayer(layer))));
    const columns = 4;
    const notes = facts(page).flatMap((text) => wrap(context, text, WIDTH - 2 * MARGIN));
    const head = page.audience === 'internal' ? 246 : 186;
    const foot = 40 + 44 * Math.ceil(keys.length / columns) + 36 * notes.length + 24;
    canvas.width = WIDTH;
    canvas.height = head + height + foot;
    context.fillStyle = c.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    let y = 0;
    if (page.audience === 'internal') {
      context.fillStyle = '#8a1c00';
      context.fillRect(0, 0, WIDTH, 60);
      context.fillStyle = '#ffffff';
      context.font = font(30, 700);
      context.fillText(pair('page.internal').join('  ·  '), MARGIN, 42);
      y = 60;
    }
    context.textBaseline = 'alphabetic';
    context.fillStyle = c.quiet;
    context.font = font(26);
    context.fillText(one(page.names), MARGIN, y + 56);
    context.fillStyle = c.ink;
    context.font = font(64, 700);
    const {number, label, lead} = page.picture || headline(page);
    context.fillText(number, MARGIN, y + 138);
    const after = MARGIN + context.measureText(number).width + 24;
    context.font = font(28, 600);
    context.fillText(one(label), after, y + 108);
    context.font = font(24);
    context.fillStyle = c.quiet;
    context.fillText(one(lead), after, y + 140);
    context.drawImage(sheet, 0, head, WIDTH, height);
    drawScale(context, map, WIDTH / map.getSize().x, MARGIN, head + height - 28);
    y = head + height + 40;
    keys.forEach(({shape, colour, text}, i) => {
      const [kx, ky] = [MARGIN + ((i % columns) * (WIDTH - 2 * MARGIN)) / columns, y + 44 * Math.floor(i / columns)];
      context.beginPath();
      trace(context, shape, kx + 12, ky + 12, 11);
      if (shape === 'ring') {
        context.strokeStyle = colour;
        context.lineWidth = 4;
        context.stroke();
      } else {
        context.fillStyle = colour;
        context.fill();
      }
      context.fillStyle = c.ink;
      context.font = font(24);
      context.fillText(text, kx + 34, ky + 21);
    });
    y += 44 * Math.ceil(keys.length / columns) + 28;
    context.fillStyle = c.quiet;
    context.font = font(24);
    notes.forEach((text, i) => context.fillText(text, MARGIN, y + 36 * i));
    return canvas;
  };

  function save(map, page) {
    xsgeo.picture(map, page).toBlob((blob) => {
      const url = URL.createObjectURL(blob);
      const name = `${one(page.names).replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60)}${page.audience === 'internal' ? '.internal' : ''}_${page.facts.as_of.replace(/[^0-9-]/g, '')}.png`;
      el('a', {href: url, download: name}).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }, 'image/png');
  }

  function printAll() {
    document.documentElement.classList.add('xs-all');
    window.print();
    document.documentElement.classList.remove('xs-all');
  }

  xsgeo.keep = (map, page) => {
    const button = (key, act) => el('button', {type: 'button', class: 'xs-button xs-small', id: `xs-tool-${key}`, onclick: act}, tellOne(key));
    return el('p', {class: 'xs-keep', role: 'group', 'aria-label': say('page.tools')},
      !page.tiles && button('picture', () => save(map, page)), // a service's pictures may not be copied
      button('sheet', () => window.print()), button('all', printAll));
  };

  const tellOne = (key) => xsgeo.tell(`page.tool.${key}`);
})();
