// The flip plot of the file: within which values of which assumptions the ranking is mostly the other way.

import {svg} from "policymix/dom";
import {asWritten, decimalsFor, linesOf, number} from "policymix/format";

const WIDEST = 540;
const EDGE = 8;
const LINE = 20;
const TRACK = 34;

/**
 * The boxes as an SVG, null if there is none. `boxes`: {outcome, box} with bounds
 * {assumption, low, high}, null where the range itself ends it; `room` [px] is what it may take.
 */
export function flipPlot(boxes, facts, room = WIDEST) {
  const found = boxes.filter(({box}) => box.length > 0);
  if (found.length === 0) {
    return null;
  }
  const outcomes = Object.fromEntries(facts.outcomes.map(({name, title}) => [name, title]));
  const wide = Math.min(room, WIDEST);
  const parts = [];
  const told = [];
  let y = LINE;
  const write = (text, how) => {
    for (const line of linesOf(text, wide - 2 * EDGE)) {
      parts.push(svg("text", {x: EDGE, y, ...how}, line));
      y += LINE;
    }
  };
  for (const {outcome, box} of found) {
    const head = `${outcomes[outcome]}: the ranking turns round more often where`;
    write(head, {"font-weight": 700});
    y += LINE * 0.2;
    const bounds = box.map((bound) => boundOf(bound, facts));
    for (const bound of bounds) {
      write(bound.text, {});
      parts.push(...trackOf(bound, y - LINE + 8, wide));
      y += TRACK;
    }
    told.push(`${head} ${bounds.map(({text}) => text).join(" and ")}.`);
    y += LINE * 0.5;
  }
  const label = `Boxes of worlds, each bar the range of an assumption. ${told.join(" ")}`;
  return svg(
    "svg",
    {viewBox: `0 0 ${wide} ${y}`, role: "img", "aria-label": label, class: "ladder-plot flip-plot"},
    parts,
  );
}

/** A bound in words, and as parts of the range that is drawn from. */
function boundOf({assumption, low, high}, facts) {
  const entry = facts.assumptions.find(({name}) => name === assumption);
  const decimals = decimalsFor(Math.max(Math.abs(entry.low), Math.abs(entry.high)), 3);
  const write = (value) => number(value, decimals);
  const how =
    low !== null && high !== null
      ? `is ${write(low)} to ${write(high)}`
      : low !== null
        ? `is at least ${write(low)}`
        : `is at most ${write(high)}`;
  const part = (value) => Math.min(Math.max((value - entry.low) / (entry.high - entry.low), 0), 1);
  return {
    text: `${entry.title} ${how}${entry.grade === "C" ? " (grade C: weak)" : ""}`,
    unit: entry.unit,
    ends: [asWritten(entry.low), asWritten(entry.high)],
    from: low === null ? 0 : part(low),
    to: high === null ? 1 : part(high),
  };
}

function trackOf({from, to, ends, unit}, y, wide) {
  const x = (part) => EDGE + part * (wide - 2 * EDGE);
  return [
    svg("line", {x1: x(0), x2: x(1), y1: y, y2: y, class: "zero"}),
    svg("rect", {x: x(from), y: y - 5, width: Math.max(x(to) - x(from), 2), height: 10, class: "dot"}),
    svg("text", {x: x(0), y: y + LINE, class: "end"}, ends[0]),
    svg("text", {x: x(1), y: y + LINE, "text-anchor": "end", class: "end"}, `${ends[1]} ${unit}`),
  ];
}
