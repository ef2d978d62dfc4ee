export function bookEngine(facts) {
  const n = facts.setup.months + 1;
  return {
    kind: "export",
    canPlay: () => "",
    answer(question, onAnswer) {
      const outcomes = {};
      facts.outcomes.forEach(({name}, i) => {
        const d = Array.from(
          {length: n},
          (_, m) =>
            ((question.mine.phases[0].spend[5] - question.pinned.phases[0].spend[5]) * -(i + 1) * m) / 40 +
            Math.sin(m / 9),
        );
        const pinned = d.map(() => 100 + i);
        outcomes[name] = {
          mine: d.map((x, m) => x + pinned[m]),
          pinned,
          difference: d,
          low: d.map((x, m) => x - m / 20 - 0.5),
          high: d.map((x, m) => x + m / 20 + 0.5),
        };
      });
      onAnswer({replicates: 8, of: 8, sharper: false, basis: "fitted", note: "", outcomes});
      return () => {};
    },
    assuming: "In this file they cannot be changed.",
    ladder(question, entry, onPoints) {
      onPoints(
        [0, 0.25, 0.5, 0.75, 1].map((at) => ({
          value: entry.low + at * (entry.high - entry.low),
          outcomes: Object.fromEntries(
            facts.outcomes.map(({name}) => [
              name,
              {difference: at * 9 - 4, low: at * 9 - 5, high: at * 9 - 3},
            ]),
          ),
        })),
      );
      return () => {};
    },
    robust(question, onProgress, onAnswer) {
      onAnswer({
        sentences: ["A sentence."],
        shares: [{outcome: "addicted", share: 0.8, low: 0.7, high: 0.86, worlds: 128}],
        note: "a note",
      });
      return () => {};
    },
    canWatch: () => "not here",
  };
}
