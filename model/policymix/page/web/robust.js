// How often the ranking holds over sampled worlds: the sentence, the shares, the flip plot.

import {onNewName, onNewQuestion, questionOf} from "policymix/asked";
import {namesOf} from "policymix/compared";
import {button, fill, h} from "policymix/dom";
import {flipPlot} from "policymix/flips";
import {asWritten, percent} from "policymix/format";
import {tableOf} from "policymix/numbers";
import {imageOf} from "policymix/png";
import {footLines, pictureButton} from "policymix/saving";

/** Beside what the page shows [px]. */
const MARGINS = 32;

/** The panel; the engine answers at once from its book, or plays in the background. */
export function robustPanel(context) {
  const {engine} = context;
  const held = h("p", {class: "soft"});
  const content = h("div", {});
  let cancel = () => {};
  let answer = null;
  const draw = () => fill(content, answerParts(answer, context));
  onNewName(context, () => answer && draw());
  const ask = () => {
    cancel();
    answer = null;
    const bar = h("progress", {max: 1, value: 0, "aria-label": "Worlds played"});
    const count = h("span", {}, " Beginning \u2026");
    const stop = button("Stop", () => {
      cancel();
      fill(content, h("p", {role: "status"}, "Stopped."));
    });
    fill(content, h("p", {}, bar, count, " ", engine.kind === "live" ? stop : null));
    cancel = engine.robust(
      questionOf(context),
      ({done, of, before}) => {
        bar.max = of || 1;
        bar.value = done;
        const playing = of ? ` ${done} of ${of} runs` : " Beginning …";
        count.textContent = before ? ` ${before} before you …` : playing;
      },
      (found) => {
        answer = found;
        draw();
      },
      (problem) => fill(content, h("p", {class: "problem"}, problem)),
    );
  };
  const start = engine.kind === "live" ? h("p", {}, button("Play both mixes in sampled worlds", ask)) : null;
  const show = onNewQuestion(context, "believe", () => {
    cancel();
    answer = null;
    fill(held, heldText(context));
    fill(content, "");
    if (engine.kind !== "live") {
      ask();
    }
  });
  const element = h(
    "section",
    {},
    h("h2", {}, "How often does the ranking hold, and what breaks it?"),
    held,
    start,
    content,
  );
  return {element, show};
}

/** What is ranked by: "overdose deaths (mean of all months)". */
export function rankedText(facts, name) {
  const {title, is_flow: isFlow} = facts.outcomes.find((outcome) => outcome.name === name);
  const how = isFlow ? "mean of all months" : "at the end";
  return `${title} (${how})`;
}

/** How many assumptions are drawn, and which are held since they were changed. */
function heldText({facts, store}) {
  const {assumptions} = store.get();
  const drawn = facts.assumptions.filter((entry) => entry.drawn);
  const held = drawn.filter(({name}) => name in assumptions);
  const told = held.map(({name, title}) => `${title} at ${asWritten(assumptions[name])}`);
  const but = told.length ? ` Held, since they were changed: ${told.join(", ")}.` : "";
  return `${drawn.length - held.length} assumptions are drawn at once, within their ranges: each draw is a world.${but}`;
}

function answerParts({sentences: lines, shares, picture, boxes = [], note}, context) {
  const {facts} = context;
  const names = namesOf(context.store);
  // A study of two files calls them mine and pinned.
  const named = (text) => (picture ? text.replace(/\b(mine|pinned)\b/g, (which) => names[which]) : text);
  const sentences = lines.map((text) => named(text.replace(/^- /, "")));
  const heads = ["Outcome", "Less with my mix, share of worlds", "95 % interval", "Worlds"];
  const rows = shares.map(({outcome, share, low, high, worlds}) => [
    rankedText(facts, outcome),
    percent(share),
    `${percent(low)} to ${percent(high)}`,
    String(worlds),
  ]);
  const plot = picture
    ? h("img", {src: picture.source, alt: picture.alt, class: "flip"})
    : flipPlot(boxes, facts, document.body.clientWidth - MARGINS);
  // A picture that was made as a figure says all of this itself.
  const below = picture ? [`Mine is ${names.mine}, and pinned is ${names.pinned}.`] : [...sentences, note ?? ""];
  return [
    h("ul", {class: "sentences"}, ...sentences.map((text) => h("li", {}, text))),
    tableOf(heads, rows),
    picture ? h("p", {class: "soft"}, `In the picture mine is ${names.mine}, and pinned is ${names.pinned}.`) : null,
    plot,
    plot && pictureButton(context, "Save the flip plot as PNG", () => flipPicture(context, plot, below)),
    note ? h("p", {class: "soft"}, note) : null,
  ];
}

async function flipPicture(context, plot, below) {
  const {mine, pinned} = namesOf(context.store);
  const lines = [...below, ...footLines(context)].filter(Boolean);
  return {name: "flip-plot", title: `${mine} against ${pinned}`, images: [await imageOf(plot)], lines};
}
