// What the exported page knows of any mix: a fit to mixes that were played beforehand, and the shipped scenarios as played.
// As Python's mix_fit evaluates it; a test holds one to the other.

/** Mixes whose effects are remembered. */
const KEPT = 4;

/** Numbers from base64 of little-endian float32. */
export function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({length: bytes.length / 4}, (_, place) => view.getFloat32(4 * place, true));
}

/** Numbers from signed bytes, each times its step: `each` bytes in a row have one. */
function fine({bytes, step, each}) {
  const steps = unpacked(step);
  const signed = Int8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  return Float64Array.from(signed, (byte, place) => byte * steps[Math.floor(place / each) % steps.length]);
}

/** Opens a book; `answer` of what it gives takes two mixes, or names of shipped scenarios. */
export function openBook(book, facts) {
  const size = {
    outcomes: facts.outcomes.length,
    months: book.size.months + 1,
    replicates: book.size.replicates,
  };
  const parts = {size, fit: openFit(book.fit, size), shipped: openShipped(book.shipped, size)};
  const isOpen = facts.outcomes.map(({name}) => book.may_be_negative.includes(name));
  const isFlow = facts.outcomes.map(({is_flow: flow}) => flow);
  const effectKept = keeping((asked) => effectOf(parts, asked));
  return {
    /** Spends [billion USD a year] or a name, both: levels and difference by outcome, mine less pinned. */
    answer(mine, pinned) {
      const [one, other] = [mine, pinned].map(effectKept);
      const levels = [one, other].map((effect) => levelsOf(parts, effect, isOpen));
      const half = halfWidths(parts, one, other);
      return Object.fromEntries(
        facts.outcomes.map(({name}, place) => [
          name,
          curves(levels, half, place, size.months, isFlow[place]),
        ]),
      );
    },
  };
}

/** `find`, which remembers what it found last: while one mix is moved, the other stays. */
function keeping(find) {
  const known = new Map();
  return (asked) => {
    const key = String(asked);
    const found = known.get(key) ?? find(asked);
    known.delete(key);
    known.set(key, found);
    if (known.size > KEPT) {
      known.delete(known.keys().next().value);
    }
    return found;
  };
}

function openFit(fit, {outcomes}) {
  const ofTerms = ["knots", "tables", "zero", "scale"];
  const names = [...ofTerms, "shapes", "weights", "points", "nearness", "near_weights", "error"];
  const arrays = Object.fromEntries(names.map((name) => [name, unpacked(fit[name])]));
  const today = new Float64Array(arrays.zero.length);
  const lever = (name) => fit.levers.indexOf(name);
  const places = {
    treatment: lever("treatment"),
    prevention: lever("prevention"),
    community: lever("community"),
    interdiction: lever("interdiction"),
  };
  const own = {own_shapes: fine(fit.own_shapes), own_weights: fine(fit.own_weights)};
  return {
    ...fit,
    ...arrays,
    ...own,
    at: places,
    today: nearTo(arrays, outcomes, today),
    nTerms: arrays.weights.length / outcomes / fit.n_shapes,
  };
}

function openShipped(shipped, {outcomes, months}) {
  const mean = unpacked(shipped.mean);
  const own = {own_shapes: fine(shipped.own_shapes), own_weights: fine(shipped.own_weights)};
  return {...shipped, ...own, mean, today: mean.subarray(0, outcomes * months)};
}

/** Straight lines between knots; the last value beyond them. */
function between(knots, table, row, money) {
  const last = knots.length - 1;
  if (money >= knots[last]) {
    return table[row * knots.length + last];
  }
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    [low, high] = knots[middle] <= money ? [middle, high] : [low, middle];
  }
  const [before, after] = [table[row * knots.length + low], table[row * knots.length + high]];
  return before + ((after - before) * (money - knots[low])) / (knots[high] - knots[low]);
}

/** How far each lever's money reaches, in the ways that outcomes answer; zero today. */
function variablesOf(fit, spend) {
  const reach = spend.map((money, place) => between(fit.knots, fit.tables, place, money));
  const unused = between(fit.knots, fit.tables, spend.length, spend[fit.at.prevention]);
  const willing = 1 + fit.outreach * (reach[fit.at.community] - 1);
  const beyond = Math.max(reach[fit.at.treatment] - fit.places * willing, 0);
  const served = reach[fit.at.treatment] - beyond + fit.width * (1 - Math.exp(-beyond / fit.width));
  const logs = reach.map((one, place) => Math.log(one + fit.offsets[place]));
  const found = [...logs, served, reach[fit.at.interdiction], ...reach, unused, beyond];
  return Float64Array.from(found, (one, place) => (one - fit.zero[place]) / fit.scale[place]);
}

/** The terms of the polynomial: the variables, then the products of those that act together. */
function termsOf(fit, variables) {
  const terms = new Float64Array(fit.nTerms);
  terms.set(variables);
  let place = variables.length;
  for (let first = 0; first < fit.together; first += 1) {
    for (let second = first; second < fit.together; second += 1) {
      terms[place] = variables[first] * variables[second];
      place += 1;
    }
  }
  return terms;
}

/** How near a mix is to those that were played, (outcomes, points): in the variables that count for the outcome. */
function nearTo({points, nearness}, outcomes, variables) {
  const n = variables.length;
  const nPoints = points.length / n;
  const found = new Float64Array(outcomes * nPoints);
  for (let point = 0; point < nPoints; point += 1) {
    const squares = variables.map((x, place) => (x - points[point * n + place]) ** 2);
    for (let outcome = 0; outcome < outcomes; outcome += 1) {
      let distance = 0;
      for (let place = 0; place < n; place += 1) {
        distance += nearness[outcome * n + place] * squares[place];
      }
      found[outcome * nPoints + point] = Math.exp(-distance);
    }
  }
  return found;
}

