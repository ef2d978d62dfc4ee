// The tab of the mix: what is pinned, what is mine, the sliders, and what comes of it.

import {button, fill, freshId, h} from "policymix/dom";
import {outcomesPanel} from "policymix/outcomes";
import {phasesPanel} from "policymix/phases";
import {copyOf} from "policymix/policy";
import {sliders} from "policymix/sliders";
import {pinnedFrom, shipped} from "policymix/state";

function select(title, names, onChoose) {
  const id = freshId("select");
  const element = h("select", {id}, names.map(([value, text]) => h("option", {value}, text)));
  element.addEventListener("change", () => onChoose(element.value));
  return {label: h("label", {for: id}, title), element};
}

/** "Mine" begins as a shipped scenario, or as what is pinned. */
function startFrom({facts, store}) {
  const shippedNames = facts.scenarios.map(({name, title}) => [name, title]);
  const choice = select("Start from", [["", "choose …"], ...shippedNames], (name) => {
    const found = shipped(facts, name);
    if (found) {
      store.set({mine: copyOf(found.policy), mineTitle: found.title, phase: 0});
    }
    choice.element.value = "";
  });
  const title = h("p", {class: "now"});
  const say = () => fill(title, "Now: ", h("strong", {}, store.get().mineTitle));
  store.subscribe((_, names) => names.includes("mineTitle") && say());
  say();
  return h("div", {class: "picker"}, h("h2", {}, "My mix"), title, h("p", {class: "field"}, choice.label, choice.element));
}

function pinnedPicker({facts, store}) {
  const shippedNames = facts.scenarios.map(({name, title}) => [name, title]);
  const own = h("option", {value: "pinned", hidden: true});
  const choice = select("Compare with", shippedNames, (name) => {
    const found = shipped(facts, name);
    if (found) {
      store.set({pinned: pinnedFrom(found)});
    }
  });
  choice.element.append(own);
  const pin = button("Pin what I have", () => {
    const {mine, mineTitle} = store.get();
    const known = facts.scenarios.find(({title}) => title === mineTitle);
    store.set({pinned: pinnedFrom({name: known ? known.name : "pinned", title: mineTitle, policy: mine})});
  });
  const say = () => {
    const {pinned} = store.get();
    own.hidden = pinned.name !== "pinned";
    own.textContent = `${pinned.title} (pinned)`;
    choice.element.value = pinned.name;
  };
  store.subscribe((_, names) => names.includes("pinned") && say());
  say();
  return h("div", {class: "picker"}, h("h2", {}, "Pinned"), h("p", {class: "field"}, choice.label, choice.element), pin);
}

/** The first tab. */
export function mixView(context) {
  const outcomes = outcomesPanel(context);
  const element = h(
    "div",
    {class: "mix"},
    h("div", {class: "panel"}, startFrom(context), pinnedPicker(context), phasesPanel(context), sliders(context)),
    outcomes.element,
  );
  context.charts = outcomes.charts;
  return {element, show: outcomes.show};
}
