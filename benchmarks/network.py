"""Learn the reading network from questions, and write the file that is shipped.

    python benchmarks/network.py train --lessons LESSONS --out WEIGHTS [--check LESSONS ...]
    python benchmarks/network.py average --weights WEIGHTS WEIGHTS --shares 0.7 0.3 --out WEIGHTS
    python benchmarks/network.py ship --weights WEIGHTS

`train` starts from the default embedding model with a new linear head. For each lesson it reads the
question with some of its sentences, as at run time, and minimises two cross-entropies: over the
sentences and "none of these" (a sentence's logit is the mean of its tokens', that of none is the
first token's), and over the words with which the answer begins and ends. With `--width` the
units of the feed-forward nets that matter least are taken out first. Of the lessons that the
weights of `--begin` have `--seen`, `--again` many are drawn anew for each epoch. `average` takes
the mean of two runs that went on from each other: what each knew is kept (Wortsman et al. 2022,
"Model soups"). `ship` writes int8 ONNX.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from lessons import Lesson, Line, read_lessons

from qa.evaluate.measures import auroc, token_f1
from qa.models import default_model_folder, sha256_of
from qa.reader.network import Excerpt, Packed, packed, readings

TARGET = Path(__file__).resolve().parent.parent / "qa" / "reader" / "weights"
LABELS = 3  # begins, ends, is evidence
BATCH = 16
RATE, HEAD_RATE, DECAY = 1e-4, 1e-3, 0.01
WARM_UP = 0.1  # share of the steps in which the rate rises; it falls to 0 after that
FEWEST, MOST = 3, 7  # sentences shown while learning
SHOWN = 6  # while checking
SHUFFLED = 2.0  # mean number of places that a sentence moves down while learning
WEIGHED = 320  # lessons that tell which units of the feed-forward nets matter least


@dataclass(frozen=True, slots=True)
class Example:
    """One run of the network with what it should say: for each excerpt, and for the answer's ends.

    `answers` are (first, last) tokens of the answer in the evidence sentences, where it stands
    there word for word.
    """

    run: Packed
    right: tuple[float, ...]
    answers: tuple[tuple[int, int], ...]


def example_of(tokenizer: Any, lesson: Lesson, lines: Sequence[Line]) -> Example:
    """The lesson with these of its lines, best first."""
    excerpts = [Excerpt(line.hit, line.start, line.text) for line in lines]
    run = packed(tokenizer, lesson.question, excerpts)
    answers = []
    for n, line in enumerate(lines):
        if line.right == 1.0 and lesson.type != "multi" and run.places[n]:
            answers.extend(_answer_tokens(line.text, lesson.answers, run, n))
    return Example(run, tuple(line.right for line in lines), tuple(answers))


def _answer_tokens(text: str, answers: Sequence[str], run: Packed, n: int) -> list[tuple[int, int]]:
    place = run.places[n]
    assert place is not None
    for answer in answers:
        found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.I)
        if found:
            pieces = enumerate(run.offsets[n])
            inside = [i for i, (a, b) in pieces if b > found.start() and a < found.end()]
            return [(place[0] + inside[0], place[0] + inside[-1])] if inside else []
    return []


def drawn(lesson: Lesson, chance: random.Random) -> list[Line]:
    """Some of a lesson's lines in about their order, the evidence among them if there is any."""
    count = chance.randint(FEWEST, MOST)
    keys = [n + chance.expovariate(1 / SHUFFLED) for n in range(len(lesson.lines))]
    order = sorted(range(len(lesson.lines)), key=keys.__getitem__)
    lines = [lesson.lines[n] for n in order]
    head = lines[:count]
    if not any(line.right == 1.0 for line in head):
        head[-1:] = [line for line in lines if line.right == 1.0][:1] or head[-1:]
    return head


def network() -> Any:
    """The default embedding model, without its pooling, with a new head."""
    import torch
    from transformers import BertModel

    class Reading(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            folder = str(default_model_folder())
            self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
            self.bert.embeddings.word_embeddings.weight.requires_grad = False
            self.head = torch.nn.Linear(self.bert.config.hidden_size, LABELS)
            torch.nn.init.normal_(self.head.weight, std=0.02)
            torch.nn.init.zeros_(self.head.bias)

        def forward(self, examples: Sequence[Example]) -> Any:
            longest = max(len(one.run.ids) for one in examples)
            ids, types, mask = (
                torch.zeros(len(examples), longest, dtype=torch.long) for _ in "123"
            )
            for n, one in enumerate(examples):
                length = len(one.run.ids)
                ids[n, :length] = torch.from_numpy(one.run.ids)
                types[n, :length] = torch.from_numpy(one.run.types)
                mask[n, :length] = 1
            states = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask)
            return self.head(states.last_hidden_state.float())

    return Reading()


