// What somebody calls a mix of their own.

import {fill, freshId, h} from "policymix/dom";
import {shippedNameOf} from "policymix/state";

const LONGEST = 60;

/** The field for the name; a shipped scenario has its own, so it is hidden there. */
export function nameField({facts, store}) {
  const id = freshId("name");
  const problem = h("span", {class: "problem", id: `${id}-problem`, role: "alert"});
  const input = h("input", {
    id,
    type: "text",
    maxlength: LONGEST,
    autocomplete: "off",
    "aria-describedby": problem.id,
  });
  const element = h("p", {class: "field name"}, h("label", {for: id}, "Mine is called"), input, problem);
  const put = () => {
    input.value = store.get().mineTitle;
  };
  input.addEventListener("input", () => fill(problem));
  input.addEventListener("change", () => {
    const {mineTitle, pinned} = store.get();
    const name = cleaned(input.value);
    const said = name === mineTitle ? "" : refusal(name, [pinned.title, ...facts.scenarios.map(({title}) => title)]);
    if (!said) {
      store.set({mineTitle: name, named: name});
    }
    put();
    fill(problem, said && `${said} It stays as it was.`);
  });
  const say = () => {
    const {mine, mineTitle} = store.get();
    element.hidden = shippedNameOf(facts, mineTitle, mine) !== undefined;
    fill(problem);
    put();
  };
  store.subscribe((_, names) => names.some((name) => ["mine", "mineTitle"].includes(name)) && say());
  say();
  return element;
}

/** In one line and without what cannot be seen. */
function cleaned(text) {
  return text.replaceAll(/[\s\p{C}]+/gu, " ").trim();
}

function refusal(name, taken) {
  if (!/[\p{L}\p{N}]/u.test(name)) {
    return `Read ${name || "nothing"}, allowed is what has a letter or a digit.`;
  }
  return taken.includes(name) ? `Read ${name}, and that is what another mix is called.` : "";
}
