// The two recordings that are watched: asked of the engine when they are looked at, and kept for a while.

import {button, fill, freshId, h} from "policymix/dom";
import {openRecording} from "policymix/recording";

const KEPT_RECORDINGS = 8;

/**
 * Recordings by what they were asked with; the oldest is dropped. Those under way are shared. One is
 * asked for after the other: on a server a visitor's newer question takes the place of the older.
 */
function library(engine) {
  const kept = new Map();
  let last = Promise.resolve();
  const play = (policy, assumptions) => {
    const told = last.then(() => engine.watch(policy, assumptions));
    last = told.catch(() => {});
    return told.then(openRecording);
  };
  return (key, policy, assumptions) => {
    const found = kept.get(key) ?? play(policy, assumptions);
    kept.delete(key);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    if (kept.size > KEPT_RECORDINGS) {
      kept.delete(kept.keys().next().value);
    }
    return found;
  };
}

/** A choice among the shipped scenarios that can be shown, hidden until the engine refuses a policy. */
function standInChoice({facts, store, engine}, onChoose) {
  const id = freshId("stand-in");
  const select = h("select", {id, on: {change: () => onChoose(select.value)}});
  const element = h("p", {class: "field", hidden: true}, h("label", {for: id}, "Watch instead"), select);
  return {
    element,
    /** Offers what can be shown instead of a policy refused for `reason`, if any; returns what was `chosen`. */
    show(reason, chosen) {
      const {assumptions} = store.get();
      const can = facts.scenarios.filter(({policy}) => reason && engine.canWatch(policy, assumptions) === "");
      const options = can.map(({name, title}) => h("option", {value: name}, title));
      element.hidden = can.length === 0;
      fill(select, h("option", {value: ""}, "choose \u2026"), options);
      select.value = can.some(({name}) => name === chosen) ? chosen : "";
      return can.find(({name}) => name === chosen);
    },
  };
}

/**
 * One side: its title, what it waits for or was refused, and its recording. Where the engine cannot
 * show a policy, a shipped one that it can show may stand in.
 */
function makeSide(context, ask, name, onChange) {
  const side = {name, title: "", recording: null, key: ""};
  const heading = h("h3", {});
  const said = h("div", {role: "status"});
  let standIn = "";
  const choice = standInChoice(context, (chosen) => {
    standIn = chosen;
    refresh();
  });
  const finish = (recording, ...parts) => {
    side.recording = recording;
    fill(said, parts);
    onChange();
  };
  function refresh() {
    const {mine, mineTitle, pinned, assumptions} = context.store.get();
    const wanted = name === "mine" ? {policy: mine, title: mineTitle} : pinned;
    const reason = context.engine.canWatch(wanted.policy, assumptions);
    const other = choice.show(reason, standIn);
    const {title, policy} = reason ? (other ?? {title: wanted.title}) : wanted;
    side.title = title;
    fill(heading, titleParts(side));
    const key = JSON.stringify([policy ?? reason, assumptions]);
    if (key === side.key) {
      return;
    }
    side.key = key;
    if (policy) {
      const note = reason ? h("p", {class: "soft"}, `In place of ${wanted.title}. ${reason}`) : null;
      load({side, finish, refresh, note}, ask(key, policy, assumptions));
    } else {
      finish(null, h("p", {class: "problem"}, reason));
    }
  }
  return Object.assign(side, {
    heading,
    status: h("div", {class: "side-status"}, said, choice.element),
    refresh,
  });
}

/** Shows what comes of a run that was asked for, unless the side has turned to another meanwhile. */
async function load({side, finish, refresh, note}, asked) {
  const {key} = side;
  finish(null, note, h("p", {class: "soft"}, "Playing one run \u2026"));
  try {
    const recording = await asked;
    if (side.key === key) {
      finish(recording, note);
    }
  } catch (error) {
    if (side.key === key) {
      side.key = "";
      finish(null, h("p", {class: "problem"}, error.message), h("p", {}, button("Try again", refresh)));
    }
  }
}

/** What is watched, for every picture of it. */
export const ONE_RUN =
  "One run, the first replicate, under each policy: the same people in the same places, with the same dice.";

/** "Mine: My mix" as a text. */
export function headingText({name, title}) {
  return `${name === "mine" ? "Mine" : "Pinned"}: ${title}`;
}

/** "Mine: My mix"; a title may run from right to left. */
export function titleParts({name, title}) {
  return [name === "mine" ? "Mine: " : "Pinned: ", h("bdi", {}, title)];
}

/** Both sides, pinned first. `onChange()` when a recording has come or gone. */
export function makeSides(context, onChange) {
  const ask = library(context.engine);
  const both = ["pinned", "mine"].map((name) => makeSide(context, ask, name, onChange));
  return {both, refresh: () => both.forEach((side) => side.refresh())};
}
