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
        tell({answer: {...answer, took: performance.now() - asked}, problem: "", isWaiting: answer.sharper, isOld: false}),
      (problem) => tell({problem, isWaiting: false}),
    );
  }
  store.subscribe((_, changed) => changed.some((name) => ASKED_FOR.includes(name)) && ask());
  return {
    ask,
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      listener(current);
      return () => listeners.delete(listener);
    },
  };
}
