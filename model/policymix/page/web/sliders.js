// The budget as linked sliders: the total, the three sides, the levers inside each.

import {button, fill, freshId, h} from "policymix/dom";
import {money, number, percent, signed} from "policymix/format";
import {
  copyOf,
  placesOf,
  sideMoney,
  sum,
  todayOf,
  withLever,
  withSide,
  withSplitsOf,
  withTotal,
} from "policymix/policy";
import {ownTitle} from "policymix/state";

const SAME_BILLION = 0.005;

/** A labelled slider in per cent with its dollars, a lock, and how it differs from the pinned mix. */
function moneyRow({title, hint, name, kind, onMove, onLock}) {
  const id = freshId("slider");
  const input = h("input", {
    id,
    type: "range",
    min: 0,
    max: 100,
    step: 0.1,
    "aria-describedby": hint ? `${id}-stuck ${id}-hint` : `${id}-stuck`,
  });
  const stuck = h("p", {class: "hint stuck", id: `${id}-stuck`});
  const amount = h("span", {class: "amount"});
  const change = h("span", {class: "change"});
  const lock = button("", () => onLock(name), {
    class: "lock",
    "aria-pressed": "false",
    "aria-label": `Lock the share of ${title}`,
    title: "Holds the share, not the dollars",
  });
  input.addEventListener("input", () => onMove(name, Number(input.value) / 100));
  const element = h(
    "div",
    {class: `row ${kind}`, "data-name": name},
    h("label", {for: id}, title),
    h("div", {class: "slide"}, input, lock),
    h("div", {class: "told"}, amount, change),
    stuck,
    hint ? h("p", {class: "hint", id: `${id}-hint`}, hint) : null,
  );
  return {
    element,
    name,
    show({share, billion, pinned, isLocked, why}) {
      if (Math.abs(Number(input.value) - 100 * share) > 0.05) {
        input.value = (100 * share).toFixed(1);
      }
      input.disabled = isLocked || why !== "";
      if (stuck.textContent !== why) {
        // As an alert it is heard when a lock elsewhere has brought it about.
        fill(stuck, why && h("span", {role: "alert"}, why));
      }
      input.setAttribute("aria-valuetext", `${percent(share, 1)}, ${money(billion)} a year`);
      amount.textContent = `${percent(share, 1)} · ${money(billion)}`;
      const differs = Math.abs(billion - pinned) > SAME_BILLION;
      element.classList.toggle("differs", differs);
      change.textContent = differs ? `${signed(billion - pinned, 2)} bn` : "";
      lock.setAttribute("aria-pressed", String(isLocked));
      lock.textContent = isLocked ? "locked %" : "lock %";
    },
  };
}

function totalRow(facts, onTotal) {
  const id = freshId("total");
  const today = sum(todayOf(facts));
  const most = Math.floor(today * 2);
  const input = h("input", {id, type: "range", min: Math.ceil(today) / 2, max: most, step: 0.5});
  const amount = h("span", {class: "amount"});
  const change = h("span", {class: "change"});
  input.addEventListener("input", () => onTotal(Number(input.value)));
  const element = h(
    "div",
    {class: "row total", "data-name": "total"},
    h("label", {for: id}, "Budget in all"),
    h("div", {class: "slide"}, input),
    h("div", {class: "told"}, amount, change),
  );
  return {
    element,
    show(total, pinned) {
      input.value = String(total);
      input.setAttribute("aria-valuetext", `${number(total, 1)} billion US dollars a year`);
      amount.textContent = `${money(total)} a year`;
      const differs = Math.abs(total - pinned) > SAME_BILLION;
      element.classList.toggle("differs", differs);
      change.textContent = differs ? `${signed(total - pinned, 1)} bn` : "";
    },
  };
}

