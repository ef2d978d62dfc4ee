// One outcome over time: the paired difference with its band, or both levels; its parts stacked in it.

import uPlot from "uplot";
import {h} from "policymix/dom";
import {HEIGHT, optionsOf, PART_COLOURS, seriesOf, stackPaint} from "policymix/curves";
import {readoutText, spoken, yearTable} from "policymix/numbers";

/** A chart of one outcome. `update(outcomes, view, names)` shows an answer's numbers; `view` as in the state. */
export function outcomeChart(facts, name) {
  const outcome = facts.outcomes.find((one) => one.name === name);
  const parts = partsOf(facts, name);
  const readout = h("p", {class: "readout"});
  const place = h("div", {class: "plot", role: "img"});
  const heading = h("h3", {}, `${outcome.title}`, h("span", {class: "unit"}, outcome.unit));
  const table = yearTable(outcome);
  const element = h(
    "figure",
    {class: "chart", "data-outcome": outcome.name},
    heading,
    place,
    keysOf(parts),
    readout,
    table.element,
  );
  const shown = {outcome, parts, plot: null, view: "", outcomes: null, names: null};
  const width = () => Math.max(place.clientWidth, 200);
  const saySoFar = (month) => {
    readout.textContent = readoutText(shown, month);
  };
  function redraw() {
    shown.plot?.destroy();
    place.replaceChildren();
    shown.plot = new uPlot(optionsOf(shown, width(), saySoFar), seriesOf(shown), place);
  }
  new ResizeObserver(() => shown.plot?.setSize({width: width(), height: HEIGHT})).observe(place);
  return {
    element,
    outcome,
    parts,
    redraw: () => shown.outcomes && redraw(),
    canvas: () => place.querySelector("canvas"),
    readout: () => readout.textContent,
    update(outcomes, view, names) {
      const isOther = view !== shown.view;
      // What an answer tells is never changed in place: the same object is the same answer.
      if (shown.plot && !isOther && outcomes === shown.outcomes && isAlike(names, shown.names)) {
        return;
      }
      Object.assign(shown, {outcomes, view, names});
      if (isOther || shown.plot === null) {
        redraw();
      } else {
        shown.plot.setData(seriesOf(shown));
      }
      saySoFar(outcomes[outcome.name].difference.length - 1);
      place.setAttribute("aria-label", spoken(shown));
      table.show(shown);
    },
  };
}

function isAlike(names, others) {
  return names.mine === others.mine && names.pinned === others.pinned;
}

/** The outcomes of which this one is the sum. */
export function partsOf(facts, name) {
  return facts.outcomes.filter((one) => one.part_of === name);
}

/** The outcome in whose chart this one is drawn: a part is never drawn alone. */
export function chartOf(facts, name) {
  return facts.outcomes.find((one) => one.name === name).part_of || name;
}

/** Which colour is which part. */
function keysOf(parts) {
  return parts.length === 0
    ? null
    : h(
        "p",
        {class: "keys"},
        parts.map(({title}, at) =>
          h(
            "span",
            {},
            h("span", {class: "swatch", style: {background: `var(--${PART_COLOURS[at]})`}}),
            title,
          ),
        ),
      );
}

/** The same for a picture: [{paint, text}]. */
export function paintsOf(parts) {
  return parts.map(({title}, at) => ({paint: stackPaint(at), text: title}));
}
