// Every number about the world: value, range, unit, source, grade; searchable, and changeable where the engine can.

import {button, freshId, h} from "policymix/dom";
import {asWritten} from "policymix/format";
import {numberField} from "policymix/number_field";

const ALL = "all";

/** The ledger with its search. */
export function assumptionsView(context) {
  const {facts, store} = context;
  // Made when they are first looked at: there are many, and the page waits for none of them.
  let rows = [];
  const said = h("p", {role: "status", class: "soft"});
  const search = searchFields(facts, () => filter());
  const filter = () => {
    const {words, grade, changed} = search.wanted();
    const assumed = store.get().assumptions;
    const found = rows.filter(
      ({entry, text, rowsOfEvidence}) =>
        words.every((word) => text.includes(word) || rowsOfEvidence.has(word)) &&
        (grade === ALL || entry.grade === grade) &&
        (!changed || entry.name in assumed),
    );
    rows.forEach((row) => {
      row.element.hidden = !found.includes(row);
    });
    said.textContent = `${found.length} of ${rows.length} assumptions. ${lockedText(context)}`;
  };
  store.subscribe((_, names) => names.includes("assumptions") && rows.forEach((row) => row.show()));
  const element = h("div", {class: "ledger"}, search.element, said);
  const show = () => {
    if (!rows.length) {
      rows = facts.assumptions.map((entry) => assumptionRow(context, entry));
      element.append(...rows.map((row) => row.element));
    }
    filter();
  };
  return {element, show};
}

function lockedText({engine}) {
  return engine.assuming ?? "";
}

function searchFields(facts, onChange) {
  const [words, grade, changed] = [freshId("words"), freshId("grade"), freshId("changed")];
  const text = h("input", {id: words, type: "search", maxlength: 100, on: {input: onChange}});
  const grades = h(
    "select",
    {id: grade, on: {change: onChange}},
    h("option", {value: ALL}, "all grades"),
    Object.entries(facts.grades).map(([value, title]) => h("option", {value}, title)),
  );
  const only = h("input", {id: changed, type: "checkbox", on: {change: onChange}});
  return {
    element: h(
      "div",
      {class: "fields", role: "search"},
      h("span", {class: "field"}, h("label", {for: words}, "Search"), text),
      h("span", {class: "field"}, h("label", {for: grade}, "Grade"), grades),
      h("span", {class: "check"}, only, h("label", {for: changed}, "changed only")),
    ),
    wanted: () => ({
      words: text.value.toLowerCase().split(/\s+/).filter(Boolean),
      grade: grades.value,
      changed: only.checked,
    }),
  };
}

function assumptionRow(context, entry) {
  const value = h("span", {class: "value"});
  const edit = editor(context, entry);
  const element = h(
    "article",
    {class: "assumption", "data-name": entry.name},
    h("h3", {}, entry.title, " ", h("code", {}, entry.name)),
    h("p", {}, entry.meaning),
    h(
      "p",
      {class: "numbers"},
      value,
      ` ${entry.unit}; ${rangeText(entry)} `,
      h(
        "span",
        {class: `grade grade-${entry.grade.toLowerCase()}`},
        `grade ${context.facts.grades[entry.grade]}`,
      ),
    ),
    edit.element,
    h("details", {}, h("summary", {}, "Where it comes from"), provenance(entry)),
  );
  const show = () => {
    const now = context.store.get().assumptions[entry.name];
    value.textContent =
      now === undefined ? asWritten(entry.value) : `${asWritten(now)} (ledger: ${asWritten(entry.value)})`;
    element.classList.toggle("differs", now !== undefined);
    edit.show(now);
  };
  show();
  const text = [
    entry.name,
    entry.title,
    entry.meaning,
    entry.unit,
    entry.why,
    ...entry.sources.map((one) => one.text),
  ]
    .join(" ")
    .toLowerCase();
  // Whole names only: F1 is not F15.
  const rowsOfEvidence = new Set(entry.evidence.map((name) => name.toLowerCase()));
  return {entry, element, show, text, rowsOfEvidence};
}

function rangeText({low, high}) {
  return low < high ? `range ${asWritten(low)} to ${asWritten(high)}` : "no range";
}

function provenance({sources, evidence, why, min, max}) {
  return h(
    "ul",
    {},
    sources.map(({text, url}) => h("li", {}, text, url ? [" ", h("span", {class: "soft"}, url)] : null)),
    evidence.length ? h("li", {}, `Rows of the evidence table: ${evidence.join(", ")}`) : null,
    why ? h("li", {}, why) : null,
    h("li", {}, `A scenario may set ${asWritten(min)} to ${asWritten(max)}`),
  );
}

/** A field that sets the assumption for both mixes; nothing where the engine cannot play it. */
function editor({engine, store}, entry) {
  if (engine.assuming) {
    return {element: null, show() {}};
  }
  const set = (value) => {
    const {[entry.name]: _, ...others} = store.get().assumptions;
    store.set({assumptions: value === entry.value ? others : {...others, [entry.name]: value}});
  };
  const field = numberField({
    title: "Assume for both mixes",
    least: entry.min,
    most: entry.max,
    onRead: set,
  });
  const back = button(
    "Set back",
    () => {
      set(entry.value);
      field.input.focus();
    },
    {class: "small"},
  );
  return {
    element: h("p", {class: "field"}, field.parts, back, field.problem),
    show(now) {
      field.show(now ?? entry.value);
      back.hidden = now === undefined;
    },
  };
}
