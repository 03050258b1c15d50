"""Growing LeNet-300-100 in plain PyTorch as 'gradmax' does: from 30 and 10 units to the dense network's size, in 16
growths over the first half of training. At each the cross moments of both hidden layers are measured over 5000
samples, their singular vectors tried with both signs behind the ReLU, and the units with the largest fall for each
weight added, with nothing into them and a bias just above 0; momentum is kept and padded with zeros.

   growing.py [--threads N] [--epochs N]

The time is that of a run of 40 epochs: steps at each size are timed over --epochs, growths are added once.
Needs the folder of the peer's scripts for its data (common.py): on the path, or as the one this file is copied to."""
import argparse
import time

import torch
import torch.nn.functional as F
from common import Run, mnist, row

STAGES, UNTIL, LENGTH, MEASURED, BATCH, SCALE, OPEN = 16, 0.5, 40, 5000, 128, 0.5, 1e-6
WIDTHS, GOAL = [784, 30, 10, 10], 266_200

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--epochs", type=int, default=5)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)


def weights_of(widths):
    return sum(a * b for a, b in zip(widths, widths[1:]))


def linear(inputs, outputs):
    bound = inputs ** -0.5
    return [torch.empty(outputs, inputs).uniform_(-bound, bound), torch.zeros(outputs)]


class Network:
    def __init__(self, widths):
        self.layers = [linear(a, b) for a, b in zip(widths, widths[1:])]
        self.momentum = [[torch.zeros_like(p) for p in layer] for layer in self.layers]
        self.track()

    def track(self):
        for layer in self.layers:
            for p in layer:
                p.requires_grad_(True)
                p.grad = None

    @property
    def widths(self):
        return [self.layers[0][0].shape[1]] + [w.shape[0] for w, _ in self.layers]

    def forward(self, x, layers=None):
        inputs, outputs = [], []
        for i, (w, b) in enumerate(layers or self.layers):
            inputs.append(x)
            z = F.linear(x, w, b)
            outputs.append(z)
            x = F.relu(z) if i < 2 else z
        return z, inputs, outputs

    @torch.no_grad()
    def step(self, rate):
        parameters = [p for layer in self.layers for p in layer]
        moments = [m for layer in self.momentum for m in layer]
        torch.nn.utils.clip_grad_norm_(parameters, 1)
        gradients = [p.grad for p in parameters]
        torch._foreach_add_(gradients, parameters, alpha=5e-4)
        torch._foreach_mul_(moments, 0.9)
        torch._foreach_add_(moments, gradients)
        torch._foreach_add_(parameters, moments, alpha=-rate)
        for p in parameters:
            p.grad = None


def candidates(net, x, y):
    """Of each hidden layer unit vectors into and out of units, both signs, and the measured fall of the loss."""
    z, inputs, outputs = net.forward(x)
    slopes = torch.autograd.grad(F.cross_entropy(z, y), outputs)
    found = []
    for hidden in (0, 1):
        cross = -(inputs[hidden].T @ slopes[hidden + 1])
        left, values, right = torch.linalg.svd(cross.double(), full_matrices=False)
        keep = values > 1e-6 * values[0]
        fan_in = left.T[keep].float().repeat_interleave(2, 0)
        fan_out = right[keep].float().repeat_interleave(2, 0)
        fan_in[1::2] *= -1
        fan_out[1::2] *= -1
        found.append((fan_in, fan_out))
    # Silent units of both layers in one network: the gradient in their fan-out is what they promise.
    with torch.no_grad():
        w1, b1, w2, b2, w3, b3 = [p for layer in net.layers for p in layer]
        (u1, o1), (u2, o2) = found
        old1, old2 = w1.shape[0], w2.shape[0]
        v1 = torch.cat([w1, u1])
        c1 = torch.cat([b1, torch.zeros(len(u1))])
        v2 = torch.cat([F.pad(w2, (0, len(u1))), F.pad(u2, (0, len(u1)))])
        c2 = torch.cat([b2, torch.zeros(len(u2))])
        v3 = F.pad(w3, (0, len(u2)))
    v2.requires_grad_(True)
    v3.requires_grad_(True)
    z, _, _ = net.forward(x, [(v1, c1), (v2, c2), (v3, b3)])
    g2, g3 = torch.autograd.grad(F.cross_entropy(z, y), (v2, v3))
    falls = [-(g2[:old2, old1:].T * o1).sum(1), -(g3[:, old2:].T * o2).sum(1)]
    return [(i, o, f) for (i, o), f in zip(found, falls)]


