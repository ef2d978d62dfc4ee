// What somebody calls a mix of their own.

import {fill, freshId, h} from "policymix/dom";
import {givenTitles} from "policymix/lesson_cards";
import {LONGEST_TITLE, shippedNameOf} from "policymix/state";

/** Control characters and what turns text round; what joins letters stays, since words need it. */
const UNSEEN = /(?![\u200c\u200d])[\p{C}\u2028\u2029]/gu;

/** The field for the name; a shipped scenario has its own, so it is hidden there. */
export function nameField({facts, store}) {
  const id = freshId("name");
  const beside = h("span", {id: `${id}-problem`});
  const tell = (text) => fill(beside, text && h("span", {class: "problem", role: "alert"}, text));
  const input = h("input", {
    id,
    type: "text",
    maxlength: LONGEST_TITLE,
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": beside.id,
  });
  const element = h("p", {class: "field name"}, h("label", {for: id}, "Mine is called"), input, beside);
  const put = () => {
    input.value = store.get().mineTitle;
  };
  input.addEventListener("input", () => tell(""));
  input.addEventListener("change", () => {
    const {mineTitle, pinned} = store.get();
    const name = readName(input.value);
    const said = name === mineTitle ? "" : refusal(name, input.value, [pinned.title, ...givenTitles(facts)]);
    if (!said) {
      store.set({mineTitle: name, named: name});
    }
    put();
    tell(said && `${said} It stays as it was.`);
  });
  const say = () => {
    const {mine, mineTitle} = store.get();
    element.hidden = shippedNameOf(facts, mineTitle, mine) !== undefined;
    tell("");
    put();
  };
  store.subscribe((_, names) => names.some((name) => ["mine", "mineTitle"].includes(name)) && say());
  say();
  return element;
}

/** A name in one line, without what cannot be seen; empty if it has neither a letter nor a digit. */
export function readName(text) {
  const name = text.replaceAll(/\s+/gu, " ").replaceAll(UNSEEN, "").trim();
  return /[\p{L}\p{N}]/u.test(name.replaceAll(/\p{DI}/gu, "")) ? name : "";
}

function refusal(name, text, taken) {
  if (!name) {
    return `Read ${text.trim() || "nothing"}, allowed is what has a letter or a digit.`;
  }
  const isTaken = taken.some((one) => one.toLowerCase() === name.toLowerCase());
  return isTaken ? `Read ${name}, and that is what another mix is called.` : "";
}
