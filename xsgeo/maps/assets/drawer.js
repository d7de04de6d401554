/* A sheet at the lower edge of a phone's screen: the text of a page, or the tool in use. It peeks, stands half, or stands
   full; a finger drags it, a tap or Enter takes it one step on, the arrow keys one step up or down. On a wider screen it
   is an ordinary column and its handle is not there.

   The map ends where the sheet begins, so nothing on the map (controls, cards, the marks that are dragged) ever lies under
   it; only a full sheet covers part of the map. Heights are the style sheet's; the attribute says which. */

xsgeo.drawer = (() => {
  'use strict';

  const {el, say} = xsgeo;
  const STATES = ['peek', 'half', 'full'];
  const TAP_PX = 6;
  const FLICK_PX_PER_MS = 0.5;
  const root = document.documentElement;
  const small = window.matchMedia('screen and (max-width: 760px)');
  const stack = []; // sheets that are open, the one in use last

  /* The screen follows the sheet in use. */
  function settle() {
    const top = stack[stack.length - 1];
    root.dataset.sheet = top.state;
    for (const sheet of stack) sheet.node.classList.toggle('xs-under', sheet !== top);
    const map = window.map_page;
    if (small.matches && map) {
      map.invalidateSize({animate: false, pan: false});
      map.fire('xs-sheet', {state: top.state});
    }
  }

  return (node, {id, start = 'half'}) => {
    const said = el('span', {class: 'xs-handle-said'});
    const handle = el('button', {type: 'button', class: 'xs-handle', 'aria-controls': id, onclick: tapped, onkeydown: pressed},
      el('span', {class: 'xs-grabber', 'aria-hidden': 'true'}), said);
    const sheet = {node, handle, state: start, set, open, close, tell};
    let drag = null;
    let wasDragged = false;

    /* What is read of the sheet while it peeks; also its handle's name, with how far it is open. */
    function tell(...text) {
      said.replaceChildren(...text.filter((part) => part !== null));
      name();
    }

    const name = () => handle.setAttribute('aria-label', [said.textContent, say(`page.drawer.${sheet.state}`)].filter(Boolean).join(' · '));

    function set(state) {
      sheet.state = state;
      node.dataset.sheet = state;
      handle.setAttribute('aria-expanded', String(state !== 'peek'));
      name();
      node.style.height = '';
      if (state === 'peek') node.scrollTop = 0;
      if (stack.includes(sheet)) settle();
    }

    function open(state = start) {
      if (!stack.includes(sheet)) stack.push(sheet);
      set(state);
    }

    function close() {
      if (stack.includes(sheet)) stack.splice(stack.indexOf(sheet), 1);
      settle();
    }

    const step = (by) => set(STATES[Math.max(0, Math.min(2, STATES.indexOf(sheet.state) + by))]);

    function tapped() {
      if (!wasDragged) set(STATES[(STATES.indexOf(sheet.state) + 1) % 3]);
      wasDragged = false;
    }

    function pressed(event) {
      const by = {ArrowUp: 1, ArrowDown: -1, Home: 2, End: -2}[event.key];
      if (!by) return;
      event.preventDefault();
      step(by);
    }

    handle.addEventListener('pointerdown', (event) => {
      if (!small.matches) return;
      drag = {y: event.clientY, height: node.offsetHeight, lastY: event.clientY, lastAt: event.timeStamp, speed: 0};
      wasDragged = false;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener('pointermove', (event) => {
      if (!drag) return;
      const up = drag.y - event.clientY;
      if (!wasDragged && Math.abs(up) < TAP_PX) return;
      wasDragged = true;
      const past = event.timeStamp - drag.lastAt;
      if (past > 0) drag.speed = (drag.lastY - event.clientY) / past;
      [drag.lastY, drag.lastAt] = [event.clientY, event.timeStamp];
      node.classList.add('xs-dragged');
      node.style.height = `${Math.max(60, Math.min(window.innerHeight - 40, drag.height + up))}px`;
    });

    /* Where it was let go, or where it was thrown to. */
    function dropped() {
      if (!drag) return;
      const {speed} = drag;
      drag = null;
      node.classList.remove('xs-dragged');
      if (!wasDragged) return;
      const share = node.offsetHeight / window.innerHeight;
      const nearest = share < 0.26 ? 0 : share < 0.68 ? 1 : 2;
      const by = Math.abs(speed) > FLICK_PX_PER_MS ? Math.sign(speed) : 0;
      const from = STATES.indexOf(sheet.state);
      set(STATES[by && nearest === from ? Math.max(0, Math.min(2, from + by)) : nearest]);
    }
    handle.addEventListener('pointerup', dropped);
    handle.addEventListener('pointercancel', dropped);

    node.classList.add('xs-drawer');
    set(start);
    return sheet;
  };
})();
