// The tab of the mix: what is pinned, what is mine, the sliders, and what comes of it.

import {button, freshId, h} from "policymix/dom";
import {outcomesPanel} from "policymix/outcomes";
import {phasesPanel} from "policymix/phases";
import {copyOf} from "policymix/policy";
import {sliders} from "policymix/sliders";
import {pinnedFrom, shipped, shippedNameOf} from "policymix/state";

/** A choice among shipped scenarios, and what is none of them under the name "own". */
function scenarioChoice({facts}, title, onChoose) {
  const id = freshId("choice");
  const own = h("option", {value: "own", hidden: true});
  const element = h(
    "select",
    {id},
    facts.scenarios.map(({name, title: text}) => h("option", {value: name}, text)),
    own,
  );
  element.addEventListener("change", () => {
    const found = shipped(facts, element.value);
    if (found) {
      onChoose(found);
    }
  });
  return {
    parts: [h("label", {for: id}, title), element],
    show(name, text) {
      own.hidden = name !== "own";
      own.textContent = text;
      element.value = name;
    },
  };
}

function pickers(context) {
  const {facts, store} = context;
  const mine = scenarioChoice(context, "My mix", ({policy, title}) =>
    // What locks held is gone.
    store.set({mine: copyOf(policy), mineTitle: title, phase: 0, locks: {sides: [], levers: []}}),
  );
  const pinned = scenarioChoice(context, "Pinned", (found) => store.set({pinned: pinnedFrom(found)}));
  const pin = button(
    "Pin mine",
    () => {
      const state = store.get();
      const name = shippedNameOf(facts, state.mineTitle, state.mine) ?? "pinned";
      store.set({pinned: pinnedFrom({name, title: state.mineTitle, policy: state.mine})});
    },
    {class: "small", title: "Compare with what I have now"},
  );
  const say = () => {
    const state = store.get();
    mine.show(shippedNameOf(facts, state.mineTitle, state.mine) ?? "own", state.mineTitle);
    pinned.show(
      shipped(facts, state.pinned.name) ? state.pinned.name : "own",
      `${state.pinned.title} (pinned)`,
    );
  };
  store.subscribe(say);
  say();
  return h("div", {class: "pickers"}, mine.parts, h("span", {}), pinned.parts, pin);
}

/** The first tab. */
export function mixView(context) {
  const outcomes = outcomesPanel(context);
  const element = h(
    "div",
    {class: "mix"},
    outcomes.strip,
    outcomes.sure,
    h("div", {class: "panel"}, pickers(context), sliders(context), phasesPanel(context)),
    outcomes.curves,
  );
  return {element, show: outcomes.show};
}
