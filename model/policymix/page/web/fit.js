// How far fitted curves are from played ones: only where they are fitted.

import {h} from "policymix/dom";
import {decimalsFor, number, percent} from "policymix/format";
import {tableOf} from "policymix/numbers";

const SHORTLY =
  "This file played many mixes beforehand and draws smooth surfaces through them: for a mix between them it says what they foretell, and the first number is by how much that is off.";

const ERRORS = ["fit", "monte_carlo", "fit_at_ends", "monte_carlo_at_ends"];

/** The table of errors, folded; null where everything is played. */
export function fitTable({engine, facts}) {
  if (!engine.errors) {
    return null;
  }
  const heads = ["Outcome", "Fit's error", "Chance's error", "Bands that held", "Fit's error at ends", "Chance's there"];
  const rows = facts.outcomes.map(({name, title, unit}) => {
    const errors = engine.errors[name];
    const told = ERRORS.map((key) => errors[key]);
    const [fit, chance, ...atEnds] = told.map((error) => number(error, decimalsFor(Math.max(...told), 2)));
    return [`${title}, ${unit}`, fit, chance, percent(errors.share_covered), ...atEnds];
  });
  return h(
    "details",
    {class: "fit"},
    h("summary", {}, "How good is the fit?"),
    h(
      "p",
      {},
      h("strong", {}, SHORTLY),
    ),
    h(
      "p",
      {},
      "Measured on mixes that had no part in it. The fit's error is how far fitted differences are from played ones; chance's error is the standard error of the played ones; both are root mean squares over mixes and months. Bands that held: intervals of the difference of two mixes that held the played one, with the same dice. At ends: both errors over other mixes, in which one lever or two have nearly all the money; the bands there are made with the fit's usual error, so trust an outcome less whose fit errs there by more than chance.",
    ),
    h(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": "How good is the fit?"},
      tableOf(heads, rows),
    ),
  );
}
