// One outcome over time: the paired difference with its band, or both levels.

import uPlot from "uplot";
import {h} from "policymix/dom";
import {decimalsFor, number, signed} from "policymix/format";

const HEIGHT = 200;

/** A colour of the page's style, as it is now (light or dark). */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function faded(name) {
  return `color-mix(in srgb, ${colour(name)} 22%, transparent)`;
}

/** "−78.1 (−71 to −85)": a difference at a month, with its interval if there is one. */
export function differenceText(paths, month) {
  const middle = paths.difference[month];
  if (middle === null || middle === undefined) {
    return "no value";
  }
  const [low, high] = [paths.low?.[month], paths.high?.[month]];
  const hasBand = Number.isFinite(low) && Number.isFinite(high);
  const decimals = hasBand ? decimalsFor((high - low) / 2, 2) : decimalsFor(middle, 3);
  const band = hasBand ? ` (${signed(low, decimals)} to ${signed(high, decimals)})` : "";
  return `${signed(middle, decimals)}${band}`;
}

/** Whether a difference's interval leaves out zero. */
export function isClear(paths, month) {
  const [low, high] = [paths.low?.[month], paths.high?.[month]];
  return Number.isFinite(low) && Number.isFinite(high) && low < high && (low > 0 || high < 0);
}

/** A chart of one outcome. `update(paths, view, names)` shows new numbers; `view` as in the state. */
export function outcomeChart(outcome) {
  const readout = h("p", {class: "readout"});
  const place = h("div", {class: "plot", role: "img"});
  const heading = h("h3", {}, `${outcome.title}`, h("span", {class: "unit"}, outcome.unit));
  const element = h("figure", {class: "chart", "data-outcome": outcome.name}, heading, place, readout);
  const shown = {plot: null, view: "", paths: null, names: {mine: "mine", pinned: "pinned"}};
  const width = () => Math.max(place.clientWidth, 200);
  const saySoFar = (month) => {
    readout.textContent = readoutText(shown, month);
  };
  function redraw() {
    shown.plot?.destroy();
    place.replaceChildren();
    shown.plot = new uPlot(options(shown.view, width(), saySoFar), dataOf(shown), place);
  }
  new ResizeObserver(() => shown.plot?.setSize({width: width(), height: HEIGHT})).observe(place);
  return {
    element,
    outcome,
    redraw: () => shown.paths && redraw(),
    canvas: () => place.querySelector("canvas"),
    paths: () => shown.paths,
    readout: () => readout.textContent,
    update(paths, view, names) {
      const isOther = view !== shown.view;
      Object.assign(shown, {paths, view, names});
      if (isOther || shown.plot === null) {
        redraw();
      } else {
        shown.plot.setData(dataOf(shown));
      }
      saySoFar(paths.difference.length - 1);
      place.setAttribute("aria-label", spoken(outcome, shown));
    },
  };
}

function readoutText({view, paths, names}, month) {
  if (!paths || month === null || month === undefined) {
    return "";
  }
  const year = `Year ${number(month / 12, month % 12 === 0 ? 0 : 1)}: `;
  if (view === "difference") {
    return year + differenceText(paths, month);
  }
  const [mine, pinned] = [paths.mine[month], paths.pinned[month]];
  if (mine === null || pinned === null) {
    return `${year}no value`;
  }
  const decimals = decimalsFor(Math.max(Math.abs(mine), Math.abs(pinned)), 4);
  return `${year}${names.mine} ${number(mine, decimals)}, ${names.pinned} ${number(pinned, decimals)}`;
}

/** What the picture shows, for those who do not see it. */
function spoken(outcome, shown) {
  const months = shown.paths.difference.length - 1;
  const middle = Math.round(months / 2);
  const {mine, pinned} = shown.names;
  const at = (month) => `after ${number(month / 12, 1)} years ${differenceText(shown.paths, month)}`;
  return `${outcome.title}, ${outcome.unit}: ${mine} less ${pinned}, ${at(middle)}, ${at(months)}.`;
}

function dataOf({view, paths}) {
  const years = paths.difference.map((_, month) => month / 12);
  if (view === "difference") {
    const none = paths.difference.map(() => null);
    return [years, paths.high ?? none, paths.low ?? none, paths.difference];
  }
  return [years, paths.pinned, paths.mine];
}

function options(view, width, onMonth) {
  const axis = {stroke: colour("soft"), grid: {stroke: colour("line"), width: 1}, ticks: {show: false}};
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return {
    width,
    height: HEIGHT,
    legend: {show: false},
    cursor: {y: false, points: {show: true}, drag: {setScale: false, x: false, y: false}},
    scales: {x: {time: false}, y: {range: view === "difference" ? aroundZero : roundTheLevels}},
    axes: [
      {
        ...axis,
        font,
        size: 34,
        values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "year 0" : `${tick}`)),
      },
      {...axis, font, size: 62, values: (_, ticks) => tickTexts(ticks, view)},
    ],
    series: view === "difference" ? differenceSeries() : levelSeries(),
    bands: view === "difference" ? [{series: [1, 2], fill: faded("mine")}] : [],
    hooks: {
      setCursor: [(plot) => onMonth(plot.cursor.idx ?? plot.data[0].length - 1)],
      drawAxes: [(plot) => view === "difference" && drawZero(plot)],
    },
  };
}

function tickTexts(ticks, view) {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const decimals = Math.max(0, Math.min(-Math.floor(Math.log10(step) + 1e-9), 6));
  return ticks.map((tick) => (view === "difference" ? signed(tick, decimals) : number(tick, decimals)));
}

/** A scale that always holds zero, so that nothing looks large for want of it. */
function aroundZero(_plot, low, high) {
  const reach = Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0)) || 1;
  const pad = reach * 0.08;
  return [Math.min(low ?? 0, 0) - pad, Math.max(high ?? 0, 0) + pad];
}

function roundTheLevels(_plot, low, high) {
  const pad = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, 1e-9);
  return [low >= 0 ? Math.max(low - pad, 0) : low - pad, high + pad];
}

function differenceSeries() {
  const edge = {stroke: "transparent", points: {show: false}};
  return [{}, edge, edge, {stroke: colour("mine"), width: 2.5, points: {show: false}}];
}

function levelSeries() {
  const line = {width: 2.5, points: {show: false}};
  return [{}, {...line, stroke: colour("pinned"), dash: [8, 5]}, {...line, stroke: colour("mine")}];
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
