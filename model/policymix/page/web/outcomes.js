// What the mix does: headline numbers, curves, and how sure they are.

import {button, fill, h} from "policymix/dom";
import {outcomeChart} from "policymix/charts";
import {flowsText, namesOf, remarksLine, remarksOn, sizeText} from "policymix/compared";
import {fitTable} from "policymix/fit";
import {spanText} from "policymix/format";
import {isPredicting} from "policymix/lesson_cards";
import {withUnit} from "policymix/numbers";
import {stripLine, tile} from "policymix/tiles";

const GROUPS = {
  headline: "Headlines",
  people: "People",
  market: "Market and money",
  cartels: "Cartels and countries",
};
/** Before a result is read out: a hand on a slider asks for many, and wants to hear the last. */
const QUIET_MS = 1200;
const REDRAWN_WITH = ["view", "group", "mineTitle", "pinned", "tab", "lesson"];

/** The panel of outcomes: tiles and charts that follow the answers. */
export function outcomesPanel(context) {
  const {facts, store, answers} = context;
  const charts = facts.outcomes
    .filter((outcome) => !outcome.part_of)
    .map((outcome) => outcomeChart(facts, outcome.name));
  const status = h("p", {class: "status"});
  const tiles = h("div", {class: "tiles"});
  const strip = h("div", {class: "strip"});
  const grid = h("div", {class: "charts"});
  const remarks = remarksLine(context);
  const shown = [tiles, strip, grid];
  const update = () => {
    const isHidden = isPredicting(store.get());
    shown.forEach((part) => {
      part.hidden = isHidden;
    });
    fill(status, isHidden ? waitingParts(store) : statusText(answers.get(), facts));
    if (!isHidden) {
      drawCharts(context, charts, grid);
    }
  };
  let told = null;
  answers.subscribe((state) => {
    status.classList.toggle("problem", state.problem !== "");
    shown.forEach((part) => part.classList.toggle("stale", state.problem !== ""));
    if (state.answer && state.answer !== told) {
      told = state.answer;
      const headlines = charts.filter(({outcome}) => outcome.group === "headline");
      const {outcomes} = state.answer;
      fill(
        tiles,
        headlines.map(({outcome}) => tile(outcome, outcomes)),
      );
      fill(
        strip,
        headlines.map(({outcome}) => stripLine(outcome, outcomes)),
      );
    }
    update();
  });
  store.subscribe((_, changed) => changed.some((name) => REDRAWN_WITH.includes(name)) && update());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    charts.forEach((chart) => chart.redraw()),
  );
  const sure = h("div", {class: "sure"}, tiles, remarks, status, announcer(context));
  const curves = h(
    "div",
    {class: "curves"},
    chooser({facts, store}),
    grid,
    legend(context),
    fitTable(context),
  );
  return {sure, strip, curves, show: update};
}

function waitingParts(store) {
  return [
    "Hidden until you have predicted: ",
    button("back to the lesson", () => store.set({tab: "lessons"}), {class: "small"}),
  ];
}

/** The charts of the chosen group, with the answer there is. */
function drawCharts({store, answers}, charts, grid) {
  const {view, group} = store.get();
  const {answer} = answers.get();
  const chosen = charts.filter(({outcome}) => outcome.group === group);
  const elements = chosen.map(({element}) => element);
  if (!sameChildren(grid, elements)) {
    fill(grid, elements);
  }
  // Not by how large it is: to ask for that lays the whole page out, before it is drawn anyway.
  if (answer && grid.isConnected && grid.closest("[hidden]") === null) {
    chosen.forEach((chart) => chart.update(answer.outcomes, view, namesOf(store)));
    performance.mark("policymix-drawn");
  }
}

/**
 * Reads the headlines out once they stand still: the only part of this tab that speaks without a change by hand.
 * It holds what the screen tells or, until that was read out, nothing: never an answer that is no longer there.
 */
function announcer(context) {
  const {store, answers} = context;
  const element = h("p", {class: "unseen spoken", role: "status", "aria-live": "polite"});
  let timer = 0;
  const follow = () => {
    clearTimeout(timer);
    const text = toldText(context);
    if (text === element.textContent) {
      return;
    }
    element.textContent = "";
    if (store.get().tab === "mix") {
      timer = setTimeout(() => {
        element.textContent = text;
      }, QUIET_MS);
    }
  };
  answers.subscribe(follow);
  store.subscribe(follow);
  return element;
}

