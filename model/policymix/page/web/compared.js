// What is said wherever two mixes are compared: which, how long, how sure, and in what they are not alike.

import {h} from "policymix/dom";
import {asWritten, number, spanText} from "policymix/format";
import {sum} from "policymix/policy";

const SAME_BILLION = 0.005;
const MONTHS_OF_FLOWS = 12;

/** Titles of both mixes. */
export function namesOf(store) {
  const {mineTitle, pinned} = store.get();
  return {mine: mineTitle, pinned: pinned.title};
}

/** Whether a phase begins when a run of so many months is over. */
export function isTooLate({from_year: year}, months) {
  return Math.round(year * 12) >= months;
}

/** How flows are shown. */
export function flowsText(months) {
  return months < MONTHS_OF_FLOWS
    ? "Flows are shown by the year."
    : "Flows are shown by the year: the mean of the last twelve months, in the first year of the months so far, which scatter more.";
}

/** "8 replicates of 20,000 people". */
export function sizeText(facts, n) {
  return `${number(n)} ${n === 1 ? "replicate" : "replicates"} of ${number(facts.setup.people)} people`;
}

/** What was changed in the world of both, as "name = value"; empty if nothing was. */
export function changedText(assumptions) {
  return Object.entries(assumptions)
    .map(([name, value]) => `${name} = ${asWritten(value)}`)
    .join(", ");
}

/** Sentences that belong to every picture and number of this comparison; none if all is alike. */
export function remarksOn({facts, store}) {
  const {mine, pinned} = store.get();
  const names = namesOf(store);
  const {months} = facts.setup;
  const sides = [
    [names.mine, mine],
    [names.pinned, pinned.policy],
  ];
  return [
    budgetsText(sides, months),
    ...sides.flatMap(([name, policy]) => tooLateTexts(name, policy, months)),
  ].filter(Boolean);
}

/** A line of these remarks that follows the store; hidden while there are none. */
export function remarksLine(context) {
  const element = h("p", {class: "remarks"});
  const say = () => {
    const text = remarksOn(context).join(" ");
    element.hidden = text === "";
    if (element.textContent !== text) {
      element.textContent = text;
    }
  };
  context.store.subscribe(
    (_, names) => names.some((name) => ["mine", "mineTitle", "pinned"].includes(name)) && say(),
  );
  say();
  return element;
}

function budgetsText(sides, months) {
  const steps = sides.map(([, policy]) => stepsOf(policy, months));
  if (isAlike(...steps)) {
    return "";
  }
  const [mine, pinned] = sides.map(([name], at) => `${name} has ${stepsText(steps[at])}`);
  return `The budgets differ: ${mine}; ${pinned}.`;
}

/** The sum of money [billion a year], and when and how fast it becomes another. */
function stepsOf({phases}, months) {
  const steps = [];
  for (const {from_year: year, ramp_months: ramp, spend} of phases) {
    const total = sum(spend);
    const before = steps.at(-1)?.total ?? -1;
    if (!isTooLate({from_year: year}, months) && Math.abs(total - before) > SAME_BILLION) {
      steps.push({year, ramp, total});
    }
  }
  return steps;
}

function isAlike(one, other) {
  const isSame = (step, at) =>
    Math.abs(step.total - other[at].total) <= SAME_BILLION &&
    step.year === other[at].year &&
    step.ramp === other[at].ramp;
  return one.length === other.length && one.every(isSame);
}

function stepsText(steps) {
  return steps
    .map(({year, total}) => `${year ? `from year ${year} ` : ""}$${number(total, 2)} bn a year`)
    .join(", ");
}

function tooLateTexts(name, {phases}, months) {
  return phases
    .filter((phase) => isTooLate(phase, months))
    .map(
      ({from_year: year}) =>
        `${name}: the phase from year ${year} begins after the end (${spanText(months)}), and changes nothing here.`,
    );
}
