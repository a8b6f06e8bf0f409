"""Makes reference.json, the figures that the tests of comparison are held to, with other people's programs and by plain enumeration:
python3 -m venv v && v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && v/bin/python test/judge/compare/reference.py > test/judge/compare/reference.json
"""
import json
import random
from itertools import combinations
from math import comb

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

random.seed(11)


def sample(count, ties, shift=0.0):
    return [round(random.gauss(20 + shift, 6), 0 if ties else 3) for _ in range(count)]


def fisher():
    rows = [(0, 5, 5, 5), (0, 20, 8, 20), (3, 20, 4, 20), (1, 7, 6, 9), (0, 20, 5, 20), (20, 20, 0, 20), (2, 59, 9, 59), (10, 299, 29, 299), (0, 1, 1, 1), (4, 4, 4, 4)]
    return [{"table": r, "p": stats.fisher_exact([[r[0], r[1] - r[0]], [r[2], r[3] - r[2]]]).pvalue} for r in rows]


def boschloo():
    rows = [(0, 3, 3, 3), (0, 5, 4, 5), (0, 10, 4, 10), (0, 20, 5, 20), (3, 20, 4, 20), (1, 7, 6, 9), (2, 59, 9, 59), (10, 100, 29, 120), (0, 1, 1, 1), (0, 4, 4, 4), (5, 5, 0, 3)]
    return [{"table": r, "p": stats.boschloo_exact([[r[0], r[2]], [r[1] - r[0], r[3] - r[2]]], n=256).pvalue} for r in rows]


def untied():
    rows = []
    for n, m, shift in [(3, 3, 0), (5, 5, 9), (8, 5, 3), (20, 20, 2), (20, 20, 5), (30, 12, 0), (45, 50, 1)]:
        one, other = sample(n, False), sample(m, False, shift)
        rows.append({"reference": one, "other": other, "p": stats.mannwhitneyu(other, one, method="exact").pvalue})
    return rows


def approximate():
    one, other = sample(400, True), sample(350, True, 1)
    return {"reference": one, "other": other, "p": stats.mannwhitneyu(other, one, method="asymptotic").pvalue}


def sign(one, other, least):
    return 0 if one == other or abs(one - other) < least else (1 if one > other else -1)


def net(reference, other, least):
    return sum(sign(o, r, least) for o in other for r in reference)


def enumerated():
    """Every way to deal the values out, by brute force."""
    rows = []
    for n, m, shift, least in [(4, 4, 0, 0), (5, 6, 6, 0), (6, 6, 4, 5), (7, 6, 8, 4), (3, 8, 5, 3)]:
        one, other = sample(n, True), sample(m, True, shift)
        values = one + other
        seen = abs(net(one, other, least))
        far = 0
        for chosen in combinations(range(n + m), m):
            picked = [values[i] for i in chosen]
            rest = [values[i] for i in range(n + m) if i not in chosen]
            far += abs(net(rest, picked, least)) >= seen
        rows.append({"reference": one, "other": other, "least": least, "p": far / comb(n + m, m)})
    return rows


def shifts():
    """The interval holds the shifts that the exact test does not reject at 5 %: found by trying points between all differences."""
    rows = []
    for n, m, shift in [(4, 4, 0), (6, 8, 3), (12, 10, 5), (20, 20, 2)]:
        one, other = sample(n, False), sample(m, False, shift)
        differences = sorted(o - r for o in other for r in one)
        kept = []
        for low, high in zip(differences, differences[1:]):
            moved = [o - (low + high) / 2 for o in other]
            if stats.mannwhitneyu(moved, one, method="exact").pvalue > 0.05:
                kept.append((low, high))
        rows.append({"reference": one, "other": other, "estimate": float(np.median(differences)), "low": kept[0][0], "high": kept[-1][1]})
    return rows


def medians():
    rows = []
    for n in [5, 6, 9, 20, 21, 60]:
        values = sample(n, False)
        found = stats.quantile_test(values, p=0.5).confidence_interval(0.95)
        low, high = [None if np.isnan(x) else float(x) for x in (found.low, found.high)]
        rows.append({"values": values, "estimate": float(np.median(values)), "low": low, "high": high})
    return rows


def shares():
    rows = []
    for x, n in [(0, 5), (5, 5), (1, 20), (9, 20), (3, 299)]:
        found = stats.binomtest(x, n).proportion_ci(0.95, method="exact")
        rows.append({"count": x, "of": n, "low": float(found.low), "high": float(found.high)})
    return rows


def share_differences():
    rows = []
    for a, n, b, m in [(0, 20, 8, 20), (5, 20, 6, 25), (56, 70, 48, 80), (0, 10, 0, 10)]:
        low, high = confint_proportions_2indep(b, m, a, n, method="newcomb", compare="diff")
        rows.append({"reference": [a, n], "other": [b, m], "low": float(low), "high": float(high)})
    return rows


def holm():
    p = [0.01, 0.04, 0.03, 0.005, 0.6, 0.03]
    return {"p": p, "adjusted": [float(x) for x in multipletests(p, method="holm")[1]]}


print(json.dumps({"fisher": fisher(), "boschloo": boschloo(), "untied": untied(), "approximate": approximate(), "enumerated": enumerated(), "shifts": shifts(), "medians": medians(), "shares": shares(), "shareDifferences": share_differences(), "holm": holm()}))
