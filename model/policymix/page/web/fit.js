// How far fitted curves are from played ones: only where they are fitted.

import {h} from "policymix/dom";
import {decimalsFor, number, percent} from "policymix/format";
import {tableOf} from "policymix/numbers";

const SHORTLY =
  "This file played many mixes beforehand and draws smooth surfaces through them: for a mix between them it says what they foretell, and the first number is by how much that is off.";

/** The table of errors, folded; null where everything is played. */
export function fitTable({engine, facts}) {
  if (!engine.errors) {
    return null;
  }
  const heads = ["Outcome", "Fit's error", "At ends", "Chance's error", "Bands that held"];
  const rows = facts.outcomes.map(({name, title, unit}) => {
    const {fit, fit_at_ends: ends, monte_carlo: chance, share_covered: share} = engine.errors[name];
    const decimals = decimalsFor(Math.max(fit, chance), 2);
    const errors = [fit, ends, chance].map((error) => number(error, decimals));
    return [`${title}, ${unit}`, ...errors, percent(share)];
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
      "Measured on mixes that had no part in it. The fit's error is how far fitted differences are from played ones; chance's error is the standard error of the played ones; both are root mean squares over mixes and months. Bands that held: intervals of the difference of two mixes that held the played one, with the same dice. At ends: the fit's error over other mixes, in which one lever or two have nearly all the money.",
    ),
    h(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": "How good is the fit?"},
      tableOf(heads, rows),
    ),
  );
}
