// What would you have to believe: one assumption moved through its range, and how often the ranking holds.

import {onNewQuestion, questionOf} from "policymix/asked";
import {button, fill, freshId, h} from "policymix/dom";
import {asWritten, number} from "policymix/format";
import {ladderPlot, rankingText} from "policymix/ladder";
import {robustPanel} from "policymix/robust";
import {namesOf} from "policymix/outcomes";

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
    element: h("div", {class: "believe"}, heading, one.element, robust.element),
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
  let cancel = () => {};
  let points = [];
  let refused = [];
  const draw = () => {
    const outcome = headlines.find(({name}) => name === which.element.value);
    const entry = drawn.find(({name}) => name === assumption.element.value);
    fill(
      about,
      `${entry.meaning} Ledger: ${asWritten(entry.value)} ${entry.unit}, range ${asWritten(entry.low)} to ${asWritten(entry.high)}, grade ${facts.grades[entry.grade]}.`,
    );
    fill(plot, points.length ? ladderPlot(points, outcome, entry) : null);
    const ranking = points.length ? rankingText(points, outcome, entry, namesOf(store)) : "";
    fill(said, ranking, refusedText(refused));
  };
  const ask = () => {
    cancel();
    points = refused = [];
    draw();
    const entry = drawn.find(({name}) => name === assumption.element.value);
    fill(said, "Playing …");
    cancel = engine.ladder(
      questionOf(context),
      entry,
      (found, impossible = []) => {
        points = found;
        refused = impossible;
        draw();
      },
      (problem) => fill(said, problem),
    );
  };
  const assumption = choice(
    "Assumption",
    sorted(drawn).map(({name, title, grade}) => [name, `${title} (grade ${grade})`]),
    ask,
  );
  const which = choice(
    "Outcome",
    headlines.map(({name, title}) => [name, title]),
    draw,
  );
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
    h(
      "p",
      {class: "soft"},
      `Everything else stays: as the ledger has it, or as the top of the page says. Values at the end, of flows those of the last twelve months; ${number(facts.setup.people)} people. ${engine.ladderNote}`,
    ),
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

/** Values of the ladder that no world has, and why the first of them is none. */
function refusedText(refused) {
  if (refused.length === 0) {
    return "";
  }
  const values = refused.map(({value}) => asWritten(Number(value.toPrecision(4)))).join(", ");
  return ` Not played at ${values}: ${refused[0].problem}`;
}

function assumeEnd({store}, drawn, assumption) {
  const entry = drawn.find(({name}) => name === assumption.element.value);
  store.set({assumptions: {...store.get().assumptions, [entry.name]: entry.high}});
}

function sorted(entries) {
  return [...entries].sort((one, other) => one.title.localeCompare(other.title));
}
