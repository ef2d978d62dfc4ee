// One person of the field, under both policies: the same person, the same dice.

import {button, fill, freshId, h} from "policymix/dom";
import {number, when} from "policymix/format";
import {numberField} from "policymix/number_field";
import {AGED_OUT, differingAt, forkOf, hasDeath} from "policymix/recording";
import {standing, storyOf} from "policymix/stories";
import {titleParts} from "policymix/watch_sides";

const CHOICES = [
  ["any", "whose life differs"],
  ["died-pinned", "who died of an overdose only under pinned"],
  ["died-mine", "who died of an overdose only under mine"],
  ["story", "to whom something happened"],
];

const NOBODY = "There is nobody like this among these people";
const ONLY_ONE = "To find them, people under both policies must be there";
const ONLY_MONTHS_ENDS =
  "Only the end of each month is told: who is released and arrested again within a month shows as having stayed.";

/** Slots in which the choice holds; those that compare both policies need both recordings. */
function slotsOf(choice, recordings, month) {
  if (choice === "story") {
    return slotsWithAStory(recordings);
  }
  if (recordings.length < 2) {
    return [];
  }
  const [pinned, mine] = recordings;
  const now = choice === "any" ? differingNow(recordings, month) : [];
  if (now.length > 0) {
    return now;
  }
  const slots = [...new Set([...pinned.slots(), ...mine.slots()])].sort((one, other) => one - other);
  const holds = {
    any: (slot) => forkOf(pinned, mine, slot) !== null,
    "died-pinned": (slot) => hasDeath(pinned, slot) && !hasDeath(mine, slot),
    "died-mine": (slot) => hasDeath(mine, slot) && !hasDeath(pinned, slot),
  };
  return slots.filter(holds[choice]);
}

/** Slots with something to tell besides reaching the exit age, under any policy. */
function slotsWithAStory(recordings) {
  const isTold = (recording, slot) =>
    recording.changesOf(slot).some(({how, state}) => how !== AGED_OUT || state !== 0);
  const slots = new Set(
    recordings.flatMap((recording) => recording.slots().filter((slot) => isTold(recording, slot))),
  );
  return [...slots].sort((one, other) => one - other);
}

/** The next one after `slot` in `slots`, or the one before, round the end. */
function neighbour(slots, slot, by) {
  if (by > 0) {
    return slots.find((one) => slot === null || one > slot) ?? slots[0] ?? null;
  }
  const before = slots.filter((one) => slot === null || one < slot);
  return (before.length > 0 ? before : slots).at(-1) ?? null;
}

/** The panel. `onPick(slot)` picks someone, `onMonth(month)` goes to when something happened. */
export function personPanel(sides, onPick, onMonth) {
  const said = h("p", {class: "person-said", role: "status"});
  const stories = h("div", {class: "pair"});
  const choosing = chooser(sides, onPick);
  let key = "";
  return {
    said,
    element: h(
      "section",
      {class: "person"},
      h("h2", {}, "One person, the same dice"),
      choosing.element,
      stories,
      h("p", {class: "soft"}, ONLY_MONTHS_ENDS),
    ),
    show(view) {
      const {slot, month, isPlaying} = view;
      choosing.show(view);
      said.setAttribute("aria-live", isPlaying ? "off" : "polite");
      said.classList.toggle("picked", slot !== null);
      fill(said, saidOf(sides, slot, month));
      const wanted = wantedKey(sides, slot);
      if (wanted !== key) {
        key = wanted;
        fill(stories, slot === null ? [] : sides.both.map((side) => storyOfSide(side, sides, slot, onMonth)));
      }
      markLater(stories, month);
    },
  };
}

/** Changes with the person and with what is there of them. */
function wantedKey(sides, slot) {
  return [slot, ...sides.both.map((side) => `${side.key}${Boolean(side.recording)}`)].join();
}

