// The tab on which the world is watched month by month, under two policies.

import {cartelsPanel, corridorsPanel} from "policymix/bars";
import {fill, h} from "policymix/dom";
import {number} from "policymix/format";
import {timeline} from "policymix/timeline";
import {peoplePanel} from "policymix/watch_people";
import {personPanel} from "policymix/watch_person";
import {makeSides} from "policymix/watch_sides";

const ASKED_WITH = ["mine", "mineTitle", "pinned", "assumptions"];

/** The second tab. Nothing is played before it is looked at. */
export function watchView(context) {
  const {facts, store} = context;
  const watch = () => ({month: 0, slot: null, ...store.get().watch});
  const change = (changes) => store.set({watch: {...watch(), ...changes}});
  const sides = makeSides(context, () => update());
  const time = timeline((month) => change({month}));
  const people = peoplePanel(sides, (slot) => change({slot}));
  const person = personPanel(sides, (slot) => change({slot}), (month) => change({month}));
  const panels = [people, person, cartelsPanel(context, sides), corridorsPanel(context, sides)];
  const about = h("p", {class: "about"});
  const told = h("div", {}, time.element, h("h2", {class: "unseen"}, "People"), people.element, person.said, people.legend, person.element, panels[2].element, panels[3].element, people.table);
  const element = h("div", {class: "watch"}, about, told);
  keepBelowHeader(element);
  let isShown = false;
  function update() {
    const recordings = sides.both.map(({recording}) => recording).filter(Boolean);
    const months = Math.max(1, ...recordings.map((one) => one.months));
    const n = recordings[0]?.people ?? 1;
    const {month, slot} = watch();
    const view = {month: Math.min(month, months), slot: slot !== null && slot < n ? slot : null, isPlaying: time.isPlaying()};
    fill(about, aboutParts(facts, recordings[0]));
    time.element.hidden = recordings.length === 0;
    time.show(view.month, months);
    panels.forEach((panel) => panel.show(view));
  }
  store.subscribe((_, names) => {
    if (isShown && names.some((name) => ASKED_WITH.includes(name))) {
      time.pause();
      sides.refresh();
      update();
    } else if (isShown && names.includes("watch")) {
      update();
    }
  });
  return {
    element,
    show() {
      isShown = true;
      sides.refresh();
      update();
    },
    hide() {
      time.pause();
      isShown = false;
    },
  };
}

/** Tells the style sheet how high the page's header is, beneath which the time stays in view. */
function keepBelowHeader(element) {
  const header = document.querySelector("body > header");
  if (header) {
    new ResizeObserver(() => element.style.setProperty("--header", `${header.offsetHeight}px`)).observe(header);
  }
}

function aboutParts(facts, recording) {
  const dots = recording
    ? `Each dot is one of the first ${number(recording.people)} of ${number(facts.setup.people)} simulated people and stands for ${number(recording.weight)} people of the country. `
    : "";
  return [h("strong", {}, "One run, the first replicate, under each policy: the same people in the same places, with the same dice. "), dots, "Nobody here is a real person."];
}
