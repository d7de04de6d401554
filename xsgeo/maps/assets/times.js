/* The week as a slider: who has a venue to go to at a half hour. The answers are in the data block, one bit for each place
   and half hour; nothing is worked out here. */

(() => {
  'use strict';

  const {el, say, tell, pair, one, count, percent, theme, trace} = xsgeo;
  const PLACES_FROM_ZOOM = 13.4;
  const depthAt = (zoom) => Math.max(0, Math.min(3, Math.floor(zoom - 9.4)));
  const clock = (slot) => `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`;
  const at = {slot: 1 * 48 + 42, month: 1}; // Tuesday, nine in the evening

  xsgeo.kind('times', (data) => {
    const weeks = xsgeo.bytes(data.weeks);
    const [ofPlaces, ofAreas] = [data.places, data.areas].map((kinds) => kinds.map((text) => xsgeo.whole(text)));
    const kindNow = () => data.kind_of_month[at.month - 1];
    const isOn = (week) => (weeks[week * 42 + (at.slot >> 3)] >> (7 - (at.slot & 7))) & 1;
    let known = null;
    at.month = data.month;

    /* Positions are those of the layer of workers, unpacked once. */
    function workers() {
      if (!known) {
        const {data: all} = xsgeo.registry.workers;
        known = {...all, at: xsgeo.positions(all.places), middle: xsgeo.positions(all.areas)};
      }
      return known;
    }

    function mark(context, on, colours, x, y, r, alpha) {
      context.beginPath();
      trace(context, on ? 'circle' : 'ring', x, y, r);
      context.globalAlpha = alpha;
      context.fillStyle = colours.served;
      if (on) context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = on ? colours.served : colours.unknown;
      context.lineWidth = on ? 1 : 1.6;
      context.stroke();
    }

    return {
      places: () => ofPlaces[kindNow()].reduce((n, week) => n + isOn(week), 0),
      isPlaceOn: (i) => isOn(ofPlaces[kindNow()][i]) === 1,
      isAreaOn: (i) => isOn(ofAreas[kindNow()][i]) === 1,
      paint(context, view, colours) {
        const all = workers();
        if (view.zoom >= PLACES_FROM_ZOOM) {
          const r = Math.min(8, 3.6 + 0.9 * (view.zoom - PLACES_FROM_ZOOM));
          for (let i = 0; i < all.at.length / 2; i += 1) {
            const [x, y] = [view.x(all.at[2 * i]), view.y(all.at[2 * i + 1])];
            if (view.holds(x, y, 10)) mark(context, this.isPlaceOn(i), colours, x, y, r, 0.8);
          }
          return;
        }
        const depth = depthAt(view.zoom);
        const {radius} = xsgeo.registry.workers.painter;
        [...all.total.keys()].filter((i) => depth >= all.first[i] && depth <= all.last[i])
          .sort((a, b) => all.total[b] - all.total[a])
          .forEach((i) => {
            const [x, y] = [view.x(all.middle[2 * i]), view.y(all.middle[2 * i + 1])];
            if (view.holds(x, y, 60)) mark(context, this.isAreaOn(i), colours, x, y, Math.max(2.6, 0.8 * radius(all.total[i], view)), 0.55);
          });
      },
    };
  });

  xsgeo.tools.push((api) => {
    const layer = xsgeo.registry.times;
    if (!layer) return;
    const {data} = layer;
    const {map} = api;
    const exact = data.step === 1 ? '.exact' : '';
    let timer = null;

    const option = (value, label) => el('option', {value}, label);
    const day = el('select', {id: 'xs-times-day', onchange: () => go({slot: Number(day.value) * 48 + (at.slot % 48)})},
      [0, 1, 2, 3, 4, 5, 6].map((d) => option(d, say(`page.day.${d}`))));
    const month = el('select', {id: 'xs-times-month', onchange: () => go({month: Number(month.value)})},
      [...Array(12).keys()].map((m) => option(m + 1, one(xsgeo.frame.monthName(m + 1)))));
    const slider = el('input', {type: 'range', id: 'xs-times-slot', min: 0, max: 47, step: 1, 'aria-label': say('page.times.time'),
      oninput: () => go({slot: Math.floor(at.slot / 48) * 48 + Number(slider.value)})});
    const profile = el('svg', {class: 'xs-times-profile', viewBox: '0 0 480 40', preserveAspectRatio: 'none', role: 'img', 'aria-label': say('page.times.profile')});
    const said = el('p', {class: 'xs-times-said', role: 'status', 'aria-live': 'polite'});
    const play = el('button', {type: 'button', class: 'xs-button xs-times-play', onclick: () => run(!timer)});
    const key = el('p', {class: 'xs-times-key'});

    function run(on) {
      clearInterval(timer);
      timer = on ? setInterval(() => go({slot: (at.slot + 1) % 336}), 350) : null;
      play.replaceChildren(on ? '❚❚' : '▶');
      play.setAttribute('aria-label', say(on ? 'page.times.pause' : 'page.times.play'));
      said.setAttribute('aria-live', on ? 'off' : 'polite');
    }

    function when() {
      const [from, to] = [at.slot % 48, (at.slot % 48) + 1].map(clock);
      return pair('page.times.when', {day: pair(`page.day.${Math.floor(at.slot / 48)}`), from, to});
    }

    function bars(counts) {
      const first = Math.floor(at.slot / 48) * 48;
      const top = Math.max(1, ...counts);
      profile.replaceChildren(...[...Array(48).keys()].map((i) => {
        const height = (38 * counts[first + i]) / top;
        return el('rect', {x: i * 10 + 1, y: (40 - height).toFixed(1), width: 8, height: Math.max(0.6, height).toFixed(1),
          fill: first + i === at.slot ? theme.colours.served : theme.colours.nominal});
      }));
    }

    function tellNow() {
      const kind = data.kind_of_month[at.month - 1];
      const [n, free] = [data.usable[kind][at.slot], data.free[kind][at.slot]];
      day.value = Math.floor(at.slot / 48);
      month.value = at.month;
      slider.value = at.slot % 48;
      slider.setAttribute('aria-valuetext', one(when()));
      bars(data.usable[kind]);
      said.replaceChildren(
        el('b', {class: 'xs-times-when'}, one(when())), ' ',
        el('strong', {id: 'xs-times-share'}, percent(n / data.total)), ' ',
        el('span', {id: 'xs-times-count', 'data-n': n}, tell(`page.times.count${exact}`, {n})),
        el('span', {class: 'xs-soft'}, tell(`page.times.free${exact}`, {n: free})));
      api.dock.brief(el('b', {}, percent(n / data.total)), ' ', one(when()));
      key.replaceChildren(
        el('span', {}, xsgeo.symbol('circle', theme.colours.served, {size: 14}), tell('page.times.yes')),
        el('span', {}, xsgeo.symbol('ring', theme.colours.unknown, {size: 14}), tell('page.times.no')));
    }

    function go(change) {
      const before = at.month;
      Object.assign(at, change);
      tellNow();
      layer.redraw();
      if (at.month !== before) map.fire('xs-month', {month: at.month});
      map.fire('xs-state');
    }

    const field = (id, label, box) => el('label', {class: 'xs-field', for: id}, el('span', {}, tell(label)), box);
    const content = [
      el('h2', {}, tell('page.times.title')),
      el('div', {class: 'xs-times-row'}, field('xs-times-month', 'page.times.month', month), field('xs-times-day', 'page.times.day', day), play),
      el('div', {class: 'xs-times-week'}, profile, slider,
        el('div', {class: 'xs-times-ticks', 'aria-hidden': 'true'}, ['0', '6', '12', '18', '24'].map((h) => el('span', {}, h)))),
      said, key, el('p', {class: 'xs-note'}, tell(`page.times.note${exact}`, {step: data.step})),
    ];
    run(false);
    api.dock.add({
      name: 'times', key: 'page.times', content,
      opened() {
        xsgeo.registry.workers.remove();
        layer.addTo(map);
        tellNow();
      },
      closed() {
        run(false);
        layer.remove();
        xsgeo.registry.workers.addTo(map);
      },
    });
    api.times = {at, go};
    xsgeo.screenIsDark.addEventListener('change', tellNow);
    api.links.set('t', {
      write: () => (api.dock.isOpen('times') ? String(at.slot) : null),
      read(text) {
        if (!/^\d{1,3}$/.test(text) || Number(text) > 335) return;
        go({slot: Number(text)});
        api.dock.open('times');
      },
      clear: () => api.dock.isOpen('times') && api.dock.open(null),
    });
    api.links.set('m', {
      write: () => (at.month === data.month ? null : String(at.month)),
      read: (text) => /^([1-9]|1[0-2])$/.test(text) && go({month: Number(text)}),
      clear: () => go({month: data.month}),
    });
  });
})();
