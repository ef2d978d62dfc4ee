// The engine of the exported page: nothing is played here, the book is looked up.

import {openBook, unpacked} from "policymix/grid";

const SAME_BILLION = 1e-5;
const ASSUMING =
  "In this file every answer holds for the ledger's values: what was played beforehand cannot be played again. A page that policymix play gives can.";
const CHANGED = `${ASSUMING} "Set back" at the top of this page returns to them.`;
const ONLY_SHIPPED =
  "This file knows other worlds only for the scenarios that came with policymix. Choose two of them above, or use the page that policymix play gives.";

/** The engine: answers at once, for the worlds and scenarios that are in the file. */
export function bookEngine(facts, book) {
  const open = openBook(book, facts);
  return {
    kind: "export",
    assuming: ASSUMING,
    ladderNote:
      "Each value was played twice; the bands are as wide as two such pairs of runs are apart in the ledger's world.",
    errors: book.errors,
    canPlay: (question) => refusal(facts, book, question),
    answer(question, onAnswer, onProblem) {
      const reason = refusal(facts, book, question);
      if (reason) {
        onProblem?.(reason);
      } else {
        onAnswer(answerOf(facts, book, open, question));
      }
      return () => {};
    },
    canWatch: (policy, assumptions = {}) => watchRefusal(facts, book, policy, assumptions),
    watch: (policy, assumptions = {}) => watched(facts, book, policy, assumptions),
    ladder: (question, entry, onPoints, onProblem) =>
      said(() => ladder(facts, book, question, entry), onPoints, onProblem),
    robust: (question, _onProgress, onAnswer, onProblem) =>
      said(() => robust(facts, book, question), onAnswer, onProblem),
  };
}

/** The shipped scenario that has this policy, or undefined; money to ten thousand dollars. */
function shippedOf(facts, policy) {
  const isNear = (one, other) =>
    one.spend.every((money, place) => Math.abs(money - other.spend[place]) < SAME_BILLION);
  const isSame = (one, other) =>
    one.from_year === other.from_year &&
    one.ramp_months === other.ramp_months &&
    Boolean(one.treatment_in_custody) === Boolean(other.treatment_in_custody) &&
    isNear(one, other);
  const has = (own) =>
    own.phases.length === policy.phases.length &&
    own.phases.every((phase, place) => isSame(phase, policy.phases[place]));
  return facts.scenarios.find(({policy: own}) => has(own))?.name;
}

/** Why this cannot be answered; empty if it can. */
function refusal(facts, book, {mine, pinned, assumptions = {}}) {
  if (Object.keys(assumptions).length > 0) {
    return CHANGED;
  }
  return policyRefusal(facts, book, mine) || policyRefusal(facts, book, pinned);
}

function policyRefusal(facts, book, policy) {
  if (shippedOf(facts, policy)) {
    return "";
  }
  const [first, ...later] = policy.phases;
  if (later.length > 0) {
    return "This file knows mixes that stay the same from month 1 on. Phases of your own need the page that policymix play gives.";
  }
  if (first.treatment_in_custody) {
    return "This file knows no treatment in custody. It needs the page that policymix play gives.";
  }
  const total = first.spend.reduce((sum, money) => sum + money, 0);
  const [least, most] = book.total;
  if (total < least - SAME_BILLION || total > most + SAME_BILLION) {
    return `This file knows totals from ${written(least)} to ${written(most)} billion USD a year, and this one is ${written(total)}.`;
  }
  return "";
}

function written(billion) {
  return String(Math.round(billion * 100) / 100);
}

function answerOf(facts, book, open, {mine, pinned}) {
  const names = [mine, pinned].map((policy) => shippedOf(facts, policy));
  const isPlayed = !names.includes(undefined);
  // Beside a fitted mix others are fitted too, so that curves move without a jump; phases are not.
  const asked = isPlayed
    ? names
    : [mine, pinned].map(({phases}, place) => (phases.length > 1 ? names[place] : phases[0].spend));
  const {replicates, mixes} = book.size;
  const note = isPlayed
    ? "Played beforehand."
    : `${mixes} mixes were played; the bands hold the error of the fit too. A fit smooths part of the chance of single mixes, so they may be narrower than where this one mix is played; "How good is the fit?" says how often they held.`;
  return {
    replicates,
    of: replicates,
    sharper: false,
    basis: isPlayed ? "played" : "fitted",
    note,
    outcomes: open.answer(...asked),
  };
}

