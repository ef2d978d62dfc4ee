import {h} from "policymix/dom";

export function believeView() {
  return {element: h("p", {}, "believe")};
}
