"""Illustrative only. A scenario script: compare two mixes, and look at one world month by month."""

from policymix import PolicyModel, compare, load_scenario

study = compare(["baseline", load_scenario("demand_first")], replicates=4, people=20_000, seed=1)
print(study)  # as the command line shows it; study.summary is a pandas table of every outcome

model = PolicyModel(load_scenario("demand_first"), seed=1)
for _ in range(12):
    model.step()
print(model.datacollector.get_model_vars_dataframe()[["addicted", "overdose_deaths"]].tail(3))
