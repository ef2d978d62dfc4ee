// Plays on the server that gave this page: asks, asks again for a sharper answer, and lets go of what is old.

import {scenarioText} from "policymix/scenario";

const FIRST_REPLICATES = 2;
const RUNGS = 5;
const PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;
const MOST_PAUSES = 20;
const PUSHED_ASIDE = 202;
const BUSY = 503;
const LOOK_MS = 700;
const GONE = "The server does not answer. Is it still running in its terminal?";

/** The engine of a page that a server gave. */
export function liveEngine(facts) {
  const texts = (question) => titled(facts, {mineTitle: "Mine", pinnedTitle: "Pinned", ...question});
  const asker = new Asker(facts.setup.replicates);
  return {
    kind: "live",
    ladderNote: "Bands are 95 % intervals of the paired replicates that there was time for.",
    canPlay: () => "",
    canWatch: () => "",
    answer(question, onAnswer, onProblem) {
      const both = texts(question);
      const like = `${question.seed}\n${both.pinned}`;
      const control = new AbortController();
      return asker.ask({
        texts: both,
        seed: question.seed,
        like,
        onAnswer,
        onProblem,
        control,
        isAsked: false,
      });
    },
    ladder: (question, entry, onPoints, onProblem) =>
      asked(
        (signal) => playedRungs({...texts(question), assumption: entry.name}, rungs(entry), signal),
        onPoints,
        onProblem,
      ),
    robust: (question, onProgress, onAnswer, onProblem) =>
      asked(
        async (signal) => (await job("robust", titled(facts, question), onProgress, signal)).told.answer,
        onAnswer,
        onProblem,
      ),
    async watch(policy, assumptions) {
      return post("api/watch", {policy: textOf(facts, policy, assumptions)});
    },
    async report(texts, names) {
      const told = {...texts, mine_name: names.mine, pinned_name: names.pinned};
      const {id} = await job("report", told, () => {});
      return (await fetched(`api/report/${id}/file`)).text();
    },
  };
}

/** A policy as the text of a scenario file of this page's size; titles change no number. */
function textOf(facts, policy, assumptions, title = "A mix") {
  const {people, months, cartels} = facts.setup;
  const setup = {people, months, cartels};
  return scenarioText(facts, {title, summary: "From the page.", policy, assumptions, setup});
}

/** Both policies of a question as texts. */
function titled(facts, {mine, mineTitle, pinned, pinnedTitle, assumptions}) {
  return {
    mine: textOf(facts, mine, assumptions, mineTitle),
    pinned: textOf(facts, pinned, assumptions, pinnedTitle),
  };
}

/** Values of an assumption, evenly from its low to its high, in its unit. */
function rungs({low, high}) {
  return Array.from({length: RUNGS}, (_, place) => low + ((high - low) * place) / (RUNGS - 1));
}

/** A point at each value; one at which no world is possible says why. */
async function playedRungs(body, values, signal) {
  const {points, replicates} = await post("api/ladder", {...body, values}, signal);
  if (points.every(({problem}) => problem)) {
    throw new Error(points[0].problem);
  }
  return points.map((point) => ({isPossible: !point.problem, replicates, ...point}));
}

/**
 * Asks for answers. One first answer is on its way at a time: while a slider moves, an answer to a place just
 * passed is shown (as one that gets sharper) instead of none, and then the newest question is asked.
 */
class Asker {
  constructor(replicates) {
    this.replicates = replicates;
    this.latest = null;
    this.isAsking = false;
  }

  /** The newest request; what came before is let go. Returns what cancels it. */
  ask(request) {
    this.latest?.control.abort();
    this.latest = request;
    this.next();
    return () => {
      request.control.abort();
      if (this.latest === request) {
        this.latest = null;
      }
    };
  }

  next() {
    const request = this.latest;
    if (request && !request.isAsked && !this.isAsking) {
      request.isAsked = true;
      this.isAsking = true;
      this.play(request).catch((error) => this.latest === request && request.onProblem(error.message));
    }
  }

