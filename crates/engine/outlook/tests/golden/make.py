"""Makes wis.json: scores of forecasts by Python `scoringrules`. See README.md."""
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


def parts(q, y):
    """Dispersion, overprediction, underprediction: what each interval's score is beyond its width is its penalty. An outcome
    is on one side of the median, hence all penalties of one forecast are of one kind."""
    width = sum(level * (q[22 - i] - q[i]) for i, level in enumerate(LEVELS[:11])) / 11.5
    penalty = by_levels(q, y) - width
    return [float(width), float(penalty if y < q[11] else 0), float(penalty if y > q[11] else 0)]


def interval(q, y, i, alpha):
    return float(sr.interval_score(y, q[i], q[22 - i], alpha, backend="numpy"))


def relative(scores):
    """Pairwise relative skill (Cramer et al. 2022): scores[model][forecast], NaN where it made none; the last is the baseline."""
    models = len(scores)
    theta = np.ones(models)
    for i in range(models):
        logs = []
        for j in range(models):
            both = ~np.isnan(scores[i]) & ~np.isnan(scores[j])
            logs.append(np.log(scores[i][both].mean() / scores[j][both].mean()))
        theta[i] = np.exp(np.mean(logs))
    return [float(t / theta[-1]) for t in theta]


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
        "wis_log1p": by_levels(log_q, log_y), "parts": parts(q, y), "parts_log1p": parts(log_q, log_y),
        "interval_score_50": interval(q, y, 6, .5), "interval_score_80": interval(q, y, 3, .2),
        "interval_score_95": interval(q, y, 1, .05),
    })

rng = np.random.default_rng(20221128)
samples = []
for i in range(20):
    centre = float(rng.choice([0, 1, 20, 3000, 250000]))
    spread = float(rng.choice([0, .1, .5, 2.0]))
    draws = np.floor(np.maximum(0, (centre + 1) * np.exp(spread * rng.standard_normal(int(rng.choice([1, 2, 99, 200])))) - 1))
    y = float(np.floor(max(0, (centre + 1) * np.exp(1.5 * spread * rng.standard_normal()) - 1)))
    samples.append({
        "draws": [float(x) for x in draws], "observed": y,
        "crps": float(sr.crps_ensemble(y, draws, estimator="nrg", backend="numpy")),
        "crps_log1p": float(sr.crps_ensemble(np.log1p(y), np.log1p(draws), estimator="nrg", backend="numpy")),
    })

rng = np.random.default_rng(20221129)
scores = rng.gamma(2, 10, size=(4, 30))
scores[rng.random((4, 30)) < .3] = np.nan
skills = {"scores": [[None if np.isnan(x) else float(x) for x in row] for row in scores], "relative_to_last": relative(scores)}

json.dump({"made_with": f"scoringrules {sr.__version__}, numpy {np.__version__}", "cases": cases, "samples": samples,
           "skills": skills}, sys.stdout, indent=1)
print()
