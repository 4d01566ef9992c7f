"""Computes fixtures/metrics/{lists,catalogue,graded,bootstrap}.json with outside libraries.

Run once, by hand, in an environment with requirements.txt; the tests read the files and need no Python.
    python bench/peers/metrics/make_fixtures.py

What each library is asked, and how its names map to ours:
- trec_eval (through pytrec_eval): P_k, recall_k, ndcg_cut_k, map_cut_k (divides by all relevant items: our "relevant"
  divisor), recip_rank of the list cut at k, success_k.
- ranx: precision@k, recall@k, ndcg@k, map@k (divides by all relevant items), mrr@k, hit_rate@k.
- recommenders: precision_at_k, recall_at_k, ndcg_at_k, map_at_k (divides by min(k, relevant): our "cutoff" divisor), map
  (divides by all relevant items), catalog_coverage, novelty.
- scikit-learn: ndcg_score on 2^gain - 1. SciPy: percentile bootstrap. NumPy: stable argsort for the order with ties.
"""

import json
import re
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytrec_eval
import ranx
from recommenders.evaluation import python_evaluation as recommenders
from scipy.stats import bootstrap
from sklearn.metrics import ndcg_score

OUT = Path(__file__).resolve().parents[3] / "fixtures" / "metrics"
CUTOFFS = [1, 3, 5, 10]
rng = np.random.default_rng(20240607)


def versions(*names):
    return {name: version(name) for name in names}


def write(name, libraries, body):
    text = json.dumps({"libraries": versions(*libraries), **body}, indent=1, allow_nan=False)
    # Arrays of numbers on one line each.
    text = re.sub(r"\[[-\d.e,\s]+\]", lambda array: re.sub(r"\s+", "", array[0]).replace(",", ", "), text)
    (OUT / name).write_text(text + "\n", encoding="utf-8")


def order(scores, masked, k):
    """Highest score first, ties to the lower index, masked items left out."""
    ranking = np.argsort(-np.asarray(scores), kind="stable")
    return [int(i) for i in ranking if i not in set(masked)][:k]


def make_case(name, items, length, relevant, unreachable=0, levels=None, masked=0):
    # Scores are multiples of 1/1024, so that float32 holds them exactly; few levels make ties.
    if levels is None:
        scores = rng.permutation(items) / 1024
    else:
        scores = rng.integers(0, levels, items) / 1024
    hidden = rng.choice(items, masked, replace=False)
    free = np.setdiff1d(np.arange(items), hidden)
    chosen = rng.choice(free, relevant, replace=False)
    return {
        "name": name,
        "scores": [float(s) for s in scores],
        "masked": [int(i) for i in hidden],
        "k": length,
        "relevant": [int(i) for i in chosen],
        "unreachableCount": unreachable,
        "ranked": order(scores, hidden, length),
    }


def perfect_case(name, items, length, relevant):
    case = make_case(name, items, length, relevant)
    case["relevant"] = case["ranked"][:relevant]
    return case


cases = [
    make_case("one relevant item", 40, 10, 1),
    make_case("all items relevant", 8, 10, 8),
    make_case("all scores equal", 30, 10, 6, levels=1),
    make_case("many ties", 50, 10, 9, levels=4),
    make_case("catalogue smaller than k", 4, 10, 2),
    make_case("masks leave fewer than k", 12, 10, 3, masked=8),
    make_case("list shorter than k", 60, 3, 12),
    make_case("list longer than the largest cut-off", 60, 40, 12),
    make_case("more relevant items than k", 60, 10, 30),
    make_case("unreachable relevant items", 40, 10, 4, unreachable=3),
    make_case("only unreachable relevant items", 40, 10, 0, unreachable=2),
    perfect_case("perfect list", 40, 10, 5),
    perfect_case("perfect list, more relevant than k", 40, 12, 12),
]
for number in range(40):
    items = int(rng.integers(15, 60))
    masked = int(rng.integers(0, 5))
    relevant = int(rng.integers(1, items - masked))
    levels = [None, 3, 20][number % 3]
    unreachable = int(rng.integers(0, 3))
    cases.append(make_case(f"random {number}", items, 10, relevant, unreachable, levels, masked))


def truth(case):
    return [f"i{i}" for i in case["relevant"]] + [f"absent{i}" for i in range(case["unreachableCount"])]


def by_trec_eval(case):
    qrels = {"u": {item: 1 for item in truth(case)}}
    wanted = {f"{m}.{','.join(map(str, CUTOFFS))}" for m in ("P", "recall", "ndcg_cut", "map_cut", "success")}
    evaluator = pytrec_eval.RelevanceEvaluator(qrels, wanted)
    ranked = case["ranked"]
    run = {f"i{item}": float(len(ranked) - place) for place, item in enumerate(ranked)}
    found = evaluator.evaluate({"u": run})["u"]
    names = {"precision": "P", "recall": "recall", "ndcg": "ndcg_cut", "map": "map_cut", "hit-rate": "success"}
    values = {f"{ours}@{k}": found[f"{theirs}_{k}"] for ours, theirs in names.items() for k in CUTOFFS}
    for k in CUTOFFS:
        # trec_eval has no cut for reciprocal rank: cut the run.
        cut = {f"i{item}": float(k - place) for place, item in enumerate(ranked[:k])}
        values[f"mrr@{k}"] = pytrec_eval.RelevanceEvaluator(qrels, {"recip_rank"}).evaluate({"u": cut})["u"]["recip_rank"]
    return values


