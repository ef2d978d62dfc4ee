// How often the ranking holds over sampled worlds: the sentence, the shares, the flip plot.

import {onNewQuestion, questionOf} from "policymix/asked";
import {button, fill, h} from "policymix/dom";
import {percent} from "policymix/format";

/** The panel; the engine answers at once from its book, or plays in the background. */
export function robustPanel(context) {
  const {facts, engine} = context;
  const content = h("div", {});
  let cancel = () => {};
  const ask = () => {
    cancel();
    const bar = h("progress", {max: 1, value: 0, "aria-label": "Worlds played"});
    const count = h("span", {role: "status"}, " Beginning …");
    fill(content, h("p", {}, bar, count));
    cancel = engine.robust(
      questionOf(context),
      ({done, of, before}) => {
        bar.max = of || 1;
        bar.value = done;
        const playing = of ? ` ${done} of ${of} played` : " Beginning …";
        count.textContent = before ? ` ${before} before you …` : playing;
      },
      (answer) => fill(content, answerParts(answer, facts)),
      (problem) => fill(content, h("p", {class: "problem"}, problem)),
    );
  };
  const start = engine.kind === "live" ? h("p", {}, button("Play both mixes in sampled worlds", ask)) : null;
  const show = onNewQuestion(context, "believe", () => {
    cancel();
    fill(content, "");
    if (engine.kind !== "live") {
      ask();
    }
  });
  const element = h(
    "section",
    {},
    h("h2", {}, "How often does the ranking hold, and what breaks it?"),
    h(
      "p",
      {class: "soft"},
      "All drawn assumptions moved at once, within their ranges: each draw is a world that starts from the same country.",
    ),
    start,
    content,
  );
  return {element, show};
}

function answerParts({sentences, shares, picture, note}, facts) {
  const titles = Object.fromEntries(facts.outcomes.map(({name, title}) => [name, title]));
  return [
    h(
      "ul",
      {class: "sentences"},
      sentences.map((text) => h("li", {}, text)),
    ),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Outcome", "Less with my mix, share of worlds", "95 % interval", "Worlds"].map((text) =>
            h("th", {scope: "col"}, text),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        shares.map(({outcome, share, low, high, worlds}) =>
          h(
            "tr",
            {},
            h("th", {scope: "row"}, titles[outcome] ?? outcome),
            h("td", {}, percent(share)),
            h("td", {}, `${percent(low)} to ${percent(high)}`),
            h("td", {}, String(worlds)),
          ),
        ),
      ),
    ),
    picture ? h("img", {src: picture.source, alt: picture.alt, class: "flip"}) : null,
    note ? h("p", {class: "soft"}, note) : null,
  ];
}
