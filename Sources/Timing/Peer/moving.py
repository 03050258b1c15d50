"""Training LeNet-300-100 with masks in plain PyTorch: dense tensors, each weight multiplied by its mask after every
step. The connections stay where they are ('static') or move every 100 steps ('rigl': the least 30 % of the live
weights, falling along a cosine, make room for those of the largest gradient, which a dense backward pass has anyway).

   moving.py {static,rigl} [--density D] [--threads N] [--compile] [--epochs N]

Needs the folder of the peer's scripts for its data, network and optimiser (common.py): on the path, or as the one
this file is copied to."""
import argparse
import math
import statistics
import time

import torch
import torch.nn.functional as F
from common import Run, lenet300, mnist, row, sgd

EVERY, UNTIL, FRACTION, BATCH = 100, 0.75, 0.3, 128

parser = argparse.ArgumentParser()
parser.add_argument("method", choices=("static", "rigl"))
parser.add_argument("--density", type=float, default=0.05)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--compile", action="store_true")
parser.add_argument("--epochs", type=int, default=5)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)
label = (f"lenet300 {options.method} {100 * (1 - options.density):g}%, {options.threads} thr, "
         f"{'compile' if options.compile else 'eager'}")


def random_masks(weights, density):
    """Masks by the Erdős-Rényi rule: density in proportion to (inputs + outputs) / (inputs · outputs)."""
    total = density * sum(w.numel() for w in weights)
    raw = [sum(w.shape) / w.numel() for w in weights]
    dense = set()
    while True:
        left = total - sum(weights[i].numel() for i in dense)
        scale = left / sum(r * w.numel() for i, (r, w) in enumerate(zip(raw, weights)) if i not in dense)
        full = {i for i, r in enumerate(raw) if i not in dense and scale * r > 1}
        if not full:
            break
        dense |= full
    masks = []
    for i, (r, w) in enumerate(zip(raw, weights)):
        live = w.numel() if i in dense else round(scale * r * w.numel())
        mask = torch.zeros(w.numel())
        mask[torch.randperm(w.numel())[:live]] = 1
        masks.append(mask.view_as(w))
    return masks


@torch.no_grad()
def move(weights, masks, optimizer, share):
    for weight, mask in zip(weights, masks):
        count = int(share * mask.sum().item())
        if count == 0:
            continue
        flat = mask.view(-1)
        kept = weight.abs().masked_fill(mask == 0, math.inf).view(-1)
        flat[torch.topk(kept, count, largest=False, sorted=False).indices] = 0
        worth = weight.grad.abs().masked_fill(mask != 0, -1).view(-1)
        grown = torch.topk(worth, count, sorted=False).indices
        flat[grown] = 1
        optimizer.state[weight]["momentum_buffer"].view(-1)[grown] = 0


with Run("moving " + label):
    x, y, _, _ = mnist()
    model = lenet300()
    weights = [p for p in model.parameters() if p.dim() == 2]
    masks = random_masks(weights, options.density)
    net = torch.compile(model) if options.compile else model
    optimizer = sgd(model, 1e-3)
    torch._foreach_mul_([w.data for w in weights], masks)
    F.cross_entropy(net(x[:BATCH]), y[:BATCH]).backward()
    per_epoch = len(x) // BATCH
    total, step, seconds = options.epochs * per_epoch, 0, []
    for epoch in range(options.epochs):
        start = time.perf_counter()
        order = torch.randperm(len(x))
        for i in range(per_epoch):
            batch = order[i * BATCH:(i + 1) * BATCH]
            optimizer.zero_grad()
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            if options.method == "rigl" and step > 0 and step % EVERY == 0 and step <= UNTIL * total:
                move(weights, masks, optimizer, FRACTION * (1 + math.cos(math.pi * step / (UNTIL * total))) / 2)
            optimizer.step()
            with torch.no_grad():
                torch._foreach_mul_(weights, masks)
            step += 1
        seconds.append(time.perf_counter() - start)
    images = per_epoch * BATCH
    row(label, f"TRAIN images/s whole {images / statistics.mean(seconds):.0f}, min {images / max(seconds):.0f}, "
        f"max {images / min(seconds):.0f} over {options.epochs} x {images} images, "
        f"density {sum(m.sum().item() for m in masks) / sum(m.numel() for m in masks):.4f}")
