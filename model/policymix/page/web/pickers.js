// Which two mixes are compared: the shipped scenarios, and what somebody made.

import {button, freshId, h} from "policymix/dom";
import {copyOf} from "policymix/policy";
import {pinnedFrom, shipped, shippedNameOf} from "policymix/state";

const OWN = "own";
const NO_LOCKS = {sides: [], levers: []};

/** A choice among shipped scenarios, and what is none of them, which stays to be chosen again. */
function scenarioChoice({facts}, title, onChoose) {
  const id = freshId("choice");
  const option = h("option", {value: OWN, hidden: true});
  let own = null;
  const element = h(
    "select",
    {id},
    facts.scenarios.map(({name, title: text}) => h("option", {value: name}, text)),
    option,
  );
  element.addEventListener("change", () => onChoose(shipped(facts, element.value) ?? own));
  return {
    parts: [h("label", {for: id}, title), element],
    /** `chosen`: {title, policy, named, locks}; `name` is that of the shipped scenario that it is, if any. */
    show(name, chosen, text) {
      if (!name) {
        own = chosen;
        option.hidden = false;
        option.textContent = text;
      }
      element.value = name ?? OWN;
    },
  };
}

/** Both choices, and the button that pins what there is. */
export function pickers(context) {
  const {facts, store} = context;
  const mine = scenarioChoice(context, "My mix", ({policy, title, named, locks}) =>
    // What locks held is gone, and what it was called, unless it comes back.
    store.set({
      mine: copyOf(policy),
      mineTitle: title,
      named: named ?? "",
      phase: 0,
      locks: locks ?? NO_LOCKS,
    }),
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
    const {title} = state.pinned;
    mine.show(
      shippedNameOf(facts, state.mineTitle, state.mine),
      {title: state.mineTitle, policy: state.mine, named: state.named, locks: state.locks},
      state.mineTitle,
    );
    pinned.show(shipped(facts, state.pinned.name)?.name, state.pinned, `${title} (pinned)`);
  };
  store.subscribe(say);
  say();
  return h("div", {class: "pickers"}, mine.parts, h("span", {}), pinned.parts, pin);
}
