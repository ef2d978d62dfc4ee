// What the third tab asks: both mixes as they are now, and when they are others.

import {isPredicting} from "policymix/lesson_cards";

/** Both mixes, with their titles and what is assumed for both. */
export function questionOf({facts, store}) {
  const {mine, mineTitle, pinned, assumptions} = store.get();
  const {seed} = facts.setup;
  return {mine, mineTitle, pinned: pinned.policy, pinnedTitle: pinned.title, assumptions, seed};
}

/** Calls `act` when my mix has another name and is the same. */
export function onNewName({store}, act) {
  store.subscribe((_, names) => names.includes("mineTitle") && !names.includes("mine") && act());
}

/** Calls `act` when the tab is open on a question that it was not called for; returns the check. */
export function onNewQuestion({store}, tab, act) {
  let known = "";
  const look = () => {
    const {mine, pinned, assumptions} = store.get();
    const key = JSON.stringify([mine, pinned, assumptions]);
    if (store.get().tab === tab && !isPredicting(store.get()) && key !== known) {
      known = key;
      act();
    }
  };
  store.subscribe(look);
  return look;
}
