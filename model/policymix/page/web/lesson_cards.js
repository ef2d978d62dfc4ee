// Three lessons of ten minutes: predict, run, explain. Their mixes and questions; never their answers.

import {spanText} from "policymix/format";
import {copyOf} from "policymix/policy";
import {pinnedFrom, shipped} from "policymix/state";

const DIRECTIONS = [
  ["lower", "lower"],
  ["same", "about the same, or not clear"],
  ["higher", "higher"],
];

/** Whether a lesson asks for a prediction, so that nothing may tell the answer yet. */
export function isPredicting({lesson}) {
  return Boolean(lesson && !lesson.guesses);
}

/** Today's mix with money moved from one lever to another [billion USD a year]. */
function moved(facts, from, to, billion) {
  const policy = copyOf(shipped(facts, "baseline").policy);
  const place = (name) => facts.levers.findIndex((lever) => lever.name === name);
  const {spend} = policy.phases[0];
  const amount = Math.min(billion, spend[place(from)]);
  spend[place(from)] -= amount;
  spend[place(to)] += amount;
  return policy;
}

/** What mixes are called that come with the page. */
export function givenTitles(facts) {
  return [...facts.scenarios.map(({title}) => title), ...Object.values(setUps(facts)).map(({mineTitle}) => mineTitle)];
}

/** What each lesson sets up: {mine, mineTitle, pinned}. */
function setUps(facts) {
  const baseline = pinnedFrom(shipped(facts, "baseline"));
  const shift = shipped(facts, "treatment_only_shift");
  const [demand, supply] = [shipped(facts, "demand_first"), shipped(facts, "supply_first")];
  return {
    lever: {mine: copyOf(shift.policy), mineTitle: shift.title, pinned: baseline},
    seizures: {
      mine: moved(facts, "policing", "interdiction", 6),
      mineTitle: "6 billion from policing to interdiction",
      pinned: baseline,
    },
    minds: {mine: copyOf(demand.policy), mineTitle: demand.title, pinned: pinnedFrom(supply)},
  };
}

/** The cards. `ask` are the outcomes to predict, `explain` what to look at once they are seen. */
export function lessonCards(facts) {
  const set = setUps(facts);
  const summary = shipped(facts, "treatment_only_shift").summary;
  const after = `After ${spanText(facts.setup.months)}`;
  return [
    {
      id: "lever",
      title: "One lever at a time",
      minutes: 10,
      setUp: set.lever,
      directions: DIRECTIONS,
      story: `${summary} ${after}, compared with today's mix on the same people with the same dice.`,
      ask: ["addicted", "active_addiction", "overdose_deaths", "cartel_revenue"],
      explain: [
        "Compare active addiction with everyone with addiction. Someone in treatment is counted in the second and not in the first: why does the page never show active addiction without the others beside it?",
        "Look at the part that is in treatment, and at 'Willing, without a place' under People. Did money or willingness set the limit? 'Money that found no use' under 'Market and money' tells.",
        "A person in treatment buys less. Follow the money from there to cartel revenue, and say which step you are least sure of.",
        "Now move one other lever on the first tab by the same dollars. Which outcome moves, and which should not?",
      ],
    },
    {
      id: "seizures",
      title: "Seizures, and the money of cartels",
      minutes: 10,
      setUp: set.seizures,
      directions: DIRECTIONS,
      story: `Six billion dollars a year move from policing to interdiction, which is there to seize what is shipped. ${after}, compared with today's mix.`,
      ask: ["seized", "retail_price", "consumption", "cartel_revenue"],
      explain: [
        "Users pay price times quantity. If the price rises by more, in per cent, than the quantity falls, they pay more in all. Work both percentages out with 'Both levels'.",
        "What is seized has to be replaced: who pays for that, and does it count as revenue or as profit? Compare the two curves.",
        "Under 'What would you have to believe?' move the price elasticity of use, then the pass-through of the import price. At which values does the sign of cartel revenue change, if at any?",
        "Policing lost the same money. Which part of what you see may be due to that rather than to seizures? Undo one of the two on the first tab to find out.",
      ],
    },
    {
      id: "minds",
      title: "What would make you change your mind?",
      minutes: 10,
      setUp: set.minds,
      directions: [
        ["lower", "Demand first has less"],
        ["same", "about the same, or not clear"],
        ["higher", "Supply first has less"],
      ],
      story: `Two mixes of the same total: Demand first, and Supply first as its rival. ${after}, which has less of each?`,
      ask: ["addicted", "overdose_deaths", "cartel_revenue", "cartel_profit"],
      explain: [
        "Before you open the third tab, write down one thing that would have to be true for the ranking to turn round.",
        "Find the assumption that comes closest to it, and move it through its range. Does it flip? What is its grade, and who says so?",
        "Read the sentence about sampled worlds below it. In what share of worlds does the ranking hold, and which assumptions decide?",
        "Explain to someone of the other opinion what they would have to believe, in a sentence they would accept as fair.",
      ],
    },
  ];
}
