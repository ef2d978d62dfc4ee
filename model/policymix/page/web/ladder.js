// A difference as one assumption moves: its picture, and whether the ranking turns round.

import {svg} from "policymix/dom";
import {asWritten, decimalsFor, number, signed} from "policymix/format";

const WIDE = 480;
const HIGH = 280;
const EDGE = {left: 86, right: 24, top: 16, bottom: 56};

/** Scale from data to the picture. */
function scales(points, name, entry) {
  const ends = points.flatMap(({outcomes}) => [
    outcomes[name].low ?? outcomes[name].difference,
    outcomes[name].high ?? outcomes[name].difference,
    0,
  ]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const pad = Math.max((most - least) * 0.08, 1e-9);
  const x = (value) =>
    EDGE.left + ((value - entry.low) / (entry.high - entry.low)) * (WIDE - EDGE.left - EDGE.right);
  const y = (value) =>
    EDGE.top + ((most + pad - value) / (most - least + 2 * pad)) * (HIGH - EDGE.top - EDGE.bottom);
  return {x, y, least, most};
}

/** Difference (mine less pinned) by value of the assumption; `points` are sorted by value. */
export function ladderPlot(points, outcome, entry) {
  const {x, y, least, most} = scales(points, outcome.name, entry);
  const at = (point) => point.outcomes[outcome.name];
  const line = points.map((point) => `${x(point.value)},${y(at(point).difference)}`).join(" ");
  const hasBand = points.every((point) => Number.isFinite(at(point).low));
  const band = hasBand
    ? [
        ...points.map((p) => `${x(p.value)},${y(at(p).high)}`),
        ...points.toReversed().map((p) => `${x(p.value)},${y(at(p).low)}`),
      ].join(" ")
    : "";
  const decimals = decimalsFor(Math.max(Math.abs(least), Math.abs(most)), 2);
  const levels = [...new Set([least, 0, most])];
  const text = `${outcome.title}, mine less pinned: ${points.map((p) => `${signed(at(p).difference, decimals)} at ${asWritten(p.value)}`).join(", ")}.`;
  return svg(
    "svg",
    {viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": text, class: "ladder-plot"},
    band ? svg("polygon", {points: band, class: "band"}) : [],
    svg("line", {x1: EDGE.left, x2: WIDE - EDGE.right, y1: y(0), y2: y(0), class: "zero"}),
    svg("line", {
      x1: x(entry.value),
      x2: x(entry.value),
      y1: EDGE.top,
      y2: HIGH - EDGE.bottom,
      class: "ledger-line",
    }),
    svg("polyline", {points: line, class: "middle"}),
    points.map((point) =>
      svg("circle", {cx: x(point.value), cy: y(at(point).difference), r: 4, class: "dot"}),
    ),
    levels.map((level) => label(signed(level, decimals), EDGE.left - 8, y(level) + 5, "end")),
    [entry.low, entry.high].map((value, end) =>
      label(
        asWritten(Number(value.toPrecision(4))),
        x(value),
        HIGH - EDGE.bottom + 20,
        end ? "end" : "start",
      ),
    ),
    label("ledger", x(entry.value), EDGE.top + 2, x(entry.value) > WIDE / 2 ? "end" : "start"),
    label(`${entry.title}, ${entry.unit}`, (EDGE.left + WIDE - EDGE.right) / 2, HIGH - 10, "middle"),
  );
}

function label(text, x, y, anchor) {
  return svg("text", {x, y, "text-anchor": anchor}, text);
}

/** Where the difference is clearly one way, and whether it is clearly the other way elsewhere. */
export function rankingText(points, outcome, entry, {mine, pinned}) {
  const signs = points.map(({outcomes}) => signOf(outcomes[outcome.name]));
  const thing = `${outcome.title.toLowerCase()} (${outcome.unit})`;
  const [hasLess, hasMore] = [signs.includes(-1), signs.includes(1)];
  const span = `from ${asWritten(Number(entry.low.toPrecision(4)))} to ${asWritten(Number(entry.high.toPrecision(4)))}`;
  if (hasLess && hasMore) {
    const where = points
      .filter((_, place) => signs[place] === 1)
      .map(({value}) => asWritten(Number(value.toPrecision(4))));
    return `It flips. ${mine} has less ${thing} at some values and clearly more at ${where.join(", ")}.${graded(entry)}`;
  }
  if (hasLess || hasMore) {
    const unclear = signs.filter((sign) => sign === 0).length;
    const but = unclear ? ` At ${number(unclear)} of ${points.length} values the band holds zero.` : "";
    return `It does not flip ${span}: ${mine} has ${hasLess ? "less" : "more"} ${thing} than ${pinned} wherever it is clear.${but}`;
  }
  return `Not clear anywhere ${span}: every band holds zero.`;
}

function graded({grade}) {
  return grade === "C" ? " The assumption is of grade C: weak, assumed or an order of magnitude." : "";
}

function signOf({low, high}) {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    return 0;
  }
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}
