// A recorded run: who is where at the end of each month, and what happened to one of them.

export const DIED = 1;
export const AGED_OUT = 2;
const FIELDS_OF_A_CHANGE = 3;
const HOW = 16;

/** What people see as one group. Filled shapes have an addiction; the shape says where. */
export const GROUPS = [
  {name: "not-using", title: "Not using", shape: "point"},
  {name: "casual", title: "Uses casually", shape: "circle", filled: false},
  {name: "active", title: "Active addiction", shape: "circle", filled: true},
  {name: "treatment", title: "In treatment", shape: "diamond", filled: true},
  {name: "recovery", title: "In recovery", shape: "diamond", filled: false},
  {name: "held", title: "In custody, uses casually", shape: "square", filled: false},
  {name: "held-addicted", title: "In custody, with addiction", shape: "square", filled: true},
];
/** By state as the model numbers them; the two risk months are active addiction. */
export const GROUP_OF_STATE = [0, 1, 2, 3, 4, 5, 6, 2, 2];

function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Numbers of 16 bits, the lower byte first, whatever this machine's order. */
function shortsOf(text, Kind) {
  const bytes = bytesOf(text);
  return Kind.from({length: bytes.length / 2}, (_, at) => bytes[2 * at] | (bytes[2 * at + 1] << 8));
}

/** The changes as objects, by month and slot. */
function changesOf(text) {
  const shorts = shortsOf(text, Uint16Array);
  const changes = [];
  for (let at = 0; at < shorts.length; at += FIELDS_OF_A_CHANGE) {
    const code = shorts[at + 2];
    changes.push({month: shorts[at], slot: shorts[at + 1], state: code % HOW, how: Math.floor(code / HOW)});
  }
  return changes;
}

/** What an engine's `watch` told, opened: questions about any month and any slot. */
export function openRecording(told) {
  const start = bytesOf(told.start);
  const born = shortsOf(told.born, Int16Array);
  const changes = changesOf(told.changes);
  const bySlot = new Map();
  for (const change of changes) {
    bySlot.set(change.slot, [...(bySlot.get(change.slot) ?? []), change]);
  }
  let reached = null;
  /** By slot at the end of `month`: `state`, `born`, and `died`, the month of the last overdose there, or 0. */
  function at(month) {
    if (reached === null || reached.month > month) {
      reached = {
        month: 0,
        next: 0,
        state: start.slice(),
        born: born.slice(),
        died: new Uint16Array(told.people),
      };
    }
    for (; reached.next < changes.length && changes[reached.next].month <= month; reached.next += 1) {
      apply(reached, changes[reached.next]);
    }
    reached.month = month;
    return reached;
  }
  return {
    ...told,
    at,
    changesOf: (slot) => bySlot.get(slot) ?? [],
    startOf: (slot) => ({state: start[slot], born: born[slot]}),
    slots: () => [...bySlot.keys()].sort((one, other) => one - other),
    countsAt: (month) => countsOf(at(month).state),
  };
}

function apply(reached, {month, slot, state, how}) {
  reached.state[slot] = state;
  if (how !== 0) {
    reached.born[slot] = month;
  }
  if (how === DIED) {
    reached.died[slot] = month;
  }
}

/** Dots by group. */
function countsOf(states) {
  const counts = GROUPS.map(() => 0);
  states.forEach((state) => {
    counts[GROUP_OF_STATE[state]] += 1;
  });
  return counts;
}

/** By slot, 1 where at the end of `month` there is another state, or someone else, in the other recording. */
export function differingAt(one, other, month) {
  const [here, there] = [one.at(month), other.at(month)];
  return here.state.map((state, slot) =>
    Number(
      GROUP_OF_STATE[state] !== GROUP_OF_STATE[there.state[slot]] || here.born[slot] !== there.born[slot],
    ),
  );
}

/** The first month in which what happens to `slot` differs; null if it never does. */
export function forkOf(one, other, slot) {
  const [here, there] = [one.changesOf(slot), other.changesOf(slot)];
  const length = Math.max(here.length, there.length);
  for (let at = 0; at < length; at += 1) {
    const [mine, theirs] = [here[at], there[at]];
    if (mine?.month !== theirs?.month || mine?.state !== theirs?.state || mine?.how !== theirs?.how) {
      return Math.min(mine?.month ?? Infinity, theirs?.month ?? Infinity);
    }
  }
  return null;
}

/** Whether someone in this slot died of an overdose. */
export function hasDeath(recording, slot) {
  return recording.changesOf(slot).some(({how}) => how === DIED);
}
