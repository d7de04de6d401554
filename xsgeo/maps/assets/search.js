/* A name, its pinyin or the first letters of it: a combobox with a list, as ARIA describes it. */

xsgeo.tools.push((api) => {
  'use strict';

  const {el, say, one, bilingual, nameOf, pair, registry} = xsgeo;
  const {page, map} = api;
  if (!page.find) return;
  const MOST = 12;
  const things = [];

  function add(kind, names, spelt, note, show) {
    const syllables = spelt ? spelt.split(' ') : [];
    things.push({
      kind, names, note, show, syllables, initials: syllables.map((s) => s[0]).join(''),
      words: names.map((name) => name.toLowerCase().replace(/\s+/g, '')),
    });
  }

  registry.towns.data.names.forEach((names, i) => {
    const known = page.towns.find((t) => t.at && t.names[0] === names[0]);
    add('town', names, page.find.towns[i], '', () => (known ? api.showTown(known, box) : map.setView(townAt(i), 13, {animate: false})));
  });
  registry.venues.data.items.forEach((item, i) => {
    if (item.name) add('venue', [item.name, item.name], page.find.venues[i], item.town, () => api.show('venues', i, box));
  });
  registry.proposals.data.items.forEach((item, i) => {
    add('proposal', item.names, page.find.proposals[i], one(nameOf('page.action', item.action)), () => api.show('proposals', i, box));
  });
  registry.gaps.data.items.forEach((item, i) => {
    add('gap', [`${item.id} ${item.name}`, `${item.id} ${item.name}`], page.find.gaps[i], '', () => api.show('gaps', i, box));
  });

  function townAt(i) {
    return xsgeo.latLng(xsgeo.positions(registry.towns.data.points), i);
  }

  /* How well a thing answers, 0 best; -1 not at all. */
  function rank(thing, query) {
    if (thing.words.some((w) => w.startsWith(query))) return 0;
    if (thing.words.some((w) => w.includes(query))) return 1;
    if (/^[a-z0-9]+$/.test(query)) {
      if (thing.initials.startsWith(query)) return 2;
      const from = thing.syllables.findIndex((_, i) => thing.syllables.slice(i).join('').startsWith(query));
      if (from === 0) return 2;
      if (from > 0) return 3;
      if (query.length > 1 && thing.initials.includes(query)) return 4;
    }
    return thing.note && thing.note.toLowerCase().includes(query) ? 5 : -1;
  }

  function found(text) {
    const query = text.normalize('NFKC').toLowerCase().replace(/[\s'’]+/g, '');
    if (!query) return [];
    const last = (thing) => (thing.kind === 'gap' ? 10 : 0); // gaps bear their town's name, which is rarely what is meant
    return things.map((thing, i) => ({thing, i, score: rank(thing, query)})).filter(({score}) => score >= 0)
      .sort((a, b) => a.score + last(a.thing) - b.score - last(b.thing) || a.i - b.i).slice(0, MOST).map(({thing}) => thing);
  }

  let shown = [];
  let active = -1;
  const list = el('ul', {id: 'xs-find-list', class: 'xs-find-list', role: 'listbox', 'aria-label': say('page.find'), hidden: true});
  const status = el('span', {class: 'xs-hidden', role: 'status'});
  const box = el('input', {
    id: 'xs-find', class: 'xs-find-box', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder: say('page.find.hint'),
    'aria-label': `${say('page.find')}: ${say('page.find.hint')}`, 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'xs-find-list',
    oninput: () => offer(), onfocus: () => box.value && offer(), onblur: () => setTimeout(close, 150), onkeydown: press,
  });

  function close() {
    list.hidden = true;
    active = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }

  function offer() {
    shown = found(box.value);
    active = -1;
    box.removeAttribute('aria-activedescendant');
    const options = shown.map((thing, i) => el('li', {
      id: `xs-find-${i}`, role: 'option', 'aria-selected': 'false', onpointerdown: (event) => event.preventDefault(), onclick: () => choose(i),
    }, el('span', {class: 'xs-find-name'}, one(thing.names)),
    el('span', {class: 'xs-soft'}, [say(`page.find.${thing.kind}`), thing.note].filter(Boolean).join(' · '))));
    list.replaceChildren(...(options.length ? options : [el('li', {class: 'xs-find-none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, say('page.find.none'))]));
    list.hidden = !box.value.trim();
    box.setAttribute('aria-expanded', String(!list.hidden && shown.length > 0));
    status.replaceChildren(list.hidden ? '' : shown.length ? say('page.find.number', {n: shown.length}) : say('page.find.none'));
  }

  function point(i) {
    active = i;
    [...list.children].forEach((node, k) => node.setAttribute('aria-selected', String(k === i)));
    box.setAttribute('aria-activedescendant', `xs-find-${i}`);
    list.children[i].scrollIntoView({block: 'nearest'});
  }

  function choose(i) {
    const thing = shown[i];
    if (!thing) return;
    box.value = one(thing.names);
    close();
    thing.show();
  }

  function press(event) {
    const {key} = event;
    if ((key === 'ArrowDown' || key === 'ArrowUp') && shown.length) {
      event.preventDefault();
      if (list.hidden) offer();
      const last = shown.length - 1;
      point(key === 'ArrowDown' ? (active >= last ? 0 : active + 1) : (active <= 0 ? last : active - 1));
    } else if (key === 'Enter' && !list.hidden && shown.length && !event.isComposing) {
      event.preventDefault();
      choose(Math.max(0, active));
    } else if (key === 'Escape' && !list.hidden) {
      event.stopPropagation();
      close();
    }
  }

  const field = el('div', {class: 'xs-find', role: 'search'}, box, list, status);
  api.control('topleft', field);
  field.parentElement.prepend(field);
});
