"""Illustrative only. A scenario script: compare two mixes, and look at one world month by month."""

from policymix import PolicyModel, compare, load_scenario

study = compare(["baseline", load_scenario("demand_first")], replicates=4, people=20_000, seed=1)
headline = study.summary.query("outcome == 'addicted' and statistic == 'final'")
print(headline[["scenario", "mean", "difference", "difference_low", "difference_high", "label"]])

model = PolicyModel(load_scenario("demand_first"), seed=1)
for _ in range(12):
    model.step()
print(model.datacollector.get_model_vars_dataframe()[["addicted", "overdose_deaths"]].tail(3))
