/* What if: a reader moves, adds, opens, shuts or shares venues, and the page says who is served then (reckon.js). The
   changes can be taken along as a scenario file, or sent as the page's address. */

(() => {
  'use strict';

  const {el, say, tell, pair, one, bilingual, nameOf, count, percent, theme, trace, symbol, SHAPES, FAMILIES} = xsgeo;

  xsgeo.kind('whatif', (data) => {
    const xy = xsgeo.positions(data.rows.points);
    const painter = {
      differences: [], // {row, gained}
      marks: [], // {x, y, fromX, fromY, kind, isNew, isShut}
      paint(context, view, colours) {
        for (const mark of painter.marks) {
          const [x, y] = [view.x(mark.x), view.y(mark.y)];
          if (mark.from) {
            context.beginPath();
            context.moveTo(view.x(mark.from[0]), view.y(mark.from[1]));
            context.lineTo(x, y);
            context.setLineDash([3, 4]);
            context.strokeStyle = colours.ink;
            context.lineWidth = 1.4;
            context.stroke();
            context.setLineDash([]);
          }
          context.beginPath();
          trace(context, 'circle', x, y, 11);
          context.fillStyle = colours.paper;
          context.fill();
          context.strokeStyle = mark.isShut ? colours.quiet : colours.ink;
          context.lineWidth = 2;
          context.stroke();
          context.beginPath();
          trace(context, SHAPES[mark.kind], x, y, 5.4);
          context.fillStyle = mark.isShut ? colours.quiet : colours[FAMILIES[mark.kind]];
          context.fill();
        }
        for (const {row, gained} of painter.differences) {
          const [x, y] = [view.x(xy[2 * row]), view.y(xy[2 * row + 1])];
          if (!view.holds(x, y, 12)) continue;
          context.beginPath();
          trace(context, gained ? 'up' : 'down', x, y, Math.min(9, 4 + 0.9 * (view.zoom - 10)));
          context.fillStyle = gained ? colours.reach : colours.out_of_reach;
          context.fill();
          context.strokeStyle = colours.halo;
          context.lineWidth = 1.2;
          context.stroke();
        }
      },
    };
    return painter;
  });

  // ---- the scenario file --------------------------------------------------------------------------------------------

  // JSON's escapes are TOML's, but for DEL.
  const quoted = (text) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');

  function toml(title, titleEn, month, changes) {
    const lines = [`title = ${quoted(title)}`, `title_en = ${quoted(titleEn)}`];
    if (month) lines.push('', '[when]', `month = ${month}`);
    for (const {action, id, cells} of changes) {
      lines.push('', '[[change]]', 'table = "venues"', `action = "${action}"`, `id = ${quoted(id)}`);
      for (const [column, text] of Object.entries(cells)) lines.push(`${column} = ${quoted(text)}`);
    }
    return `${lines.join('\n')}\n`;
  }

  const toText = (week) => {
    const out = new Uint8Array(42);
    week.forEach((on, i) => { if (on) out[i >> 3] |= 128 >> (i & 7); });
    return btoa(String.fromCharCode(...out)).replaceAll('+', '-').replaceAll('/', '_');
  };

  function fromText(text) {
    if (!/^[\w-]{56}$/.test(text)) return null;
    const raw = xsgeo.bytes(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from({length: 336}, (_, i) => (raw[i >> 3] >> (7 - (i & 7))) & 1);
  }

  // ---- what the reader does -------------------------------------------------------------------------------------------

  xsgeo.tools.push((api) => {
    const layer = xsgeo.registry.whatif;
    if (!layer) return;
    const {data} = layer;
    const {map} = api;
    const items = xsgeo.registry.venues.data.items;
    const SERVES = ['everyone', 'workers', 'members', 'own_staff', 'women', 'youth'];
    const TERMS = ['open', 'appointment', 'agreement', 'none'];
    const NEW = {serves: 'everyone', terms: 'open'};
    let engine = null; // unpacked when it is first asked
    const edits = new Map(); // id of a venue, or ~1, ~2 for new ones: what is otherwise
    let month = data.rule.month;
    let chosen = null;
    let picking = false;
    let marker = null;
    let base = null;
    let last = null;
    let told = '';
    let isHoursOpen = false;
    const days = {value: 'all'};

    function reckoner() {
      if (!engine) engine = xsgeo.reckoner(data, xsgeo.registry.land.data.rings);
      return engine;
    }

    const isNew = (id) => id.startsWith('~');
    const number = (id) => reckoner().index.get(id);
    const usual = (id) => (isNew(id) ? {open: true, ...NEW} : {open: true, serves: items[number(id)].serves, terms: items[number(id)].terms});
    const now = (id) => ({...usual(id), ...edits.get(id)});
    const kind = (id) => (isNew(id) ? data.new.kind : items[number(id)].kind);
    const name = (id) => (isNew(id) ? pair('page.whatif.new', {n: id.slice(1)}) : api.venueName(items[number(id)]));
    const weekNow = (id) => now(id).week || reckoner().week(isNew(id) ? reckoner().ids.length : number(id), month);

    function place(id) {
      const {node} = now(id);
      if (node !== undefined) {
        const {lon, lat} = reckoner().position(node);
        return L.latLng(lat, lon);
      }
      return xsgeo.registry.venues.painter.position(number(id));
    }

    /* Every venue as it would be, in the order that the reckoner numbers them; new ones last. */
    function asEdited(all = edits) {
      const list = reckoner().ids.map((id, v) => ({open: true, serves: items[v].serves, terms: items[v].terms, ...all.get(id)}));
      for (const [id, edit] of all) if (isNew(id) && edit.node !== undefined) list.push({open: true, ...NEW, ...edit});
      return list;
    }

    function change(id, what) {
      const edit = {...edits.get(id), ...what};
      const was = usual(id);
      for (const key of ['open', 'serves', 'terms']) if (edit[key] === was[key] && !isNew(id)) delete edit[key];
      if (Object.keys(edit).length || isNew(id)) edits.set(id, edit);
      else edits.delete(id);
      update();
    }

    function undo(id) {
      edits.delete(id);
      if (chosen === id) chosen = null;
      update();
    }

    function reset() {
      edits.clear();
      chosen = null;
      update();
    }

    // ---- figures

    function update() {
      const before = performance.now();
      if (!base || base.month !== month) base = {month, ...reckoner().evaluate(asEdited(new Map()), month)};
      last = edits.size ? reckoner().evaluate(asEdited(), month) : base;
      api.whatif.ms = performance.now() - before;
      draw();
      write();
      map.fire('xs-state');
    }

    const served = (result, r) => result.rung[r] === 6;

    function draw() {
      const {painter} = layer;
      painter.differences = [];
      for (let r = 0; r < base.rung.length; r += 1) {
        if (served(base, r) !== served(last, r)) painter.differences.push({row: r, gained: served(last, r)});
      }
      const at = (position) => {
        const p = new Float64Array(2);
        xsgeo.world(position.lng, position.lat, p, 0);
        return p;
      };
      painter.marks = [...edits.keys()].filter((id) => id !== chosen && (!isNew(id) || edits.get(id).node !== undefined)).map(markOf);
      function markOf(id) {
        const [x, y] = at(place(id));
        const moved = !isNew(id) && now(id).node !== undefined;
        return {x, y, kind: kind(id), isShut: !now(id).open, from: moved ? [...at(xsgeo.registry.venues.painter.position(number(id)))] : null};
      }
      layer.redraw();
      grip();
    }

    /* The mark that can be dragged: that of the venue being changed. */
    function grip() {
      if (marker) marker.remove();
      marker = null;
      if (!chosen || !api.dock.isOpen('whatif') || (isNew(chosen) && now(chosen).node === undefined)) return;
      const id = chosen;
      const label = say('page.whatif.mark', {name: name(id)});
      const icon = L.divIcon({
        className: 'xs-grip', iconSize: [34, 34],
        html: el('span', {}, symbol(SHAPES[kind(id)], theme.colours[FAMILIES[kind(id)]], {size: 22})),
      });
      marker = L.marker(place(id), {icon, draggable: data.may_move, keyboard: false, zIndexOffset: 1000}).addTo(map);
      marker.getElement().setAttribute('title', label);
      marker.on('dragend', () => put(id, marker.getLatLng()));
    }

    /* Put a venue on the nearest node, and say how far that is. */
    function put(id, at) {
      const found = reckoner().nearestNode(at.lng, at.lat);
      told = found ? say('page.whatif.snapped', {n: Math.round(found.metres)}) : say('page.whatif.sea');
      if (found) change(id, {node: found.node});
      else {
        draw();
        write();
      }
    }

    function add() {
      let k = 1;
      while (edits.has(`~${k}`)) k += 1;
      const at = map.getCenter();
      const found = reckoner().nearestNode(at.lng, at.lat) || reckoner().nearestNode(at.lng, at.lat, {anywhere: true});
      if (!found) return;
      told = say('page.whatif.snapped', {n: Math.round(found.metres)});
      chosen = `~${k}`;
      change(chosen, {node: found.node});
      pane.querySelector('h3').focus();
    }

    function choose(id) {
      if (!edits.has(id) && number(id) === undefined) return;
      chosen = id;
      picking = false;
      told = '';
      if (!api.dock.isOpen('whatif')) api.dock.open('whatif');
      else update();
      const head = pane.querySelector('h3');
      if (head) head.focus();
    }

    // ---- the pane

    const pane = el('div', {class: 'xs-whatif'});
    const button = (key, click, attributes = {}) => el('button', {type: 'button', class: 'xs-button', onclick: click, ...attributes}, tell(key));
    const signed = (n) => (n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : '0');

    function figures() {
      const line = (key, what) => el('tr', {}, el('th', {scope: 'row'}, tell(key)),
        el('td', {class: 'xs-n'}, percent(base[what] / base.workers)),
        el('td', {class: 'xs-n', id: `xs-whatif-${what}`, 'data-n': last[what]}, el('b', {}, percent(last[what] / last.workers))),
        el('td', {class: 'xs-n'}, signed(last[what] - base[what])));
      const head = ['page.whatif.as_is', 'page.whatif.changed', 'page.whatif.difference'];
      return el('table', {class: 'xs-whatif-figures'},
        el('thead', {}, el('tr', {}, el('td', {}), head.map((key) => el('th', {scope: 'col', class: 'xs-n'}, tell(key))))),
        el('tbody', {}, line('page.whatif.nominal', 'nominal'), line('page.whatif.effective', 'effective')));
    }

    function outcome() {
      const {n} = reckoner();
      const sum = (which) => layer.painter.differences.filter((d) => d.gained === which).reduce((total, d) => total + n[d.row], 0);
      const [gained, lost] = [sum(true), sum(false)];
      const c = theme.colours;
      return el('p', {class: 'xs-whatif-outcome', role: 'status'},
        el('span', {}, symbol('up', c.reach, {size: 14}), tell('page.whatif.gained', {n: gained})), ' ',
        lost > 0 && el('span', {}, symbol('down', c.out_of_reach, {size: 14}), tell('page.whatif.lost', {n: lost})));
    }

    function summary(id) {
      const edit = edits.get(id);
      if (isNew(id)) return [pair('page.whatif.added')];
      return [edit.node !== undefined && 'moved', edit.open === false && 'shut', edit.week && 'rehoured', (edit.serves || edit.terms) && 'admits']
        .filter(Boolean).map((key) => pair(`page.whatif.${key}`));
    }

    function listing() {
      const line = (id) => el('li', {},
        el('button', {type: 'button', class: 'xs-point', onclick: () => choose(id)}, one(name(id))),
        el('span', {class: 'xs-soft'}, summary(id).map(one).join(' · ')),
        el('button', {type: 'button', class: 'xs-button xs-small', 'aria-label': say('page.whatif.undo', {name: name(id)}), onclick: () => undo(id)}, tell('page.whatif.undo.short')));
      return [
        edits.size ? el('ul', {class: 'xs-whatif-list'}, [...edits.keys()].map(line)) : el('p', {class: 'xs-note'}, tell('page.whatif.same')),
        el('div', {class: 'xs-buttons'}, data.may_move && button('page.whatif.add', add), edits.size > 0 && button('page.whatif.reset', reset)),
        !data.may_move && el('p', {class: 'xs-note'}, tell('page.whatif.fixed')),
        edits.size > 0 && el('div', {class: 'xs-whatif-export'},
          el('label', {class: 'xs-field', for: 'xs-whatif-name'}, el('span', {}, tell('page.whatif.name')), title),
          button('page.whatif.export', download, {id: 'xs-whatif-export'})),
        edits.size > 0 && el('p', {class: 'xs-note'}, tell('page.whatif.export.what')),
      ];
    }

    const title = el('input', {type: 'text', id: 'xs-whatif-name', maxlength: 80, value: say('page.whatif.default')});

    function select(id, key, values, value, onchange) {
      return el('label', {class: 'xs-field', for: id}, el('span', {}, tell(key)),
        el('select', {id, onchange: (event) => onchange(event.target.value)},
          values.map((v) => el('option', {value: v, selected: v === value}, one(nameOf('choice', v))))));
    }

    function editor(id) {
      const it = now(id);
      const strange = (list, value) => (list.includes(value) ? list : [value, ...list]);
      return [
        el('h3', {tabindex: -1}, bilingual(name(id))),
        data.may_move && el('div', {class: 'xs-buttons'},
          button('page.whatif.here', () => put(id, map.getCenter())),
          button('page.whatif.pick', () => { picking = !picking; write(); }, {'aria-pressed': String(picking)})),
        data.may_move && el('p', {class: 'xs-note', role: 'status'}, picking ? say('page.whatif.picking') : told || say('page.whatif.drag')),
        el('label', {class: 'xs-check', for: 'xs-whatif-open'},
          el('input', {type: 'checkbox', id: 'xs-whatif-open', checked: it.open, onchange: (event) => change(id, {open: event.target.checked})}), tell('page.whatif.open')),
        el('div', {class: 'xs-fields'},
          select('xs-whatif-serves', 'page.whatif.serves', strange(SERVES, it.serves), it.serves, (serves) => change(id, {serves})),
          select('xs-whatif-terms', 'page.whatif.terms', strange(TERMS, it.terms), it.terms, (terms) => change(id, {terms}))),
        hoursEditor(id),
        el('div', {class: 'xs-buttons'},
          button('page.whatif.done', () => { chosen = null; picking = false; update(); }),
          edits.has(id) && button('page.whatif.undo.short', () => undo(id), {'aria-label': say('page.whatif.undo', {name: name(id)})})),
      ];
    }

    // ---- hours

    const DAYS = {all: [0, 1, 2, 3, 4, 5, 6], work: [0, 1, 2, 3, 4], weekend: [5, 6]};
    const span = {from: 36, to: 42};
    const clock = (slot) => `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`;
    const textOf = (week) => ['zh', 'en'].map((language) => xsgeo.hoursText(week, language));

    function strip(week) {
      const svg = el('svg', {class: 'xs-hours', viewBox: '0 0 480 84', preserveAspectRatio: 'none', role: 'img', 'aria-label': say('page.whatif.hours.strip', {hours: one(textOf(week))})});
      svg.append(el('rect', {width: 480, height: 84, class: 'xs-hours-ground'}));
      week.forEach((on, i) => {
        if (on) svg.append(el('rect', {x: (i % 48) * 10, y: Math.floor(i / 48) * 12 + 1, width: 10, height: 10, fill: theme.colours.served}));
      });
      return svg;
    }

    function hoursEditor(id) {
      const week = weekNow(id);
      const dayNames = [['all', 'page.days.all'], ['work', 'page.days.work'], ['weekend', 'page.days.weekend'],
        ...[0, 1, 2, 3, 4, 5, 6].map((d) => [String(d), `page.day.${d}`])];
      const paint = (on) => {
        const next = Uint8Array.from(week);
        for (const day of DAYS[days.value] || [Number(days.value)]) {
          const to = span.to > span.from ? span.to : span.to + 48; // past midnight
          for (let i = span.from; i < to; i += 1) next[(day * 48 + i) % 336] = on;
        }
        change(id, {week: next});
      };
      const times = (which, from, to) => el('select', {id: `xs-hours-${which}`, onchange: (event) => { span[which] = Number(event.target.value); }},
        Array.from({length: to - from + 1}, (_, i) => el('option', {value: from + i, selected: span[which] === from + i}, clock(from + i))));
      const field = (which, key, box) => el('label', {class: 'xs-field', for: `xs-hours-${which}`}, el('span', {}, tell(key)), box);
      return el('details', {class: 'xs-whatif-hours', open: isHoursOpen, ontoggle: (event) => { isHoursOpen = event.target.open; }},
        el('summary', {}, tell('page.whatif.hours'), el('p', {id: 'xs-whatif-hours-text'}, bilingual(textOf(week)))), strip(week),
        el('div', {class: 'xs-fields'},
          field('days', 'page.times.day', el('select', {id: 'xs-hours-days', onchange: (event) => { days.value = event.target.value; }},
            dayNames.map(([value, key]) => el('option', {value, selected: days.value === value}, say(key))))),
          field('from', 'page.whatif.hours.from', times('from', 0, 47)), field('to', 'page.whatif.hours.to', times('to', 1, 48))),
        el('div', {class: 'xs-buttons'}, button('page.whatif.hours.on', () => paint(1)), button('page.whatif.hours.off', () => paint(0)),
          button('page.whatif.hours.clear', () => change(id, {week: new Uint8Array(336)}))));
    }

    function write() {
      const focused = document.activeElement && pane.contains(document.activeElement) ? focusKey(document.activeElement) : null;
      pane.replaceChildren(...[
        el('h2', {}, tell('page.whatif.title')), figures(), edits.size > 0 && outcome(),
        ...(chosen ? editor(chosen) : listing()),
        el('p', {class: 'xs-note'}, tell(`page.whatif.${data.audience}`), ' ', tell('page.whatif.month', {month})),
      ].flat().filter(Boolean));
      if (focused) refocus(focused);
      if (api.dock.isOpen('whatif')) api.dock.brief(el('b', {}, percent(last.effective / last.workers)), ' ', tell('page.effective'), ' ', last === base ? null : signed(last.effective - base.effective).replace(/^0$/, '±0'));
    }

    /* The pane is written anew at each change; the keyboard stays where it was. */
    const focusable = () => [...pane.querySelectorAll('button, input, select, h3')];
    const focusKey = (node) => ({id: node.id, text: node.textContent, tag: node.tagName});
    function refocus({id, text, tag}) {
      const node = (id && document.getElementById(id)) || focusable().find((n) => n.tagName === tag && n.textContent === text) || pane.querySelector('h3');
      if (node) node.focus({preventScroll: true});
    }

    // ---- the file

    function changes() {
      const out = [];
      for (const [id, edit] of edits) {
        const cells = {};
        if (isNew(id)) {
          if (edit.node === undefined) continue;
          Object.assign(cells, {name: pair('page.whatif.new', {n: id.slice(1)})[0], kind: data.new.kind, owner_system: 'union', status: 'open', town_id: townOf(edit.node), functions: data.new.functions,
            serves: now(id).serves, share_terms: now(id).terms, open_hours: edit.week ? xsgeo.hoursText(edit.week, 'zh') : data.new.hours, basis: 'estimate'});
          if (!now(id).open) cells.status = 'planned';
        } else {
          if (edit.open === false) cells.status = 'closed';
          if (edit.serves) cells.serves = edit.serves;
          if (edit.terms) cells.share_terms = edit.terms;
          if (edit.week) cells.open_hours = xsgeo.hoursText(edit.week, 'zh');
        }
        if (edit.node !== undefined) {
          const {lon, lat} = reckoner().position(edit.node);
          Object.assign(cells, {lon: lon.toFixed(reckoner().decimals), lat: lat.toFixed(reckoner().decimals), accuracy_m: '0'});
        }
        for (const key of Object.keys(cells)) if (cells[key] === '') delete cells[key];
        if (Object.keys(cells).length) out.push({action: isNew(id) ? 'add' : 'set', id: isNew(id) ? `NEW${id.slice(1)}` : id, cells});
      }
      return out;
    }

    /* The town of the nearest row of workers. */
    function townOf(node) {
      const {lon, lat} = reckoner().position(node);
      const at = new Float64Array(2);
      xsgeo.world(lon, lat, at, 0);
      const xy = xsgeo.positions(data.rows.points);
      let best = null;
      reckoner().town.forEach((town, r) => {
        const d = Math.hypot(xy[2 * r] - at[0], xy[2 * r + 1] - at[1]);
        if (town >= 0 && (!best || d < best.d)) best = {d, town};
      });
      return best ? data.towns[best.town] : '';
    }

    const scenario = () => toml(title.value.trim() || pair('page.whatif.default')[0], pair('page.whatif.default')[1], month === data.rule.month ? null : month, changes());

    function download() {
      const link = el('a', {href: URL.createObjectURL(new Blob([scenario()], {type: 'application/toml'})), download: 'scenario.toml'});
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }

    // ---- the map

    map.on('xs-card', ({hit, text}) => {
      if (hit.kind !== 'venues') return;
      [...text.children].forEach((part, k) => {
        const id = data.venues.id[hit.items[k]];
        part.append(el('p', {}, button('page.whatif.edit', () => {
          map.closePopup();
          choose(id);
        })));
      });
    });
    map.on('click', (event) => {
      if (!picking || !chosen) return;
      picking = false;
      map.closePopup();
      put(chosen, event.latlng);
    });
    map.on('xs-sheet', () => marker && map.panInside(marker.getLatLng(), {padding: [40, 56]}));
    map.on('xs-month', (event) => {
      month = event.month;
      if (base) update();
    });
    xsgeo.screenIsDark.addEventListener('change', () => base && update());

    api.whatif = {reckoner, edits, changes, scenario, change, choose, put, reset, ms: 0, asEdited, month: () => month};
    api.dock.add({
      name: 'whatif', key: 'page.whatif', content: pane,
      opened() {
        layer.addTo(map);
        update();
        setTimeout(() => reckoner().prepare(), 60); // roads are unpacked while the reader looks, not while a venue is dragged
      },
      closed() {
        picking = false;
        layer.remove();
        if (marker) marker.remove();
      },
    });
    layer.remove();

    // ---- the address

    const field = (id, edit) => {
      const parts = [encodeURIComponent(id)];
      if (edit.node !== undefined) {
        const {lon, lat} = reckoner().position(edit.node);
        parts.push(`p:${lon.toFixed(reckoner().decimals)}:${lat.toFixed(reckoner().decimals)}`);
      }
      if (edit.open === false) parts.push('x:1');
      if (edit.serves) parts.push(`s:${encodeURIComponent(edit.serves)}`);
      if (edit.terms) parts.push(`t:${encodeURIComponent(edit.terms)}`);
      if (edit.week) parts.push(`h:${toText(edit.week)}`);
      return parts.join(',');
    };

    function parsed(text) {
      const [code, ...parts] = text.split(',');
      const edit = {};
      for (const part of parts) {
        const [key, ...values] = part.split(':');
        if (key === 'p') {
          const [lon, lat] = values.map(Number);
          if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lon) > 180 || Math.abs(lat) > 90 || !data.may_move) return null;
          const found = reckoner().nearestNode(lon, lat, {anywhere: true});
          if (!found || found.metres > 50) return null;
          edit.node = found.node;
        } else if (key === 'x' && values[0] === '1') edit.open = false;
        else if (key === 's' && SERVES.includes(values[0])) [edit.serves] = values;
        else if (key === 't' && TERMS.includes(values[0])) [edit.terms] = values;
        else if (key === 'h' && fromText(values[0] || '')) edit.week = fromText(values[0]);
        else return null;
      }
      let id;
      try {
        id = decodeURIComponent(code);
      } catch {
        return null;
      }
      const isKnown = /^~[1-9]\d{0,2}$/.test(id) ? edit.node !== undefined : reckoner().index.has(id);
      return isKnown && Object.keys(edit).length ? [id, edit] : null;
    }

    api.links.set('w', {
      write: () => (edits.size ? [...edits].map(([id, edit]) => field(id, edit)).join(';') : null),
      read(text) {
        edits.clear();
        chosen = null;
        for (const part of text.split(';').slice(0, 200)) {
          const found = parsed(part);
          if (found) edits.set(...found);
        }
        if (api.dock.isOpen('whatif')) update();
        else api.dock.open('whatif');
      },
      clear: () => edits.size && reset(),
    });
  });
})();