def widths(net: Any) -> int:
    """Units of each feed-forward net."""
    return int(net.bert.encoder.layer[0].intermediate.dense.out_features)


def loaded(net: Any, weights: Path) -> int:
    """Put `weights` into the network, made as narrow as they are. The epochs they have seen."""
    from safetensors import safe_open
    from safetensors.torch import load_file

    state = load_file(weights)
    kept = range(len(state["bert.encoder.layer.0.intermediate.dense.bias"]))
    for layer in net.bert.encoder.layer:
        narrow(layer, list(kept))
    net.load_state_dict(state)
    with safe_open(weights, "pt") as file:
        return int((file.metadata() or {}).get("epochs", "0"))


def narrow(layer: Any, kept: Sequence[int]) -> None:
    """Keep these units of a layer's feed-forward net."""
    import torch

    inner, outer = layer.intermediate, layer.output
    before, after = inner.dense, outer.dense
    inner.dense = torch.nn.Linear(before.in_features, len(kept))
    outer.dense = torch.nn.Linear(len(kept), after.out_features)
    with torch.no_grad():
        inner.dense.weight.copy_(before.weight[kept])
        inner.dense.bias.copy_(before.bias[kept])
        outer.dense.weight.copy_(after.weight[:, kept])
        outer.dense.bias.copy_(after.bias)


def narrowed(
    net: Any, tokenizer: Any, lessons: Sequence[Lesson], width: int, chance: random.Random
) -> None:
    """Take out the units of the feed-forward nets without which the loss would change least.

    That change is estimated by its first-order term, activation times gradient (Molchanov et al.
    2017, "Pruning convolutional neural networks for resource efficient inference").
    """
    import torch

    worth = [torch.zeros(widths(net)) for _ in net.bert.encoder.layer]
    active: dict[int, Any] = {}

    def watch(place: int) -> Any:
        def seen(_module: Any, _inputs: Any, output: Any) -> None:
            output.retain_grad()
            active[place] = output

        return seen

    hooks = [
        layer.intermediate.register_forward_hook(watch(n))
        for n, layer in enumerate(net.bert.encoder.layer)
    ]
    for batch in batches(tokenizer, chance.sample(lessons, min(WEIGHED, len(lessons))), chance):
        net.zero_grad()
        mean_loss(net(batch), batch).backward()
        for n, output in active.items():
            worth[n] += ((output * output.grad).sum(1) ** 2).sum(0).detach()
    for hook in hooks:
        hook.remove()
    for n, layer in enumerate(net.bert.encoder.layer):
        narrow(layer, sorted(worth[n].argsort(descending=True)[:width].tolist()))


def mean_loss(logits: Any, examples: Sequence[Example]) -> Any:
    """Mean of `loss_of` over a batch; `logits` [examples, tokens, labels], padded at the end."""
    import torch

    parts = [loss_of(logits[n, : len(one.run.ids)], one) for n, one in enumerate(examples)]
    return torch.stack(parts).mean()


def loss_of(logits: Any, example: Example) -> Any:
    """The two cross-entropies of one example; `logits` [tokens, labels]."""
    import torch

    seen = [(place, y) for place, y in zip(example.run.places, example.right, strict=True) if place]
    evidence = logits[:, 2]
    scores = torch.stack([evidence[0], *(evidence[a:b].mean() for (a, b), _ in seen)])
    wanted = torch.tensor([0.0, *(y for _, y in seen)])
    if wanted.max() < 1:
        wanted = torch.zeros_like(wanted)
        wanted[0] = 1
    loss = -(wanted / wanted.sum() * torch.log_softmax(scores, 0)).sum()
    if example.answers:
        inside = torch.zeros(len(logits), dtype=torch.bool)
        for (a, b), _ in seen:
            inside[a:b] = True
        for label in (0, 1):
            logs = torch.log_softmax(logits[:, label].masked_fill(~inside, -1e4), 0)
            loss = loss - 0.5 * torch.stack([logs[ends[label]] for ends in example.answers]).mean()
    return loss


