// Pictures to take away: each with whom it compares, what it rests on, and the label.

import {changedText, namesOf, remarksOn} from "policymix/compared";
import {button, download, h} from "policymix/dom";
import {number, spanText} from "policymix/format";
import {picturePng} from "policymix/png";

/** What this page plays: "20,000 people, 10 years, 8 replicates, seed 1, policymix 1.0." */
function settingsText({setup, version}, replicates) {
  const n = replicates ? [`${replicates} ${replicates === 1 ? "replicate" : "replicates"}`] : [];
  const all = [`${number(setup.people)} people`, spanText(setup.months), ...n, `seed ${setup.seed}`];
  return `${[...all, `policymix ${version}`].join(", ")}.`;
}

/** What belongs under every picture: the settings, changed assumptions, and what is not alike. */
export function footLines(context, replicates = 0, how = "Played") {
  const {facts, store} = context;
  const changed = changedText(store.get().assumptions);
  return [
    `${how}: ${settingsText(facts, replicates)}`,
    ...custodyTexts(store),
    ...(changed ? [`Changed assumptions, for both: ${changed}.`] : []),
    ...remarksOn(context),
  ];
}

/** Whose treatment money also serves people in custody. */
function custodyTexts(store) {
  const {mine, pinned} = store.get();
  const names = namesOf(store);
  return [
    [names.mine, mine],
    [names.pinned, pinned.policy],
  ]
    .filter(([, {phases}]) => phases.some((phase) => phase.treatment_in_custody))
    .map(([name]) => `${name}: treatment money also serves people in custody.`);
}

/** A button that saves what `make()` gives: {name, title, images, keys, lines}. */
export function pictureButton({facts}, text, make) {
  const said = h("span", {class: "problem", role: "alert"});
  const save = button(
    text,
    async () => {
      said.textContent = "";
      try {
        const picture = await make();
        download(`${picture.name}.png`, await picturePng(facts, picture), "image/png");
      } catch {
        said.textContent = " This browser could not draw it.";
      }
    },
    {class: "small save"},
  );
  return h("p", {class: "saving"}, save, said);
}
