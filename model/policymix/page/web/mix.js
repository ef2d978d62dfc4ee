// The tab of the mix: what is pinned, what is mine, the sliders, and what comes of it.

import {h} from "policymix/dom";
import {nameField} from "policymix/naming";
import {outcomesPanel} from "policymix/outcomes";
import {phasesPanel} from "policymix/phases";
import {pickers} from "policymix/pickers";
import {sliders} from "policymix/sliders";

/** The first tab. */
export function mixView(context) {
  const outcomes = outcomesPanel(context);
  const element = h(
    "div",
    {class: "mix"},
    outcomes.strip,
    outcomes.sure,
    h("div", {class: "panel"}, pickers(context), nameField(context), sliders(context), phasesPanel(context)),
    outcomes.curves,
  );
  return {element, show: outcomes.show};
}
