// Which assumptions are not the ledger's: at the top of every tab.

import {button, fill, h} from "policymix/dom";
import {asWritten} from "policymix/format";

/** Keeps `element` saying what was changed; hidden while nothing is. */
export function changedBar({facts, store}, element) {
  const entries = Object.fromEntries(facts.assumptions.map((entry) => [entry.name, entry]));
  function setBack() {
    store.set({assumptions: {}});
    // The button is gone: without this the keyboard would be at the top of the page again.
    document.querySelector('[role="tab"][aria-selected="true"]').focus();
  }
  function say() {
    const changed = Object.entries(store.get().assumptions);
    element.hidden = changed.length === 0;
    fill(
      element,
      h("strong", {}, "Changed assumptions, for both mixes: "),
      changed.map(([name, value], place) =>
        h(
          "span",
          {},
          `${place ? "; " : ""}${entries[name].title} ${asWritten(value)} (${ledgerText(entries[name], value)})`,
        ),
      ),
      ". ",
      button("Set back", setBack, {class: "small"}),
    );
  }
  store.subscribe((_, names) => names.includes("assumptions") && say());
  say();
}

/** The ledger's value; the range too, where what is assumed is outside it. */
function ledgerText({value, low, high}, assumed) {
  const isInside = assumed >= low && assumed <= high;
  const range = isInside ? "" : `; outside its range, ${asWritten(low)} to ${asWritten(high)}`;
  return `ledger: ${asWritten(value)}${range}`;
}
