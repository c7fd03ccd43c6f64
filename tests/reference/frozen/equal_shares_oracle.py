"""Make the frozen cases of equal shares anew, with pabutools as the oracle, outside the suite.

In this folder, in an environment of its own: `python equal_shares_oracle.py > equal_shares.json`, where pabutools
1.2.3 is installed (`pip install --no-deps pabutools`, then numpy, natsort, mip, networkx, pulp and gmpy2; gurobipy is
not needed for these rules). The elections are made up here, with a seed; what pabutools answers stands beside each.

Each project has a supporter: pabutools may complete by a project that nobody wants, which we never do.
"""

import json
import random

from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat, Instance, Project
from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares

CASES = 150
SEED = 20_170_201


def made_up(chance: random.Random) -> dict[str, object]:
    """A made-up election: costs, approvals and a budget that buys some of the projects."""
    projects = [f"p{at:02d}" for at in range(chance.randint(2, 12))]
    voters = chance.randint(1, 25)
    dear = chance.choice([1, 10, 40])
    costs = {each: dear * chance.randint(1, 12) for each in projects}
    likes = chance.uniform(0.1, 0.7)
    ballots = [[each for each in projects if chance.random() < likes] for _ in range(voters)]
    for each in projects:
        if not any(each in ballot for ballot in ballots):
            chance.choice(ballots).append(each)
    budget = max(1, round(sum(costs.values()) * chance.uniform(0.2, 0.8)))
    return {"costs": costs, "ballots": [sorted(ballot) for ballot in ballots], "budget": budget}


def answered(case: dict[str, object], satisfaction: type) -> dict[str, list[str]]:
    """What pabutools buys: by the method alone, and completed by add-one and then greedily."""
    projects = {name: Project(name, cost) for name, cost in case["costs"].items()}
    instance = Instance(projects.values(), budget_limit=case["budget"])
    profile = ApprovalProfile(
        [ApprovalBallot(projects[name] for name in ballot) for ballot in case["ballots"]], instance=instance
    )
    alone = method_of_equal_shares(instance, profile, sat_class=satisfaction)
    completed = completion_by_rule_combination(
        instance,
        profile,
        [method_of_equal_shares, greedy_utilitarian_welfare],
        [{"sat_class": satisfaction, "voter_budget_increment": 1}, {"sat_class": satisfaction}],
    )
    return {"alone": [each.name for each in alone], "completed": [each.name for each in completed]}


def main() -> None:
    """Print all cases, one a line."""
    chance = random.Random(SEED)
    lines = []
    for _ in range(CASES):
        case = made_up(chance)
        case["expected"] = {"cost": answered(case, Cost_Sat), "cardinality": answered(case, Cardinality_Sat)}
        lines.append(json.dumps(case))
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