function watchRefusal(facts, book, policy, assumptions) {
  if (Object.keys(assumptions).length > 0) {
    return CHANGED;
  }
  const name = shippedOf(facts, policy);
  const isThere = name !== undefined && book.recordings?.[name];
  return isThere
    ? ""
    : "Single people and cartels were recorded only for the scenarios that came with policymix. Choose one of them, or use the page that policymix play gives.";
}

async function watched(facts, book, policy, assumptions) {
  const reason = watchRefusal(facts, book, policy, assumptions);
  if (reason) {
    throw new Error(reason);
  }
  return book.recordings[shippedOf(facts, policy)];
}

/** Hands on what `find` finds, or the reason why it finds nothing. */
function said(find, onFound, onProblem) {
  const found = find();
  if (typeof found === "string") {
    onProblem?.(found);
  } else {
    onFound(found);
  }
  return () => {};
}

/** Places of both scenarios in what is known of other worlds, or the reason why there are none. */
function placesOf(facts, book, {mine, pinned, assumptions = {}}) {
  if (Object.keys(assumptions).length > 0) {
    return CHANGED;
  }
  const places = [mine, pinned].map((policy) =>
    (book.beliefs?.scenarios ?? []).indexOf(shippedOf(facts, policy)),
  );
  return places.includes(-1) ? ONLY_SHIPPED : places;
}

/** Mine less pinned as one assumption moves: points by its value. */
function ladder(facts, book, question, entry) {
  const places = placesOf(facts, book, question);
  if (typeof places === "string") {
    return places;
  }
  const {beliefs} = book;
  const moved = beliefs.moved[entry.name];
  if (!moved) {
    return "This file does not know other values of this assumption.";
  }
  const n = beliefs.scenarios.length * beliefs.outcomes.length;
  const half = beliefs.half === null ? null : unpacked(beliefs.half);
  const means = unpacked(moved.means);
  const played = moved.at.map((value, place) =>
    pointOf(beliefs, value, means.subarray(place * n, (place + 1) * n), half, places),
  );
  const central = pointOf(beliefs, entry.value, unpacked(beliefs.central), half, places);
  const others = played.filter(({value}) => Math.abs(value - entry.value) > 1e-9 * Math.abs(entry.value));
  return [...others, central].sort((one, other) => one.value - other.value);
}

/** The differences at one value; `means` (scenarios, outcomes), `half` (scenarios, scenarios, outcomes). */
function pointOf({scenarios, outcomes, size}, value, means, half, [mine, pinned]) {
  const n = outcomes.length;
  const rows = outcomes.map((name, place) => {
    const difference = means[mine * n + place] - means[pinned * n + place];
    const wide = half === null ? null : half[(mine * scenarios.length + pinned) * n + place];
    return [
      name,
      {
        difference,
        low: wide === null ? null : difference - wide,
        high: wide === null ? null : difference + wide,
      },
    ];
  });
  return {
    value,
    replicates: size.replicates,
    isPossible: rows.every(([, {difference}]) => Number.isFinite(difference)),
    outcomes: Object.fromEntries(rows),
  };
}

/** How often the ranking holds over sampled worlds: sentences, and shares of worlds with less under mine. */
function robust(facts, book, question) {
  const places = placesOf(facts, book, question);
  if (typeof places === "string") {
    return places;
  }
  const {pairs, scenarios, notes} = book.beliefs;
  const [mine, pinned] = places.map((place) => scenarios[place]);
  const found = pairs.filter(
    ({first, second}) =>
      [first, second].includes(mine) && [first, second].includes(pinned) && mine !== pinned,
  );
  if (found.length === 0) {
    return "Both are the same scenario: there is no ranking.";
  }
  const shares = found.map(({first, outcome, worlds, shares: both}) => {
    const [share, low, high] = both[first === mine ? 0 : 1];
    return {outcome, share, low, high, worlds};
  });
  return {
    sentences: found.map(({sentence}) => sentence),
    shares,
    boxes: found.map(({outcome, box}) => ({outcome, box})),
    note: notes.join(" "),
  };
}
