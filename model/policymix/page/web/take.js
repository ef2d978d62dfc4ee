import {h} from "policymix/dom";

export function takeView() {
  return {element: h("p", {}, "take")};
}
