"""The diagonal of the empirical Fisher matrix of LeNet-300-100, the mean of squared gradients of single samples, in
plain PyTorch: by BackPACK's extension, or by hand, a dense layer's squared gradients being products of squares.

   fisher.py {backpack,hand} N [--threads N] [--chunk N]

Needs the folder of the peer's scripts for its data and network (common.py): on the path, or as the one this file is
copied to."""
import argparse
import warnings

import torch
import torch.nn as nn
from common import Run, lenet300, mnist, row, timeit

warnings.filterwarnings("ignore", message="Full backward hook")
parser = argparse.ArgumentParser()
parser.add_argument("form", choices=("backpack", "hand"))
parser.add_argument("n", type=int)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--chunk", type=int, default=1000)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)


def by_backpack(model, x, y):
    from backpack import backpack, extend
    from backpack.extensions import SumGradSquared
    net, loss = extend(model), extend(nn.CrossEntropyLoss(reduction="sum"))

    def run():
        sums = [torch.zeros_like(p) for p in net.parameters()]
        for i in range(0, len(x), options.chunk):
            net.zero_grad()
            with backpack(SumGradSquared()):
                loss(net(x[i:i + options.chunk]), y[i:i + options.chunk]).backward()
            for total, p in zip(sums, net.parameters()):
                total.add_(p.sum_grad_squared, alpha=1 / len(x))
        return sums
    return run


def by_hand(model, x, y):
    layers = [m for m in model if isinstance(m, nn.Linear)]

    @torch.no_grad()
    def run():
        sums = [torch.zeros_like(p) for p in model.parameters()]
        for i in range(0, len(x), options.chunk):
            inputs = [x[i:i + options.chunk].flatten(1)]
            for k, layer in enumerate(layers):
                z = layer(inputs[-1])
                inputs.append(z.relu_() if k < len(layers) - 1 else z)
            outer = inputs[-1].softmax(1)
            outer[torch.arange(len(outer)), y[i:i + options.chunk]] -= 1
            for k in range(len(layers) - 1, -1, -1):
                squares = outer * outer
                sums[2 * k].addmm_(squares.t(), inputs[k] * inputs[k], alpha=1 / len(x))
                sums[2 * k + 1].add_(squares.sum(0), alpha=1 / len(x))
                if k:
                    outer = (outer @ layers[k].weight) * (inputs[k] > 0)
        return sums
    return run


with Run(f"fisher {options.form} n={options.n} chunk={options.chunk}"):
    x, y, _, _ = mnist()
    x, y = x[:options.n].clone(), y[:options.n].clone()
    # The same sums, whichever way they are taken.
    model = lenet300()
    few = [make(model, x[:500], y[:500])() for make in (by_hand, by_backpack)]
    for one, other in zip(*few):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-7)
    run = {"backpack": by_backpack, "hand": by_hand}[options.form](lenet300(), x, y)
    t = timeit(run, 20, least=5, most=5, warm=1)
    row("OBD fisher", f"n={options.n}", f"chunk {options.chunk} {options.form}", f"{options.threads} thr",
        f"s median {t[0]:.3f}, min {t[1]:.3f}, max {t[2]:.3f}")
