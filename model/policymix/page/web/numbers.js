// What curves say in numbers and words: at a month, at the end, and year by year as a table.

import {fill, h} from "policymix/dom";
import {decimalsFor, number, signed, spanText} from "policymix/format";

export const SAME = "the same in every replicate";
/** What rounding may leave of a level. */
const ROUNDING = 1e-9;

/** The interval of a difference at a month, null where there is none. */
function bandOf({low, high}, month) {
  const ends = [low?.[month], high?.[month]];
  return ends.every(Number.isFinite) ? ends : null;
}

/** Whether both mixes come to the same at a month in every replicate; of one replicate nobody knows. */
export function isSame(paths, month) {
  const most = Math.max(...[paths.mine, paths.pinned].map((levels) => Math.abs(levels?.[month] ?? 0)));
  const band = bandOf(paths, month);
  return band !== null && [...band, paths.difference[month]].every((end) => Math.abs(end) <= ROUNDING * most);
}

/** A difference at a month and its interval: "−78.1" and "−85 to −71", or in words where none differs. */
export function differenceParts(paths, month) {
  const middle = paths.difference[month];
  const band = bandOf(paths, month);
  if (middle === null || middle === undefined) {
    return ["no value", ""];
  }
  if (isSame(paths, month)) {
    return [SAME, ""];
  }
  if (band === null || band[0] === band[1]) {
    return [signed(middle, decimalsFor(middle, 3)), band ? SAME : ""];
  }
  const decimals = decimalsFor((band[1] - band[0]) / 2, 2) + moreFor(band);
  return [signed(middle, decimals), band.map((end) => signed(end, decimals)).join(" to ")];
}

/** A decimal more where an end would be written as zero that is none: the verdict may hang on it. */
function moreFor(band) {
  const decimals = decimalsFor((band[1] - band[0]) / 2, 2);
  return band.some((end) => end !== 0 && !/[1-9]/.test(number(end, decimals))) ? 1 : 0;
}

/** "−78.1 (−85 to −71)": a difference at a month, with its interval if there is one. */
export function differenceText(paths, month) {
  const [middle, band] = differenceParts(paths, month);
  return band ? `${middle} (${band})` : middle;
}

/** The same with its unit, where it is a number. */
export function withUnit(paths, month, unit) {
  const text = differenceText(paths, month);
  return /\d/.test(text) ? `${text} ${unit}` : text;
}

/** Whether a difference's interval leaves out zero; one without width proves nothing. */
export function isClear(paths, month) {
  const band = bandOf(paths, month);
  return band !== null && !isSame(paths, month) && band[0] < band[1] && (band[0] > 0 || band[1] < 0);
}

/** Of the parts of an outcome, how each differs: "Active addiction −90, in treatment +40". */
function partsText(parts, outcomes, month, which) {
  const values = parts.map(({name}) => outcomes[name][which][month]);
  const isQuiet = which === "difference" && parts.every(({name}) => isSame(outcomes[name], month));
  if (parts.length === 0 || isQuiet || values.some((value) => !Number.isFinite(value))) {
    return "";
  }
  const decimals = decimalsFor(Math.max(...values.map(Math.abs)), 3);
  const write = which === "difference" ? signed : number;
  return `Of these: ${parts.map(({title}, at) => `${title.toLowerCase()} ${write(values[at], decimals)}`).join(", ")}`;
}

function levelText(value, like) {
  return Number.isFinite(value) ? number(value, decimalsFor(Math.abs(like), 4)) : "no value";
}

/** What stands under a chart about a month: "Year 10: −78 (−85 to −71)". */
export function readoutText(shown, month) {
  if (!shown.outcomes || month === null || month === undefined) {
    return "";
  }
  return `Year ${number(month / 12, month % 12 === 0 ? 0 : 1)}: ${valueText(shown, month)}`;
}

/** The difference, or both levels, as shown; `shown` has outcome, parts, view, outcomes and names. */
function valueText({outcome, parts, view, outcomes, names}, month) {
  const paths = outcomes[outcome.name];
  const of = (which) => {
    const told = partsText(parts, outcomes, month, which);
    return told && `. ${told}`;
  };
  if (view === "difference") {
    return `${differenceText(paths, month)}${of("difference")}`;
  }
  const most = Math.max(Math.abs(paths.mine[month]), Math.abs(paths.pinned[month]));
  return ["mine", "pinned"]
    .map((which) => `${names[which]} ${levelText(paths[which][month], most)}${of(which)}`)
    .join("; ");
}

/** What the picture shows, for those who do not see it: in the middle and at the end. */
export function spoken(shown) {
  const {outcome, view, names} = shown;
  const months = shown.outcomes[outcome.name].difference.length - 1;
  const what = view === "difference" ? `${names.mine} less ${names.pinned}` : "levels of both mixes";
  const at = [Math.round(months / 2), months]
    .map((month) => `after ${spanText(month)}, ${valueText(shown, month)}`)
    .join("; ");
  return `${outcome.title}, ${outcome.unit}: ${what}, ${at}.`;
}

/** A table of texts; the first cell of a row is its head. */
export function tableOf(heads, rows) {
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", {scope: "col"}, text)))),
    h(
      "tbody",
      {},
      rows.map(([head, ...cells]) =>
        h(
          "tr",
          {},
          h("th", {scope: "row"}, head),
          ...cells.map((text, at) => h("td", {"data-head": heads[at + 1]}, text)),
        ),
      ),
    ),
  );
}

/** The numbers of a chart by year, folded away; `show(shown)` follows the chart. */
export function yearTable(outcome) {
  const content = h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": outcome.title});
  const element = h(
    "details",
    {class: "by-year"},
    h("summary", {}, h("span", {class: "unseen"}, `${outcome.title}: `), "Numbers by year"),
    content,
  );
  let last = null;
  const draw = () => last && element.open && fill(content, tableOf(headsOf(last), rowsOf(last)));
  element.addEventListener("toggle", draw);
  return {
    element,
    show(shown) {
      last = shown;
      draw();
    },
  };
}

function headsOf({parts, names}) {
  const own = ["Year", names.mine, names.pinned, "Mine less pinned (95 %)"];
  return [...own, ...parts.map(({title}) => `${title}: mine, pinned, difference`)];
}

function rowsOf({outcome, parts, outcomes}) {
  const paths = outcomes[outcome.name];
  const months = paths.difference.length - 1;
  const years = Array.from({length: Math.floor(months / 12) + 1}, (_, year) => 12 * year);
  const shown = months % 12 === 0 ? years : [...years, months];
  const most = Math.max(...paths.mine, ...paths.pinned);
  return shown.map((month) => [
    number(month / 12, month % 12 === 0 ? 0 : 1),
    levelText(paths.mine[month], most),
    levelText(paths.pinned[month], most),
    differenceText(paths, month),
    ...parts.map(({name}) => {
      const {mine, pinned, difference} = outcomes[name];
      const [one, other] = [levelText(mine[month], most), levelText(pinned[month], most)];
      const less = isSame(outcomes[name], month) ? SAME : signed(difference[month], decimalsFor(most, 4));
      return `${one}, ${other}, ${less}`;
    }),
  ]);
}
