/* The page of a comparison: what is changed, who gains, who loses. It words the numbers of the data block and decides none. */

(() => {
  'use strict';

  const {el, nameOf, pair, tell, one, bilingual, count, percent, symbol, registry, theme, changes} = xsgeo;
  const {section, named, pointer, facts, monthName, townName, venueName, kindName, layerTick, kindTick, fold, families, baseFold, legendBox} = xsgeo.frame;

  let page;
  let go;

  const icon = (state, size = 16) => symbol(changes.SHAPES[state], changes.colour(state, theme.colours), {size});

  /* Rounded workers; nobody is said to be nobody, and what may not be counted says so. */
  const workers = (state, n) => (n === null ? tell(`page.change.${state}.few`, {few: pair('page.few')})
    : n === 0 ? tell(`page.change.${state}.none`) : tell(`page.change.${state}.about`, {n}));

  const hours = (n) => tell(Math.abs(n) < 0.005 ? 'page.change.hours.same' : n > 0 ? 'page.change.hours.more' : 'page.change.hours.fewer', {n: Math.abs(n).toFixed(2)});

  function hero() {
    const h = page.headline;
    const line = (state) => el('p', {class: 'xs-gain'}, icon(state), ' ', workers(state, h[state]));
    return el('header', {class: 'xs-hero'},
      el('p', {class: 'xs-overline'}, el('span', {}, tell('page.change.overline'))),
      el('h1', {}, bilingual(page.titles[1])),
      el('p', {class: 'xs-soft'}, tell('page.change.against', {name: page.titles[0]}), ' · ', bilingual(page.names)),
      el('p', {class: 'xs-number xs-pair'},
        el('strong', {id: 'xs-effective'}, h.share_after === null ? percent(h.share_before) : `${percent(h.share_before)} → ${percent(h.share_after)}`),
        el('span', {}, tell('page.effective'))),
      line('gained'), line('lost'),
      h.hours_change !== null && el('p', {class: 'xs-note'}, hours(h.hours_change)),
      page.facts.demonstration && el('p', {class: 'xs-demo', role: 'note'}, tell('page.demonstration')));
  }

  function list() {
    if (!page.changes.length) return null;
    return section('changes', 'page.change.section', el('ol', {class: 'xs-list'}, page.changes.map((item) => el('li', {},
      el('span', {class: 'xs-badge', 'aria-hidden': 'true'}, String(item.number)),
      el('div', {}, item.at
        ? pointer(bilingual(item.names), () => go([item.at[1], item.at[0]], 13.5), one(item.names))
        : bilingual(item.names))))));
  }

  function towns(state) {
    const rows = page.towns[state];
    if (!page.headline[state] && page.headline[state] !== null) return null;
    const name = (t) => (t.names ? bilingual(t.names) : tell('page.change.others'));
    const label = (t) => (t.at ? pointer(name(t), () => go(t.at, 12), one(t.names)) : name(t));
    return section(state, `page.change.towns.${state}`, rows.length
      ? el('table', {class: 'xs-reasons'}, el('tbody', {}, rows.map((t) => el('tr', {},
        el('th', {scope: 'row'}, named(icon(state), label(t))),
        el('td', {class: 'xs-n'}, count(t.n))))))
      : el('p', {}, tell('page.few')));
  }

  function flows() {
    if (!page.flows.length) return null;
    const row = (f) => el('tr', {}, f.before === 'merged'
      ? el('th', {scope: 'row', colspan: 2}, tell('page.reason.merged'))
      : [el('th', {scope: 'row'}, bilingual(nameOf('reason', f.before))), el('td', {}, bilingual(nameOf('reason', f.after)))],
    el('td', {class: 'xs-n'}, count(f.n)));
    const head = ['page.change.before', 'page.change.after', 'page.column.workers'].map((key, i) => el('th', {scope: 'col', class: i === 2 ? 'xs-n' : ''}, tell(key)));
    return section('flows', 'page.change.flows', el('table', {class: 'xs-flows'}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, page.flows.map(row))));
  }

  function notes() {
    const f = page.facts;
    const rows = [
      ['standard', bilingual(f.standard)], ['source', f.source], ['hours', tell('page.note.hours.value', {n: f.hours})],
      ['month', bilingual(monthName(f.month))], ['date', f.as_of], ['rounding', tell('page.change.rounding')],
    ];
    return section('notes', 'page.section.notes', facts(rows));
  }

  // ---- map ------------------------------------------------------------------------------------------------------

  function card(hit) {
    if (hit.kind === 'proposals') {
      const item = registry.proposals.data.items[hit.item];
      return [el('h3', {}, `${item.number} `, bilingual(item.names))];
    }
    if (hit.kind === 'venues') {
      return hit.items.map((i) => {
        const item = registry.venues.data.items[i];
        return el('div', {class: 'xs-card-part'}, el('h3', {}, bilingual(venueName(item))), el('p', {}, item.town && `${townName(item.town)} · `, bilingual(kindName(item))),
          el('p', {}, one(item.hours) ? tell('page.venues.hours', {hours: item.hours}) : tell('page.venues.no_hours')));
      });
    }
    return [el('h3', {}, icon(hit.state), ' ', tell(`page.change.${hit.state}`)), el('p', {}, hit.n ? workers(hit.state, hit.n) : tell('page.change.here'))];
  }

  const legend = () => legendBox(
    fold(tell('page.layer.workers'), true, changes.STATES.map((s) => kindTick('changes', s, icon(s), tell(`page.change.${s}`), '')),
      el('p', {class: 'xs-note'}, tell('page.change.size'))),
    page.changes.some((c) => c.at) && fold(tell('page.change.section'), true,
      layerTick('proposals', symbol('circle', theme.colours.proposal), count(page.changes.filter((c) => c.at).length), 'page.change.section')),
    fold(tell('page.layer.venues'), true, layerTick('venues', null, count(registry.venues.data.items.length)), families()),
    baseFold(false));

  function brief() {
    const {share_before: was, share_after: is} = page.headline;
    return [el('b', {}, is === null ? percent(was) : `${percent(was)} → ${percent(is)}`), ' ', tell('page.effective')];
  }

  xsgeo.page((api) => {
    ({page, go} = api);
    document.body.classList.add('xs-compare');
    return {sections: [hero, list, () => towns('gained'), () => towns('lost'), flows, notes], legend, card, brief, picks: ['proposals', 'changes', 'venues']};
  });
})();
