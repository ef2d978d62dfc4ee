// Plays on the server that gave this page: asks, asks again for a sharper answer, and lets go of what is old.

import {scenarioText} from "policymix/scenario";

const FIRST_REPLICATES = 2;
const RUNGS = 5;
const PAUSE_MS = 400;
const MOST_PAUSES = 20;
const PUSHED_ASIDE = 202;
const REFUSED = 422;
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
    async report(mine, pinned) {
      const {id} = await job("report", {mine, pinned}, () => {});
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

/** A point at each value; where one makes an impossible world, the others are asked for one by one. */
async function playedRungs(body, values, signal) {
  const play = async (some) => {
    const {points, replicates} = await post("api/ladder", {...body, values: some}, signal);
    return points.map((point) => ({isPossible: true, replicates, ...point}));
  };
  const playOne = (value) =>
    play([value]).catch((error) => {
      if (error.status !== REFUSED) {
        throw error;
      }
      return [{value, isPossible: false, reason: error.message}];
    });
  try {
    return await play(values);
  } catch (error) {
    if (error.status !== REFUSED) {
      throw error;
    }
  }
  const found = [];
  for (const value of values) {
    found.push(...(await playOne(value)));
  }
  if (found.every(({isPossible}) => !isPossible)) {
    throw new Error(found[0].reason);
  }
  return found;
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
    if (now === request || now?.like === request.like) {
      now.onAnswer({
        ...shaped(told, now !== request || told.replicates < this.replicates),
        isPassed: now !== request,
      });
    }
    if (told.replicates < this.replicates) {
      await this.sharpen(request);
    }
  }

  async sharpen(request) {
    for (let pause = 0; pause < MOST_PAUSES && this.latest === request; pause += 1) {
      const {signal} = request.control;
      const told = await post("api/answer", this.body(request, this.replicates), signal);
      const isLast = told.replicates >= this.replicates || pause === MOST_PAUSES - 1;
      if (this.latest === request) {
        request.onAnswer(shaped(told, !isLast));
      }
      if (isLast) {
        return;
      }
      await waited(PAUSE_MS, signal);
    }
  }

  body({texts, seed}, replicates) {
    return {...texts, replicates, seed};
  }
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

/** A long study: begun, looked at until it is over; `{id, told}`. */
async function job(kind, texts, onProgress, signal) {
  const {id} = await post(`api/${kind}`, texts, signal);
  for (;;) {
    const told = await (await fetched(`api/${kind}/${id}`, {signal})).json();
    if (told.ready) {
      return {id, told};
    }
    if (told.of) {
      onProgress({done: told.done, of: told.of});
    }
    await waited(LOOK_MS, signal);
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
      throw new Error(given.problems.join("\n"));
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
