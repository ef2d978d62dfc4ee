// What would you have to believe: one assumption moved through its range, and how often the ranking holds.

import {onNewName, onNewQuestion, questionOf} from "policymix/asked";
import {flowsText, namesOf, remarksLine, sizeText} from "policymix/compared";
import {button, fill, freshId, h} from "policymix/dom";
import {asWritten, spanText} from "policymix/format";
import {pickers} from "policymix/pickers";
import {ladderPlot, rankingText} from "policymix/ladder";
import {imageOf} from "policymix/png";
import {robustPanel} from "policymix/robust";
import {footLines, pictureButton} from "policymix/saving";

/** The third tab. */
export function believeView(context) {
  const heading = h("p", {class: "lead"});
  const one = oneAssumption(context);
  const robust = robustPanel(context);
  const say = () => {
    const {mine, pinned} = namesOf(context.store);
    fill(
      heading,
      "Which of the two has less of it, ",
      h("strong", {}, mine),
      " or ",
      h("strong", {}, pinned),
      "? And what would you have to believe for that to turn round?",
    );
  };
  context.store.subscribe(
    (_, names) => names.some((name) => ["mine", "mineTitle", "pinned"].includes(name)) && say(),
  );
  say();
  return {
    element: h(
      "div",
      {class: "believe"},
      heading,
      pickers(context),
      remarksLine(context),
      one.element,
      robust.element,
    ),
    show() {
      one.show();
      robust.show();
    },
  };
}

function choice(title, pairs, onChange) {
  const id = freshId("choice");
  const element = h(
    "select",
    {id, on: {change: onChange}},
    pairs.map(([value, text]) => h("option", {value}, text)),
  );
  return {element, row: h("span", {class: "field"}, h("label", {for: id}, title), element)};
}

/** The ladder: one assumption at several values between its low and high, both mixes played at each. */
function oneAssumption(context) {
  const {facts, engine, store} = context;
  const drawn = facts.assumptions.filter((entry) => entry.drawn);
  const headlines = facts.outcomes.filter(({group}) => group === "headline");
  const plot = h("div", {class: "ladder"});
  const said = h("p", {class: "verdict", role: "status"});
  const about = h("p", {class: "soft"});
  const basis = h("p", {class: "soft"});
  let cancel = () => {};
  let points = [];
  const draw = () => {
    const outcome = headlines.find(({name}) => name === which.element.value);
    const entry = drawn.find(({name}) => name === assumption.element.value);
    fill(
      about,
      `${entry.meaning} Ledger: ${asWritten(entry.value)} ${entry.unit}, range ${asWritten(entry.low)} to ${asWritten(entry.high)}, grade ${facts.grades[entry.grade]}.`,
    );
    fill(plot, points.length ? ladderPlot(points, outcome, entry, plot.clientWidth || undefined) : null);
    fill(said, points.length ? rankingText(points, outcome, entry, namesOf(store)) : "");
    Object.assign(said.dataset, {outcome: outcome.name, title: `${outcome.title}, ${outcome.unit}`});
    fill(basis, basisText(context, points));
    save.hidden = points.length === 0;
  };
  const save = pictureButton(context, "Save this picture as PNG", () =>
    ladderPicture(context, plot, said, points),
  );
  const ask = () => {
    cancel();
    points = [];
    draw();
    const entry = drawn.find(({name}) => name === assumption.element.value);
    fill(said, "Playing …");
    cancel = engine.ladder(
      questionOf(context),
      entry,
      (found) => {
        points = found;
        draw();
      },
      (problem) => fill(said, problem),
    );
  };
  onNewName(context, () => points.length && draw());
  const assumption = choice(
    "Assumption",
    drawn.map(({name, title, grade}) => [name, `${title} (grade ${grade})`]),
    ask,
  );
  const which = choice(
    "Outcome",
    headlines.map(({name, title}) => [name, title]),
    draw,
  );
  let wide = 0;
  new ResizeObserver(() => {
    if (plot.clientWidth > 0 && plot.clientWidth !== wide && points.length) {
      wide = plot.clientWidth;
      draw();
    }
  }).observe(plot);
  assumption.element.value = "domestic_margin_pass_through";
  const show = onNewQuestion(context, "believe", ask);
  const element = h(
    "section",
    {},
    h("h2", {}, "Move one assumption through its range"),
    h("div", {class: "fields"}, assumption.row, which.row),
    about,
    plot,
    said,
    save,
    basis,
    engine.assuming
      ? null
      : h(
          "p",
          {},
          button("Assume the value at the right end for all tabs", () =>
            assumeEnd(context, drawn, assumption),
          ),
        ),
  );
  return {element, show};
}

/** How it was played, and what stays as it is. */
function basisText({facts, engine}, points) {
  const {months} = facts.setup;
  const n = points.find(({isPossible}) => isPossible)?.replicates;
  const size = n ? `${sizeText(facts, n)} at each value. ` : "";
  return `Everything else stays: as the ledger has it, or as the top of the page says. Values after ${spanText(months)}. ${flowsText(months)} ${size}${engine.ladderNote}`;
}

async function ladderPicture(context, plot, said, points) {
  const {mine, pinned} = namesOf(context.store);
  const {replicates} = points.find(({isPossible}) => isPossible);
  const outcome = said.dataset.outcome;
  return {
    name: `ladder-${outcome}`,
    title: `${mine} less ${pinned}: ${said.dataset.title}`,
    images: [await imageOf(plot.firstElementChild)],
    lines: [said.textContent, flowsText(context.facts.setup.months), ...footLines(context, replicates)],
  };
}

function assumeEnd({store}, drawn, assumption) {
  const entry = drawn.find(({name}) => name === assumption.element.value);
  store.set({assumptions: {...store.get().assumptions, [entry.name]: entry.high}});
}
