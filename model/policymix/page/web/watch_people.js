// The people of both policies: two fields of dots, what the shapes mean, and how many lives differ.

import {fill, h} from "policymix/dom";
import {dotField, glyph} from "policymix/dots";
import {number, signed, when} from "policymix/format";
import {differingAt, GROUP_OF_STATE, GROUPS} from "policymix/recording";
import {footLines, pictureButton} from "policymix/saving";
import {headingText, ONE_RUN, titleParts} from "policymix/watch_sides";

/** How long an overdose death stays marked [months]. */
const MARKED_MONTHS = 12;
const MILLION = 1e6;
const HOW_TO_READ =
  "Dots under pinned \u2192 mine. Filled: with addiction. " +
  "A circle is free, a diamond in care or after it, a square in custody.";

function millions(people) {
  return `${number(people / MILLION, 1)} million`;
}

/** By slot, 1 where someone died of an overdose in the last months and nobody else began there since. */
function deathsAt({died, state}, month) {
  const isMarked = (last, slot) =>
    last > 0 && month - last < MARKED_MONTHS && GROUP_OF_STATE[state[slot]] === 0;
  return died.map((last, slot) => Number(isMarked(last, slot)));
}

function spoken(title, counts, month, nDiffer) {
  const parts = GROUPS.map((group, at) => `${number(counts[at])} ${group.title.toLowerCase()}`);
  const differ = nDiffer === null ? "" : ` ${number(nDiffer)} lives differ between the two policies.`;
  return `People under ${title}, ${when(month)}. Dots: ${parts.join("; ")}.${differ}`;
}

/** Two fields, one for each side; `onPick(slot)`. */
export function peoplePanel(context, sides, onPick) {
  const fields = sides.both.map((side) => {
    const field = dotField(onPick);
    const numbers = h("p", {class: "national"});
    const element = h("div", {class: "side"}, side.heading, side.status, field.element, numbers);
    return {side, field, numbers, element};
  });
  const legend = legendPanel();
  const differ = h("p", {class: "differ", role: "status"});
  const table = tablePanel();
  let shownMonth = 0;
  const save = pictureButton(context, "Save the people as PNG", () =>
    peoplePicture(context, fields, legend.keys, `${when(shownMonth)}. ${differ.textContent}`),
  );
  return {
    element: h(
      "div",
      {class: "pair fields-of-dots"},
      fields.map(({element}) => element),
    ),
    legend: h("div", {}, differ, legend.element, save),
    table: table.element,
    show({month, slot, isPlaying}) {
      const recordings = sides.both.map(({recording}) => recording);
      const flags = recordings.every(Boolean) ? differingAt(...recordings, month) : null;
      const nDiffer = flags && flags.reduce((sum, one) => sum + one, 0);
      fields.forEach((one) => showField(one, {month, slot, flags, nDiffer}));
      differ.setAttribute("aria-live", isPlaying ? "off" : "polite");
      fill(differ, flags ? differText(recordings[0], nDiffer) : "");
      const counts = recordings.map((recording) => recording && recording.countsAt(month));
      shownMonth = month;
      legend.show(counts);
      table.show(sides.both, counts, month);
    },
  };
}

/** Both fields as they are now, with what their shapes mean and the country's numbers. */
function peoplePicture(context, fields, keys, said) {
  const seen = fields.filter(({side}) => side.recording);
  const images = seen.map(({side, field: {element}}) => ({
    source: element,
    width: element.clientWidth,
    height: element.clientHeight,
    heading: headingText(side),
  }));
  const countries = seen.map(({side, numbers}) => {
    const told = [...numbers.children].map((one) => one.textContent);
    return `${headingText(side)}: ${told.join(", ")}.`;
  });
  const lines = [said, HOW_TO_READ, ...countries, ONE_RUN, ...footLines(context)];
  return {name: "people", title: "People", images, keys, lines};
}

function differText({people, weight}, n) {
  const standFor = n > 0 ? ` (ringed): they stand for ${millions(n * weight)} people` : "";
  return [h("strong", {}, `${number(n)} of ${number(people)} lives differ`), ` this month${standFor}.`];
}

function showField({side, field, numbers}, {month, slot, flags, nDiffer}) {
  const {recording} = side;
  field.element.hidden = !recording;
  if (!recording) {
    fill(numbers, "");
    return;
  }
  const reached = recording.at(month);
  const groups = reached.state.map((state) => GROUP_OF_STATE[state]);
  const label = spoken(side.title, recording.countsAt(month), month, nDiffer);
  field.show({
    groups,
    differs: flags ?? new Uint8Array(groups.length),
    dead: deathsAt(reached, month),
    slot,
    label,
  });
  fill(numbers, nationalParts(recording, month));
}

function figure(title, value, decimals, unit) {
  const text = value === null || value === undefined ? "no value yet" : `${number(value, decimals)} ${unit}`;
  return h("span", {}, `${title} `, h("strong", {}, text));
}

/** Price, deaths and addiction in the whole country. */
function nationalParts(recording, month) {
  return [
    figure("Price", recording.price[month], 0, "USD a pure gram"),
    figure("Overdose deaths", recording.deaths[month], 0, "thousand a year"),
    figure("Addiction", recording.addicted[month] / 1000, 2, "million"),
  ];
}

function legendPanel() {
  const entries = [
    ...GROUPS.map((group) => ({what: group, title: group.title})),
    {what: "died", title: "An overdose death within the last 12 months; a newcomer took the place"},
    {what: "differs", title: "Differs between the two policies"},
  ];
  const shown = entries.map(({what, title}) => {
    const picture = glyph(what);
    const count = h("span", {class: "count"});
    return {picture, count, element: h("li", {}, picture.element, h("span", {}, title), count)};
  });
  const redraw = () => shown.forEach(({picture}) => picture.redraw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  redraw();
  const list = h(
    "ul",
    {},
    shown.map(({element}) => element),
  );
  return {
    keys: shown.map(({picture}, at) => ({source: picture.element, text: entries[at].title})),
    element: h("div", {class: "dots-legend"}, h("p", {class: "soft"}, HOW_TO_READ), list),
    show(counts) {
      shown.slice(0, GROUPS.length).forEach(({count}, at) => {
        count.textContent = counts.map((one) => (one ? number(one[at]) : "\u2013")).join(" \u2192 ");
      });
    },
  };
}

/** The fields as a table, for those who do not see them and for those who want the numbers. */
function tablePanel() {
  const caption = h("caption", {});
  const head = h("tr", {});
  const body = h("tbody", {});
  const table = h("table", {}, caption, h("thead", {}, head), body);
  const element = h("details", {class: "as-table"}, h("summary", {}, "The people as a table"), table);
  const columnHead = (parts) => h("th", {scope: "col"}, parts);
  const cell = (text) => h("td", {class: "amount"}, text);
  return {
    element,
    show(both, counts, month) {
      const weight = both.find(({recording}) => recording)?.recording.weight;
      fill(caption, `${when(month)}: dots, and the people they stand for`);
      fill(head, ["Where", ...both.map(titleParts), "Mine less pinned"].map(columnHead));
      fill(
        body,
        GROUPS.map((group, at) =>
          h(
            "tr",
            {},
            h("th", {scope: "row"}, group.title),
            counts.map((one) => cell(one ? `${number(one[at])} (${millions(one[at] * weight)})` : "\u2013")),
            cell(counts.every(Boolean) ? signed(counts[1][at] - counts[0][at]) : "\u2013"),
          ),
        ),
      );
    },
  };
}
