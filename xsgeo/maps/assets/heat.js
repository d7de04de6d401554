/* The week as two strips of half hours: when workers are free, when venues are open. Plain SVG in the page's own ink and
   one blue, so it reads in the dark, on paper, and by every kind of colour vision: darkness is the only code. */

(() => {
  'use strict';

  const {el, tell, say, percent, theme} = xsgeo;
  const CELL = {width: 6.6, height: 10, left: 32, top: 14};
  const PARTS = [[0, 16], [16, 24], [24, 34], [34, 44], [44, 48]]; // half hours: night, morning, afternoon, evening, late

  const clock = (slot) => `${Math.floor(slot / 2)}:${slot % 2 ? '30' : '00'}`;
  const dayOf = (slot) => say(`page.week.day.${Math.floor(slot / 48) + 1}`);
  const peak = (values) => values.reduce((best, value, slot) => (value > values[best] ? slot : best), 0);

  /* Runs of equal cells of a day, so that a strip is some hundred rectangles, not 336. */
  function* runs(values, day) {
    let from = 0;
    for (let i = 1; i <= 48; i += 1) {
      if (i < 48 && values[48 * day + i] === values[48 * day + from]) continue;
      yield {from, to: i, value: values[48 * day + from]};
      from = i;
    }
  }

  function strip(values, colour, label) {
    const {width, height, left, top} = CELL;
    const most = Math.max(1, ...values);
    const best = peak(values);
    const told = `${label}: ${dayOf(best)} ${clock(best % 48)} ${percent(values[best] / 1000)}`;
    const svg = el('svg', {class: 'xs-heat', viewBox: `0 0 360 ${top + 7 * height + 13}`, role: 'img', 'aria-label': told});
    for (let day = 0; day < 7; day += 1) {
      const y = top + day * height;
      svg.append(el('text', {x: left - 5, y: y + 8, class: 'xs-heat-day'}, say(`page.week.day.${day + 1}`)));
      svg.append(el('rect', {x: left, y, width: 48 * width, height: height - 1, class: 'xs-bar-ground', opacity: 0.55}));
      for (const {from, to, value} of runs(values, day)) {
        if (!value) continue;
        svg.append(el('rect', {
          x: (left + from * width).toFixed(1), y, width: ((to - from) * width).toFixed(1), height: height - 1, fill: colour, 'fill-opacity': (value / most).toFixed(2),
        }, el('title', {}, `${say(`page.week.day.${day + 1}`)} ${clock(from)}–${clock(to)} ${percent(value / 1000)}`)));
      }
    }
    for (const hour of [0, 6, 12, 18, 24]) {
      svg.append(el('text', {x: left + 2 * hour * width, y: top + 7 * height + 10, class: 'xs-heat-hour'}, String(hour)));
    }
    const [x, y] = [left + (best % 48) * width, top + Math.floor(best / 48) * height];
    svg.append(el('rect', {x, y: y - 0.5, width, height, class: 'xs-heat-peak'}));
    svg.append(el('text', {x: 356, y: 9, class: 'xs-heat-most'}, `${dayOf(best)} ${clock(best % 48)} ${percent(values[best] / 1000)}`));
    svg.append(el('text', {x: left, y: 9, class: 'xs-heat-name'}, label));
    return svg;
  }

  const mean = (values, day, [from, to]) => values.slice(48 * day + from, 48 * day + to).reduce((a, b) => a + b, 0) / (to - from) / 1000;
  const whole = (share) => `${Math.round(100 * share)}%`;

  /* The strips' facts for readers who cannot see them: free workers and open venues, by day and part of the day. */
  function table(week) {
    const head = PARTS.map(([from, to]) => el('th', {scope: 'col', class: 'xs-n'}, `${from / 2}–${to / 2}`));
    const row = (day) => el('tr', {}, el('th', {scope: 'row'}, say(`page.week.day.${day + 1}`)), PARTS.map((part) => el('td', {class: 'xs-n'},
      [week.workers && whole(mean(week.workers, day, part)), whole(mean(week.venues, day, part))].filter(Boolean).join(' / '))));
    const caption = [week.workers && say('page.week.workers'), say('page.week.venues')].filter(Boolean).join(' / ');
    return el('details', {class: 'xs-more xs-week-table'}, el('summary', {}, tell('page.week.table')),
      el('table', {}, el('caption', {class: 'xs-note'}, caption),
        el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, say('page.week.part')), head)), el('tbody', {}, [0, 1, 2, 3, 4, 5, 6].map(row))));
  }

  xsgeo.week = ({week, ledger}) => {
    const c = theme.colours;
    let words = tell('page.week.hidden');
    if (week.workers) {
      const best = peak(week.workers);
      const when = [0, 1].map((i) => `${xsgeo.pair(`page.week.day.${Math.floor(best / 48) + 1}`)[i]}${i ? ' ' : ''}${clock(best % 48)}`);
      words = tell('page.week.most', {when, free: whole(week.workers[best] / 1000), open: whole(week.venues[best] / 1000)});
    }
    return el('section', {class: 'xs-section', id: 'xs-week', 'aria-labelledby': 'xs-week-head'},
      el('h2', {id: 'xs-week-head'}, tell('page.week.section')), el('p', {class: 'xs-week-words'}, words),
      week.workers && strip(week.workers, c.ink, say('page.week.workers')),
      strip(week.venues, c.reach, say('page.week.venues')),
      el('p', {class: 'xs-note'}, tell(ledger ? 'page.week.note.exact' : 'page.week.note')), table(week));
  };
})();
