// The headline numbers at the end: tiles beside the curves, and lines that stay in view on a narrow screen.

import {h} from "policymix/dom";
import {differenceText, isClear} from "policymix/numbers";

function lastMonth({difference}) {
  return difference.length - 1;
}

/** A tile of the wide screen. */
export function tile(outcome, outcomes) {
  const paths = outcomes[outcome.name];
  const month = lastMonth(paths);
  const clear = isClear(paths, month);
  const better = clear && paths.difference[month] < 0 === (outcome.is_better === "lower");
  const word = clear ? (better ? "lower" : "higher") : unclearWord(paths, month);
  return h(
    "div",
    {class: `tile ${clear ? (better ? "lower" : "higher") : "unclear"}`, "data-outcome": outcome.name},
    h("p", {class: "tile-title"}, outcome.title),
    h("p", {class: "tile-number"}, differenceText(paths, month).split(" (")[0]),
    h("p", {class: "tile-unit"}, outcome.unit),
    h("p", {class: "tile-band"}, bandText(paths, month), h("span", {class: "word"}, word)),
  );
}

/** A line of the narrow screen's strip, which stays in view beside the sliders. */
export function stripLine(outcome, outcomes) {
  const paths = outcomes[outcome.name];
  const month = lastMonth(paths);
  return h(
    "p",
    {class: isClear(paths, month) ? "clear" : ""},
    `${outcome.title} `,
    h("b", {}, differenceText(paths, month)),
    ` ${outcome.unit}`,
  );
}

/** Why a difference is not clear: no band, no difference, or a band around zero. */
function unclearWord({difference, low, high}, month) {
  if (!Number.isFinite(low?.[month])) {
    return "no band: one replicate";
  }
  const isSame = difference[month] === 0 && low[month] === 0 && high[month] === 0;
  return isSame ? "the same" : "not clear: the band holds zero";
}

function bandText(paths, month) {
  const [, band] = differenceText(paths, month).split(" (");
  return band ? `95 %: ${band.slice(0, -1)}. ` : "";
}
