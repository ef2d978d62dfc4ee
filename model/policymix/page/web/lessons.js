// The tab of lessons: each sets the page up, asks for a prediction, and only then shows the curves.

import {chartOf, outcomeChart} from "policymix/charts";
import {namesOf, remarksLine} from "policymix/compared";
import {button, fill, freshId, h, refill} from "policymix/dom";
import {lessonCards} from "policymix/lesson_cards";
import {isClear, tableOf, withUnit} from "policymix/numbers";
import {legend} from "policymix/outcomes";
import {isSame} from "policymix/policy";

const SET_UP = ["mine", "mineTitle", "named", "pinned", "assumptions"];

/** The fifth tab. What is ticked stays while other tabs are looked at. */
export function lessonsView(context) {
  const {facts, store} = context;
  const cards = lessonCards(facts);
  const element = h("div", {class: "lessons"});
  let step = {};
  const say = () => {
    step.end?.();
    step = {};
    const {lesson} = store.get();
    const card = cards.find(({id}) => id === lesson?.id);
    if (!card) {
      refill(element, overview(cards, store));
      return;
    }
    step = lesson.guesses ? seen(context, card, lesson) : asking(context, card);
    const leave = button("Leave this lesson", () => store.set({lesson: null}));
    refill(
      element,
      h("h2", {tabindex: -1, "data-first": true}, card.title),
      h("p", {class: "lead"}, card.story),
      step.parts,
      h("p", {}, leave),
    );
    step.begin?.();
  };
  store.subscribe((_, names) => names.includes("lesson") && say());
  say();
  return {element, show: () => step.show?.()};
}

/** Begins a lesson; the visitor's own mix is kept beside it. */
function begin(store, card) {
  const before = Object.fromEntries([...SET_UP, "locks"].map((name) => [name, store.get()[name]]));
  store.set({...setUp(card), lesson: {id: card.id, guesses: null}, kept: before});
}

function setUp(card) {
  return {...card.setUp, named: "", assumptions: {}, phase: 0};
}

function isSetUp({mine, pinned, assumptions}, card) {
  const isPinned = isSame(pinned.policy, card.setUp.pinned.policy);
  return isSame(mine, card.setUp.mine) && isPinned && Object.keys(assumptions).length === 0;
}

function overview(cards, store) {
  const {kept} = store.get();
  const back = kept
    ? h(
        "p",
        {},
        "A lesson took the place of what you had. ",
        button(`Bring back ${kept.mineTitle} against ${kept.pinned.title}`, () =>
          store.set({...kept, phase: 0, kept: null, lesson: null, tab: "mix"}),
        ),
      )
    : null;
  return [
    h(
      "p",
      {class: "lead", tabindex: -1, "data-first": true},
      "Ten minutes each: predict, run, explain. A lesson sets up both mixes, keeps yours for afterwards, and hides the curves until you have predicted.",
    ),
    back,
    h(
      "div",
      {class: "cards"},
      cards.map((card) =>
        h(
          "article",
          {class: "card"},
          h("h2", {}, card.title),
          h("p", {class: "soft"}, `${card.minutes} minutes`),
          h("p", {}, card.story),
          button("Begin", () => begin(store, card), {"data-lesson": card.id}),
        ),
      ),
    ),
  ];
}

function titleOf(facts, name) {
  return facts.outcomes.find((outcome) => outcome.name === name).title;
}

