// The two recordings that are watched: asked of the engine when they are looked at, and kept for a while.

import {button, fill, freshId, h} from "policymix/dom";
import {openRecording} from "policymix/recording";

const KEPT_RECORDINGS = 8;

/** Recordings by what they were asked with; the oldest is dropped. Those under way are shared. */
function library(engine) {
  const kept = new Map();
  return (key, policy, assumptions) => {
    const found = kept.get(key) ?? engine.watch(policy, assumptions).then(openRecording);
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
    /** `reason` is why the policy is refused, or "". */
    show(reason, chosen) {
      const {assumptions} = store.get();
      const can = reason ? facts.scenarios.filter(({policy}) => engine.canWatch(policy, assumptions) === "") : [];
      element.hidden = can.length === 0;
      fill(select, h("option", {value: ""}, "choose \u2026"), can.map(({name, title}) => h("option", {value: name}, title)));
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
  function finish(recording, ...parts) {
    side.recording = recording;
    fill(said, parts);
    onChange();
  }
  async function load(policy, assumptions, note) {
    const {key} = side;
    finish(null, note, h("p", {class: "soft"}, "Playing one run \u2026"));
    try {
      const recording = await ask(key, policy, assumptions);
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
  function refresh() {
    const {mine, mineTitle, pinned, assumptions} = context.store.get();
    const wanted = name === "mine" ? {policy: mine, title: mineTitle} : pinned;
    const reason = context.engine.canWatch(wanted.policy, assumptions);
    const other = choice.show(reason, standIn);
    side.title = (other ?? wanted).title;
    fill(heading, `${name === "mine" ? "Mine" : "Pinned"}: ${side.title}`);
    const policy = reason ? other?.policy : wanted.policy;
    const key = JSON.stringify([policy ?? reason, assumptions]);
    if (key === side.key) {
      return;
    }
    side.key = key;
    if (policy) {
      load(policy, assumptions, reason ? h("p", {class: "soft"}, `In place of ${wanted.title}. ${reason}`) : null);
    } else {
      finish(null, h("p", {class: "problem"}, reason));
    }
  }
  return Object.assign(side, {heading, status: h("div", {class: "side-status"}, said, choice.element), refresh});
}

/** Both sides, pinned first. `onChange()` when a recording has come or gone. */
export function makeSides(context, onChange) {
  const ask = library(context.engine);
  const both = ["pinned", "mine"].map((name) => makeSide(context, ask, name, onChange));
  return {both, refresh: () => both.forEach((side) => side.refresh())};
}
