// The months: play, pause, step and a slider.

import {button, fill, freshId, h} from "policymix/dom";
import {signed, when} from "policymix/format";

const MONTH_MS = 150;
/** Where less motion is wanted, a month may be read before the next one comes. */
const CALM_MONTH_MS = 1000;
const MOST_MARKS = 11;

/** The control. `onMonth(month)` when the visitor moves; nothing plays before it is asked to. */
export function timeline(onMonth) {
  const id = freshId("month");
  const now = {month: 0, months: 1, timer: 0};
  const slider = h("input", {type: "range", id, min: 0, max: 1, step: 1, value: 0});
  const said = h("span", {class: "month-now"});
  const years = h("div", {class: "years", "aria-hidden": "true"});
  const isPlaying = () => now.timer !== 0;
  const move = (month) => onMonth(Math.min(Math.max(month, 0), now.months));
  const play = button("Play", () => (isPlaying() ? pause() : start()), {class: "play"});
  function pause() {
    clearInterval(now.timer);
    now.timer = 0;
    play.textContent = "Play";
    onMonth(now.month);
  }
  function start() {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const first = now.month >= now.months ? 0 : now.month + 1;
    const tick = () => (now.month >= now.months ? pause() : move(now.month + 1));
    now.timer = setInterval(tick, isCalm ? CALM_MONTH_MS : MONTH_MS);
    play.textContent = "Pause";
    move(first);
  }
  const [back, on] = [-1, 1].map((by) =>
    stepButton(by, () => (isPlaying() && pause(), move(now.month + by))),
  );
  slider.addEventListener("input", () => move(Number(slider.value)));
  const element = h(
    "div",
    {class: "timeline", role: "group", "aria-label": "Time"},
    h("div", {class: "field"}, play, back, on, h("label", {for: id, class: "unseen"}, "Month"), said),
    h("div", {class: "scrub"}, slider, years),
  );
  return {
    element,
    isPlaying,
    pause: () => isPlaying() && pause(),
    show: (month, months) => show({now, slider, said, years, back, on}, month, months),
  };
}

/** "+1 month", of which a phone shows the number alone. */
function stepButton(by, act) {
  const element = button(signed(by), act);
  element.append(h("span", {class: "unseen-on-phones"}, " month"));
  return element;
}

function show({now, slider, said, years, back, on}, month, months) {
  if (months !== now.months) {
    slider.max = months;
    fill(years, yearMarks(months));
  }
  Object.assign(now, {month, months});
  slider.value = month;
  slider.setAttribute("aria-valuetext", when(month));
  said.textContent = when(month);
  // Not `disabled`, which would take the keyboard's focus away at either end.
  back.setAttribute("aria-disabled", String(month === 0));
  on.setAttribute("aria-disabled", String(month === months));
}

/** "0", "2", ... at their places along the slider, in years. */
function yearMarks(months) {
  const marks = [];
  const apart = [1, 2, 5, 10].find((years) => months / 12 / years < MOST_MARKS) ?? 10;
  for (let year = 0; 12 * year <= months; year += apart) {
    marks.push(
      h("span", {style: {left: `${(1200 * year) / months}%`}}, year === 0 ? "year 0" : String(year)),
    );
  }
  return marks;
}
