// The state as a link, and back. What comes from a link is data from a stranger: read with care.

import {givenTitles, lessonCards} from "policymix/lesson_cards";
import {readName} from "policymix/naming";
import {roomsOf} from "policymix/policy";
import {isAutomatic, LONGEST_TITLE, MY_MIX, shipped, shippedNameOf} from "policymix/state";

/** What the numbers of a link depend on beside the state: the page cannot change it, but can tell. */
const MADE_WITH = {
  people: "people",
  months: "months",
  cartels: "cartels at the start",
  replicates: "replicates",
  seed: "seed",
  version: "version",
};
/** Of what a link holds wrongly, that is named one by one; what looks like no name is not repeated. */
const MOST_NAMED = 5;
const A_NAME = /^[a-z0-9_]{1,60}$/;
/** What could not be read where nothing could. */
export const WHOLE = "the whole link";
/** What a link keeps, as it is called where it could not be read. */
const KEPT = {
  tab: "the tab",
  mine: "my mix",
  mineTitle: "the name of my mix",
  pinned: "the pinned mix",
  locks: "the locks",
  assumptions: "the assumptions",
  view: "what is drawn",
  group: "which outcomes are shown",
  lesson: "the lesson",
};

/** The part after # of a link that restores this state. What was shipped is named, not told. */
export function linkText(facts, state) {
  const kept = {
    ...Object.fromEntries(Object.keys(KEPT).map((name) => [name, state[name]])),
    ...shortened(facts, state),
    lesson: state.lesson ?? undefined,
    made: madeWith(facts),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function shortened(facts, {mine, mineTitle, pinned}) {
  const name = shippedNameOf(facts, mineTitle, mine);
  const mineKept = name ? {mine: name, mineTitle: undefined} : {};
  return shipped(facts, pinned.name) ? {...mineKept, pinned: {name: pinned.name}} : mineKept;
}

function madeWith({setup, version}) {
  const all = {...setup, version};
  return Object.fromEntries(Object.keys(MADE_WITH).map((name) => [name, all[name]]));
}

/** In what the page of a link was another one; a link that does not tell differs in nothing. */
function remarksOf(facts, made) {
  const own = madeWith(facts);
  const isTold = (value) => typeof value === "number" || (typeof value === "string" && value.length <= 20);
  const other = Object.keys(MADE_WITH).filter((name) => isTold(made?.[name]) && made[name] !== own[name]);
  const told = other.map((name) => `${MADE_WITH[name]} ${made[name]} (here ${own[name]})`);
  return told.length
    ? [`This link was made on a page with other settings, so its numbers were others: ${told.join(", ")}.`]
    : [];
}

/** What a link holds, as far as it is allowed; `problems` say what was left out, `remarks` what differs. */
export function readLink(facts, hash, tabs) {
  const text = hash.replace(/^#/, "");
  if (text === "") {
    return {state: {}, problems: [], remarks: []};
  }
  const problems = [];
  const state = {};
  const found = decoded(text, problems);
  const rules = rulesFor(facts, tabs);
  problems.push(...wrongAssumptions(facts, found.assumptions));
  for (const name of Object.keys(KEPT).filter((key) => found[key] !== undefined)) {
    const value = rules[name](found[name]);
    if (value === undefined) {
      problems.push(KEPT[name]);
    } else {
      state[name] = value;
    }
  }
  if (!state.mine) {
    delete state.mineTitle;
  }
  if (state.mine && !state.mineTitle) {
    state.mineTitle = shipped(facts, found.mine)?.title ?? MY_MIX;
  }
  if (state.mine && !isAutomatic(state.mineTitle) && !givenTitles(facts).includes(state.mineTitle)) {
    state.named = state.mineTitle; // somebody's own name, which stays when sliders move
  }
  return {state, problems, remarks: remarksOf(facts, found.made)};
}

function decoded(text, problems) {
  try {
    if (text.length > 40000) {
      throw new RangeError("too long");
    }
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const json = new TextDecoder("utf-8", {fatal: true}).decode(
      Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
    );
    const found = JSON.parse(json);
    if (typeof found !== "object" || found === null || Array.isArray(found)) {
      throw new TypeError("no state");
    }
    return found;
  } catch {
    problems.push(WHOLE);
    return {};
  }
}

function rulesFor(facts, tabs) {
  const oneOf = (names) => (value) => (names.includes(value) ? value : undefined);
  const groups = [...new Set(facts.outcomes.map(({group}) => group))];
  return {
    tab: oneOf(tabs),
    view: oneOf(["difference", "level"]),
    group: oneOf(groups),
    mine: (value) => policyIn(facts, value),
    mineTitle: titleIn,
    pinned: (value) => pinnedIn(facts, value),
    locks: (value) => locksIn(facts, value),
    assumptions: (value) => assumptionsIn(facts, value),
    lesson: (value) => lessonIn(facts, value),
  };
}

/** A title that a mix may have. */
function titleIn(value) {
  const isShort = typeof value === "string" && value.length <= LONGEST_TITLE;
  return (isShort && readName(value)) || undefined;
}

function isNumber(value, least, most) {
  return typeof value === "number" && Number.isFinite(value) && value >= least && value <= most;
}

/** A policy within the bounds that scenario files have; undefined for anything else. */
export function policyIn(facts, value) {
  if (typeof value === "string") {
    return shipped(facts, value)?.policy;
  }
  const {phases} = value ?? {};
  if (!Array.isArray(phases) || phases.length < 1 || phases.length > facts.bounds.phases + 1) {
    return undefined;
  }
  const read = phases.map((phase, place) => phaseIn(facts, phase, place));
  const fits = (months, place) => months > 0 && read[place].ramp_months <= months;
  return read.every(Boolean) && roomsOf(read).every(fits) ? {phases: read} : undefined;
}

function phaseIn(facts, phase, place) {
  const {from_year: year, ramp_months: ramp, spend, treatment_in_custody: custody} = phase ?? {};
  const total = facts.bounds.total;
  const isMoney =
    Array.isArray(spend) &&
    spend.length === facts.levers.length &&
    spend.every((one) => isNumber(one, 0, total));
  const isFirst = place === 0 && year === 0 && ramp === 0;
  const isLater =
    place > 0 && isNumber(year, 0, facts.bounds.years) && isNumber(ramp, 0, facts.bounds.ramp_months) && Number.isInteger(ramp);
  if (!isMoney || !(isFirst || isLater) || spend.reduce((a, b) => a + b, 0) > total) {
    return undefined;
  }
  return {from_year: year, ramp_months: ramp, spend: [...spend], treatment_in_custody: custody === true};
}

function pinnedIn(facts, value) {
  const {name, title, policy} = value ?? {};
  const known = shipped(facts, name);
  if (known) {
    return {name, title: known.title, policy: known.policy};
  }
  const read = policyIn(facts, policy);
  return read && titleIn(title) ? {name: "pinned", title, policy: read} : undefined;
}

/** A lesson that is under way, so that a page loaded anew hides what it asks. */
function lessonIn(facts, value) {
  const card = lessonCards(facts).find(({id}) => id === value?.id);
  if (!card || value.guesses === null) {
    return card && {id: card.id, guesses: null};
  }
  const known = card.directions.map(([direction]) => direction);
  const guesses = card.ask.map((name) => [name, value.guesses?.[name]]);
  const isWhole = guesses.every(([, guess]) => known.includes(guess));
  return isWhole ? {id: card.id, guesses: Object.fromEntries(guesses)} : undefined;
}

function locksIn(facts, value) {
  const {sides, levers} = value ?? {};
  if (!Array.isArray(sides) || !Array.isArray(levers)) {
    return undefined;
  }
  const known = (all, names) => all.map(({name}) => name).filter((name) => names.includes(name));
  return {sides: known(facts.sides, sides), levers: known(facts.levers, levers)};
}

/** The assumptions that may be as they are told; `wrongAssumptions` names the others. */
function assumptionsIn(facts, value) {
  if (!isTable(value)) {
    return undefined;
  }
  const entries = facts.assumptions.filter(({name, min, max}) => isNumber(value[name], min, max));
  const changed = entries.filter((entry) => value[entry.name] !== entry.value);
  return Object.fromEntries(changed.map(({name}) => [name, value[name]]));
}

function wrongAssumptions(facts, value) {
  const told = isTable(value) ? Object.keys(value) : [];
  const known = Object.fromEntries(facts.assumptions.map((entry) => [entry.name, entry]));
  const wrong = told.flatMap((name) => {
    if (!Object.hasOwn(known, name)) {
      return [A_NAME.test(name) ? `the assumption ${name}, which is not known here` : "what is no assumption's name"];
    }
    const {min, max} = known[name];
    return isNumber(value[name], min, max)
      ? []
      : [`the assumption ${name} (read ${asRead(value[name])}, allowed is ${min} to ${max})`];
  });
  const rest = wrong.length - MOST_NAMED;
  return rest > 0 ? [...wrong.slice(0, MOST_NAMED), `${rest} more assumptions`] : wrong;
}

function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number as it was read; anything else is a stranger's, and as deep as they like. */
function asRead(value) {
  return typeof value === "number" ? String(value) : "no number";
}
