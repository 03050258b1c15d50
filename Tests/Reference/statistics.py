"""Makes statistics.json: inputs, and what SciPy and NumPy say of them.

Written with Python 3.11.7, SciPy 1.17.1 and NumPy 2.4.6; run `python3 statistics.py` in this folder.
"""

import json

import numpy as np
from scipy import stats

random = np.random.default_rng(1989)


def interval(values):
    """Student's 95 % interval of the mean."""
    low, high = stats.t.interval(
        0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    return {"mean": float(np.mean(values)), "low": float(low), "high": float(high)}


def paired(values, reference):
    difference = np.array(values) - np.array(reference)
    return interval(difference) | {"p": float(stats.ttest_rel(values, reference).pvalue)}


def holm(p):
    """The definition: the k-th smallest of m is multiplied by m - k + 1, and none falls again."""
    m = len(p)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate([(m - k) * p[i] for k, i in enumerate(order)])
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(1, steps)
    return [float(x) for x in adjusted]


def crossed(first, second):
    """The two-way layout of d = first - second, both replicates × samples of 0 and 1."""
    d = 100 * (first.astype(float) - second.astype(float))
    s, n = d.shape
    mean = d.mean()
    rows = d.mean(axis=1, keepdims=True)
    columns = d.mean(axis=0, keepdims=True)
    ms_seed = n * ((rows - mean) ** 2).sum() / (s - 1)
    ms_sample = s * ((columns - mean) ** 2).sum() / (n - 1)
    ms_residual = ((d - rows - columns + mean) ** 2).sum() / ((s - 1) * (n - 1))
    seed = max(0, (ms_seed - ms_residual) / n)
    sample = max(0, (ms_sample - ms_residual) / s)
    variance = seed / s + sample / n + ms_residual / (s * n)
    # Satterthwaite: the variance as a sum of independent mean squares.
    parts = [(ms_residual / (s * n), (s - 1) * (n - 1))]
    coefficient = 1
    if seed > 0:
        parts.append((ms_seed / (s * n), s - 1))
        coefficient -= 1
    if sample > 0:
        parts.append((ms_sample / (s * n), n - 1))
        coefficient -= 1
    parts[0] = (coefficient * ms_residual / (s * n), parts[0][1])
    assert np.isclose(variance, sum(v for v, _ in parts))
    degrees = variance**2 / sum(v**2 / f for v, f in parts)
    half = stats.t.ppf(0.975, degrees) * np.sqrt(variance)
    p = 2 * stats.t.sf(abs(mean) / np.sqrt(variance), degrees)
    # Never narrower than the paired interval over replicates, nor surer than the exact sign test.
    means = rows[:, 0]
    only = (int((d > 0).sum()), int((d < 0).sum()))
    sign = stats.binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0
    if means.std() > 0:
        over_seeds = paired(means, np.zeros(s))
        half = max(half, (over_seeds["high"] - over_seeds["low"]) / 2)
        p = max(p, over_seeds["p"])
    return {
        "ms_seed": float(ms_seed / 1e4), "ms_sample": float(ms_sample / 1e4),
        "ms_residual": float(ms_residual / 1e4), "variance": float(variance / 1e4),
        "degrees": float(degrees), "mean": float(mean), "low": float(mean - half),
        "high": float(mean + half), "p": float(max(p, sign)),
    }


def indices(wrong):
    return [[int(i) for i in np.flatnonzero(row)] for row in wrong]


def classifiers(s, n, error, shift, spread):
    """Errors of two classifiers that share what is hard, with effects of sample and replicate."""
    hardness = random.normal(size=n)
    shared = random.normal(size=(s, n))
    limit = stats.norm.isf(error, scale=np.sqrt(3))

    def wrong(shift):
        own = random.normal(size=(s, n)) + spread * random.normal(size=(s, 1))
        return hardness + shared + own + shift > limit

    return wrong(0), wrong(shift)


def crossed_case(*parameters):
    first, second = classifiers(*parameters)
    return {
        "samples": first.shape[1], "first": indices(first), "second": indices(second),
        "expected": crossed(first, second),
    }


def supported(half, most):
    """Digits after the point that leave half an interval two significant ones, at most so many."""
    return min(most, max(0, 1 - int(np.floor(np.log10(half)))))


def printed(values, most):
    """A mean and half its interval, as they stand on a board."""
    i = interval(values)
    half = (i["high"] - i["low"]) / 2
    decimals = supported(half, most)
    return f"{i['mean']:.{decimals}f} ± {half:.{decimals}f}"


def printed_difference(i, most, star):
    half = (i["high"] - i["low"]) / 2
    decimals = supported(half, most)
    return f"{i['mean']:+.{decimals}f} ± {half:.{decimals}f}" + (" *" if star else "")


def regression_board():
    """Errors of strategies over five seeds; the last is the reference."""
    start = random.normal(0.07, 0.004, size=5)
    names = ["obd", "obs", "random", "magnitude"]
    shifts = [-0.006, 0.0005, 0.4, 0]
    errors = {
        name: [float(x) for x in start + shift + random.normal(0, 0.0015, size=5)]
        for name, shift in zip(names, shifts)
    }
    differences = [paired(errors[name], errors["magnitude"]) for name in names[:-1]]
    stars = [p <= 0.05 for p in holm([d["p"] for d in differences])]
    return {
        "errors": errors,
        "printed": {name: printed(errors[name], 7) for name in names},
        "differences": {
            name: printed_difference(d, 7, star)
            for name, d, star in zip(names, differences, stars)
        },
    }


def classification_board():
    # No mean of so many samples lies halfway between two printed ones.
    s, n = 4, 1999
    hardness = random.normal(size=n)
    shared = random.normal(size=(s, n))
    limit = stats.norm.isf(0.03, scale=np.sqrt(3))
    shifts = {"obd": 0.05, "obs": 0.0, "random": 0.8, "magnitude": 0.0}
    wrong = {
        name: hardness + shared + random.normal(size=(s, n)) + shift > limit
        for name, shift in shifts.items()
    }
    names = list(shifts)
    differences = [crossed(wrong[name], wrong["magnitude"]) for name in names[:-1]]
    stars = [p <= 0.05 for p in holm([d["p"] for d in differences])]
    return {
        "samples": n,
        "wrong": {name: indices(w) for name, w in wrong.items()},
        "printed": {name: printed(100 * w.mean(axis=1), 2) for name, w in wrong.items()},
        "differences": {
            name: printed_difference(d, 2, star)
            for name, d, star in zip(names, differences, stars)
        },
    }


lists = [random.normal(1.6, 0.1, size=size).tolist() for size in (2, 3, 5, 10, 30)]
pairs = [
    {"values": v, "reference": (np.array(v) + random.normal(shift, 0.02, size=len(v))).tolist()}
    for v, shift in zip(lists, (0, 0.01, 0.05, -0.004, 0.01))
]
p_values = [
    [0.04], [0.01, 0.04, 0.03], [0.5, 0.001, 0.02, 0.02, 0.9], random.uniform(size=20).tolist()]
signs = [(0, 0), (3, 0), (5, 0), (6, 0), (4, 4), (9, 2), (2, 9), (130, 101), (1500, 1400)]
json.dump(
    {
        "intervals": [{"values": v, "expected": interval(v)} for v in lists],
        "pairs": [p | {"expected": paired(p["values"], p["reference"])} for p in pairs],
        "holm": [{"p": p, "expected": holm(p)} for p in p_values],
        "signs": [
            {
                "first": a, "second": b,
                "expected": float(stats.binomtest(a, a + b).pvalue) if a + b else 1.0,
            } for a, b in signs
        ],
        "crossed": [
            crossed_case(2, 50, 0.2, 0.1, 0), crossed_case(3, 432, 0.1, 0.3, 0),
            crossed_case(3, 432, 0.1, 0, 0.6), crossed_case(5, 10_000, 0.016, 0.05, 0),
            crossed_case(10, 2_000, 0.05, 0.2, 0.2), crossed_case(3, 1_000, 0.05, 0.6, 0),
        ],
        "regression": regression_board(),
        "classification": classification_board(),
    }, open("statistics.json", "w"), separators=(",", ":"))
