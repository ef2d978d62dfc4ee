// The page's own report: what stands on it now, as one HTML file that fetches nothing.

import {h} from "policymix/dom";
import {differenceText, outcomeChart} from "policymix/charts";
import {money, number} from "policymix/format";
import {chartPng} from "policymix/png";
import {namesOf} from "policymix/outcomes";

const STYLE = `body{font-family:system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:0 1rem 2rem;line-height:1.45;color:#1d1d1b;background:#fff}
.label{position:sticky;top:0;background:#fff0b3;color:#3a2c00;font-weight:700;text-align:center;padding:.4rem}
table{border-collapse:collapse;margin:.6rem 0}th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid #ccc}
td.n{text-align:right;font-variant-numeric:tabular-nums}img{max-width:100%;height:auto;border:1px solid #ccc;margin:.5rem 0}`;

/** The report of an answer as a text of HTML. */
export async function reportHtml(context, answer) {
  const {facts, store} = context;
  const {mine, pinned} = namesOf(store);
  const page = document.implementation.createHTMLDocument(`${mine} - ${facts.short_label}`);
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  page.head.append(
    h("meta", {charset: "utf-8"}),
    h("meta", {"http-equiv": "Content-Security-Policy", content: policy}),
    h("style", {}, STYLE),
  );
  page.documentElement.lang = "en";
  page.body.append(
    h("header", {class: "label"}, facts.label),
    h("h1", {}, `${mine} against ${pinned}`),
    h("p", {}, basisText(facts, answer)),
    h("h2", {}, "What came of it"),
    outcomesTable(facts, answer),
    h("h2", {}, "The money"),
    moneyTable(context),
    ...changedPart(context),
    h("h2", {}, "Curves"),
    ...(await pictures(context, answer)),
    h("h2", {}, "What the model leaves out"),
    h(
      "ul",
      {},
      facts.left_out.map((line) => h("li", {}, line)),
    ),
    h("footer", {}, h("p", {}, `policymix ${facts.version}, seed ${facts.setup.seed}. ${facts.label}`)),
  );
  return `<!doctype html>\n${page.documentElement.outerHTML}`;
}

function basisText(facts, answer) {
  const how = answer.basis === "fitted" ? "Fitted to mixes played beforehand:" : "Played:";
  return `${how} ${answer.replicates} replicates of ${number(facts.setup.people)} people. Differences with 95 % intervals, paired: same people, same dice. ${answer.note ?? ""}`;
}

function outcomesTable(facts, answer) {
  const rows = facts.outcomes.map(({name, title, unit}) => {
    const paths = answer.outcomes[name];
    const last = paths.difference.length - 1;
    return h(
      "tr",
      {},
      h("th", {scope: "row"}, title),
      h("td", {}, unit),
      h("td", {class: "n"}, differenceText(paths, last)),
    );
  });
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Outcome, at the end", "Unit", "Difference (95 % interval)"].map((text) =>
          h("th", {scope: "col"}, text),
        ),
      ),
    ),
    h("tbody", {}, rows),
  );
}

function moneyTable({facts, store}) {
  const {mine, pinned} = store.get();
  const cells = (policy, place) =>
    policy.phases.map((phase) => h("td", {class: "n"}, money(phase.spend[place])));
  const heads = (policy, name) =>
    policy.phases.map(({from_year: year}) =>
      h("th", {scope: "col"}, year ? `${name}, from year ${year}` : name),
    );
  const names = namesOf(store);
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", {scope: "col"}, "Lever, a year"),
        heads(mine, names.mine),
        heads(pinned.policy, names.pinned),
      ),
    ),
    h(
      "tbody",
      {},
      facts.levers.map(({title}, place) =>
        h("tr", {}, h("th", {scope: "row"}, title), cells(mine, place), cells(pinned.policy, place)),
      ),
    ),
  );
}

function changedPart({facts, store}) {
  const changed = facts.assumptions.filter(({name}) => name in store.get().assumptions);
  return changed.length === 0
    ? []
    : [
        h("h2", {}, "Changed assumptions, for both"),
        h(
          "ul",
          {},
          changed.map((entry) =>
            h(
              "li",
              {},
              `${entry.title}: ${store.get().assumptions[entry.name]} ${entry.unit} (ledger: ${entry.value}; grade ${entry.grade})`,
            ),
          ),
        ),
      ];
}

/** What must stand under a figure: who is compared, how sure, and what was changed. */
function figureLines({facts, store}, chart, answer) {
  const {mine, pinned} = namesOf(store);
  const {view, assumptions} = store.get();
  const what =
    view === "difference"
      ? `${mine} less ${pinned}, with its 95 % band.`
      : `${mine} (line), ${pinned} (dashes).`;
  const how = answer.basis === "fitted" ? "Fitted to mixes played beforehand" : "Played";
  const changed = Object.entries(assumptions).map(([name, value]) => `${name} = ${value}`);
  return [
    what,
    chart.readout(),
    `${how}: ${answer.replicates} replicates of ${facts.setup.people.toLocaleString("en-US")} people.`,
    ...(changed.length ? [`Changed assumptions: ${changed.join(", ")}.`] : []),
  ];
}

async function pictures(context, answer) {
  const shown = context.facts.outcomes.filter(({group}) => group === "headline");
  const found = [];
  for (const outcome of shown) {
    const {blob, said} = await drawn(context, outcome, answer);
    found.push(h("img", {src: await dataUrl(blob), alt: `${outcome.title}, ${outcome.unit}. ${said}`}));
  }
  return found;
}

/** A chart drawn out of sight, as a PNG, and what its readout says. */
export async function drawn(context, outcome, answer) {
  const host = h("div", {class: "offscreen", "aria-hidden": "true"});
  document.body.append(host);
  const chart = outcomeChart(outcome);
  host.append(chart.element);
  chart.update(answer.outcomes[outcome.name], context.store.get().view, namesOf(context.store));
  // uPlot paints in a microtask; two frames later it has.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const blob = await chartPng(context.facts, chart, figureLines(context, chart, answer));
  const said = chart.readout();
  host.remove();
  return {blob, said};
}

function dataUrl(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(blob);
  });
}