def batches(
    tokenizer: Any, lessons: Sequence[Lesson], chance: random.Random
) -> list[list[Example]]:
    """One epoch: every lesson once, with those of like length."""
    order = chance.sample(lessons, len(lessons))
    examples = [example_of(tokenizer, one, drawn(one, chance)) for one in order]
    found = []
    for begin in range(0, len(examples), 8 * BATCH):
        near = sorted(examples[begin : begin + 8 * BATCH], key=lambda one: len(one.run.ids))
        found += [near[n : n + BATCH] for n in range(0, len(near), BATCH)]
    chance.shuffle(found)
    return found


@dataclass(frozen=True, slots=True)
class Course:
    """How to learn: `begin` from these weights, or the embedding model; an epoch repeats `again` of
    the lessons that those have seen; `width` units to keep of each feed-forward net; the lowest
    `still` layers, and the embeddings then, stay as they are."""

    epochs: int
    seed: int
    begin: Path | None
    width: int | None
    still: int
    bfloat16: bool
    again: int


def train(
    lessons: Sequence[Lesson],
    seen: Sequence[Lesson],
    checks: Sequence[tuple[str, list[Lesson]]],
    out: Path,
    course: Course,
) -> None:
    """Learn for some epochs, show the checks after each, and write the weights after each.

    `seen` are lessons that the weights to begin with come from.
    """
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(course.seed)
    torch.set_num_threads(2)
    chance, tokenizer, net = (
        random.Random(course.seed),
        tokenizer_of(default_model_folder()),
        network(),
    )
    gone = loaded(net, course.begin) if course.begin else 0
    if course.width and course.width < widths(net):
        narrowed(net, tokenizer, [*lessons, *seen], course.width, chance)
    if course.still:
        for part in (net.bert.embeddings, *net.bert.encoder.layer[: course.still]):
            part.requires_grad_(False)
    body = [p for p in net.bert.parameters() if p.requires_grad]
    groups = [{"params": body, "lr": RATE}, {"params": net.head.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    again = min(course.again, len(seen))
    steps = course.epochs * math.ceil((len(lessons) + again) / BATCH)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda n: min((n + 1) / (WARM_UP * steps), (steps - n) / ((1 - WARM_UP) * steps)),
    )
    started, losses = time.perf_counter(), []
    for epoch in range(course.epochs):
        net.train()
        for batch in batches(tokenizer, [*lessons, *chance.sample(seen, again)], chance):
            with torch.autocast("cpu", torch.bfloat16, enabled=course.bfloat16):
                logits = net(batch)
            loss = mean_loss(logits, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            rates.step()
            losses.append(loss.item())
            if len(losses) % 50 == 0:
                spent = time.perf_counter() - started
                print(
                    f"{len(losses)}/{steps} loss {np.mean(losses[-50:]):.3f} {spent:.0f} s",
                    flush=True,
                )
        count = len(lessons) + len(seen)
        told = {"lessons": str(count), "epochs": str(epoch + 1 + gone), "seed": str(course.seed)}
        save_file({name: t.contiguous() for name, t in net.state_dict().items()}, out, told)
        for name, some in checks:
            print(f"epoch {epoch + 1}, {name}: {checked(net, tokenizer, some)}", flush=True)


def checked(net: Any, tokenizer: Any, lessons: Sequence[Lesson]) -> str:
    """By type: how often the evidence comes first, rough and read, and F1 of the words chosen."""
    import torch

    net.eval()
    found: dict[str, list[tuple[float, float, float]]] = {}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for lesson in lessons:
        example = example_of(tokenizer, lesson, lesson.lines[:SHOWN])
        with torch.no_grad():
            reads = readings(net([example])[0].numpy(), example.run)
        seen = [(read.score, n, read) for n, read in enumerate(reads) if read]
        if not seen:
            continue
        score, best, read = max(seen, key=lambda one: one[0])
        sure[lesson.answerable].append(score)
        if lesson.answerable:
            text = lesson.lines[best].text[slice(*read.best_span())]
            row = (
                float(lesson.lines[0].right == 1),
                float(lesson.lines[best].right == 1),
                token_f1(text, lesson.answers) if lesson.answers else 0.0,
            )
            found.setdefault(lesson.type, []).append(row)
    rows = {kind: np.mean(rows, axis=0).round(3).tolist() for kind, rows in sorted(found.items())}
    told = " ".join(f"{k} {r[0]:.3f} > {r[1]:.3f}, F1 {r[2]:.3f};" for k, r in rows.items())
    return f"{told} AUROC {auroc(sure[True], sure[False]):.3f}"


def tokenizer_of(folder: Path) -> Any:
    """The model's tokenizer, neither padding nor cutting."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def average(runs: Sequence[Path], shares: Sequence[float], out: Path) -> None:
    """Write the mean of the weights of some runs, each counted by its share."""
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    states = [load_file(run) for run in runs]
    told: dict[str, str] = {}
    for run in runs:
        with safe_open(run, "pt") as file:
            for name, value in (file.metadata() or {}).items():
                told[name] = str(max(int(told.get(name, 0)), int(value)))
    parts = list(zip(shares, states, strict=True))
    mean = {name: sum(share * state[name] for share, state in parts) for name in states[0]}
    save_file({name: tensor.contiguous() for name, tensor in mean.items()}, out, told)


def ship(weights: Path) -> None:
    """Write the int8 graph and the tokenizer, and print the hashes that the code must know."""
    import onnx
    from safetensors import safe_open
    from safetensors.numpy import load_file

    from qa.graph import Shape, reading_graph

    config = json.loads((default_model_folder() / "config.json").read_text(encoding="utf-8"))
    shape = Shape(
        config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"]
    )
    named = {name.removeprefix("bert."): array for name, array in load_file(weights).items()}
    TARGET.mkdir(exist_ok=True)
    onnx.save(reading_graph(named, shape, int8=True), TARGET / "model.onnx")
    shutil.copyfile(default_model_folder() / "tokenizer.json", TARGET / "tokenizer.json")
    files = {name: sha256_of(TARGET / name) for name in ("model.onnx", "tokenizer.json")}
    with safe_open(weights, "np") as file:
        told = {name: int(value) for name, value in (file.metadata() or {}).items()}
    made = {"by": "benchmarks/network.py", "on": today(), **told, "files": files}
    (TARGET / "made.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    for name, digest in files.items():
        print(f'    "{name}": "{digest}",')


def today() -> str:
    """The day of a run, for the record."""
    return datetime.now(UTC).date().isoformat()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--lessons", type=Path, required=True)
    training.add_argument("--check", type=Path, nargs="*", default=[])
    training.add_argument("--out", type=Path, required=True)
    training.add_argument("--epochs", type=int, default=6)
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--seen", type=Path, help="lessons that --begin has learnt from")
    training.add_argument(
        "--again", type=int, default=8000, help="how many of those an epoch repeats"
    )
    training.add_argument("--begin", type=Path, help="weights to go on from")
    training.add_argument("--width", type=int, help="units to keep of each feed-forward net")
    training.add_argument("--still", type=int, default=0, help="lowest layers that do not learn")
    training.add_argument("--bfloat16", action="store_true", help="faster on processors with AMX")
    averaging = commands.add_parser("average")
    averaging.add_argument("--weights", type=Path, nargs="+", required=True)
    averaging.add_argument("--shares", type=float, nargs="+", required=True, help="sum up to 1")
    averaging.add_argument("--out", type=Path, required=True)
    shipping = commands.add_parser("ship")
    shipping.add_argument("--weights", type=Path, required=True)
    given = parser.parse_args()
    if given.command == "ship":
        ship(given.weights)
    elif given.command == "average":
        average(given.weights, given.shares, given.out)
    else:
        if given.begin is None and (given.seen or given.still):
            parser.error("--seen and --still are about weights to --begin with")
        checks = [(path.stem, read_lessons(path)) for path in given.check]
        apart = {article for _, lessons in checks for one in lessons for article in one.articles}
        lessons, seen = (
            [
                one
                for one in (read_lessons(path) if path else [])
                if one.lines and one.type != "multi" and apart.isdisjoint(one.articles)
            ]
            for path in (given.lessons, given.seen)
        )
        print(f"{len(lessons)} new lessons and {len(seen)} seen, about articles of no check")
        course = Course(
            given.epochs,
            given.seed,
            given.begin,
            given.width,
            given.still,
            given.bfloat16,
            given.again,
        )
        train(lessons, seen, checks, given.out, course)


if __name__ == "__main__":
    main()
