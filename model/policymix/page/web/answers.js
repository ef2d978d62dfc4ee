// Asks the engine whenever the mixes or the assumptions change, and tells who listens.

import {copyOf} from "policymix/policy";

const ASKED_FOR = ["mine", "pinned", "assumptions"];

/** The latest answer (old when the mix is another by now), its problem or its waiting; `subscribe(listener(state))`. */
export function makeAnswers(store, engine, facts) {
  const listeners = new Set();
  let current = {answer: null, problem: "", isWaiting: false, isOld: false};
  let cancel = () => {};
  function tell(changes) {
    current = {...current, ...changes};
    listeners.forEach((listener) => listener(current));
  }
  function ask() {
    cancel();
    const {mine, pinned, assumptions} = store.get();
    const question = {
      mine: copyOf(mine),
      pinned: copyOf(pinned.policy),
      pinnedName: pinned.name,
      assumptions: {...assumptions},
      seed: facts.setup.seed,
    };
    const refusal = engine.canPlay(question);
    if (refusal) {
      cancel = () => {};
      tell({problem: refusal, answer: null, isWaiting: false});
      return;
    }
    const asked = performance.now();
    tell({problem: "", isWaiting: true, isOld: current.answer !== null});
    cancel = engine.answer(
      question,
      (answer) =>
        tell({
          answer: {...answer, took: performance.now() - asked},
          problem: "",
          isWaiting: answer.sharper,
          isOld: Boolean(answer.isPassed),
        }),
      (problem) => tell({problem, isWaiting: false, isOld: current.answer !== null}),
    );
  }
  store.subscribe((_, changed) => changed.some((name) => ASKED_FOR.includes(name)) && ask());
  return {
    ask,
    get: () => current,
    /** The answer to what the page holds now; null while that is being played, or could not be. */
    whole: () => (current.problem || current.isOld ? null : current.answer),
    subscribe(listener) {
      listeners.add(listener);
      listener(current);
      return () => listeners.delete(listener);
    },
  };
}
