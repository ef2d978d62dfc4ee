// What the page holds, in one place; views are told when it changes.

import {copyOf, isSame} from "policymix/policy";

/** As of scenario files. */
export const LONGEST_TITLE = 200;
export const MY_MIX = "My mix";

/** Whether a mix has the title that the page gives it. */
export function isAutomatic(title) {
  return title === MY_MIX || title.startsWith(`${MY_MIX},`);
}

/** A store of named values. `set` tells everyone which names changed. */
export function makeStore(initial) {
  let values = {...initial};
  const listeners = new Set();
  return {
    get: () => values,
    set(changes) {
      const changed = Object.keys(changes).filter((name) => changes[name] !== values[name]);
      if (changed.length === 0) {
        return;
      }
      values = {...values, ...changes};
      listeners.forEach((listener) => listener(values, changed));
    },
    /** `listener(values, changedNames)`; returns what ends it. */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A shipped scenario by name. */
export function shipped(facts, name) {
  return facts.scenarios.find((scenario) => scenario.name === name);
}

/** The name of the shipped scenario that a policy of this title still is, if it is one. */
export function shippedNameOf(facts, title, policy) {
  return facts.scenarios.find((one) => one.title === title && isSame(one.policy, policy))?.name;
}

/**
 * What a mix is called once it was changed by hand; never the same as the one that is pinned. What somebody `named`
 * keeps its name.
 */
export function ownTitle({mineTitle, named, pinned}) {
  const isNamed = named !== "" && (mineTitle === named || mineTitle.startsWith(`${named}, changed`));
  const isOwn = isNamed || isAutomatic(mineTitle);
  const title = isOwn ? mineTitle : `${MY_MIX}, from ${mineTitle}`;
  if (title.slice(0, LONGEST_TITLE) !== pinned.title) {
    return title.slice(0, LONGEST_TITLE);
  }
  const start = isNamed ? named : MY_MIX;
  const other = `${start}, changed${title.slice(start.length)}`.slice(0, LONGEST_TITLE);
  return other === pinned.title ? MY_MIX : other;
}

/** A policy to compare with: its name, title and money. */
export function pinnedFrom({name, title, policy}) {
  return {name, title, policy: copyOf(policy)};
}

/** How the page begins: demand first against today's mix. */
export function initialState(facts) {
  const mine = shipped(facts, "demand_first");
  return {
    tab: "mix",
    mine: copyOf(mine.policy),
    mineTitle: mine.title,
    named: "",
    pinned: pinnedFrom(shipped(facts, "baseline")),
    locks: {sides: [], levers: []},
    assumptions: {},
    view: "difference",
    group: "headline",
    phase: 0,
    lesson: null,
    kept: null,
  };
}
