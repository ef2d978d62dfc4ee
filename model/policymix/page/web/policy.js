// A policy is phases of money: 13 numbers, billion USD a year. Moves keep the sum.

/** Money rounded to a thousand dollars, so that files stay readable. */
function rounded(billion) {
  return Math.round(billion * 1e6) / 1e6;
}

export function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}

/** A copy that may be changed. */
export function copyOf(policy) {
  return {phases: policy.phases.map((phase) => ({...phase, spend: [...phase.spend]}))};
}

/** Months that each phase has until the next one starts; without end for the last. */
export function roomsOf(phases) {
  const starts = phases.map((phase) => Math.round(12 * phase.from_year));
  return starts.map((month, place) => (starts[place + 1] ?? Infinity) - month);
}

export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Today's mix [billion USD a year]. */
export function todayOf(facts) {
  return facts.levers.map((lever) => lever.today);
}

/** Places of a side's levers in a spend. */
export function placesOf(facts, side) {
  return facts.levers.flatMap((lever, place) => (lever.side === side ? [place] : []));
}

/** Money of each side [billion USD a year], in the order of `facts.sides`. */
export function sideMoney(facts, spend) {
  return facts.sides.map(({name}) => sum(placesOf(facts, name).map((place) => spend[place])));
}

/** Parts of `whole` in proportion to `weights`; where those are all zero, to `otherwise`. */
function inProportion(whole, weights, otherwise) {
  const used = sum(weights) > 0 ? weights : otherwise;
  const all = sum(used);
  return used.map((weight) => (whole * weight) / all);
}

/**
 * Amounts after number `moved` was set to `wanted`; the rest, but for those locked, take the
 * difference in proportion to what they have. Their sum stays. `usual` are weights for when all
 * the others have nothing.
 */
export function linked(amounts, moved, wanted, isLocked, usual) {
  const free = amounts.map((_, place) => place).filter((place) => place !== moved && !isLocked[place]);
  if (free.length === 0) {
    return [...amounts];
  }
  const held = sum(amounts.filter((_, place) => place !== moved && isLocked[place]));
  const room = sum(amounts) - held;
  const set = Math.min(Math.max(wanted, 0), room);
  const parts = inProportion(
    room - set,
    free.map((p) => amounts[p]),
    free.map((p) => usual[p] || 1),
  );
  const result = [...amounts];
  result[moved] = set;
  free.forEach((place, index) => {
    result[place] = parts[index];
  });
  return result;
}

/**
 * The spend with a side set to `wanted` billion; the other sides give or take the difference.
 * `usual` says how a side that has nothing yet is split.
 */
export function withSide(facts, spend, side, wanted, locks, usual = todayOf(facts)) {
  const isLocked = facts.sides.map(({name}) => locks.sides.includes(name));
  const place = facts.sides.findIndex(({name}) => name === side);
  const before = sideMoney(facts, spend);
  const after = linked(before, place, wanted, isLocked, sideMoney(facts, todayOf(facts)));
  const result = [...spend];
  facts.sides.forEach(({name}, index) => {
    const places = placesOf(facts, name);
    const parts = inProportion(
      after[index],
      places.map((p) => spend[p]),
      places.map((p) => usual[p]),
    );
    places.forEach((lever, number) => {
      result[lever] = after[index] === before[index] ? spend[lever] : parts[number];
    });
  });
  return exactly(result, sum(spend));
}

/** `usual` with the splits of the sides that have money in `spend`: how they are split when they come back from nothing. */
export function withSplitsOf(facts, usual, spend) {
  const result = [...usual];
  for (const {name} of facts.sides) {
    const places = placesOf(facts, name);
    if (places.some((place) => spend[place] > 0)) {
      places.forEach((place) => {
        result[place] = spend[place];
      });
    }
  }
  return result;
}

/** The spend with a lever set to `wanted` billion; the others of its side give or take. */
export function withLever(facts, spend, lever, wanted, locks) {
  const today = todayOf(facts);
  const moved = facts.levers.findIndex(({name}) => name === lever);
  const places = placesOf(facts, facts.levers[moved].side);
  const isLocked = places.map((place) => locks.levers.includes(facts.levers[place].name));
  const parts = linked(
    places.map((place) => spend[place]),
    places.indexOf(moved),
    wanted,
    isLocked,
    places.map((place) => today[place]),
  );
  const result = [...spend];
  places.forEach((place, index) => {
    result[place] = parts[index];
  });
  return exactly(result, sum(spend));
}

/** The spend with another total, every share as it was. */
export function withTotal(facts, spend, total) {
  const parts = inProportion(total, spend, todayOf(facts));
  return exactly(parts, total);
}

/** Rounded, with what rounding lost put on the largest. */
function exactly(spend, total) {
  const result = spend.map(rounded);
  const largest = result.indexOf(Math.max(...result));
  result[largest] = rounded(result[largest] + total - sum(result));
  return result;
}
