/* Coverage reckoned anew in the page, exactly as xsgeo.access and xsgeo.travel reckon it: whole milliseconds, weeks of 336
   half hours, the same ladder. It draws nothing and changes nothing; a test holds every row of it against Python. */

(() => {
  'use strict';

  const SLOTS = 336;
  const WORDS = 11; // 336 half hours in words of 32
  const MARGIN = 48; // a way of more than a day leaves nothing of a week
  const SLOT_MIN = 30;
  const ROUNDING_MIN = 1e-6;
  const MS = 60000;
  const FAR = Infinity;
  const SHARED = ['open', 'appointment'];
  const RUNGS = ['unknown', 'out_of_reach', 'closed', 'not_shared', 'no_function', 'crowded', 'served'];
  const COAST_M = 200;

  // ---- weeks ------------------------------------------------------------------------------------------------------

  const bit = (rows, stride, row, i) => (rows[row * stride + (i >> 3)] >> (7 - (i & 7))) & 1;

  /* Half hours, one a byte, of each packed week. */
  function unpackWeeks(text) {
    const rows = xsgeo.bytes(text);
    return Array.from({length: rows.length / 42}, (_, row) => Uint8Array.from({length: SLOTS}, (__, i) => bit(rows, 42, row, i)));
  }

  function words(week) {
    const out = new Int32Array(WORDS);
    for (let i = 0; i < SLOTS; i += 1) if (week[i]) out[i >> 5] |= 1 << (i & 31);
    return out;
  }

  /* What the way there and back leaves of each run of a week, which is a ring. */
  function shrink(week, before, after) {
    const out = new Uint8Array(SLOTS);
    if (Math.max(before, after) > MARGIN) return out;
    const width = before + after + 1;
    let free = 0;
    const at = (i) => week[(i + SLOTS) % SLOTS];
    for (let i = -before; i < after; i += 1) free += at(i);
    for (let i = 0; i < SLOTS; i += 1) {
      free += at(i + after);
      out[i] = free === width ? 1 : 0;
      free -= at(i - before);
    }
    return out;
  }

  function ones(word) {
    let n = word - ((word >>> 1) & 0x55555555);
    n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
    return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }

  const halfHours = (ms, cutoff) => Math.max(0, Math.ceil((Math.min(ms / MS, cutoff) - ROUNDING_MIN) / SLOT_MIN));

  // ---- roads ------------------------------------------------------------------------------------------------------

  /* Arcs by the node they start from, or, turned round, by the node they lead to. */
  function laidOut(n, {from, to, ms}) {
    const first = new Int32Array(n + 1);
    for (let k = 0; k < from.length; k += 1) first[from[k] + 1] += 1;
    for (let i = 0; i < n; i += 1) first[i + 1] += first[i];
    const next = first.slice(0, n);
    const out = {n, first, to: new Int32Array(from.length), ms: new Int32Array(from.length)};
    for (let k = 0; k < from.length; k += 1) {
      const at = next[from[k]];
      out.to[at] = to[k];
      out.ms[at] = ms[k];
      next[from[k]] = at + 1;
    }
    return out;
  }

  /* Milliseconds from a node to every other within the limit (Dijkstra with a binary heap). */
  function search(graph, source, limit) {
    const {n, first, to, ms} = graph;
    const far = new Float64Array(n).fill(FAR);
    const heap = [source]; // ms * n + node: one number orders both
    far[source] = 0;
    const push = (key) => {
      let i = heap.length;
      heap.push(key);
      while (i) {
        const up = (i - 1) >> 1;
        if (heap[up] <= key) break;
        heap[i] = heap[up];
        i = up;
      }
      heap[i] = key;
    };
    const pop = () => {
      const top = heap[0];
      const key = heap.pop();
      const size = heap.length;
      if (size) {
        let i = 0;
        for (;;) {
          let down = 2 * i + 1;
          if (down >= size) break;
          if (down + 1 < size && heap[down + 1] < heap[down]) down += 1;
          if (heap[down] >= key) break;
          heap[i] = heap[down];
          i = down;
        }
        heap[i] = key;
      }
      return top;
    };
    while (heap.length) {
      const key = pop();
      const node = key % n;
      const here = (key - node) / n;
      if (here > far[node]) continue;
      for (let k = first[node]; k < first[node + 1]; k += 1) {
        const there = here + ms[k];
        if (there <= limit && there < far[to[k]]) {
          far[to[k]] = there;
          push(there * n + to[k]);
        }
      }
    }
    return far;
  }

  function lengths(packed, guess) {
    const ahead = xsgeo.whole(packed.ahead);
    if (packed.ratio) for (let i = 0; i < ahead.length; i += 1) ahead[i] += Math.floor(Math.max(guess[i], 0) * packed.ratio + 0.5);
    const back = ahead.slice();
    if (packed.back) xsgeo.whole(packed.back).forEach((more, i) => { back[i] += more; });
    return {ahead, back};
  }

  /* The graphs of each mode, as one goes and turned round; where both take as long they are one. */
  function graphs(data) {
    const {n} = data;
    const tail = xsgeo.steps(data.tail);
    const head = xsgeo.whole(data.head);
    for (let i = 0; i < head.length; i += 1) head[i] += tail[i];
    let guess = [];
    return data.ms.map((packed, mode) => {
      const ms = lengths(packed, guess);
      if (!mode) guess = ms.ahead;
      const isBus = data.modes[mode] === 'bus';
      const arcs = isBus ? aboard(open(tail, head, ms, 0), open(tail, head, lengths(data.ride, []), n), n, data.wait_ms) : open(tail, head, ms, 0);
      const size = isBus ? 2 * n : n;
      const turned = laidOut(size, {from: arcs.to, to: arcs.from, ms: arcs.ms});
      return {turned, there: data.symmetrical[mode] ? turned : laidOut(size, arcs)};
    });
  }

  /* Edges in the directions in which they are open. */
  function open(tail, head, {ahead, back}, shift) {
    const most = 2 * tail.length;
    const arcs = {from: new Int32Array(most), to: new Int32Array(most), ms: new Int32Array(most)};
    let k = 0;
    const add = (from, to, ms) => {
      if (ms < 0) return;
      arcs.from[k] = from + shift;
      arcs.to[k] = to + shift;
      arcs.ms[k] = ms;
      k += 1;
    };
    for (let i = 0; i < tail.length; i += 1) {
      add(tail[i], head[i], ahead[i]);
      add(head[i], tail[i], back[i]);
    }
    return {from: arcs.from.subarray(0, k), to: arcs.to.subarray(0, k), ms: arcs.ms.subarray(0, k)};
  }

  /* By bus: on foot, aboard, and boarding and leaving wherever a bus goes. */
  function aboard(foot, rides, n, wait) {
    const stops = [...new Set([...rides.from, ...rides.to])];
    return {
      from: Int32Array.from([...foot.from, ...rides.from, ...stops.map((s) => s - n), ...stops]),
      to: Int32Array.from([...foot.to, ...rides.to, ...stops, ...stops.map((s) => s - n)]),
      ms: Int32Array.from([...foot.ms, ...rides.ms, ...stops.map(() => wait), ...stops.map(() => 0)]),
    };
  }

  /* Doors of the rows of a mode: where each begins among nodes and milliseconds. */
  function doorways(packed) {
    const list = (part) => part && {count: xsgeo.whole(part.count), node: xsgeo.steps(part.node), ms: xsgeo.whole(part.ms)};
    return {row: xsgeo.steps(packed.row), leaving: list(packed.leaving), arriving: list(packed.arriving)};
  }

  /* Least milliseconds between each row and what `far` was searched from. */
  function atDoors({count, node, ms}, far) {
    const out = new Float64Array(count.length).fill(FAR);
    let k = 0;
    for (let i = 0; i < count.length; i += 1) {
      for (const end = k + count[i]; k < end; k += 1) out[i] = Math.min(out[i], far[node[k]] + ms[k]);
    }
    return out;
  }

  // ---- the whole --------------------------------------------------------------------------------------------------

  xsgeo.reckoner = (data, rings) => {
    const {rule} = data;
    const n = data.rows.count;
    const row = Object.fromEntries(['n', 'mode', 'asks', 'owner', 'town'].map((name) => [name, xsgeo.whole(data.rows[name])]));
    const flags = xsgeo.bytes(data.rows.known_women_young);
    const stride = Math.ceil(n / 8);
    const flag = (which) => Uint8Array.from({length: n}, (_, i) => bit(flags, stride, which, i));
    const [known, women, young] = [0, 1, 2].map(flag);
    const venue = {id: data.venues.id, owner: xsgeo.whole(data.venues.owner), hours: xsgeo.whole(data.weeks.of_venue)};
    const nVenues = venue.id.length;
    const fitBits = xsgeo.bytes(data.venues.fit);
    const fitStride = Math.ceil(nVenues / 8);
    const nAsks = fitStride ? fitBits.length / fitStride : 1;
    const fits = (asks, v) => v >= nVenues || bit(fitBits, fitStride, asks < 0 ? nAsks - 1 : asks, v);
    const weeks = unpackWeeks(data.weeks.distinct);
    const weekWords = weeks.map(words);
    const ofRow = xsgeo.whole(data.weeks.of_row);
    const boats = unpackWeeks(data.boats.weeks);
    const near = nearAsItIs();
    let roads = null; // unpacked when a venue is first moved
    const searched = new Map();

    function nearAsItIs() {
      const count = xsgeo.whole(data.near.count);
      const rows = xsgeo.whole(data.near.row);
      const kind = xsgeo.whole(data.near.kind);
      let k = 0;
      return Array.from(count, (many) => {
        const pairs = {row: new Int32Array(many), kind: new Int32Array(many)};
        for (let i = 0, at = 0; i < many; i += 1, k += 1) {
          at += rows[k];
          pairs.row[i] = at;
          pairs.kind[i] = kind[k];
        }
        return pairs;
      });
    }

    const kinds = data.near.kinds.map((k) => [...k]);
    const kindKeys = new Map(kinds.map((k, i) => [k.join(), i]));

    function kindOf(before, after, boat) {
      const key = [before, after, boat].join();
      if (!kindKeys.has(key)) {
        kindKeys.set(key, kinds.length);
        kinds.push([before, after, boat]);
      }
      return kindKeys.get(key);
    }

    // ---- where a venue may stand

    function network() {
      if (roads) return roads;
      const g = data.graph;
      const unit = 10 ** g.decimals;
      const [lon, lat] = [g.lon, g.lat].map((text) => xsgeo.steps(text).map((v) => v / unit));
      roads = {lon, lat, piece: xsgeo.steps(g.piece), graphs: graphs({...g, modes: rule.modes}), doors: data.doors.map(doorways)};
      const xy = xsgeo.positions(rings);
      const ends = xsgeo.unpack(rings.ends, Uint32Array);
      roads.coast = {xy, ends};
      return roads;
    }

    /* Piece of land of a position: the pieces whose rings it lies in an odd number of. */
    function pieceAt(lon, lat) {
      const {xy, ends} = network().coast;
      const p = new Float64Array(2);
      xsgeo.world(lon, lat, p, 0);
      const odd = new Map();
      let from = 0;
      ends.forEach((to, ring) => {
        let inside = false;
        for (let i = from, j = to - 1; i < to; j = i, i += 1) {
          const [xi, yi, xj, yj] = [xy[2 * i], xy[2 * i + 1], xy[2 * j], xy[2 * j + 1]];
          if ((yi > p[1]) !== (yj > p[1]) && p[0] < ((xj - xi) * (p[1] - yi)) / (yj - yi) + xi) inside = !inside;
        }
        if (inside) odd.set(data.graph.rings[ring], !odd.get(data.graph.rings[ring]));
        from = to;
      });
      for (const [piece, is] of odd) if (is) return piece;
      return -1;
    }

    /* The nearest node on the same piece of land that a venue may stand on; null at sea, and where there is no road. */
    function nearestNode(lon, lat, {anywhere = false} = {}) {
      const {lon: x, lat: y, piece} = network();
      const here = anywhere ? -1 : pieceAt(lon, lat);
      const k = Math.cos((lat * Math.PI) / 180);
      let best = null;
      for (let i = 0; i < x.length; i += 1) {
        if (piece[i] < 0 || (here >= 0 && piece[i] !== here)) continue;
        const d = Math.hypot((x[i] - lon) * k, y[i] - lat) * 111320;
        if (!best || d < best.metres) best = {node: i, metres: d};
      }
      return best && (here >= 0 || anywhere || best.metres <= COAST_M) ? best : null;
    }

    const position = (node) => ({lon: network().lon[node], lat: network().lat[node]});
    const decimals = data.graph.decimals;

    // ---- who gets to a node

    /* Rows within the limit of a venue on a node, and what of a week the way takes. */
    function pairsOf(node) {
      if (searched.has(node)) return searched.get(node);
      const rows = [];
      const kind = [];
      rule.modes.forEach((_, mode) => {
        for (const [r, before, after, boat] of byMode(node, mode)) {
          rows.push(r);
          kind.push(kindOf(before, after, boat));
        }
      });
      searched.set(node, {row: Int32Array.from(rows), kind: Int32Array.from(kind)});
      return searched.get(node);
    }

    function* byMode(node, mode) {
      const {graphs: all, doors} = network();
      const [limit, cutoff] = [rule.limit_ms[mode], rule.cutoff_min[mode]];
      const far = search(all[mode].turned, node, limit);
      const dry = atDoors(doors[mode].leaving, far);
      const wet = byBoat(mode, far, limit);
      const back = data.graph.symmetrical[mode] ? null : atDoors(doors[mode].arriving, search(all[mode].there, node, FAR));
      for (let i = 0; i < dry.length; i += 1) {
        const r = doors[mode].row[i];
        const home = back ? back[i] : dry[i];
        const after = home === dry[i] ? halfHours(home, cutoff) : halfHours(home, FAR);
        if (dry[i] <= limit && home < FAR) yield [r, halfHours(dry[i], cutoff), after, 0];
        const boat = wet && wet[i];
        if (boat && boat.ms < dry[i]) {
          const slots = halfHours(boat.ms, cutoff);
          yield [r, slots, slots, boat.set];
        }
      }
    }

    const toLanding = new Map();

    /* Of each row the quickest way that takes a boat: to a landing, from boat to boat, and on from the last one. */
    function byBoat(mode, far, limit) {
      const landings = data.boats.landings[mode];
      if (!landings.node) return null;
      const {graphs: all, doors} = network();
      if (!toLanding.has(mode)) toLanding.set(mode, landings.node.map((at) => atDoors(doors[mode].leaving, search(all[mode].turned, at, limit))));
      const best = new Array(doors[mode].row.length).fill(null);
      for (const [one, other, ms, set] of landings.between) {
        const onward = far[landings.node[other]];
        if (onward > limit) continue;
        toLanding.get(mode)[one].forEach((out, i) => {
          const way = out + ms + onward;
          if (way <= limit && (!best[i] || way < best[i].ms || (way === best[i].ms && set < best[i].set))) best[i] = {ms: way, set};
        });
      }
      return best;
    }

    // ---- the ladder

    const left = new Map(); // what the way leaves of a free week, by week and kind

    function leftOf(week, kind) {
      const key = week * 65536 + kind;
      if (!left.has(key)) {
        const [before, after, boat] = kinds[kind];
        left.set(key, words(shrink(weeks[week].map((free, i) => free & boats[boat][i]), before, after)));
      }
      return left.get(key);
    }

    function admits(v, serves, terms, r) {
      if (serves === 'everyone' || serves === 'workers' || SHARED.includes(terms)) return true;
      if (serves === 'own_staff') return v < nVenues && venue.owner[v] >= 0 && venue.owner[v] === row.owner[r];
      return (serves === 'women' && women[r] === 1) || (serves === 'youth' && young[r] === 1);
    }

    /* `venues[v]`: {open, serves, terms, node?, week?} for every venue, new ones last; month 1 to 12. */
    function evaluate(venues, month) {
      const near_ = new Uint8Array(n);
      const any = new Int32Array(n * WORDS);
      const admitted = new Int32Array(n * WORDS);
      const useful = new Int32Array(n * WORDS);
      const free = data.weeks.free.map((months) => months[month - 1]);
      venues.forEach((it, v) => {
        if (!it.open) return;
        const pairs = it.node === undefined ? near[v] : pairsOf(it.node);
        const hours = v < nVenues ? venue.hours[v] : data.weeks.of_new;
        const opening = it.week ? words(it.week) : weekWords[data.weeks.open[hours][month - 1]];
        const {row: rows, kind} = pairs;
        for (let k = 0; k < rows.length; k += 1) {
          const r = rows[k];
          if (!known[r]) continue;
          near_[r] = 1;
          const time = leftOf(free[ofRow[r]], kind[k]);
          const mayEnter = admits(v, it.serves, it.terms, r);
          const isFit = mayEnter && fits(row.asks[r], v);
          for (let w = 0, at = r * WORDS; w < WORDS; w += 1, at += 1) {
            const both = time[w] & opening[w];
            any[at] |= both;
            if (mayEnter) admitted[at] |= both;
            if (isFit) useful[at] |= both;
          }
        }
      });
      return judge(near_, any, admitted, useful);
    }

    function judge(near_, any, admitted, useful) {
      const rung = new Uint8Array(n);
      const usable = new Uint16Array(n);
      const sums = {workers: 0, nominal: 0, effective: 0};
      const slots = (table, r) => {
        let total = 0;
        for (let w = r * WORDS; w < (r + 1) * WORDS; w += 1) total += ones(table[w]);
        return total;
      };
      for (let r = 0; r < n; r += 1) {
        usable[r] = slots(useful, r);
        if (!known[r]) rung[r] = 0;
        else if (!near_[r]) rung[r] = 1;
        else if (slots(any, r) / 2 < rule.min_hours) rung[r] = 2;
        else if (slots(admitted, r) / 2 < rule.min_hours) rung[r] = 3;
        else rung[r] = usable[r] / 2 < rule.min_hours ? 4 : 6;
        sums.workers += row.n[r];
        sums.nominal += near_[r] ? row.n[r] : 0;
        sums.effective += rung[r] === 6 ? row.n[r] : 0;
      }
      return {near: near_, rung, usable, ...sums};
    }

    return {
      evaluate, nearestNode, position, pieceAt, decimals, prepare: () => network(), n: row.n, town: row.town, rungs: RUNGS,
      index: new Map(venue.id.map((id, v) => [id, v])), ids: venue.id,
      week: (v, month) => weeks[data.weeks.open[v < nVenues ? venue.hours[v] : data.weeks.of_new][month - 1]],
    };
  };

  // ---- hours as text ----------------------------------------------------------------------------------------------

  const DAYS = {zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'], en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']};
  const NIGHT_ENDS = 12;
  const clock = (slot) => `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`;

  function spansByDay(week) {
    const days = [...Array(7).keys()].map((day) => {
      const spans = [];
      for (let i = 0; i < 48; i += 1) {
        if (!week[day * 48 + i]) continue;
        const last = spans[spans.length - 1];
        if (last && last[1] === i) last[1] = i + 1;
        else spans.push([i, i + 1]);
      }
      return spans;
    });
    const before = days.map((spans) => spans.map((s) => [...s]));
    before.forEach((spans, day) => {
      const tomorrow = (day + 1) % 7;
      const last = spans[spans.length - 1];
      const first = before[tomorrow][0];
      if (!last || last[1] !== 48 || last[0] === 0 || !first || first[0] !== 0) return;
      if (first[1] <= Math.min(NIGHT_ENDS, last[0])) {
        days[day][days[day].length - 1] = [last[0], 48 + first[1]];
        days[tomorrow] = days[tomorrow].filter((s) => s[0] !== 0);
      }
    });
    return days;
  }

  function dayText(days, language) {
    if (days.length === 7) return language === 'zh' ? '每天' : 'Mon-Sun';
    const runs = [];
    for (const day of days) {
      const run = runs[runs.length - 1];
      if (run && run[run.length - 1] === day - 1) run.push(day);
      else runs.push([day]);
    }
    const names = DAYS[language];
    return runs.flatMap((run) => (run.length < 3 ? run.map((d) => names[d])
      : [`${names[run[0]]}${language === 'zh' ? '至' : '-'}${names[run[run.length - 1]]}`])).join(language === 'zh' ? '、' : ', ');
  }

  function spanText([start, end], language) {
    if (start === 0 && end === 48 && language === 'zh') return '全天';
    const late = language === 'zh' && end > 48;
    return `${clock(start)}-${late ? '次日' : ''}${clock(late ? end - 48 : end)}`;
  }

  /* A week as a planner would write it: the text of xsgeo.hours.to_spans. */
  xsgeo.hoursText = (week, language) => {
    if (week.every((on) => on)) return language === 'zh' ? '全天开放' : '24/7';
    if (!week.some((on) => on)) return language === 'zh' ? '不开放' : 'closed';
    const bySpans = new Map();
    spansByDay(week).forEach((spans, day) => {
      if (!spans.length) return;
      const key = JSON.stringify(spans);
      if (!bySpans.has(key)) bySpans.set(key, {spans, days: []});
      bySpans.get(key).days.push(day);
    });
    const [comma, semicolon] = language === 'zh' ? ['、', '；'] : [', ', '; '];
    return [...bySpans.values()].map(({spans, days}) => `${dayText(days, language)} ${spans.map((s) => spanText(s, language)).join(comma)}`).join(semicolon);
  };
})();
