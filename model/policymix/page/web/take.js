// Take it away: a link, scenario files, the report, figures, the limits.

import {button, download, freshId, h} from "policymix/dom";
import {fileStem} from "policymix/format";
import {linkText} from "policymix/link";
import {drawn, reportHtml} from "policymix/report";
import {scenarioText} from "policymix/scenario";
import {shippedNameOf} from "policymix/state";

const NO_ANSWER = "There is no answer for this mix yet, so nothing was saved.";

/** The scenario file of mine or of the pinned mix, as it stands. */
function scenarioOf({facts, store}, which) {
  const {mine, mineTitle, pinned, assumptions} = store.get();
  const {people, months, cartels} = facts.setup;
  const [title, policy] = which === "mine" ? [mineTitle, mine] : [pinned.title, pinned.policy];
  return scenarioText(facts, {
    title,
    summary: `Made on the page of policymix: ${title}.`,
    policy,
    assumptions,
    setup: {people, months, cartels},
  });
}

/** The names of both files; never the same. */
function fileNames({facts, store}) {
  const {mine, mineTitle, pinned} = store.get();
  const one = shippedNameOf(facts, mineTitle, mine) ?? fileStem(mineTitle);
  const other = shippedNameOf(facts, pinned.title, pinned.policy) ?? fileStem(pinned.title);
  return {mine: one === other ? `${one}_mine` : one, pinned: other};
}

function linkPart({facts, store}) {
  const id = freshId("link");
  const field = h("textarea", {id, rows: 3, readonly: true, spellcheck: "false"});
  const said = h("span", {role: "status"});
  const say = () => {
    field.value = `${location.href.split("#")[0]}#${linkText(facts, store.get())}`;
    said.textContent = "";
  };
  const copy = button("Copy the link", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Marked: copy it with the keyboard.";
    }
  });
  store.subscribe(say);
  say();
  return section(
    "A link that restores all this",
    h("p", {}, "Mixes, locks and changed assumptions are in the link itself; nothing is kept anywhere else."),
    h("p", {class: "reach"}, reachText()),
    h("label", {for: id}, "Link"),
    field,
    h("p", {}, copy, " ", said),
  );
}

/** For whom a link is good, and what else it tells: that depends on where this page is. */
function reachText() {
  const {protocol, hostname, search} = location;
  if (protocol === "file:") {
    return "This page is a file: the link holds its place on this device, and opens nothing elsewhere. Send the file; whoever has it may put what follows the # of this link behind the address of their own.";
  }
  const isHere = /^(localhost|127\.|\[::1\])/.test(hostname);
  const where = isHere
    ? "The address is that of this computer: the link opens nothing on another one."
    : "The link is good in this network, as long as this page is served.";
  const token = new URLSearchParams(search).has("token")
    ? " It holds this page's token: whoever has the link may use the page."
    : "";
  return `${where}${token}`;
}

function section(title, ...children) {
  return h("section", {class: "take"}, h("h2", {}, title), children);
}

function filesPart(context) {
  const {facts} = context;
  const command = h("code", {class: "command"});
  const say = () => {
    const names = fileNames(context);
    const {replicates, seed} = facts.setup;
    command.textContent = `policymix compare ${names.mine}.toml --against ${names.pinned}.toml --replicates ${replicates} --seed ${seed}`;
  };
  const save = (which) => () =>
    download(`${fileNames(context)[which]}.toml`, scenarioOf(context, which), "application/toml");
  context.store.subscribe(say);
  say();
  const exactness =
    facts.kind === "live"
      ? "This command plays the same people with the same dice (in a checkout, python3 run.py stands for policymix). Its final values of stocks and levels are those at the end of this page; what happens over time, such as deaths or revenue, it tells as the mean of all months, this page as that of the last twelve, which are in its runs.csv:"
      : "This page's curves are fitted to mixes played beforehand, with the error that its first tab states. This command plays both mixes themselves (in a checkout, python3 run.py stands for policymix):";
  return section(
    "Scenario files",
    h(
      "p",
      {},
      button("Download my mix", save("mine")),
      " ",
      button("Download the pinned mix", save("pinned")),
    ),
    h("p", {}, exactness),
    command,
  );
}

function reportPart(context) {
  const {facts, engine, answers} = context;
  const said = h("span", {role: "status"});
  const own = button("Download this page's report", async () => {
    const answer = answers.whole();
    if (!answer) {
      said.textContent = NO_ANSWER;
      return;
    }
    download(`${fileNames(context).mine}-report.html`, await reportHtml(context, answer), "text/html");
    said.textContent = "";
  });
  const whole = engine.report
    ? button("Play and download the whole report of compare", async () => {
        said.textContent = "Playing …";
        try {
          const names = fileNames(context);
          const texts = {mine: scenarioOf(context, "mine"), pinned: scenarioOf(context, "pinned")};
          download(`${names.mine}-compare.html`, await engine.report(texts, names), "text/html");
          said.textContent = "";
        } catch (error) {
          said.textContent = error.message;
        }
      })
    : null;
  return section(
    "The report, as one file",
    h("p", {}, own, " ", whole),
    h("p", {}, said),
    h(
      "p",
      {class: "soft"},
      `It holds the mixes, the curves, the changed assumptions and the label. ${facts.kind === "live" ? "The whole report of compare has more figures, tells what happens over time as the mean of all months, and takes some seconds." : ""}`,
    ),
  );
}

function figuresPart(context) {
  const said = h("p", {role: "status"});
  const shown = context.facts.outcomes.filter((one) => !one.part_of);
  const buttons = shown.map((one) =>
    button(one.title, () => savePng(context, one, said), {class: "chip", "data-outcome": one.name}),
  );
  return section(
    "Any figure as PNG",
    h(
      "p",
      {},
      "Each with its label, in the picture and in the file. Those of the second and third tab have their own buttons there.",
    ),
    h("div", {class: "chips"}, buttons),
    said,
  );
}

async function savePng(context, outcome, said) {
  const answer = context.answers.whole();
  said.textContent = answer ? "" : NO_ANSWER;
  if (answer) {
    download(`${outcome.name}.png`, (await drawn(context, outcome, answer)).blob, "image/png");
  }
}

function limitsPart({facts}) {
  return section(
    "What the model leaves out",
    h(
      "ul",
      {},
      facts.left_out.map((line) => h("li", {}, line)),
    ),
  );
}

/** The last tab. */
export function takeView(context) {
  const parts = [linkPart, filesPart, reportPart, figuresPart, limitsPart];
  return {
    element: h(
      "div",
      {class: "taking"},
      parts.map((part) => part(context)),
    ),
  };
}
