"""Trains networks on MNIST in PyTorch and exports them as ONNX and safetensors.

    python Tests/Reference/PyTorch/models.py DATASETS OUTPUT [--epochs 3] [--only lenet5]

DATASETS is this repository's folder of that name. Inputs are scaled as the program scales them: (pixel / 255
- 0.1307) / 0.3081. Needs torch, onnx, onnxscript (for the newer exporter) and safetensors.
"""

import argparse
import gzip
import pathlib

import numpy
import torch
from torch import nn


class Perceptron(nn.Module):
    """LeNet-300-100."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(784, 300), nn.Linear(300, 100), nn.Linear(100, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class LeNet5(nn.Module):
    """LeNet-5 of Caffe."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 20, 5), nn.Conv2d(20, 50, 5)
        self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.skip = (
            nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            if stride != 1 or inputs != outputs
            else nn.Identity()
        )

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.skip(x))


class Residual(nn.Module):
    """Three stages of one block each, with batch normalisation."""

    def __init__(self):
        super().__init__()
        self.conv0, self.bn0 = nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        self.block1, self.block2, self.block3 = Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2)
        self.pool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.bn0(self.conv0(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


NETWORKS = {"lenet300": Perceptron, "lenet5": LeNet5, "residual": Residual}


def read(folder, kind):
    def bytes_of(name, header):
        with gzip.open(folder / "mnist" / f"{kind}-{name}.gz") as file:
            return numpy.frombuffer(file.read()[header:], numpy.uint8)

    images = bytes_of("images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).astype(numpy.float32)
    labels = bytes_of("labels-idx1-ubyte", 8).astype(numpy.int64)
    return torch.from_numpy((images / 255 - 0.1307) / 0.3081), torch.from_numpy(labels)


def train(network, images, labels, epochs):
    optimizer = torch.optim.SGD(network.parameters(), 0.05, 0.9, weight_decay=5e-4)
    steps = int(epochs * len(labels) / 128)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    network.train()
    order = torch.randperm(len(labels))
    for step in range(steps):
        start = step * 128 % (len(labels) - 128)
        rows = order[start : start + 128]
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images[rows]), labels[rows]).backward()
        optimizer.step()
        schedule.step()
    network.eval()


@torch.no_grad()
def wrong(network, images, labels):
    answers = torch.cat([network(part).argmax(1) for part in images.split(1000)])
    return int((answers != labels).sum())


def export(network, images, stem):
    from safetensors.torch import save_file

    save_file(network.state_dict(), f"{stem}.safetensors")
    sample = images[:2]
    names = dict(input_names=["input"], output_names=["output"])
    torch.onnx.export(
        network, (sample,), f"{stem}-script.onnx", dynamo=False,
        dynamic_axes={"input": {0: "batch"}}, **names)
    # Batch normalisations stay what they are.
    torch.onnx.export(
        network, (sample,), f"{stem}-script-unfolded.onnx", dynamo=False,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
        dynamic_axes={"input": {0: "batch"}}, **names)
    torch.onnx.export(
        network, (sample,), f"{stem}-dynamo.onnx", dynamo=True, external_data=False,
        dynamic_shapes=({0: torch.export.Dim("batch")},), **names)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--only", choices=NETWORKS)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    images, labels = read(arguments.datasets, "train")
    test = read(arguments.datasets, "t10k")
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, kind in NETWORKS.items():
        if arguments.only in (None, name):
            network = kind()
            train(network, images, labels, arguments.epochs)
            export(network, images, arguments.output / name)
            print(f"{name}: {wrong(network, *test)} of {len(test[1])} test images wrong")


if __name__ == "__main__":
    main()