/** The sliders of the phase that is being edited. */
export function sliders({facts, store}) {
  let usual = todayOf(facts);
  let moved = null;
  const change = (make) => {
    const {mine, phase, locks} = store.get();
    const next = copyOf(mine);
    if (moved?.mine !== mine || moved.phase !== phase) {
      usual = todayOf(facts); // Another mix: its empty sides know nothing of the one before.
    }
    next.phases[phase].spend = make(next.phases[phase].spend, locks);
    moved = {mine: next, phase};
    store.set({mine: next, mineTitle: ownTitle(store.get())});
  };
  const toggle = (kind) => (name) => {
    const locks = store.get().locks;
    const names = locks[kind].includes(name)
      ? locks[kind].filter((one) => one !== name)
      : [...locks[kind], name];
    store.set({locks: {...locks, [kind]: names}});
  };
  const total = totalRow(facts, (billion) => change((spend) => withTotal(facts, spend, billion)));
  const sides = facts.sides.map(({name, title}) =>
    moneyRow({
      name,
      title,
      kind: `side ${name}`,
      onLock: toggle("sides"),
      onMove: (side, share) =>
        change((spend, locks) => {
          usual = withSplitsOf(facts, usual, spend);
          return withSide(facts, spend, side, share * sum(spend), locks, usual);
        }),
    }),
  );
  const levers = facts.levers.map((lever) =>
    moneyRow({
      name: lever.name,
      title: lever.title,
      kind: `lever ${lever.side}`,
      onLock: toggle("levers"),
      hint: `Buys ${lever.buys}. Acts on ${lever.acts_on}.`,
      onMove: (name, share) =>
        change((spend, locks) => {
          const whole = sum(placesOf(facts, lever.side).map((place) => spend[place]));
          return withLever(facts, spend, name, share * whole, locks);
        }),
    }),
  );
  const parts = {facts, store, total, sides, levers};
  store.subscribe(
    (_, changed) =>
      changed.some((name) => ["mine", "pinned", "locks", "phase"].includes(name)) && showAll(parts),
  );
  showAll(parts);
  return h(
    "div",
    {class: "sliders"},
    total.element,
    h("p", {class: "hint"}, "Locks hold shares: dollars still move with the budget."),
    facts.sides.map((side, place) => [
      sides[place].element,
      h(
        "details",
        {class: `levers ${side.name}`},
        h("summary", {}, `Inside ${side.title.toLowerCase()}: ${placesOf(facts, side.name).length} levers`),
        placesOf(facts, side.name).map((lever) => levers[lever].element),
      ),
    ]),
  );
}

function showAll({facts, store, total, sides, levers}) {
  const {mine, pinned, locks, phase} = store.get();
  const spend = mine.phases[Math.min(phase, mine.phases.length - 1)].spend;
  const other = pinned.policy.phases[Math.min(phase, pinned.policy.phases.length - 1)].spend;
  const [all, mineSides, otherSides] = [sum(spend), sideMoney(facts, spend), sideMoney(facts, other)];
  const sideNames = facts.sides.map(({name}) => name);
  total.show(all, sum(other));
  sides.forEach((row, place) =>
    row.show({
      share: all > 0 ? mineSides[place] / all : 0,
      billion: mineSides[place],
      pinned: otherSides[place],
      isLocked: locks.sides.includes(row.name),
      why: stuckText(facts.sides, locks.sides, row.name),
    }),
  );
  levers.forEach((row, place) => {
    const side = facts.levers[place].side;
    const whole = mineSides[sideNames.indexOf(side)];
    const ofSide = facts.levers.filter((lever) => lever.side === side);
    row.show({
      share: whole > 0 ? spend[place] / whole : 0,
      billion: spend[place],
      pinned: other[place],
      isLocked: locks.levers.includes(row.name),
      why: whole > 0 ? stuckText(ofSide, locks.levers, row.name) : "Its side has no money to move.",
    });
  });
}

/** Why what is not locked itself cannot move, and what to do; empty if it can. */
function stuckText(all, locked, name) {
  const others = all.filter((one) => one.name !== name);
  if (locked.includes(name) || others.some((one) => !locked.includes(one.name))) {
    return "";
  }
  return `Does not move, since all others are locked. Open one of these locks: ${others.map(({title}) => title).join(", ")}.`;
}