def choose(net, found, budget):
    widths, taken = net.widths, [0, 0]
    order = [torch.argsort(f, descending=True) for _, _, f in found]
    most = [min(len(order[i]), widths[i + 1]) for i in (0, 1)]
    while True:
        best = None
        for i in (0, 1):
            if taken[i] >= most[i]:
                continue
            wider = list(widths)
            wider[i + 1] += 1
            cost = weights_of(wider) - weights_of(widths)
            fall = max(0.0, found[i][2][order[i][taken[i]]].item())
            if weights_of(wider) <= budget and (best is None or fall * fall / cost > best[0]):
                best = (fall * fall / cost, i)
        if best is None:
            return [order[i][:taken[i]] for i in (0, 1)]
        taken[best[1]] += 1
        widths[best[1] + 1] += 1


@torch.no_grad()
def widen(net, found, chosen):
    for hidden in (1, 0):
        _, fan_out, _ = found[hidden]
        pick = chosen[hidden]
        count = len(pick)
        if count == 0:
            continue
        (w, b), (v, c) = net.layers[hidden], net.layers[hidden + 1]
        norm = SCALE * v.norm(dim=0).mean()
        columns = F.pad(fan_out[pick].T * norm, (0, 0, 0, v.shape[0] - fan_out.shape[1]))
        net.layers[hidden] = [F.pad(w, (0, 0, 0, count)), torch.cat([b, torch.full((count,), OPEN)])]
        net.layers[hidden + 1] = [torch.cat([v, columns], 1), c]
        m, n = net.momentum[hidden]
        net.momentum[hidden] = [F.pad(m, (0, 0, 0, count)), F.pad(n, (0, count))]
        net.momentum[hidden + 1][0] = F.pad(net.momentum[hidden + 1][0], (0, count))
    net.layers = [[p.detach().clone() for p in layer] for layer in net.layers]
    net.track()


with Run("growing"):
    x, y, _, _ = mnist()
    x = x.flatten(1).contiguous()
    net = Network(WIDTHS)
    seed = weights_of(WIDTHS)
    per_epoch = len(x) // BATCH
    total = options.epochs * per_epoch
    every = int(UNTIL * total) // STAGES
    stage, growths, steps, order = 0, [], 0.0, torch.randperm(len(x))
    start = time.perf_counter()
    for step in range(total):
        if step % per_epoch == 0:
            order = torch.randperm(len(x))
        if step and step % every == 0 and stage < STAGES:
            steps += time.perf_counter() - start
            begin = time.perf_counter()
            stage += 1
            budget = GOAL if stage == STAGES else int(seed * (GOAL / seed) ** (stage / STAGES))
            found = candidates(net, x[:MEASURED], y[:MEASURED])
            widen(net, found, choose(net, found, budget))
            growths.append(time.perf_counter() - begin)
            start = time.perf_counter()
        i = step % per_epoch
        batch = order[i * BATCH:(i + 1) * BATCH]
        F.cross_entropy(net.forward(x[batch])[0], y[batch]).backward()
        net.step(1e-3)
    steps += time.perf_counter() - start
    scale = LENGTH / options.epochs
    images = scale * total * BATCH
    label = f"lenet300 gradmax, {options.threads} thr, eager"
    row(label, f"TRAIN images/s whole {images / (scale * steps + sum(growths)):.0f}, growths {len(growths)} of "
        f"{max(growths):.4f} s at most, widths {net.widths}, {weights_of(net.widths)} weights")
