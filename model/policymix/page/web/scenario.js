// A scenario file of what the page holds: `policymix compare` reads it, and so does the server.

/** A text as a TOML string on one line. */
function tomlText(text) {
  const escaped = Array.from(text, (character) => {
    const code = character.codePointAt(0);
    if (character === '"' || character === "\\") {
      return `\\${character}`;
    }
    const isPlain = code >= 32 && !(code >= 127 && code < 160) && !(code >= 0x2028 && code <= 0x202e);
    return isPlain ? character : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

/** A number that TOML reads back exactly. */
function tomlNumber(value) {
  const text = String(value);
  return /[.e]/.test(text) ? text.replace("e+", "e") : `${text}.0`;
}

function mixLines(facts, table, phase) {
  return [
    `[${table}]`,
    ...(phase.treatment_in_custody ? ["treatment_in_custody = true"] : []),
    `[${table}.levers]          # billion US dollars a year`,
    ...facts.levers.map(({name}, place) => `${name} = ${tomlNumber(phase.spend[place])}`),
    "",
  ];
}

/** The text of a scenario file. `setup` has people, months, cartels; money in billion USD a year. */
export function scenarioText(facts, {title, summary, policy, assumptions, setup}) {
  const [first, ...later] = policy.phases;
  const changed = Object.entries(assumptions);
  const units = Object.fromEntries(facts.assumptions.map(({name, unit}) => [name, unit]));
  return [
    `# ${facts.label}`,
    "",
    `title = ${tomlText(title)}`,
    `summary = ${tomlText(summary)}`,
    "",
    ...mixLines(facts, "funding", first),
    ...later.flatMap((phase) => [
      "[[phases]]",
      `from_year = ${tomlNumber(phase.from_year)}`,
      `ramp_months = ${phase.ramp_months}`,
      "",
      ...mixLines(facts, "phases.funding", phase),
    ]),
    "[setup]",
    `people = ${setup.people}`,
    `months = ${setup.months}`,
    `cartels = ${setup.cartels}`,
    ...(changed.length ? ["", "[assumptions]"] : []),
    ...changed.map(([name, value]) => `${name} = ${tomlNumber(value)}  # ${units[name]}`),
    "",
  ].join("\n");
}
