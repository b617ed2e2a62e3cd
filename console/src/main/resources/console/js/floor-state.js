/** The last received floor: first a whole one, then patches. Does not use the DOM. */

export const LISTS = ['queues', 'agents', 'breaches', 'replies', 'calls', 'recent'];

export function emptyFloor() {
  return {
    at: null,
    problem: null,
    tiles: null,
    lists: Object.fromEntries(LISTS.map(name => [name, { rows: new Map(), order: [] }])),
  };
}

/** @returns {Object<string, Set<string>>} keys of the rows to repaint, by list: all of them */
export function takeFloor(state, floor) {
  state.at = floor.at;
  state.problem = floor.problem ?? null;
  state.tiles = floor.tiles ?? null;
  const changes = {};
  for (const name of LISTS) {
    const rows = floor[name] ?? [];
    const list = state.lists[name];
    list.rows = new Map(rows.map(row => [row.key, row]));
    list.order = [...list.rows.keys()];
    changes[name] = new Set(list.order);
  }
  return changes;
}

/** @returns {Object<string, Set<string>>} keys of the rows to repaint, by changed list */
export function takePatch(state, patch) {
  state.at = patch.at ?? state.at;
  if ('problem' in patch) state.problem = patch.problem;
  if (patch.tiles) state.tiles = patch.tiles;
  const changes = {};
  for (const name of LISTS) {
    if (patch[name]) changes[name] = changeList(state.lists[name], patch[name]);
  }
  return changes;
}

function changeList(list, { set = [], gone = [], order }) {
  for (const key of gone) list.rows.delete(key);
  for (const row of set) list.rows.set(row.key, row);
  // a row that is not in the order comes last
  const placed = new Set(order ?? list.order);
  list.order = [...placed, ...[...list.rows.keys()].filter(key => !placed.has(key))].filter(key => list.rows.has(key));
  return new Set(set.map(row => row.key));
}
