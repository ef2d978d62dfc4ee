// Puts the page together: facts, engine, store, tabs.

import {assumptionsView} from "policymix/assumptions";
import {makeAnswers} from "policymix/answers";
import {believeView} from "policymix/believe";
import {changedBar} from "policymix/changed";
import {button, fill, h} from "policymix/dom";
import {openEngine} from "policymix/engine";
import {isPredicting} from "policymix/lesson_cards";
import {lessonsView} from "policymix/lessons";
import {linkText, readLink, WHOLE} from "policymix/link";
import {mixView} from "policymix/mix";
import {initialState, makeStore} from "policymix/state";
import {takeView} from "policymix/take";
import {watchView} from "policymix/watch";

const TABS = [
  ["mix", "The mix", mixView],
  ["watch", "Watch", watchView],
  ["believe", "What would you have to believe?", believeView],
  ["assumptions", "Assumptions", assumptionsView],
  ["lessons", "Lessons", lessonsView],
  ["take", "Take it away", takeView],
];
/** Tabs that would tell what a lesson asks. The first one hides its own curves. */
const TELLING = ["watch", "believe", "take"];
/** Browsers take longer over a new address than over an answer: it is written when the hand rests. */
const QUIET_BEFORE_LINK_MS = 1000;

function jsonIn(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** Begin: called once, by the page. */
export async function start() {
  const facts = jsonIn("facts");
  const engine = await openEngine(facts, jsonIn("book"));
  const names = TABS.map(([name]) => name);
  const found = readLink(facts, location.hash, names);
  const store = makeStore({...initialState(facts), ...found.state});
  const answers = makeAnswers(store, engine, facts);
  const context = {facts, store, engine, answers};
  showTabs(context);
  changedBar(context, document.getElementById("changed"));
  sayOfLink(found);
  keepLink(context, names);
  const header = document.querySelector("header");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--header", `${header.offsetHeight}px`);
  }).observe(header);
  answers.ask();
  document.documentElement.dataset.ready = "yes";
}

function lostText(problems) {
  if (problems.includes(WHOLE)) {
    return "This link could not be read; the page begins as it does without one.";
  }
  return problems.length
    ? `Parts of this link could not be read, and were left out: ${problems.join("; ")}.`
    : "";
}

/** What a link held that this page left out, or does otherwise. */
function sayOfLink({problems, remarks}) {
  const element = document.getElementById("link-said");
  fill(element, [lostText(problems), ...remarks].filter(Boolean).join(" "));
  element.hidden = element.textContent === "";
}

function showTabs(context) {
  const {store} = context;
  const list = document.getElementById("tabs");
  const main = document.getElementById("views");
  main.replaceChildren();
  const parts = TABS.map(([name, title, make]) => {
    const view = make(context);
    const waits = TELLING.includes(name) ? waitingLine(store) : null;
    const tab = h(
      "button",
      {type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `view-${name}`},
      title,
    );
    const panel = h(
      "section",
      {role: "tabpanel", id: `view-${name}`, "aria-labelledby": `tab-${name}`},
      h("h2", {class: "unseen"}, title),
      waits,
      view.element,
    );
    tab.addEventListener("click", () => store.set({tab: name}));
    list.append(tab);
    main.append(panel);
    return {name, view, waits, tab, panel};
  });
  list.addEventListener("keydown", (event) => moveFocus(event, parts, store));
  const choose = () => {
    const {tab} = store.get();
    const isLost = parts.some(({name, panel}) => name !== tab && panel.contains(document.activeElement));
    parts.forEach((part) => showPart(part, store.get()));
    if (isLost) {
      // What led here is out of sight: the keyboard goes on from the tab.
      parts.find(({name}) => name === tab).tab.focus();
    }
  };
  store.subscribe((_, changed) => ["tab", "lesson"].some((name) => changed.includes(name)) && choose());
  store.subscribe((_, changed) => changed.includes("tab") && bringIntoView(list, parts, store));
  choose();
  bringIntoView(list, parts, store);
}

/** On a narrow screen not all tabs fit. */
function bringIntoView(list, parts, store) {
  const {tab} = parts.find(({name}) => name === store.get().tab);
  list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
}

function waitingLine(store) {
  return h(
    "p",
    {class: "lead"},
    "This waits for your prediction, since it would tell the answer. ",
    button("Back to the lesson", () => store.set({tab: "lessons"})),
  );
}

function showPart({name, view, waits, tab, panel}, state) {
  const isChosen = state.tab === name;
  const isWaiting = waits !== null && isPredicting(state);
  const isLive = isChosen && !isWaiting;
  const wasLive = panel.dataset.shown === "yes";
  tab.setAttribute("aria-selected", String(isChosen));
  tab.tabIndex = isChosen ? 0 : -1;
  panel.hidden = !isChosen;
  panel.dataset.shown = isLive ? "yes" : "no";
  if (waits) {
    waits.hidden = !isWaiting;
    view.element.hidden = isWaiting;
  }
  if (isLive && !wasLive) {
    view.show?.();
  } else if (!isLive && wasLive) {
    view.hide?.();
  }
}

function moveFocus(event, parts, store) {
  const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  const end = {Home: 0, End: parts.length - 1}[event.key];
  if (step === undefined && end === undefined) {
    return;
  }
  const at = parts.findIndex(({name}) => name === store.get().tab);
  const next = parts[end ?? (at + step + parts.length) % parts.length];
  event.preventDefault();
  store.set({tab: next.name});
  next.tab.focus();
}

/** The address always holds the state, so that it can be copied or kept. */
function keepLink({facts, store}, names) {
  let timer = 0;
  let written = location.hash;
  store.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      written = `#${linkText(facts, store.get())}`;
      history.replaceState(null, "", written);
    }, QUIET_BEFORE_LINK_MS);
  });
  window.addEventListener("hashchange", () => {
    if (location.hash !== written) {
      const found = readLink(facts, location.hash, names);
      store.set({...initialState(facts), ...found.state});
      sayOfLink(found);
    }
  });
}
