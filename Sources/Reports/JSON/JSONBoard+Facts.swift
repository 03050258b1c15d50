import Comparison
import Datasets

// What a board says beside its rows, as JSON.

extension Machine {
  var json: JSON {
    .object([
      "processor": .string(processor),
      "cores": .integer(cores),
      "system": .string(system),
    ])
  }
}

extension Board.Measured {
  var json: JSON {
    .object([
      "machine": setting?.machine.json ?? .null,
      "kernels": JSON(setting?.kernels),
      "linear_algebra": JSON(setting?.algebra),
      "threads": JSON(setting?.threads),
      "cells": .integer(cells),
    ])
  }
}

extension Board.Failure {
  var json: JSON {
    .object([
      "title": .string(strategy),
      "status": .string(status.rawValue),
      "ratio_not_reached": JSON(ratio),
      "seeds": .array(seeds.map { .integer($0) }),
      "reason": .string(reason),
    ])
  }
}

extension Board.Smallest.Found {
  /// - Parameter strategy: The title of the row.
  func json(strategy: String) -> JSON {
    .object([
      "title": .string(strategy),
      "within": JSON(tolerance),
      "ratio_requested": JSON(network?.ratio),
      "ratio_achieved": JSON(network?.ratioAchieved),
      "weights": JSON(network?.weights),
      "test": JSON(network?.test),
      "validation": JSON(network?.validation),
    ])
  }
}

extension PlantedRecall {
  var json: JSON {
    .object([
      "dead_inputs": .integer(deadInputs),
      "dead_inputs_removed": .integer(deadInputsRemoved),
      "surplus_units": .integer(surplusUnits),
      "surplus_units_removed": .integer(surplusUnitsRemoved),
    ])
  }
}

extension PublishedResult {
  /// - Parameter benchmark: Whose task and network the result is of.
  func json(benchmark: String) -> JSON {
    .object([
      "benchmark": .string(benchmark),
      "method": .string(method),
      "year": .integer(year),
      "paper": .string(paper),
      "dataset": .string(dataset),
      "architecture": .string(architecture),
      "metric": .string(metric),
      "dense_parameters": JSON(denseParameters),
      "parameters_left": JSON(parametersLeft),
      "ratio": JSON(ratio),
      "dense_error_percent": JSON(denseError),
      "error_percent": JSON(prunedError),
      "remark": .string(remark),
      "source": .string(source),
      "verified": .bool(isVerified),
      "epochs": JSON(epochs),
      "augmentation": JSON(augmentation),
      "checkpoint": JSON(checkpoint?.rawValue),
    ])
  }
}
