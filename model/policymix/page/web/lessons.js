// The tab of lessons: each sets the page up, asks for a prediction, and only then shows the curves.

import {button, fill, freshId, h} from "policymix/dom";
import {differenceText, isClear, outcomeChart} from "policymix/charts";
import {lessonCards} from "policymix/lesson_cards";
import {namesOf} from "policymix/outcomes";

/** The fifth tab. */
export function lessonsView(context) {
  const {facts, store} = context;
  const cards = lessonCards(facts);
  const element = h("div", {class: "lessons"});
  let ended = () => {};
  const say = () => {
    ended();
    ended = () => {};
    const {lesson} = store.get();
    const card = cards.find(({id}) => id === lesson?.id);
    if (!card) {
      fill(element, overview(cards, store));
      return;
    }
    const shown = lesson.guesses ? seen(context, card, lesson) : asking(context, card);
    ended = shown.ended ?? ended;
    fill(
      element,
      h("h2", {}, card.title),
      h("p", {class: "lead"}, card.story),
      shown.parts,
      h(
        "p",
        {},
        button("Leave this lesson", () => store.set({lesson: null})),
      ),
    );
  };
  store.subscribe((_, names) => names.includes("lesson") && say());
  say();
  return {element, show: say};
}

function overview(cards, store) {
  return [
    h(
      "p",
      {class: "lead"},
      "Ten minutes each: predict, run, explain. A lesson sets up both mixes and hides the curves until you have predicted.",
    ),
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
          button(
            "Begin",
            () => store.set({...card.setUp, assumptions: {}, phase: 0, lesson: {id: card.id, guesses: null}}),
            {"data-lesson": card.id},
          ),
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
  return {parts: [h("h3", {}, "1. Predict"), form]};
}

/** Steps 2 and 3: the curves beside the guesses, and what to explain. */
function seen(context, card, {guesses}) {
  const {facts, store, answers} = context;
  const words = Object.fromEntries(card.directions);
  const rows = h("tbody", {});
  const charts = card.ask.map((name) =>
    outcomeChart(facts.outcomes.find((outcome) => outcome.name === name)),
  );
  const status = h("p", {role: "status"});
  const update = ({answer, problem}) => {
    fill(status, problem || (answer ? "" : "Playing …"));
    if (!answer) {
      return;
    }
    fill(
      rows,
      card.ask.map((name) => comparisonRow(facts, answer, name, guesses[name], words)),
    );
    charts.forEach((chart) =>
      chart.update(answer.outcomes[chart.outcome.name], store.get().view, namesOf(store)),
    );
  };
  const parts = [
    h("h3", {}, "2. Run"),
    status,
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Outcome", "You said", "The model shows", "Mine less pinned (95 % interval)"].map((text) =>
            h("th", {scope: "col"}, text),
          ),
        ),
      ),
      rows,
    ),
    h(
      "div",
      {class: "charts"},
      charts.map((chart) => chart.element),
    ),
    h("h3", {}, "3. Explain"),
    h(
      "ol",
      {},
      card.explain.map((text) => h("li", {}, text)),
    ),
    h(
      "p",
      {},
      button("To the mix", () => store.set({tab: "mix"})),
      " ",
      button("What would you have to believe?", () => store.set({tab: "believe"})),
    ),
  ];
  // After the elements are on the page, so that charts know how wide they are.
  queueMicrotask(() => {
    ended = answers.subscribe(update);
  });
  let ended = () => {};
  return {parts, ended: () => ended()};
}

function comparisonRow(facts, answer, name, guess, words) {
  const paths = answer.outcomes[name];
  const month = paths.difference.length - 1;
  const shown = isClear(paths, month) ? (paths.difference[month] < 0 ? "lower" : "higher") : "same";
  const unit = facts.outcomes.find((outcome) => outcome.name === name).unit;
  return h(
    "tr",
    {class: guess === shown ? "as-said" : "otherwise"},
    h("th", {scope: "row"}, titleOf(facts, name)),
    h("td", {}, words[guess]),
    h("td", {}, `${words[shown]}${guess === shown ? " (as you said)" : ""}`),
    h("td", {}, `${differenceText(paths, month)} ${unit}`),
  );
}