/** What this tab tells; empty while that waits for a run or for a prediction. */
function toldText(context) {
  const {facts, store, answers} = context;
  const {answer, problem, isWaiting, isOld} = answers.get();
  if (isPredicting(store.get())) {
    return "";
  }
  if (problem) {
    return problem;
  }
  return answer && !isWaiting && !isOld ? headlinesText(facts, answer, remarksOn(context)) : "";
}

function headlinesText(facts, {outcomes}, remarks) {
  const told = facts.outcomes
    .filter(({group}) => group === "headline")
    .map(({name, title, unit}) => {
      const paths = outcomes[name];
      return `${title} ${withUnit(paths, paths.difference.length - 1, unit)}`;
    });
  return [`After ${spanText(facts.setup.months)}, mine less pinned: ${told.join("; ")}.`, ...remarks].join(
    " ",
  );
}

function sameChildren(element, wanted) {
  return (
    element.children.length === wanted.length && wanted.every((one, place) => element.children[place] === one)
  );
}

function chooser({facts, store}) {
  const groups = [...new Set(facts.outcomes.map(({group}) => group))];
  const chips = (name, pairs) =>
    h(
      "div",
      {class: "chips", role: "group", "aria-label": name.label},
      pairs.map(([value, text]) =>
        button(text, () => store.set({[name.key]: value}), {class: "chip", "data-value": value}),
      ),
    );
  const view = chips({key: "view", label: "What is drawn"}, [
    ["difference", "Difference"],
    ["level", "Both levels"],
  ]);
  const group = chips(
    {key: "group", label: "Which outcomes"},
    groups.map((one) => [one, GROUPS[one]]),
  );
  const mark = () => {
    const state = store.get();
    [
      [view, state.view],
      [group, state.group],
    ].forEach(([element, chosen]) =>
      [...element.children].forEach((chip) =>
        chip.setAttribute("aria-pressed", String(chip.dataset.value === chosen)),
      ),
    );
  };
  store.subscribe(mark);
  mark();
  return h("div", {class: "choices"}, group, view);
}

/** How sure the answer is, in words. */
function statusText({answer, problem, isWaiting, isOld}, facts) {
  if (problem) {
    return problem;
  }
  if (!answer) {
    return "Playing the first replicates \u2026";
  }
  if (isOld) {
    return "Playing this mix \u2026 The numbers are still those of the mix before.";
  }
  const size = sizeText(facts, answer.replicates);
  const first =
    answer.basis === "fitted"
      ? `Fitted to mixes played beforehand (${size}). `
      : answer.replicates < answer.of
        ? `A first look: ${size}; ${isWaiting ? "sharpening \u2026" : "the rest is still to come."} `
        : `${size}. `;
  const note = answer.note ? ` ${answer.note}` : "";
  return `${first}After ${spanText(facts.setup.months)}, mine less pinned; bands are 95 % intervals of paired differences.${note}`;
}

/** What lines, shades and areas are; `hasAreas` says whether a chart with parts is among them. */
export function legend({facts, store}, hasAreas = () => store.get().group === "headline") {
  const element = h("p", {class: "legend"});
  const say = () => {
    const {mine, pinned} = namesOf(store);
    const flows = ` ${flowsText(facts.setup.months)}`;
    const areas = (text) => (hasAreas() ? ` People with addiction: ${text}` : "");
    fill(
      element,
      store.get().view === "difference"
        ? [
            h("span", {class: "key mine"}),
            `${mine} less ${pinned}, same people and same dice; the shade is its 95 % band.${areas("the areas are what each part of them adds or takes away.")}${flows}`,
          ]
        : [
            h("span", {class: "key mine"}),
            `${mine} `,
            h("span", {class: "key pinned"}),
            `${pinned}.${areas(`the areas are the parts under ${mine}, the dashes their borders under ${pinned}.`)}${flows}`,
          ],
    );
  };
  store.subscribe((_, names) => names.some((name) => REDRAWN_WITH.includes(name)) && say());
  say();
  return element;
}
