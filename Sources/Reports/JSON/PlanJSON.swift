package import Comparison

/// What a comparison would run, and what of it the store has, for programs: `schema` 1. Fields are added,
/// never changed, under one number.
///
/// - Parameters:
///   - stored: Keys of the cells that have a result.
///   - trainingSamples: Samples that all cells not stored are going to train on, together.
/// - Throws: `EncodingError`, should a value not be representable.
package func planJSON(
  _ plan: ComparisonPlan, stored: Set<CellKey>, trainingSamples: Int, version: String
) throws -> String {
  try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "quick": .bool(plan.quick),
    "cells": .array(
      (plan.denseCells + plan.cells).map { cell in
        .object([
          "benchmark": .string(cell.key.benchmark),
          "strategy": .string(cell.key.strategyText),
          "seed": .integer(cell.key.replicate),
          "ratios": .array(cell.key.ratios.map { JSON($0) }),
          "stored": .bool(stored.contains(cell.key)),
        ])
      }),
    "training_samples": .integer(trainingSamples),
  ]).text()
}
