export function bookEngine(facts) {
  const n = facts.setup.months + 1;
  return {
    kind: "export",
    canPlay: () => "",
    answer(question, onAnswer) {
      const outcomes = {};
      facts.outcomes.forEach(({name}, i) => {
        const d = Array.from({length: n}, (_, m) => (question.mine.phases[0].spend[5] - question.pinned.phases[0].spend[5]) * -(i + 1) * m / 40 + Math.sin(m / 9));
        const pinned = d.map(() => 100 + i);
        outcomes[name] = {mine: d.map((x, m) => x + pinned[m]), pinned, difference: d, low: d.map((x, m) => x - m / 20 - 0.5), high: d.map((x, m) => x + m / 20 + 0.5)};
      });
      onAnswer({replicates: 8, of: 8, sharper: false, basis: "fitted", note: "", outcomes});
      return () => {};
    },
    canWatch: () => "not here",
  };
}