  async play(request) {
    let told = null;
    try {
      const isWanted = () => this.latest === request;
      const few = Math.min(FIRST_REPLICATES, this.replicates);
      told = await post("api/answer", this.body(request, few), null, isWanted);
    } finally {
      this.isAsking = false;
      this.next();
    }
    const now = this.latest;
    // Asked before what there is gets drawn, so that workers are not idle meanwhile.
    const sharper = told.replicates < this.replicates ? this.sharpen(request) : null;
    if (now === request || now?.like === request.like) {
      now.onAnswer({
        ...shaped(told, now !== request || told.replicates < this.replicates),
        isPassed: now !== request,
      });
    }
    await sharper;
  }

  /** Asks, ever more seldom while others go first, until all replicates are there or nobody wants them. */
  async sharpen(request) {
    const {signal} = request.control;
    for (let pause = PAUSE_MS; this.latest === request; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const told = await post("api/answer", this.body(request, this.replicates), signal).catch(unlessBusy);
      if (told && this.latest === request) {
        request.onAnswer(shaped(told, told.replicates < this.replicates));
      }
      if (told?.replicates >= this.replicates) {
        return;
      }
      await waited(pause, signal);
    }
  }

  body({texts, seed}, replicates) {
    return {...texts, replicates, seed};
  }
}

/** Nothing yet where others go first; any other problem stays one. */
function unlessBusy(error) {
  if ([PUSHED_ASIDE, BUSY].includes(error.status)) {
    return null;
  }
  throw error;
}

function shaped(told, sharper) {
  const few = told.replicates < FIRST_REPLICATES ? "One pair of runs so far: no band yet." : "";
  return {...told, sharper, basis: "played", note: few};
}

/** Runs `work` until it is cancelled; what it gives goes to `onAnswer`, what is wrong to `onProblem`. */
function asked(work, onAnswer, onProblem) {
  const control = new AbortController();
  const isWanted = () => !control.signal.aborted;
  work(control.signal).then(
    (told) => isWanted() && onAnswer(told),
    (error) => isWanted() && onProblem(error.message),
  );
  return () => control.abort();
}

/** A long study: begun, looked at until it is over; `{id, told}`. It is let go when nobody is left to see it. */
async function job(kind, texts, onProgress, signal) {
  const {id} = await post(`api/${kind}`, texts, signal);
  const address = `api/${kind}/${id}`;
  const leave = () => fetch(address, {method: "DELETE", keepalive: true}).catch(() => {});
  signal?.addEventListener("abort", leave);
  window.addEventListener("pagehide", leave);
  try {
    for (;;) {
      const told = await (await fetched(address, {signal})).json();
      if (told.ready) {
        return {id, told};
      }
      onProgress({done: told.done, of: told.of, before: told.before});
      await waited(LOOK_MS, signal);
    }
  } finally {
    signal?.removeEventListener("abort", leave);
    window.removeEventListener("pagehide", leave);
  }
}

/** Sends JSON and reads JSON. A request that another tab of this browser pushed aside is sent again. */
async function post(address, told, signal = null, isWanted = () => true) {
  const options = {
    method: "POST",
    headers: {"content-type": "application/json"},
    body: JSON.stringify(told),
    signal,
  };
  for (let pause = 0; ; pause += 1) {
    const response = await fetched(address, options);
    const given = await response.json();
    // The same status tells that a long study was begun, and then there is no problem.
    if (response.status !== PUSHED_ASIDE || !given.problems) {
      return given;
    }
    if (pause === MOST_PAUSES || !isWanted()) {
      throw Object.assign(new Error(given.problems.join("\n")), {status: PUSHED_ASIDE});
    }
    await waited(PAUSE_MS, signal);
  }
}

/** A response that is right, or an Error whose message is for the user. */
async function fetched(address, options = {}) {
  let response;
  try {
    response = await fetch(address, {credentials: "same-origin", ...options});
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error(GONE);
  }
  if (response.ok) {
    return response;
  }
  const told = await response.json().catch(() => null);
  const lines = Array.isArray(told?.problems)
    ? told.problems.map(String)
    : [`The server refused (${response.status}).`];
  throw Object.assign(new Error(lines.join("\n")), {status: response.status});
}

function waited(ms, signal) {
  return new Promise((done, refuse) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      refuse(new DOMException("let go", "AbortError"));
    });
  });
}
