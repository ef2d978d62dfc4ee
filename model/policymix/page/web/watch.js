import {h} from "policymix/dom";

export function watchView() {
  return {element: h("p", {}, "watch")};
}
