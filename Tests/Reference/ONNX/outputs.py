"""Holds ONNX models to the checker, and their outputs in onnxruntime to others.

    python Tests/Reference/ONNX/outputs.py MODEL INPUTS OUTPUTS [MODEL INPUTS OUTPUTS …]

INPUTS and OUTPUTS are files of single-precision numbers, sample by sample. Prints, for each model, the largest
difference over the largest output (over 1 where that is smaller), and the share of samples that differ by more than 1e-5
of it.
"""

import sys

import numpy
import onnx
import onnxruntime


def check(model, inputs, outputs):
    loaded = onnx.load(model)
    onnx.checker.check_model(loaded, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"])
    shape = [extent if isinstance(extent, int) else -1 for extent in session.get_inputs()[0].shape]
    inputs = numpy.fromfile(inputs, numpy.float32).reshape(shape)
    found = session.run(None, {session.get_inputs()[0].name: inputs})[0]
    expected = numpy.fromfile(outputs, numpy.float32).reshape(found.shape)
    differences = numpy.abs(found - expected) / max(1, numpy.abs(expected).max())
    return differences.max(), (differences.max(axis=1) > 1e-5).mean()


for index in range(1, len(sys.argv), 3):
    print(*check(*sys.argv[index : index + 3]))