/** The ways to someone: the next one like this, the one before, or by number. */
function chooser(sides, onPick) {
  const nobody = h("span", {class: "nobody soft", role: "status"});
  const shown = {slot: null, month: 0};
  const recordings = () => sides.both.map(({recording}) => recording).filter(Boolean);
  const say = (text) => {
    nobody.textContent = text;
  };
  const find = finder(
    (choice, by) => {
      const all = recordings();
      const slot = neighbour(slotsOf(choice, all, shown.month), shown.slot, by);
      const why = choice === "story" || all.length === 2 ? NOBODY : ONLY_ONE;
      say(slot === null ? `${why}${staysText(shown.slot)}.` : "");
      if (slot !== null) {
        onPick(slot);
      }
    },
    () => say(""),
  );
  const byNumber = slotField(onPick);
  let known = "";
  return {
    element: h("div", {class: "field"}, find, nobody, byNumber.element),
    show({slot, month}) {
      const all = recordings();
      const key = wantedKey(sides, slot);
      if (key !== known) {
        known = key;
        say("");
      }
      Object.assign(shown, {slot, month});
      byNumber.show(slot, all[0]?.people ?? 1);
    },
  };
}

function staysText(slot) {
  return slot === null ? "" : `; the story of dot ${number(slot + 1)} stays`;
}

/** Slots that differ at the end of this month. */
function differingNow(both, month) {
  return Array.from(differingAt(...both, month)).flatMap((flag, slot) => (flag ? [slot] : []));
}

function finder(onFind, onChange) {
  const id = freshId("find");
  const select = h(
    "select",
    {id, on: {change: onChange}},
    CHOICES.map(([value, text]) => h("option", {value}, text)),
  );
  const find = (text, by) =>
    button(text, () => onFind(select.value, by), {"aria-label": `${text} like this`});
  return [h("label", {for: id}, "Someone"), select, find("Find previous", -1), find("Find next", 1)];
}

function slotField(onPick) {
  const of = h("span", {class: "soft"});
  const field = numberField({
    title: "Dot",
    least: 1,
    most: 1,
    step: 1,
    isWhole: true,
    class: "slot-number",
    onRead: (place) => onPick(place - 1),
  });
  return {
    element: h("span", {class: "field"}, field.parts, of, field.problem),
    show(slot, people) {
      of.textContent = `of ${number(people)}`;
      field.show(slot === null ? null : slot + 1, people);
    },
  };
}

function saidOf(sides, slot, month) {
  if (slot === null) {
    return "Click or tap a dot, or find someone below, to read what happened to the same person under each policy.";
  }
  const parts = sides.both
    .filter(({recording}) => recording)
    .map((side) => `${standing(side.recording, slot, month)} under ${side.name}`);
  return [h("strong", {}, `Dot ${number(slot + 1)}`), `: ${parts.join("; ")}. The whole story is below.`];
}

function storyOfSide(side, sides, slot, onMonth) {
  const heading = h("h3", {}, titleParts(side));
  if (!side.recording) {
    return h("div", {class: "side"}, heading);
  }
  const [pinned, mine] = sides.both.map(({recording}) => recording);
  const fork = pinned && mine ? forkOf(pinned, mine, slot) : null;
  const items = [];
  for (const event of storyOf(side.recording, slot)) {
    if (fork !== null && event.month >= fork && !items.some((item) => item.className === "fork")) {
      items.push(h("li", {class: "fork"}, "From here on the two lives differ"));
    }
    items.push(eventItem(event, onMonth));
  }
  return h("div", {class: "side"}, heading, h("ol", {class: "story"}, items));
}

function eventItem({month, age, text, kind}, onMonth) {
  const goThere = button(when(month), () => onMonth(month), {class: "link"});
  return h("li", {"data-month": month, class: kind || false}, goThere, `, aged ${age}: ${text}`);
}

/** What happens after the month that is shown stands back. */
function markLater(stories, month) {
  for (const item of stories.querySelectorAll("li[data-month]")) {
    item.classList.toggle("later", Number(item.dataset.month) > month);
  }
}
