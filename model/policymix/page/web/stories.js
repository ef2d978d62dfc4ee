// What happened to one person, in words. Only month's ends are known, not the steps within a month.

import {AGED_OUT, DIED, GROUP_OF_STATE} from "policymix/recording";

const NEWCOMER_AGE = 12;
const IS = [
  "not using",
  "using casually",
  "in active addiction",
  "in treatment",
  "in recovery",
  "in custody, a casual user",
  "in custody, with an addiction",
  "in active addiction, just out of treatment",
  "in active addiction, just out of custody",
];
/** From state to state, month's end to month's end; some steps lie in between. */
const WORDS = {
  "0-1": "began to use",
  "0-2": "began to use, and it became an addiction",
  "0-5": "began to use, and was arrested",
  "1-0": "stopped using",
  "1-2": "use became an addiction",
  "1-3": "use became an addiction, and treatment began",
  "1-4": "use became an addiction, and stopped",
  "1-5": "was arrested, and is in custody",
  "1-6": "use became an addiction; arrested, and is in custody",
  "2-3": "entered treatment",
  "2-4": "stopped using without treatment, and is in recovery",
  "2-6": "was arrested, and is in custody",
  "3-2": "dropped out of treatment",
  "3-4": "left treatment, and is in recovery",
  "3-6": "left treatment, was arrested, and is in custody",
  "4-2": "relapsed into active addiction",
  "4-3": "relapsed, and entered treatment",
  "4-6": "relapsed, was arrested, and is in custody",
  "5-0": "was released from custody, and stopped using",
  "5-1": "was released from custody, and uses casually",
  "5-2": "was released from custody; use became an addiction",
  "6-2": "was released from custody into active addiction",
  "6-3": "was released from custody, and entered treatment",
  "6-4": "was released from custody, and is in recovery",
};
/** The two risk months read as what they are within: active addiction. */
const AS_ACTIVE = [0, 1, 2, 3, 4, 5, 6, 2, 2];

function ageAt(month, born) {
  return NEWCOMER_AGE + Math.floor((month - born) / 12);
}

function changeWords(before, after) {
  const [from, to] = [AS_ACTIVE[before], AS_ACTIVE[after]];
  return from === to ? "" : (WORDS[`${from}-${to}`] ?? `is now ${IS[after]}`);
}

/** A newcomer who did more in the first month than turn 12. */
function newcomerWords(state) {
  const more = GROUP_OF_STATE[state] === 0 ? "" : `, and is ${IS[state]} within the month`;
  return `a newcomer of ${NEWCOMER_AGE} takes this place from here${more}`;
}

function wordsOf({how, state}, before) {
  if (how === DIED) {
    return `died of an overdose; ${newcomerWords(state)}`;
  }
  if (how === AGED_OUT) {
    return `reached the exit age; ${newcomerWords(state)}`;
  }
  return changeWords(before, state);
}

/**
 * What happened in `slot`, from the start to the end of the run: [{month, age [years], text, kind}].
 * `kind`: "", "died", "left" or "end".
 */
export function storyOf(recording, slot) {
  let {state, born} = recording.startOf(slot);
  const story = [{month: 0, age: ageAt(0, born), text: IS[state], kind: ""}];
  for (const change of recording.changesOf(slot)) {
    const text = wordsOf(change, state);
    if (text) {
      story.push({
        month: change.month,
        age: ageAt(change.month, born),
        text,
        kind: ["", "died", "left"][change.how],
      });
    }
    state = change.state;
    born = change.how === 0 ? born : change.month;
  }
  const {months} = recording;
  return [
    ...story,
    {month: months, age: ageAt(months, born), text: `the run ends, ${IS[state]}`, kind: "end"},
  ];
}

/** Where someone is at the end of a month, as part of a sentence. */
export function standing(recording, slot, month) {
  const {state, born} = recording.at(month);
  return `${ageAt(month, born[slot])} years old, ${IS[state[slot]]}`;
}
