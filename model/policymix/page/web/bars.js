// Cartels and corridors month by month, as tables with a bar in every row.

import {fill, h} from "policymix/dom";
import {number, when} from "policymix/format";
import {footLines, pictureButton} from "policymix/saving";
import {tablePicture} from "policymix/table_picture";
import {headingText, ONE_RUN, titleParts} from "policymix/watch_sides";

const MOST_ROWS = 12;
const NEW = "A new cartel split off from another when its leader fell. Revenue is shared by members.";
const KG_PER_TONNE = 1000;

/** A bar of `share` (0-1) of the width, its first `part` (0-1) hatched. */
function bar(share, part = 0) {
  const hatched = part > 0 ? h("span", {class: "part", style: {width: `${100 * part}%`}}) : null;
  const filled = h("span", {class: "bar-fill", style: {width: `${100 * share}%`}}, hatched);
  return h("td", {class: "bar-cell", "aria-hidden": "true"}, h("span", {class: "track"}, filled));
}

function amount(text) {
  return h("td", {class: "amount"}, text);
}

function rowOf(name, more, ...cells) {
  return h("tr", {}, h("th", {scope: "row"}, name, " ", h("span", {class: "soft"}, more)), cells);
}

function columnHead(text) {
  return text ? h("th", {scope: "col"}, text) : h("td", {"aria-hidden": "true"});
}

/** A table for each side; `rows(recording, month)` are its rows, `sum` what is said above it. */
function pairOfTables(context, sides, title, columns, {rows, sum, nRows, note}) {
  const tables = sides.both.map((side) => {
    const heading = h("h3", {});
    const said = h("p", {class: "soft"});
    const body = h("tbody", {});
    const head = h("tr", {}, columns.map(columnHead));
    const table = h("table", {class: "bars"}, h("caption", {class: "unseen"}), h("thead", {}, head), body);
    return {side, heading, said, body, table, element: h("div", {class: "side"}, heading, said, table)};
  });
  const pair = h(
    "div",
    {class: "pair"},
    tables.map(({element}) => element),
  );
  let shownMonth = 0;
  const save = pictureButton(context, `Save the ${title.toLowerCase()} as PNG`, () => {
    const seen = tables.filter(({side}) => side.recording);
    const sums = seen.map(({side, said}) => `${headingText(side)}: ${said.textContent}.`);
    return {
      name: title.toLowerCase(),
      title: `${title}, ${when(shownMonth)}`,
      images: seen.map(({side, table}) => ({...tablePicture(table), heading: headingText(side)})),
      lines: [...sums, note, ONE_RUN, ...footLines(context)],
    };
  });
  return {
    element: h("section", {}, h("h2", {}, title), pair, h("p", {class: "soft note"}, note), save),
    show({month}) {
      shownMonth = month;
      const all = sides.both.map(({recording}) => recording).filter(Boolean);
      const space = Math.max(0, ...all.map(nRows));
      tables.forEach(({side, heading, said, body, table}) => {
        fill(heading, titleParts(side));
        table.hidden = !side.recording;
        table.caption.textContent = `${title}: ${side.title}`;
        table.parentElement.style.setProperty("--rows", space);
        fill(said, side.recording ? sum(side.recording, month) : "");
        fill(body, side.recording ? rows(side.recording, month, all) : []);
      });
    },
  };
}

/** "transit_a" -> "transit A". */
function countryTitle(name) {
  return name.replace(/_(\w)$/, (_, letter) => ` ${letter.toUpperCase()}`);
}

/** The largest of `numbers(recording)` over recordings; those of a recording are looked through once. */
function largestBy(numbers) {
  const known = new WeakMap();
  const of = (recording) => {
    if (!known.has(recording)) {
      known.set(
        recording,
        numbers(recording).reduce((most, one) => Math.max(most, one), 1),
      );
    }
    return known.get(recording);
  };
  return (recordings) => Math.max(1, ...recordings.map(of));
}

/** Cartels by size: members, and the month's revenue [million USD]. */
export function cartelsPanel(context, sides) {
  const {facts} = context;
  const widest = largestBy(({cartels}) => cartels.flat().map(([, , members]) => members));
  const money = (million) => (million >= 9.95 ? number(million) : number(million, 1));
  const rows = (recording, month, all) => {
    const most = widest(all);
    const bySize = [...recording.cartels[month]].sort((one, other) => other[2] - one[2]);
    const oldest = recording.cartels[0].length;
    const shown = bySize
      .slice(0, MOST_ROWS)
      .map(([id, home, members, million]) =>
        rowOf(
          `Cartel ${id}`,
          `${countryTitle(facts.countries[home])}${id > oldest ? ", new" : ""}`,
          bar(members / most),
          amount(number(members)),
          amount(money(million)),
        ),
      );
    const rest = bySize.slice(MOST_ROWS);
    const total = (place) => rest.reduce((sum, one) => sum + one[place], 0);
    const smaller = [bar(0), amount(number(total(2))), amount(money(total(3)))];
    return rest.length === 0 ? shown : [...shown, rowOf(`${rest.length} smaller`, "", ...smaller)];
  };
  const sum = ({cartels, countries}, month) => {
    const now = cartels[month];
    const total = (place) => now.reduce((all, one) => all + one[place], 0);
    const mean = countries[month].reduce((all, one) => all + one, 0) / countries[month].length;
    const gangs = `${now.length} cartels, ${number(total(2))} members, ${number(total(3))} million USD this month`;
    return `${gangs}; strength of institutions abroad ${number(mean, 2)}`;
  };
  const nRows = ({cartels}) => Math.min(Math.max(...cartels.map((month) => month.length)), MOST_ROWS + 1);
  const columns = ["Cartel", "", "Members", "Million USD a month"];
  return pairOfTables(context, sides, "Cartels", columns, {rows, sum, nRows, note: NEW});
}

const HATCHED = "The hatched part of a bar is seized by patrols.";

/** The six corridors: shipped, and the part of it that is seized [tonnes a month]. */
export function corridorsPanel(context, sides) {
  const {facts} = context;
  const places = facts.country_of_corridor;
  const widest = largestBy(({corridors}) => corridors.flat().map(([shipped]) => shipped));
  const tonnes = (kg) => number(kg / KG_PER_TONNE, 2);
  const rows = (recording, month, all) => {
    const most = widest(all);
    const now = month > 0 ? recording.corridors[month - 1] : places.map(() => null);
    return now.map((flow, at) => {
      const [shipped, seized] = flow ?? [0, 0];
      const told = flow ? [tonnes(shipped), tonnes(seized)] : ["\u2013", "\u2013"];
      const country = countryTitle(facts.countries[places[at]]);
      const part = shipped > 0 ? seized / shipped : 0;
      return rowOf(`Corridor ${at + 1}`, country, bar(shipped / most, part), told.map(amount));
    });
  };
  const sum = (recording, month) => {
    if (month === 0) {
      return "The start: shipments are counted from the first month on";
    }
    const now = recording.corridors[month - 1];
    const [shipped, seized] = [0, 1].map((place) => now.reduce((all, one) => all + one[place], 0));
    const share = shipped > 0 ? ` (${number((100 * seized) / shipped)} %)` : "";
    return `${tonnes(shipped)} tonnes shipped, ${tonnes(seized)} seized${share} this month`;
  };
  const columns = ["Corridor", "", "Shipped, tonnes", "Seized, tonnes"];
  return pairOfTables(context, sides, "Corridors", columns, {
    rows,
    sum,
    nRows: () => places.length,
    note: HATCHED,
  });
}
