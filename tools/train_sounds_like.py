"""Learn what words sound like from real messages, and say how often it is right.

    .venv/bin/python tools/train_sounds_like.py            figures, as JSON
    .venv/bin/python tools/train_sounds_like.py --write    and new weights for the program

Messages: Robert Munro, disaster_response_messages, CC BY 4.0, in ../shared/data/messages. Each
label with a hundred positives is learnt by logistic regression (FISTA: Beck and Teboulle, 2009)
with an L1 penalty, so that few words have a weight, on which words occur and which keywords.
Figures come from five folds; thresholds are chosen on a fifth of what each fold learns from, never
on what it is measured on. Beside it stand keywords alone. Intervals: 95 % of 1,000 draws of
messages.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from porchlight.sharing.rules.sounds_like import LABELS, folded, hits  # noqa: E402

MESSAGES = ROOT.parent / "shared/data/messages/disaster_response_validation.csv"
WEIGHTS = ROOT / "porchlight/sharing/rules/sounds_like_weights.json"
FEWEST_POSITIVES, FEWEST_MESSAGES = 100, 3
FOLDS, SEED, DRAWS = 5, 7, 1000
PENALTY, STEPS = 1.5, 250
LEAST = 0.05
"""Smaller weights are left out."""
NOT_LABELS = {"id", "split", "message", "original", "genre", "PII", "event", "actionable_haiti",
              "date_haiti"}  # fmt: skip
NOTICE = (
    "Learnt from disaster_response_messages by Robert Munro, CC BY 4.0 "
    "(creativecommons.org/licenses/by/4.0); words and weights are a change of it."
)
KEYWORDS = {
    "related": "help need* food water people earthquake flood* storm* rain* hurricane victim* aid "
    "damage* emergency relief disaster* affected shelter sandy haiti",
    "request": "need* please help want* send us give require* lack* without sos looking",
    "aid_related": "need* help aid food water shelter tent* medic* relief suppl* victim* rescue*",
    "medical_help": "doctor* medic* hospital* sick ill injur* wound* health clinic* disease* "
    "nurse*",
    "medical_products": "medic* drug* vaccin* medication* pill* bandage* syringe*",
    "water": "water* thirst* drink* rain* well wells",
    "food": "food* hungr* hunger* eat* rice starv* grain* meal* feed* wheat",
    "shelter": "shelter* tent* house* home* homeless tarp* sleep* roof* camp* street*",
    "death": "dead die* died dying death* kill* bod* corpse* toll",
    "other_aid": "help* aid relief assistance suppl* donat* support",
    "infrastructure_related": "road* bridge* building* power electric* damage* school* hospital*",
    "transport": "road* bridge* airport* truck* bus buses car cars train* port transport* blocked",
    "buildings": "building* house* home* collapse* school* roof* wall*",
    "other_infrastructure": "road* bridge* damage* infrastructure sewage dam dams system*",
    "weather_related": "flood* storm* rain* earthquake* quake* hurricane* cyclone* wind* snow* "
    "cold drought* tsunami* sandy weather",
    "floods": "flood* inundat* water* rain* river*",
    "storm": "storm* hurricane* cyclone* typhoon* wind* tornado* sandy",
    "earthquake": "earthquake* quake* tremor* aftershock* magnitude tsunami* seism* shak*",
    "other_weather": "drought* tsunami* snow* cold rain* landslide* mudslide* weather",
    "direct_report": "we i us our my here please",
}


def read() -> tuple[list[str], dict[str, "np.ndarray"]]:
    """The messages, and for each label with enough positives which have it."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = {
        name: np.array([row[name] == "1" for row in rows])
        for name in rows[0]
        if name not in NOT_LABELS
    }
    enough = {name: has for name, has in labels.items() if has.sum() >= FEWEST_POSITIVES}
    return [row["message"] for row in rows], enough


def keyword_columns(texts: list[list[str]], labels: list[str]) -> "np.ndarray":
    """Which messages hold a keyword of which label."""
    columns = [[hits(one, KEYWORDS[label]) > 0 for one in texts] for label in labels]
    return np.array(columns, dtype=bool).T


def vocabulary(texts: list[list[str]]) -> list[str]:
    counted = Counter(word for one in texts for word in set(one))
    return sorted(word for word, many in counted.items() if many >= FEWEST_MESSAGES)


def columns_of(texts: list[list[str]], known: list[str]) -> "np.ndarray":
    """Which messages hold which word."""
    at = {word: number for number, word in enumerate(known)}
    found = np.zeros((len(texts), len(known)), dtype=np.float32)
    for row, one in enumerate(texts):
        found[row, [at[word] for word in set(one) if word in at]] = 1
    return found