def by_ranx(case):
    ranked = case["ranked"]
    qrels = ranx.Qrels({"u": {item: 1 for item in truth(case)}})
    run = ranx.Run({"u": {f"i{item}": float(len(ranked) - place) for place, item in enumerate(ranked)}})
    names = {"precision": "precision", "recall": "recall", "ndcg": "ndcg", "map": "map", "mrr": "mrr", "hit-rate": "hit_rate"}
    pairs = [(f"{ours}@{k}", f"{theirs}@{k}") for ours, theirs in names.items() for k in CUTOFFS]
    found = ranx.evaluate(qrels, run, [theirs for _, theirs in pairs])
    return {ours: float(found[theirs]) for ours, theirs in pairs}


def by_recommenders(case):
    ranked = case["ranked"]
    items = truth(case)
    true = pd.DataFrame({"userID": "u", "itemID": items, "rating": 1.0})
    pred = pd.DataFrame(
        {
            "userID": "u",
            "itemID": [f"i{item}" for item in ranked],
            "prediction": [float(len(ranked) - place) for place in range(len(ranked))],
        }
    )
    names = {
        "precision": recommenders.precision_at_k,
        "recall": recommenders.recall_at_k,
        "ndcg": recommenders.ndcg_at_k,
        "map": recommenders.map_at_k,
        "map-relevant": recommenders.map,
    }
    return {f"{ours}@{k}": float(measure(true, pred, k=k)) for ours, measure in names.items() for k in CUTOFFS}


for case in cases:
    case["expected"] = {
        "trec_eval": by_trec_eval(case),
        "ranx": by_ranx(case),
        "recommenders": by_recommenders(case),
    }
write(
    "lists.json",
    ["numpy", "pytrec_eval-terrier", "ranx", "recommenders", "pandas"],
    {"cutoffs": CUTOFFS, "cases": cases},
)

# Catalogue: 40 lists of 10 over 50 items, every item seen in training.
counts = sorted((int(c) for c in rng.zipf(1.6, 50).clip(1, 400)), reverse=True)
lists = [[int(i) for i in rng.permutation(50)[: 10 if user % 5 else 4] // (1 + user % 3)] for user in range(40)]
lists = [list(dict.fromkeys(items)) for items in lists]
train = pd.DataFrame([(f"t{i}-{n}", f"i{i}") for i, count in enumerate(counts) for n in range(count)], columns=["userID", "itemID"])
expected = {}
for k in CUTOFFS:
    shown = pd.DataFrame([(f"u{u}", f"i{i}") for u, items in enumerate(lists) for i in items[:k]], columns=["userID", "itemID"])
    expected[f"coverage@{k}"] = float(recommenders.catalog_coverage(train, shown))
    expected[f"novelty@{k}"] = float(recommenders.novelty(train, shown))
write(
    "catalogue.json",
    ["recommenders", "pandas", "numpy"],
    {"cutoffs": CUTOFFS, "trainCounts": counts, "lists": lists, "expected": expected},
)

# Graded nDCG. Distinct scores: scikit-learn orders ties the other way round.
graded = []
for items, k in [(1, 1), (6, 3), (6, 10), (12, 5), (30, 10), (30, 30)]:
    scores = rng.permutation(items) / 64
    gains = rng.integers(0, 5, items)
    gains[0] = 3
    if items == 1:
        # scikit-learn refuses single documents; add one without gain, ranked last.
        scores, gains = np.array([0.5, 0.25]), np.array([3, 0])
    value = ndcg_score([2.0**gains - 1], [scores], k=k, ignore_ties=True)
    graded.append({"scores": [float(s) for s in scores], "gains": [int(g) for g in gains], "k": k, "expected": float(value)})
write("graded.json", ["scikit-learn", "numpy"], {"cases": graded})

# Bootstrap: another generator, so the bounds agree up to Monte Carlo error only. NumPy's quantiles agree exactly.
populations = {
    "uniform": rng.random(200),
    "sparse": np.where(rng.random(600) < 0.1, rng.random(600), 0.0),
    "binary": (rng.random(300) < 0.4).astype(float),
}
means = []
for name, values in populations.items():
    interval = bootstrap((values,), np.mean, n_resamples=100_000, method="percentile", rng=rng).confidence_interval
    means.append({"name": name, "values": values.tolist(), "lower": float(interval.low), "upper": float(interval.high)})
sample = np.sort(rng.normal(size=37))
quantiles = [{"share": share, "expected": float(np.quantile(sample, share))} for share in (0, 0.025, 0.31, 0.5, 0.975, 1)]
write(
    "bootstrap.json",
    ["scipy", "numpy"],
    {"resamples": 100_000, "level": 0.95, "means": means, "quantiles": {"sorted": sample.tolist(), "cases": quantiles}},
)
