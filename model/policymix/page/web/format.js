// Numbers as people read them.

/** Decimals that leave about `digits` significant ones of the largest number. */
export function decimalsFor(largest, digits = 3) {
  if (!Number.isFinite(largest) || largest === 0) {
    return 0;
  }
  return Math.min(Math.max(digits - 1 - Math.floor(Math.log10(Math.abs(largest))), 0), 6);
}

/** About what a letter of a picture takes [px]; to break lines by. */
const LETTER = 9;
/** Names that Windows keeps to itself, as scenario files know them. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;

// Each is made once: making one takes longer than many uses.
const written = new Intl.NumberFormat("en-US", {maximumFractionDigits: 12});
const formats = new Map();

function formatOf(decimals) {
  if (!formats.has(decimals)) {
    formats.set(
      decimals,
      new Intl.NumberFormat("en-US", {minimumFractionDigits: decimals, maximumFractionDigits: decimals}),
    );
  }
  return formats.get(decimals);
}

/** 12,345.6 with so many decimals. */
export function number(value, decimals = 0) {
  const text = formatOf(decimals).format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? `\u2212${text}` : text;
}

/** +1.2 or −1.2; zero without a sign. */
export function signed(value, decimals = 0) {
  const text = number(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Billion US dollars a year, as a slider shows it. */
export function money(billion) {
  return `$${number(billion, billion < 9.995 ? 2 : 1)} bn`;
}

/** A share as a percentage. */
export function percent(share, decimals = 0) {
  return `${number(100 * share, decimals)} %`;
}

/** A ledger's number: 283,000,000 or 0.0045, as it was written. */
export function asWritten(value) {
  return written.format(Number(value.toPrecision(10)));
}

/** "10 years", "1 year" or "18 months": months in years where these are whole. */
export function spanText(months) {
  const isWhole = months % 12 === 0;
  const n = isWhole ? months / 12 : months;
  return `${number(n)} ${isWhole ? "year" : "month"}${n === 1 ? "" : "s"}`;
}

/** "Start" or "Year 3, month 4". */
export function when(month) {
  if (month === 0) {
    return "Start";
  }
  return `Year ${Math.floor((month - 1) / 12) + 1}, month ${((month - 1) % 12) + 1}`;
}

/** A name in a file's name: letters, digits, _ and -. */
export function fileStem(text) {
  const stem = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return WINDOWS_DEVICE.test(stem) ? `${stem}_mix` : stem || "my_mix";
}

/** The text in lines that fit into a picture so `wide` [px]. */
export function linesOf(text, wide) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length * LETTER <= wide || lines.at(-1) === "") {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
