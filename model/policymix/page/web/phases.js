// Phases: a later mix, from a year on, reached step by step.

import {isTooLate} from "policymix/compared";
import {button, h, refill} from "policymix/dom";
import {spanText} from "policymix/format";
import {numberField} from "policymix/number_field";
import {copyOf, roomsOf} from "policymix/policy";
import {ownTitle} from "policymix/state";

/** Which phase the sliders edit, and when later ones begin. */
export function phasesPanel({facts, store}) {
  const content = h("div", {class: "phases"});
  const element = h(
    "details",
    {class: "later"},
    h("summary", {}, "Later phases; treatment in custody"),
    content,
  );
  const change = (edit) => {
    const {mine, phase} = store.get();
    const next = copyOf(mine);
    const chosen = edit(next.phases, phase);
    next.phases.sort((one, other) => one.from_year - other.from_year);
    // A mix is reached before the next one starts.
    roomsOf(next.phases).forEach((months, place) => {
      next.phases[place].ramp_months = Math.min(next.phases[place].ramp_months, months);
    });
    store.set({
      mine: next,
      phase: chosen ?? Math.min(phase, next.phases.length - 1),
      mineTitle: ownTitle(store.get()),
    });
  };
  const say = () => refill(content, parts({facts, store, change}));
  store.subscribe((state, names) => {
    // Sliders move money only; the fields need to be made anew when phases come and go.
    if (names.includes("phase") || (names.includes("mine") && shapeOf(state) !== element.dataset.shape)) {
      element.dataset.shape = shapeOf(state);
      say();
    }
  });
  element.dataset.shape = shapeOf(store.get());
  say();
  return element;
}

function shapeOf({mine}) {
  return JSON.stringify(mine.phases.map(({spend, ...rest}) => rest));
}

function parts({facts, store, change}) {
  const {mine, phase} = store.get();
  const many = mine.phases.length;
  const now = mine.phases[phase] ?? mine.phases[0];
  const chips = mine.phases.map((one, place) =>
    button(place === 0 ? "From the start" : `From year ${one.from_year}`, () => store.set({phase: place}), {
      "aria-pressed": String(place === phase),
      "data-key": `phase-${place}`,
      "data-first": place === phase,
      class: "chip",
    }),
  );
  const later = phase > 0 ? laterFields({facts, mine, phase, change}) : [];
  const add = button("Add a later phase", () => change((phases) => addTo(phases, facts)), {
    class: "small",
    "data-key": "add",
    disabled: many > facts.bounds.phases,
  });
  const custody = h("input", {type: "checkbox", id: "custody", "data-key": "custody"});
  custody.checked = now.treatment_in_custody;
  custody.addEventListener("change", () =>
    change((phases) => {
      phases[phase].treatment_in_custody = custody.checked;
    }),
  );
  return [
    h("div", {class: "chips", role: "group", "aria-label": "Phases"}, chips, add),
    later.length ? h("div", {class: "fields"}, later) : null,
    isTooLate(now, facts.setup.months)
      ? h(
          "p",
          {class: "problem"},
          `This page plays ${spanText(facts.setup.months)}: a phase from year ${now.from_year} changes nothing here.`,
        )
      : null,
    h(
      "p",
      {class: "check"},
      custody,
      h(
        "label",
        {for: "custody"},
        `Treatment money also serves people in custody${many > 1 ? " in this phase" : ""}`,
      ),
    ),
  ];
}

/** When the phase begins and how fast, and what takes it away. */
function laterFields({facts, mine, phase, change}) {
  const now = mine.phases[phase];
  const isTaken = (year) =>
    mine.phases.some((one, place) => place !== phase && one.from_year === wholeMonths(year));
  const starts = numberField({
    title: "Starts after year",
    "data-key": "starts",
    least: 0,
    most: facts.bounds.years,
    step: 0.5,
    refusal: (year) => (isTaken(year) ? "another phase starts there" : ""),
    onRead: afterwards((year) => change((phases) => moveTo(phases, phase, wholeMonths(year)))),
  });
  const ramp = numberField({
    title: "Months to reach it",
    "data-key": "ramp",
    least: 0,
    most: facts.bounds.ramp_months,
    isWhole: true,
    step: 1,
    onRead: afterwards((months) =>
      change((phases) => {
        phases[phase].ramp_months = months;
      }),
    ),
  });
  starts.show(now.from_year);
  ramp.show(now.ramp_months, Math.min(roomsOf(mine.phases)[phase], facts.bounds.ramp_months));
  const remove = button(
    "Remove this phase",
    () =>
      change((phases) => {
        phases.splice(phase, 1);
      }),
    {class: "small"},
  );
  return [...[starts, ramp].map(({parts, problem}) => h("span", {class: "field"}, parts, problem)), remove];
}

/** The year of the nearest month, in as many digits as files need. */
function wholeMonths(year) {
  return Number((Math.round(12 * year) / 12).toFixed(4));
}

/** Once the focus has moved on: the fields are made anew. */
function afterwards(act) {
  return (value) => setTimeout(() => act(value));
}

/** Phases stand in order of time; returns the place of the moved one. */
function moveTo(phases, place, year) {
  phases[place].from_year = year;
  return [...phases].sort((a, b) => a.from_year - b.from_year).indexOf(phases[place]);
}

function addTo(phases, facts) {
  const last = phases.at(-1);
  const usual = last.from_year + 3;
  // Within what the page plays, if there is room: halfway to the end, to half a year.
  const halfway = Math.floor(last.from_year + facts.setup.months / 12) / 2;
  const isUsual = !isTooLate({from_year: usual}, facts.setup.months) || halfway <= last.from_year;
  const year = Math.min(isUsual ? usual : halfway, facts.bounds.years);
  if (year > last.from_year) {
    phases.push({...last, spend: [...last.spend], from_year: year, ramp_months: 12});
  }
  return phases.length - 1;
}
