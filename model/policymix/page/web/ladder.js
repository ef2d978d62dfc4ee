// A difference as one assumption moves: its picture, and whether the ranking turns round.

import {svg} from "policymix/dom";
import {asWritten, decimalsFor, linesOf, signed} from "policymix/format";
import {SAME} from "policymix/numbers";

const WIDE = 480;
const HIGH = 260;
const EDGE = {left: 86, right: 24, top: 42, bottom: 30};
const LINE = 20;

/** Scale from data to the picture. */
function scales(points, name, entry, wide) {
  const ends = points.flatMap(({outcomes}) => [
    outcomes[name].low ?? outcomes[name].difference,
    outcomes[name].high ?? outcomes[name].difference,
    0,
  ]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const pad = Math.max((most - least) * 0.08, 1e-9);
  const x = (value) =>
    EDGE.left + ((value - entry.low) / (entry.high - entry.low)) * (wide - EDGE.left - EDGE.right);
  const y = (value) =>
    EDGE.top + ((most + pad - value) / (most - least + 2 * pad)) * (HIGH - EDGE.top - EDGE.bottom);
  return {x, y, least, most};
}

/**
 * Difference (mine less pinned) by value of the assumption, `wide` as it is shown, so that letters keep their size;
 * `points` are sorted by value, some impossible.
 */
export function ladderPlot(points, outcome, entry, wide = WIDE) {
  const possible = points.filter(({isPossible}) => isPossible);
  const {x, y, least, most} = scales(possible, outcome.name, entry, wide);
  const at = (point) => point.outcomes[outcome.name];
  const decimals = decimalsFor(Math.max(Math.abs(least), Math.abs(most)), 2);
  const levels = [...new Set([least, 0, most])];
  const below = linesOf(`${entry.title}, ${entry.unit}`, wide);
  const told = points.map((point) => {
    const what = point.isPossible ? signed(at(point).difference, decimals) : "impossible";
    return `${what} at ${asWritten(point.value)}`;
  });
  const upright = (value, how) => ({
    x1: x(value),
    x2: x(value),
    y1: EDGE.top,
    y2: HIGH - EDGE.bottom,
    class: how,
  });
  return svg(
    "svg",
    {
      viewBox: `0 0 ${wide} ${HIGH + LINE * below.length}`,
      role: "img",
      "aria-label": `${outcome.title}, ${outcome.unit}, mine less pinned: ${told.join(", ")}.`,
      class: "ladder-plot",
    },
    runsOf(points).map((run) => curveOf(run, at, x, y)),
    svg("line", {x1: EDGE.left, x2: wide - EDGE.right, y1: y(0), y2: y(0), class: "zero"}),
    svg("line", upright(entry.value, "ledger-line")),
    possible.map((point) =>
      svg("circle", {cx: x(point.value), cy: y(at(point).difference), r: 4, class: "dot"}),
    ),
    points
      .filter(({isPossible}) => !isPossible)
      .map(({value}) =>
        label("\u00d7 impossible", x(value), y(0) - 6, x(value) > wide / 2 ? "end" : "start"),
      ),
    levels.map((level) => label(signed(level, decimals), EDGE.left - 8, y(level) + 5, "end")),
    [entry.low, entry.high].map((value, end) =>
      label(short(value), x(value), HIGH - EDGE.bottom + 20, end ? "end" : "start"),
    ),
    label("ledger", x(entry.value), EDGE.top - 4, x(entry.value) > wide / 2 ? "end" : "start"),
    label(`${outcome.unit}, mine less pinned`, 0, LINE - 5, "start"),
    below.map((line, at) => label(line, wide / 2, HIGH + LINE * (at + 1) - 10, "middle")),
  );
}

/** Points beside each other without an impossible one between them. */
function runsOf(points) {
  const runs = [[]];
  points.forEach((point) => (point.isPossible ? runs[runs.length - 1].push(point) : runs.push([])));
  return runs.filter((run) => run.length > 0);
}

function curveOf(run, at, x, y) {
  const line = run.map((point) => `${x(point.value)},${y(at(point).difference)}`);
  const edge = (end) => run.map((point) => `${x(point.value)},${y(at(point)[end])}`);
  const band = [...edge("high"), ...edge("low").reverse()];
  const hasBand = run.every((point) => Number.isFinite(at(point).low));
  return [
    hasBand ? svg("polygon", {points: band.join(" "), class: "band"}) : [],
    svg("polyline", {points: line.join(" "), class: "middle"}),
  ];
}

function label(text, x, y, anchor) {
  return svg("text", {x, y, "text-anchor": anchor}, text);
}

function short(value) {
  return asWritten(Number(value.toPrecision(4)));
}

/** At which of the values looked at the difference is clearly one way, and at which the other. */
export function rankingText(points, outcome, entry, {mine, pinned}) {
  const possible = points.filter(({isPossible}) => isPossible);
  const n = possible.length;
  const where = (sign) =>
    possible.filter(({outcomes}) => signOf(outcomes[outcome.name]) === sign).map(({value}) => short(value));
  const [less, unclear, more] = [-1, 0, 1].map(where);
  const thing = `${outcome.title.toLowerCase()} (${outcome.unit})`;
  const hasBand = possible.every(({outcomes}) => Number.isFinite(outcomes[outcome.name].low));
  const why = noneHasWidth(possible, outcome.name)
    ? SAME
    : hasBand
      ? "the band holds zero"
      : "there is no band of one replicate";
  return `${verdictOf({less, unclear, more, n, thing, why, mine, pinned})} Between these values nothing was played.${outside(points)}${graded(entry)}`;
}

/** Whether at every value looked at all replicates differ by the same. */
function noneHasWidth(points, name) {
  return points.every(({outcomes}) => outcomes[name].low !== null && outcomes[name].low === outcomes[name].high);
}

function verdictOf({less, unclear, more, n, thing, why, mine, pinned}) {
  if (less.length && more.length) {
    const rest = unclear.length ? `; at ${unclear.length} ${why}` : "";
    return `It flips. Of the ${n} values looked at, ${mine} is clearly below ${pinned} in ${thing} at ${less.join(", ")}, and clearly above at ${more.join(", ")}${rest}.`;
  }
  if (less.length || more.length) {
    const clear = less.length ? less : more;
    const rest = unclear.length ? `; at the other ${unclear.length} ${why}` : "";
    return `It flips at none of the ${n} values looked at: ${mine} is ${less.length ? "below" : "above"} ${pinned} in ${thing} at ${clear.length === n ? "all of them" : clear.join(", ")}${rest}.`;
  }
  return `Not clear at any of the ${n} values looked at: ${why}.`;
}

function outside(points) {
  const values = points.filter(({isPossible}) => !isPossible).map(({value}) => short(value));
  return values.length ? ` No possible world has it at ${values.join(", ")}.` : "";
}

function graded({grade}) {
  return grade === "C" ? " The assumption is of grade C: weak, assumed or an order of magnitude." : "";
}

function signOf({low, high}) {
  // An interval without width proves nothing.
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    return 0;
  }
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}
