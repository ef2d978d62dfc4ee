// The page's own report: what stands on it now, as one HTML file that fetches nothing.

import {outcomeChart, paintsOf, partsOf} from "policymix/charts";
import {flowsText, namesOf, remarksOn, sizeText} from "policymix/compared";
import {h} from "policymix/dom";
import {money, spanText} from "policymix/format";
import {differenceText} from "policymix/numbers";
import {chartPng} from "policymix/png";
import {footLines} from "policymix/saving";

const STYLE = `body{font-family:system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:0 1rem 2rem;line-height:1.45;color:#1d1d1b;background:#fff}
.label{position:sticky;top:0;background:#fff0b3;color:#3a2c00;font-weight:700;text-align:center;padding:.4rem}
table{border-collapse:collapse;margin:.6rem 0}th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid #ccc}
th.part{font-weight:400;padding-left:1.2rem}td.n{text-align:right;font-variant-numeric:tabular-nums}img{max-width:100%;height:auto;border:1px solid #ccc;margin:.5rem 0}`;

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
    ...remarksOn(context).map((text) => h("p", {}, h("strong", {}, text))),
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
  const {months} = facts.setup;
  return `${how} ${sizeText(facts, answer.replicates)}, ${spanText(months)}. Differences after ${spanText(months)}, mine less pinned, with 95 % intervals, paired: same people, same dice. ${flowsText(months)} ${answer.note ?? ""}`;
}

/** All outcomes at the end; parts of one stand below it. */
function outcomesTable(facts, answer) {
  const ordered = facts.outcomes
    .filter((one) => !one.part_of)
    .flatMap((one) => [one, ...partsOf(facts, one.name)]);
  const rows = ordered.map(({name, title, unit, part_of: whole}) => {
    const paths = answer.outcomes[name];
    const last = paths.difference.length - 1;
    return h(
      "tr",
      {},
      h("th", {scope: "row", class: whole ? "part" : false}, whole ? `of these: ${title}` : title),
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
        [`Outcome, after ${spanText(facts.setup.months)}`, "Unit", "Difference (95 % interval)"].map((text) =>
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
    policy.phases.map((phase) => h("th", {scope: "col"}, phaseText(name, phase)));
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
      custodyRow([mine, pinned.policy]),
    ),
  );
}

/** "My mix, from year 3, reached in 12 months". */
function phaseText(name, {from_year: year, ramp_months: ramp}) {
  return year ? `${name}, from year ${year}${ramp ? `, reached in ${spanText(ramp)}` : ", at once"}` : name;
}

function custodyRow(policies) {
  const cells = policies.flatMap(({phases}) =>
    phases.map((phase) => h("td", {class: "n"}, phase.treatment_in_custody ? "yes" : "no")),
  );
  return h("tr", {}, h("th", {scope: "row"}, "Treatment money also serves people in custody"), cells);
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
function figureLines(context, chart, answer) {
  const {facts, store} = context;
  const {mine, pinned} = namesOf(store);
  const isDifference = store.get().view === "difference";
  const what = isDifference
    ? `${mine} less ${pinned}, with its 95 % band.`
    : `${mine} (line), ${pinned} (dashes).`;
  const areas = isDifference
    ? "The areas are what each part adds or takes away."
    : `The areas are the parts under ${mine}, the dashes their borders under ${pinned}.`;
  const how = answer.basis === "fitted" ? "Fitted to mixes played beforehand" : "Played";
  return [
    chart.parts.length ? `${what} ${areas}` : what,
    chart.readout(),
    ...(chart.outcome.is_flow ? [flowsText(facts.setup.months)] : []),
    ...footLines(context, answer.replicates, how),
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
  const chart = outcomeChart(context.facts, outcome.name);
  host.append(chart.element);
  chart.update(answer.outcomes, context.store.get().view, namesOf(context.store));
  // uPlot paints in a microtask; two frames later it has.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const lines = figureLines(context, chart, answer);
  const blob = await chartPng(context.facts, chart, lines, paintsOf(chart.parts));
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
