import {h} from "policymix/dom";

export function lessonsView() {
  return {element: h("p", {}, "lessons")};
}
