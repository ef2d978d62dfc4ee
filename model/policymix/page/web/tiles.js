// The headline numbers at the end: tiles beside the curves, and lines that stay in view on a narrow screen.

import {h} from "policymix/dom";
import {differenceParts, differenceText, isClear, isSame, SAME} from "policymix/numbers";

function lastMonth({difference}) {
  return difference.length - 1;
}

function directionWord({difference}, month) {
  return difference[month] < 0 ? "lower" : "higher";
}

/** A tile of the wide screen. */
export function tile(outcome, outcomes) {
  const paths = outcomes[outcome.name];
  const month = lastMonth(paths);
  const clear = isClear(paths, month);
  const word = clear ? directionWord(paths, month) : "unclear";
  const [middle, band] = differenceParts(paths, month);
  const same = isSame(paths, month);
  const told = h("span", {class: "word"}, clear ? word : unclearParts(band).join(": "));
  return h(
    "div",
    {class: `tile ${word}`, "data-outcome": outcome.name},
    h("p", {class: "tile-title"}, outcome.title),
    h("p", {class: same ? "tile-number in-words" : "tile-number"}, middle),
    same
      ? null
      : [h("p", {class: "tile-unit"}, outcome.unit), h("p", {class: "tile-band"}, bandText(band), told)],
  );
}

/** A line of the narrow screen's strip, which stays in view beside the sliders. */
export function stripLine(outcome, outcomes) {
  const paths = outcomes[outcome.name];
  const month = lastMonth(paths);
  const [, band] = differenceParts(paths, month);
  const word = isClear(paths, month) ? directionWord(paths, month) : unclearParts(band)[0];
  return h(
    "p",
    {class: isClear(paths, month) ? "clear" : ""},
    `${outcome.title} `,
    h("b", {}, differenceText(paths, month)),
    isSame(paths, month) ? "" : ` ${outcome.unit}, ${word}`,
  );
}

function bandText(band) {
  return band === SAME ? `${SAME}. ` : band && `95 %: ${band}. `;
}

/** The word for it, and why. */
function unclearParts(band) {
  if (band === SAME) {
    return ["not clear", "no spread to judge by"];
  }
  return band ? ["not clear", "the band holds zero"] : ["no band", "one replicate"];
}