/** Step 1: a guess for every outcome, before anything is shown. */
function asking({facts, store}, card) {
  const groups = card.ask.map((name) => {
    const field = freshId("guess");
    const radios = card.directions.map(([value, text]) => {
      const id = freshId("radio");
      return h(
        "span",
        {class: "check"},
        h("input", {type: "radio", name: field, id, value}),
        h("label", {for: id}, text),
      );
    });
    return {
      name,
      field,
      element: h("fieldset", {"data-outcome": name}, h("legend", {}, titleOf(facts, name)), radios),
    };
  });
  const problem = h("p", {class: "problem", role: "alert"});
  const form = h(
    "form",
    {},
    groups.map((group) => group.element),
    problem,
    h("button", {type: "submit"}, "That is my prediction: show the curves"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const read = new FormData(form);
    const guesses = Object.fromEntries(groups.map(({name, field}) => [name, read.get(field)]));
    const missing = Object.entries(guesses)
      .filter(([, guess]) => guess === null)
      .map(([name]) => titleOf(facts, name));
    if (missing.length > 0) {
      fill(problem, `Still to predict: ${missing.join(", ")}.`);
    } else {
      store.set({lesson: {id: card.id, guesses}});
    }
  });
  const changed = changedLine(store, card);
  return {parts: [h("h3", {}, "1. Predict"), changed.element, form], show: changed.show, begin: changed.show};
}

/** Steps 2 and 3: the curves beside the guesses, and what to explain. */
function seen(context, card, {guesses}) {
  const {facts, store, answers} = context;
  const results = h("div", {class: "results"});
  const names = [...new Set(card.ask.map((name) => chartOf(facts, name)))];
  const charts = names.map((name) => outcomeChart(facts, name));
  const status = h("p", {role: "status"});
  const changed = changedLine(store, card);
  const show = () => {
    const {answer, problem} = answers.get();
    const said = problem || (answer ? "" : "Playing \u2026");
    if (status.textContent !== said) {
      status.textContent = said;
    }
    changed.show();
    if (answer && results.offsetParent !== null) {
      fill(results, resultsTable(facts, answer, card, guesses));
      charts.forEach((chart) => chart.update(answer.outcomes, store.get().view, namesOf(store)));
    }
  };
  let end = () => {};
  return {
    parts: [
      h("h3", {}, "2. Run"),
      status,
      changed.element,
      remarksLine(context),
      results,
      h("div", {class: "charts"}, ...charts.map((chart) => chart.element)),
      legend(context, () => charts.some(({parts}) => parts.length > 0)),
      h("h3", {}, "3. Explain"),
      h("ol", {}, ...card.explain.map((text) => h("li", {}, text))),
      h(
        "p",
        {},
        button("To the mix", () => store.set({tab: "mix"})),
        " ",
        button("What would you have to believe?", () => store.set({tab: "believe"})),
      ),
    ],
    show,
    // Once the elements are on the page, so that charts know how wide they are.
    begin() {
      end = answers.subscribe(show);
    },
    end: () => end(),
  };
}

/** That what is shown follows the sliders, once these have left what the lesson set up. */
function changedLine(store, card) {
  const setAgain = () => {
    const heading = element.parentElement.querySelector("[data-first]");
    store.set(setUp(card));
    show();
    heading.focus();
  };
  const element = h(
    "p",
    {class: "remarks"},
    "These are no longer the mixes of the lesson: what it shows follows what you changed. ",
    button("Set the lesson up again", setAgain, {class: "small"}),
  );
  const show = () => {
    element.hidden = isSetUp(store.get(), card);
  };
  return {element, show};
}

function resultsTable(facts, answer, card, guesses) {
  const heads = ["Outcome", "You said", "The model shows", "Mine less pinned (95 % interval)"];
  const words = Object.fromEntries(card.directions);
  return tableOf(
    heads,
    card.ask.map((name) => comparisonRow(facts, answer, name, guesses[name], words)),
  );
}

function comparisonRow(facts, answer, name, guess, words) {
  const paths = answer.outcomes[name];
  const month = paths.difference.length - 1;
  const shown = isClear(paths, month) ? (paths.difference[month] < 0 ? "lower" : "higher") : "same";
  const unit = facts.outcomes.find((outcome) => outcome.name === name).unit;
  const said = `${words[shown]}${guess === shown ? " (as you said)" : ""}`;
  return [titleOf(facts, name), words[guess], said, withUnit(paths, month, unit)];
}