def learn(words: "np.ndarray", has: "np.ndarray") -> tuple["np.ndarray", "np.ndarray"]:
    """Weights of each word for each label, and where each starts."""
    rows = len(words)
    with_one = np.hstack([words, np.ones((rows, 1), dtype=np.float32)])
    norm = np.linalg.norm(with_one, 2) ** 2 / 4  # the steepest a logistic loss can bend
    weights = np.zeros((with_one.shape[1], has.shape[1]), dtype=np.float32)
    ahead, turn = weights.copy(), 1.0
    for _step in range(STEPS):
        likely = 1 / (1 + np.exp(-(with_one @ ahead)))
        moved = ahead - with_one.T @ (likely - has) / norm
        less = np.maximum(np.abs(moved[:-1]) - PENALTY / norm, 0) * np.sign(moved[:-1])
        new = np.vstack([less, moved[-1:]])
        later = (1 + (1 + 4 * turn**2) ** 0.5) / 2
        ahead = new + (turn - 1) / later * (new - weights)
        weights, turn = new, later
    return weights[:-1], weights[-1]


def thresholds(words: "np.ndarray", has: "np.ndarray", dice: "np.random.Generator") -> "np.ndarray":
    """From which likelihood on a label is said: where F1 is best on a fifth that is held back."""
    order = dice.permutation(len(words))
    held, rest = order[: len(order) // 5], order[len(order) // 5 :]
    weights, start = learn(words[rest], has[rest])
    likely = 1 / (1 + np.exp(-(words[held] @ weights + start)))
    tried = np.arange(0.15, 0.75, 0.025)
    scores = np.array([f1(likely >= one, has[held]) for one in tried])
    return tried[scores.argmax(axis=0)]


def f1(said: "np.ndarray", has: "np.ndarray") -> "np.ndarray":
    both = (said & has).sum(axis=0)
    return 2 * both / np.maximum(1, said.sum(axis=0) + has.sum(axis=0))


def measured(said: "np.ndarray", has: "np.ndarray", dice: "np.random.Generator") -> list[Any]:
    """Precision, recall and F1 of each label, with intervals."""
    draws = []
    for one in [np.arange(len(has)), *dice.integers(0, len(has), (DRAWS, len(has)))]:
        both, all_said, all_has = ((said & has)[one].sum(0), said[one].sum(0), has[one].sum(0))
        draws.append([both / np.maximum(1, all_said), both / np.maximum(1, all_has),
                      2 * both / np.maximum(1, all_said + all_has)])  # fmt: skip
    found = np.array(draws)
    low, high = np.percentile(found[1:], [2.5, 97.5], axis=0)
    names = ("precision", "recall", "f1")
    return [
        {
            name: [round(float(part[at, label]), 3) for part in (found[0], low, high)]
            for at, name in enumerate(names)
        }
        for label in range(has.shape[1])
    ]


def write(words: list[str], rows: "np.ndarray", has: "np.ndarray", labels: list[str]) -> None:
    """Learn from all messages and write down what the program needs: labels that mean a kind."""
    cut = thresholds(rows, has, np.random.default_rng(SEED))
    weights, start = learn(rows, has)
    names = [*words, *(f"*{label}" for label in labels)]
    wanted = [at for at, label in enumerate(labels) if label in LABELS]
    kept = {
        name: {
            labels[at]: round(float(weights[row, at]), 2)
            for at in wanted
            if abs(weights[row, at]) >= LEAST
        }
        for row, name in enumerate(names)
    }
    made = {
        "notice": NOTICE,
        "thresholds": {labels[at]: round(float(cut[at]), 3) for at in wanted},
        "starts": {labels[at]: round(float(start[at]), 2) for at in wanted},
        "keywords": {label: KEYWORDS[label] for label in labels if kept[f"*{label}"]},
        "weights": {name: by for name, by in sorted(kept.items()) if by},
    }
    WEIGHTS.write_text(json.dumps(made, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    messages, by_label = read()
    labels = list(by_label)
    has = np.array(list(by_label.values())).T
    texts = [folded(message) for message in messages]
    keywords = keyword_columns(texts, labels)
    if "--write" in sys.argv:
        known = vocabulary(texts)
        rows = np.hstack([columns_of(texts, known), keywords.astype(np.float32)])
        write(known, rows, has, labels)
        return
    dice = np.random.default_rng(SEED)
    fold_of = dice.permutation(len(texts)) % FOLDS
    said = np.zeros_like(has)
    for fold in range(FOLDS):
        learns, is_held = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        known = vocabulary([texts[row] for row in learns])
        words = np.hstack([columns_of(texts, known), keywords.astype(np.float32)])
        cut = thresholds(words[learns], has[learns], dice)
        weights, start = learn(words[learns], has[learns])
        said[is_held] = 1 / (1 + np.exp(-(words[is_held] @ weights + start))) >= cut
    figures = [
        {"label": label, "positives": int(has[:, at].sum()), "model": ours, "keywords": theirs}
        for at, (label, ours, theirs) in enumerate(
            zip(labels, measured(said, has, dice), measured(keywords, has, dice), strict=True)
        )
    ]
    sys.stdout.write(json.dumps({"messages": len(texts), "labels": figures}) + "\n")


main()
