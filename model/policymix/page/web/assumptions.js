import {h} from "policymix/dom";

export function assumptionsView() {
  return {element: h("p", {}, "assumptions")};
}
