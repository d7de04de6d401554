/* The tools on the map: a row of buttons, one pane open at a time. A tool that can be linked to says what of it stands in
   the address, and takes it back from there (hash.js). On a phone the pane is a sheet at the lower edge (drawer.js), so that
   the map above it can still be dragged while a tool is in use. */

xsgeo.tools.push((api) => {
  'use strict';

  const {el, tell, say} = xsgeo;
  const bar = el('div', {class: 'xs-dock-bar'});
  const panes = el('div', {class: 'xs-dock-panes', id: 'xs-dock-panes'});
  const dock = el('div', {class: 'xs-dock leaflet-control', role: 'group', 'aria-label': say('page.dock')}, panes, bar);
  const drawer = xsgeo.drawer(panes, {id: 'xs-dock-panes'});
  const small = window.matchMedia('screen and (max-width: 760px)');
  const known = new Map();
  let now = null;

  panes.append(el('div', {class: 'xs-drawer-head'}, drawer.handle,
    el('button', {type: 'button', class: 'xs-drawer-close', 'aria-label': say('page.close'), onclick: () => leave()}, '×')));
  panes.hidden = true;

  function choose(name) {
    if (now === name) return;
    const before = now;
    now = name;
    for (const [other, {button, pane}] of known) {
      button.setAttribute('aria-expanded', String(other === name));
      pane.hidden = other !== name;
    }
    panes.hidden = !name;
    if (before) known.get(before).closed();
    if (name) {
      drawer.tell(tell(known.get(name).key));
      drawer.open('half');
      api.map.closePopup();
      known.get(name).opened();
    } else drawer.close();
    api.map.fire('xs-state');
  }

  /* Close the tool; the keyboard goes back to its button. */
  function leave() {
    const {button} = known.get(now);
    choose(null);
    button.focus();
  }

  /* A tool: `content` fills its pane, `opened` and `closed` follow the reader. `brief` says what a sheet tells that peeks. */
  api.dock = {
    add({name, key, content, opened, closed}) {
      const pane = el('section', {class: 'xs-dock-pane', id: `xs-${name}`, 'aria-label': say(key), hidden: true}, content);
      const button = el('button', {type: 'button', class: 'xs-dock-button', 'aria-expanded': 'false', 'aria-controls': `xs-${name}`,
        onclick: () => choose(now === name ? null : name)}, tell(key));
      known.set(name, {key, button, pane, opened, closed});
      bar.append(button);
      panes.append(pane);
    },
    open: (name) => choose(name),
    isOpen: (name) => now === name,
    brief: (...text) => drawer.tell(...text),
  };

  for (const node of [dock, panes]) {
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !now || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    });
  }

  /* A sheet belongs to the screen, a pane to the map. */
  function house() {
    if (small.matches) document.body.append(panes);
    else dock.prepend(panes);
  }
  small.addEventListener('change', house);
  house();
  api.control('bottomleft', dock);
});