/** Sums the columns `of` each outcome (n) x `weights` (outcomes, n, shapes) along `shapes` (outcomes, shapes, months). */
function along(of, weights, from, shapes, nShapes, {outcomes, months}) {
  const found = new Float64Array(outcomes * months);
  for (let outcome = 0; outcome < outcomes; outcome += 1) {
    const columns = of(outcome);
    for (let shape = 0; shape < nShapes; shape += 1) {
      let score = 0;
      for (let term = 0; term < columns.length; term += 1) {
        score += columns[term] * weights[from + (outcome * columns.length + term) * nShapes + shape];
      }
      const row = (outcome * nShapes + shape) * months;
      for (let month = 0; month < months; month += 1) {
        found[outcome * months + month] += score * shapes[row + month];
      }
    }
  }
  return found;
}

/** A mix's or shipped scenario's difference from today's mix: its mean, and what each replicate has more. */
function effectOf(parts, asked) {
  return typeof asked === "string" ? playedEffect(parts, asked) : fittedEffect(parts, asked);
}

function playedEffect({size, shipped}, name) {
  const place = shipped.names.indexOf(name);
  const n = size.outcomes * size.months;
  const mean = shipped.mean
    .subarray(place * n, (place + 1) * n)
    .map((level, at) => level - shipped.today[at]);
  const step = size.outcomes * shipped.n_own_shapes;
  const own = replicatesOf(size, (replicate) =>
    along(
      () => [1],
      shipped.own_weights,
      (place * size.replicates + replicate) * step,
      shipped.own_shapes,
      shipped.n_own_shapes,
      size,
    ),
  );
  return {mean, own, variables: null};
}

function fittedEffect({size, fit}, spend) {
  const variables = variablesOf(fit, spend);
  const terms = termsOf(fit, variables);
  const trend = along(() => terms, fit.weights, 0, fit.shapes, fit.n_shapes, size);
  const nearer = nearTo(fit, size.outcomes, variables).map((near, place) => near - fit.today[place]);
  const n = nearer.length / size.outcomes;
  const nearerOf = (outcome) => nearer.subarray(outcome * n, (outcome + 1) * n);
  const neighbours = along(nearerOf, fit.near_weights, 0, fit.shapes, fit.n_shapes, size);
  const step = size.outcomes * terms.length * fit.n_own_shapes;
  const own = replicatesOf(size, (replicate) =>
    along(() => terms, fit.own_weights, replicate * step, fit.own_shapes, fit.n_own_shapes, size),
  );
  return {mean: trend.map((one, at) => one + neighbours[at]), own, variables};
}

function replicatesOf({replicates}, of) {
  return Array.from({length: replicates}, (_, replicate) => of(replicate));
}

/** Levels by outcome and month; what cannot be negative is not. */
function levelsOf({size, shipped}, {mean}, isOpen) {
  return mean.map((difference, at) => {
    const level = shipped.today[at] + difference;
    return isOpen[Math.floor(at / size.months)] ? level : Math.max(level, 0);
  });
}

/** Half a 95 % interval: t of the paired replicates, and the fit's own error where there is a fit. */
function halfWidths({size, fit}, one, other) {
  const found = new Float64Array(size.outcomes * size.months);
  const share = errorShare(fit, one, other);
  const n = one.own.length;
  const off = new Float64Array(n);
  for (let at = 0; at < found.length; at += 1) {
    let sum = 0;
    for (let replicate = 0; replicate < n; replicate += 1) {
      off[replicate] = one.own[replicate][at] - other.own[replicate][at];
      sum += off[replicate];
    }
    let squares = 0;
    for (let replicate = 0; replicate < n; replicate += 1) {
      squares += (off[replicate] - sum / n) ** 2;
    }
    const error = fit.t * Math.sqrt(squares / (n - 1) / n);
    found[at] = Math.hypot(error, fit.z * share * fit.error[at]);
  }
  return found;
}

/** The error of a difference, as a multiple of a single fitted mix's: less for mixes that are near; what was played has none. */
function errorShare(fit, one, other) {
  const far = [one, other].map(({variables}) => (variables ? Math.min(distance(fit, variables), 1) : 0));
  const most = far[0] + far[1];
  if (!one.variables || !other.variables) {
    return Math.sqrt(most);
  }
  const apart = distance(
    fit,
    one.variables.map((x, place) => x - other.variables[place]),
  );
  return Math.sqrt(Math.min(2 * apart, most));
}

/** How far apart mixes are whose variables differ by these, as a multiple of how far mixes usually are from today's. */
function distance(fit, variables) {
  const sum = variables.subarray(0, fit.together).reduce((total, x) => total + x * x, 0);
  return Math.sqrt(sum / fit.together) / fit.usual_distance;
}

function curves([mine, pinned], half, place, months, isFlow) {
  const from = place * months;
  const row = (value) =>
    Array.from({length: months}, (_, month) => (isFlow && month === 0 ? null : value(from + month)));
  return {
    mine: row((at) => mine[at]),
    pinned: row((at) => pinned[at]),
    difference: row((at) => mine[at] - pinned[at]),
    low: row((at) => mine[at] - pinned[at] - half[at]),
    high: row((at) => mine[at] - pinned[at] + half[at]),
  };
}
