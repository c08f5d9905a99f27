"""Makes wis.json: weighted interval scores by Python `scoringrules`. See README.md."""
import json, sys
import numpy as np
import scoringrules as sr

LEVELS = [.01, .025, .05, .10, .15, .20, .25, .30, .35, .40, .45, .50, .55, .60, .65, .70, .75, .80, .85, .90, .95, .975, .99]


def by_levels(q, y):
    """Twice the mean quantile score over the 23 levels; equal to the weighted interval score (Bracher et al. 2021, eq. 4)."""
    return float(2 * np.mean([sr.quantile_score(y, f, level, backend="numpy") for f, level in zip(q, LEVELS)]))


def by_intervals(q, y):
    """(|y - m| / 2 + sum of alpha / 2 times the interval score) / 11.5."""
    scores = [level * float(sr.interval_score(y, q[i], q[22 - i], 2 * level, backend="numpy")) for i, level in enumerate(LEVELS[:11])]
    return (abs(y - q[11]) / 2 + sum(scores)) / 11.5


rng = np.random.default_rng(20221127)
cases = []
for i in range(40):
    centre = float(rng.choice([0, 1, 20, 3000, 9685, 250000]))
    spread = float(rng.choice([0, .1, .5, 2.0]))
    sample = np.maximum(0, (centre + 1) * np.exp(spread * rng.standard_normal(400)) - 1)
    q = [float(x) for x in np.quantile(sample, LEVELS)]
    y = float(np.floor(max(0, (centre + 1) * np.exp(1.5 * spread * rng.standard_normal()) - 1)))
    log_q, log_y = [float(x) for x in np.log1p(q)], float(np.log1p(y))
    cases.append({
        "quantiles": q, "observed": y, "wis_by_levels": by_levels(q, y), "wis_by_intervals": by_intervals(q, y),
        "wis_log1p": by_levels(log_q, log_y),
        "interval_score_80": float(sr.interval_score(y, q[3], q[19], .2, backend="numpy")),
    })
json.dump({"made_with": f"scoringrules {sr.__version__}, numpy {np.__version__}", "cases": cases}, sys.stdout, indent=1)
print()
