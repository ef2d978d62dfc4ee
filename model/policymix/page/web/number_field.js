// A field for a number: what it may not be is said beside it, and what was there stays.

import {fill, freshId, h} from "policymix/dom";
import {asWritten} from "policymix/format";

const LONGEST_SAID = 20;

/**
 * A labelled field for a number from `least` to `most`. `onRead(value)` takes what is allowed; `refusal(value)` may
 * say why one within the bounds is not. `show(value, most)` puts in what holds, null where nothing does.
 */
export function numberField({title, least, most, isWhole, onRead, refusal = () => "", ...attributes}) {
  const id = freshId("number");
  const problem = h("span", {class: "problem", id: `${id}-problem`, role: "alert"});
  const input = h("input", {
    id,
    type: "number",
    min: least,
    max: most,
    step: "any",
    "aria-describedby": problem.id,
    ...attributes,
  });
  let holds = null;
  const put = () => {
    input.value = holds === null ? "" : String(holds);
  };
  // What is said of a wrong number goes when a right one is typed, even the one that was there.
  input.addEventListener("input", () => problemOf(input, isWhole, refusal) || fill(problem, ""));
  input.addEventListener("change", () => {
    const said = problemOf(input, isWhole, refusal);
    const value = Number(input.value);
    if (said) {
      put();
      fill(problem, holds === null ? said : `${said} It stays at ${asWritten(holds)}.`);
    } else {
      fill(problem, "");
      onRead(value);
    }
  });
  return {
    input,
    parts: [h("label", {for: id}, title), input],
    problem,
    show(value, bound = most) {
      input.max = bound;
      if (value !== holds) {
        holds = value;
        put();
        fill(problem, "");
      }
    },
  };
}

/** What was read and what is allowed; empty if that is the same. */
function problemOf(input, isWhole, refusal) {
  const [least, most] = [Number(input.min), Number(input.max)];
  const value = Number(input.value);
  // A browser hands on nothing of what is no number.
  const read = input.value.slice(0, LONGEST_SAID) || (input.validity.badInput ? "no number" : "nothing");
  const isWithin = input.value !== "" && value >= least && value <= most;
  if (!isWithin || (isWhole && !Number.isInteger(value))) {
    const kind = isWhole ? "a whole number from " : "";
    return `Read ${read}, allowed is ${kind}${asWritten(least)} to ${asWritten(most)}.`;
  }
  const reason = refusal(value);
  return reason && `Read ${read}, but ${reason}.`;
}
