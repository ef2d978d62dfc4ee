// What the mix does: headline numbers, curves, and how sure they are.

import {button, fill, h} from "policymix/dom";
import {differenceText, isClear, outcomeChart} from "policymix/charts";
import {decimalsFor, number, percent} from "policymix/format";

const GROUPS = {
  headline: "Headlines",
  people: "People",
  market: "Market and money",
  cartels: "Cartels and countries",
};

/** The panel of outcomes: tiles and charts that follow the answers. */
export function outcomesPanel(context) {
  const {facts, store, answers} = context;
  const charts = facts.outcomes.map((outcome) => outcomeChart(outcome));
  const status = h("p", {class: "status", role: "status", "aria-live": "polite"});
  const tiles = h("div", {class: "tiles"});
  const strip = h("div", {class: "strip", "aria-hidden": "true"});
  const grid = h("div", {class: "charts"});
  const choices = chooser({facts, store});
  const update = () => {
    const {view, group, lesson} = store.get();
    const isHidden = Boolean(lesson && !lesson.guesses);
    [tiles, strip, grid].forEach((part) => {
      part.hidden = isHidden;
    });
    if (isHidden) {
      fill(
        status,
        "Hidden until you have predicted: ",
        button("back to the lesson", () => store.set({tab: "lessons"}), {class: "small"}),
      );
      return;
    }
    fill(status, statusText(answers.get(), facts));
    const chosen = charts.filter((chart) => chart.outcome.group === group);
    const {answer} = answers.get();
    if (
      !sameChildren(
        grid,
        chosen.map((chart) => chart.element),
      )
    ) {
      fill(
        grid,
        chosen.map((chart) => chart.element),
      );
    }
    if (answer && grid.offsetParent !== null) {
      chosen.forEach((chart) => chart.update(answer.outcomes[chart.outcome.name], view, namesOf(store)));
      performance.mark("policymix-drawn");
    }
  };
  answers.subscribe((state) => {
    fill(status, statusText(state, facts));
    status.classList.toggle("problem", state.problem !== "");
    [tiles, strip, grid].forEach((part) =>
      part.classList.toggle("stale", state.problem !== "" || state.answer === null),
    );
    if (state.answer) {
      const headlines = facts.outcomes.filter(({group}) => group === "headline");
      fill(
        tiles,
        headlines.map((one) => tile(one, state.answer)),
      );
      fill(
        strip,
        headlines.map((one) => stripLine(one, state.answer)),
      );
    }
    update();
  });
  store.subscribe(
    (_, changed) =>
      changed.some((name) => ["view", "group", "pinned", "tab", "lesson"].includes(name)) && update(),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    charts.forEach((chart) => chart.redraw()),
  );
  const sure = h("div", {class: "sure"}, tiles, status);
  const curves = h("div", {class: "curves"}, choices, grid, legend(store), fitTable(context));
  return {sure, strip, curves, show: update};
}

/** How far fitted curves are from played ones: only where they are fitted. */
function fitTable({engine, facts}) {
  if (!engine.errors) {
    return null;
  }
  const heads = ["Outcome", "Unit", "Fit's error", "Chance's error", "Bands that held"];
  const rows = facts.outcomes.map(({name, title, unit}) => {
    const {fit, monte_carlo: chance, share_covered: share} = engine.errors[name];
    const decimals = decimalsFor(Math.max(fit, chance), 2);
    const cells = [unit, number(fit, decimals), number(chance, decimals), percent(share)];
    return h(
      "tr",
      {class: fit > chance ? "above" : ""},
      h("th", {scope: "row"}, title),
      cells.map((text) => h("td", {}, text)),
    );
  });
  return h(
    "details",
    {class: "fit"},
    h("summary", {}, "How good is the fit?"),
    h(
      "p",
      {},
      "Measured on mixes that had no part in it. The fit's error is how far fitted differences are from played ones; chance's error is the standard error of the played ones; both are root mean squares over mixes and months. Bands that held: intervals of the difference of two mixes that held the played one, with the same dice.",
    ),
    h(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": "How good is the fit?"},
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((text) => h("th", {scope: "col"}, text)),
          ),
        ),
        h("tbody", {}, rows),
      ),
    ),
  );
}

function sameChildren(element, wanted) {
  return (
    element.children.length === wanted.length && wanted.every((one, place) => element.children[place] === one)
  );
}

export function namesOf(store) {
  const {mineTitle, pinned} = store.get();
  return {mine: mineTitle, pinned: pinned.title};
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

function tile(outcome, answer) {
  const paths = answer.outcomes[outcome.name];
  const month = paths.difference.length - 1;
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
function stripLine(outcome, answer) {
  const paths = answer.outcomes[outcome.name];
  const month = paths.difference.length - 1;
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

/** How sure the answer is, in words. */
function statusText({answer, problem, isWaiting, isOld}, facts) {
  if (problem) {
    return problem;
  }
  if (!answer) {
    return "Playing the first replicates …";
  }
  if (isOld) {
    return "Playing this mix … The numbers are still those of the mix before.";
  }
  const size = `${answer.replicates} ${answer.replicates === 1 ? "replicate" : "replicates"} of ${number(facts.setup.people)} people`;
  const years = number((answer.outcomes.addicted.difference.length - 1) / 12, 0);
  const first =
    answer.basis === "fitted"
      ? `Fitted to mixes played beforehand (${size}). `
      : answer.replicates < answer.of
        ? `A first look: ${size}; ${isWaiting ? "sharpening …" : "the rest is still to come."} `
        : `${size}. `;
  const note = answer.note ? ` ${answer.note}` : "";
  return `${first}After ${years} years, mine less pinned; bands are 95 % intervals of paired differences.${note}`;
}

function legend(store) {
  const element = h("p", {class: "legend"});
  const say = () => {
    const {mine, pinned} = namesOf(store);
    fill(
      element,
      store.get().view === "difference"
        ? [
            h("span", {class: "key mine"}),
            `${mine} less ${pinned}, same people and same dice; the shade is its 95 % band. Flows are shown by the year, over the last twelve months.`,
          ]
        : [h("span", {class: "key mine"}), `${mine} `, h("span", {class: "key pinned"}), pinned],
    );
  };
  store.subscribe(say);
  say();
  return element;
}
