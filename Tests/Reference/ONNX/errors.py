"""Counts the test images that a model answers wrongly in onnxruntime.

    python Tests/Reference/ONNX/errors.py DATASETS MODEL
"""

import gzip
import pathlib
import sys

import numpy
import onnx
import onnxruntime

folder = pathlib.Path(sys.argv[1]) / "mnist"
with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
    images = numpy.frombuffer(file.read()[16:], numpy.uint8).astype(numpy.float32)
with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
    labels = numpy.frombuffer(file.read()[8:], numpy.uint8)
onnx.checker.check_model(onnx.load(sys.argv[2]), full_check=True)
session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
entry = session.get_inputs()[0]
shape = [extent if isinstance(extent, int) else -1 for extent in entry.shape]
inputs = ((images / 255 - 0.1307) / 0.3081).reshape(shape).astype(numpy.float32)
answers = session.run(None, {entry.name: inputs})[0].argmax(axis=1)
print(f"{(answers != labels).sum()} of {len(labels)} test images wrong")
