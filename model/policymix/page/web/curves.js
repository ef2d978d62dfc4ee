// How curves are drawn: series, scales, axes, and parts stacked under their sum.

import {number, signed} from "policymix/format";

export const HEIGHT = 200;
/** Colours of the parts of an outcome, in their order: those that people have on the second tab. */
export const PART_COLOURS = ["state-active", "state-treatment", "state-held-addicted"];
const FADED = "38";
const STACKED = "80";

/** A colour of the page's style, as it is now (light or dark): #rrggbb. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** What the area of a part is painted with. */
export function stackPaint(at) {
  return `${colour(PART_COLOURS[at])}${STACKED}`;
}

/** The numbers as uPlot takes them: years, then a row for each series. */
export function seriesOf({outcome, parts, view, outcomes}) {
  const paths = outcomes[outcome.name];
  const years = paths.difference.map((_, month) => month / 12);
  if (view === "difference") {
    const none = paths.difference.map(() => null);
    const ends = parts.length ? outerOf(parts, outcomes) : [];
    return [years, paths.high ?? none, paths.low ?? none, paths.difference, ...ends];
  }
  const below = parts.slice(0, -1).map((_, at) => sumOf(parts.slice(0, at + 1), outcomes, "pinned"));
  return [years, paths.pinned, paths.mine, ...below];
}

/** Sums of what lies above and below zero, so that the scale holds the stack. */
function outerOf(parts, outcomes) {
  const months = outcomes[parts[0].name].difference.map((_, month) => month);
  const ends = (keep) =>
    months.map((month) => parts.reduce((sum, {name}) => sum + keep(outcomes[name].difference[month]), 0));
  return [ends((one) => Math.max(one, 0)), ends((one) => Math.min(one, 0))];
}

function sumOf(parts, outcomes, which) {
  return outcomes[parts[0].name][which].map((_, month) =>
    parts.reduce((sum, {name}) => sum + outcomes[name][which][month], 0),
  );
}

/** uPlot's options for what is `shown`; `onMonth(month)` follows the pointer. */
export function optionsOf(shown, width, onMonth) {
  const {view, parts} = shown;
  const isDifference = view === "difference";
  const axis = {stroke: colour("soft"), grid: {stroke: colour("line"), width: 1}, ticks: {show: false}};
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  const range = isDifference ? aroundZero : parts.length ? fromZero : roundTheLevels;
  return {
    width,
    height: HEIGHT,
    legend: {show: false},
    cursor: {y: false, points: {show: true}, drag: {setScale: false, x: false, y: false}},
    scales: {x: {time: false}, y: {range}},
    axes: [
      {
        ...axis,
        font,
        size: 34,
        values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "year 0" : `${tick}`)),
      },
      {...axis, font, size: 62, values: (_, ticks) => tickTexts(ticks, view)},
    ],
    series: isDifference ? differenceSeries(parts) : levelSeries(parts),
    bands: isDifference ? [{series: [1, 2], fill: `${colour("mine")}${FADED}`}] : [],
    hooks: {
      setCursor: [(plot) => onMonth(plot.cursor.idx ?? plot.data[0].length - 1)],
      drawAxes: [
        (plot) => parts.length > 0 && drawStack(plot, shown),
        (plot) => isDifference && drawZero(plot),
      ],
    },
  };
}

function tickTexts(ticks, view) {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const isWritten = (decimals) => Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6;
  const decimals = [0, 1, 2, 3, 4, 5].find(isWritten) ?? 6;
  return ticks.map((tick) => (view === "difference" ? signed(tick, decimals) : number(tick, decimals)));
}

/** A scale that always holds zero, so that nothing looks large for want of it. */
function aroundZero(_plot, low, high) {
  const reach = Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0)) || 1;
  const pad = reach * 0.08;
  return [Math.min(low ?? 0, 0) - pad, Math.max(high ?? 0, 0) + pad];
}

/** What is stacked begins at zero. */
function fromZero(_plot, _low, high) {
  return [0, (high || 1) * 1.08];
}

function roundTheLevels(_plot, low, high) {
  const pad = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, 1e-9);
  return [low >= 0 ? Math.max(low - pad, 0) : low - pad, high + pad];
}

function differenceSeries(parts) {
  const unseen = {stroke: "transparent", points: {show: false}};
  // Over coloured areas the shade of the band needs its edges.
  const edge = parts.length ? {...unseen, stroke: colour("mine"), width: 1} : unseen;
  const outer = parts.length ? [unseen, unseen] : [];
  return [{}, edge, edge, {stroke: colour("mine"), width: 2.5, points: {show: false}}, ...outer];
}

function levelSeries(parts) {
  const line = {width: 2.5, points: {show: false}};
  const pinned = {...line, stroke: colour("pinned"), dash: [8, 5]};
  return [
    {},
    pinned,
    {...line, stroke: colour("mine")},
    ...parts.slice(1).map(() => ({...pinned, width: 1.5})),
  ];
}

/** The parts on top of each other, month by month; what is negative goes down from zero. */
function drawStack(plot, {parts, outcomes, view}) {
  const {ctx} = plot;
  const which = view === "difference" ? "difference" : "mine";
  const months = outcomes[parts[0].name][which].length;
  const x = (month) => Math.round(plot.valToPos(Math.min(Math.max(month, 0), months - 1) / 12, "x", true));
  const y = (value) => Math.round(plot.valToPos(value, "y", true));
  const paints = parts.map((_, at) => stackPaint(at));
  ctx.save();
  for (let month = 0; month < months; month += 1) {
    const [left, right] = [x(month - 0.5), x(month + 0.5)];
    const reached = {up: 0, down: 0};
    parts.forEach(({name}, at) => {
      const value = outcomes[name][which][month] ?? 0;
      const side = value < 0 ? "down" : "up";
      const [from, to] = [y(reached[side]), y(reached[side] + value)];
      reached[side] += value;
      ctx.fillStyle = paints[at];
      ctx.fillRect(left, Math.min(from, to), right - left, Math.abs(from - to));
    });
  }
  ctx.restore();
}

function drawZero(plot) {
  const y = plot.valToPos(0, "y", true);
  const {ctx, bbox} = plot;
  ctx.save();
  ctx.strokeStyle = colour("text");
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
