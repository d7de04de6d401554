/* The tools on the map: a row of buttons, one pane open at a time. A tool that can be linked to says what of it stands in
   the address, and takes it back from there (hash.js). */

xsgeo.tools.push((api) => {
  'use strict';

  const {el, tell, say} = xsgeo;
  const bar = el('div', {class: 'xs-dock-bar'});
  const panes = el('div', {class: 'xs-dock-panes'});
  const dock = el('div', {class: 'xs-dock leaflet-control', role: 'group', 'aria-label': say('page.dock')}, panes, bar);
  const known = new Map();
  let now = null;

  function choose(name) {
    if (now === name) return;
    const before = now;
    now = name;
    for (const [other, {button, pane}] of known) {
      button.setAttribute('aria-expanded', String(other === name));
      pane.hidden = other !== name;
    }
    if (before) known.get(before).closed();
    if (name) {
      api.map.closePopup();
      known.get(name).opened();
    }
    api.map.fire('xs-state');
  }

  /* A tool: `build(pane)` fills its pane once, `opened` and `closed` follow the reader. */
  api.dock = {
    add({name, key, content, opened, closed}) {
      const pane = el('section', {class: 'xs-dock-pane', id: `xs-${name}`, 'aria-label': say(key), hidden: true}, content);
      const button = el('button', {type: 'button', class: 'xs-dock-button', 'aria-expanded': 'false', 'aria-controls': `xs-${name}`,
        onclick: () => choose(now === name ? null : name)}, tell(key));
      known.set(name, {button, pane, opened, closed});
      bar.append(button);
      panes.append(pane);
    },
    open: (name) => choose(name),
    isOpen: (name) => now === name,
  };
  api.links = new Map(); // key of the address: {write, read}

  dock.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !now) return;
    event.stopPropagation();
    const {button} = known.get(now);
    choose(null);
    button.focus();
  });
  api.control('bottomleft', dock);
});
