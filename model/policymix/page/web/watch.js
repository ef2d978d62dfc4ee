// The tab on which the world is watched month by month, under two policies.

import {cartelsPanel, corridorsPanel} from "policymix/bars";
import {remarksLine} from "policymix/compared";
import {fill, h} from "policymix/dom";
import {number} from "policymix/format";
import {timeline} from "policymix/timeline";
import {peoplePanel} from "policymix/watch_people";
import {personPanel} from "policymix/watch_person";
import {makeSides, ONE_RUN} from "policymix/watch_sides";

const ASKED_WITH = ["mine", "mineTitle", "pinned", "assumptions"];

/** The second tab. Nothing is played before it is looked at. */
export function watchView(context) {
  const {store} = context;
  const watched = () => ({month: 0, slot: null, ...store.get().watch});
  const change = (changes) => store.set({watch: {...watched(), ...changes}});
  const sides = makeSides(context, () => update());
  const page = layOut(context, sides, change);
  let isShown = false;
  const update = () => page.show(watched());
  const refresh = () => {
    sides.refresh();
    update();
  };
  store.subscribe((_, names) => {
    if (isShown && names.some((name) => ASKED_WITH.includes(name))) {
      page.time.pause();
      refresh();
    } else if (isShown && names.includes("watch")) {
      update();
    }
  });
  return {
    element: page.element,
    show() {
      isShown = true;
      refresh();
    },
    hide() {
      page.time.pause();
      isShown = false;
    },
  };
}

/** All of the tab; `show({month, slot})` tells every part of it what is looked at. */
function layOut(context, sides, change) {
  const time = timeline((month) => change({month}));
  const people = peoplePanel(context, sides, (slot) => change({slot}));
  const person = personPanel(
    sides,
    (slot) => change({slot}),
    (month) => change({month}),
  );
  const cartels = cartelsPanel(context, sides);
  const corridors = corridorsPanel(context, sides);
  const about = h("p", {class: "about"});
  const heading = h("h2", {class: "unseen"}, "People");
  const below = [
    person.said,
    people.legend,
    person.element,
    cartels.element,
    corridors.element,
    people.table,
  ];
  return {
    time,
    element: h(
      "div",
      {class: "watch"},
      about,
      remarksLine(context),
      time.element,
      heading,
      people.element,
      below,
    ),
    show({month, slot}) {
      const recordings = sides.both.map(({recording}) => recording).filter(Boolean);
      const months = Math.max(1, ...recordings.map((one) => one.months));
      const isThere = slot !== null && slot < (recordings[0]?.people ?? 0);
      const view = {month: Math.min(month, months), slot: isThere ? slot : null, isPlaying: time.isPlaying()};
      fill(
        about,
        h("strong", {}, ONE_RUN, " "),
        dotsText(context.facts, recordings[0]),
        "Nobody here is a real person.",
      );
      [time.element, ...below].forEach((part) => {
        part.hidden = recordings.length === 0;
      });
      time.show(view.month, months);
      [people, person, cartels, corridors].forEach((panel) => panel.show(view));
    },
  };
}

/** Who a dot is: one of those who are played, of whom the field may hold only the first. */
function dotsText({setup}, recording) {
  if (!recording) {
    return "";
  }
  const {people, weight} = recording;
  const each = number((weight * people) / setup.people);
  const of = `This page plays ${number(setup.people)} people, each in place of ${each} of the country.`;
  return people === setup.people
    ? `${of} Each dot is one of them. `
    : `${of} Each dot is one of the first ${number(people)} of them; as these stand here for all, a dot counts for ${number(weight)}. `;
}
