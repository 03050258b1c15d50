import CWorkbench
import Glibc
import Testing

/// The layout of every struct of the interface, against the one that version 1.0 went out with.
///
/// A line that is there must never change; new lines may only follow the last of their struct.
@Suite struct LayoutTests {
  @Test func layoutIsThatOfVersion1() throws {
    let golden = try golden("v1.0")
    #expect(golden.map(\.name) == records.map(\.name))
    for (old, new) in zip(golden, records) {
      #expect(new.lines.starts(with: old.fields), "\(old.name)")
      #expect(new.size >= old.size)
    }
  }

  @Test func layoutIsThatOfThisVersion() throws {
    let golden = try golden("v1.1")
    #expect(golden.map(\.fields) == records.map(\.lines))
    #expect(golden.map(\.size) == records.map(\.size))
  }

  private typealias Golden = (name: String, size: Int, fields: [String])

  /// The structs that a version went out with.
  private func golden(_ version: String) throws -> [Golden] {
    let folder = #filePath.dropLast("LayoutTests.swift".count)
    var structs: [Golden] = []
    for line in try text(of: folder + "ABI/\(version).txt").split(separator: "\n") {
      if line.hasPrefix("  ") {
        structs[structs.count - 1].fields.append(String(line))
      } else {
        let words = line.split(separator: " ")
        structs.append((String(words[0]), try #require(Int(words[1])), []))
      }
    }
    return structs
  }

  @Test func fieldsLeaveNoHoles() {
    for record in records {
      var end = 0
      for field in record.fields {
        #expect(field.offset >= end && field.offset - end < 8, "\(record.name).\(field.name)")
        end = field.offset + field.size
      }
      #expect(record.size - end < 8, "\(record.name) has a field that is not listed")
    }
  }

  private func text(of path: some StringProtocol) throws -> String {
    let file = try #require(fopen(String(path), "r"), "no \(path)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

private struct Field {
  var name: String
  var offset: Int
  var size: Int

  init<Root, Value>(_ name: String, _ path: KeyPath<Root, Value>) {
    self.name = name
    offset = MemoryLayout<Root>.offset(of: path) ?? -1
    size = MemoryLayout<Value>.size
  }
}

private struct Record {
  var name: String
  var size: Int
  var fields: [Field]

  init<Root>(_ name: String, _ type: Root.Type, _ fields: [Field]) {
    self.name = name
    size = MemoryLayout<Root>.size
    self.fields = fields
  }

  var lines: [String] { fields.map { "  \($0.name) \($0.offset) \($0.size)" } }
}

private var records: [Record] {
  [
    Record(
      "wb_layer", wb_layer.self,
      [
        Field("struct_size", \wb_layer.struct_size),
        Field("kind", \wb_layer.kind),
        Field("id", \wb_layer.id),
        Field("block", \wb_layer.block),
        Field("name", \wb_layer.name),
        Field("dims", \wb_layer.dims),
        Field("stride", \wb_layer.stride),
        Field("padding", \wb_layer.padding),
        Field("output_size", \wb_layer.output_size),
        Field("flags", \wb_layer.flags),
        Field("reserved", \wb_layer.reserved),
        Field("parameter_offset", \wb_layer.parameter_offset),
        Field("weight_count", \wb_layer.weight_count),
        Field("bias_count", \wb_layer.bias_count),
        Field("prunable_count", \wb_layer.prunable_count),
        Field("unit_count", \wb_layer.unit_count),
      ]),
    Record(
      "wb_block", wb_block.self,
      [
        Field("struct_size", \wb_block.struct_size),
        Field("reserved", \wb_block.reserved),
        Field("id", \wb_block.id),
        Field("name", \wb_block.name),
        Field("index", \wb_block.index),
        Field("count", \wb_block.count),
        Field("scale", \wb_block.scale),
        Field("droppable", \wb_block.droppable),
        Field("weight_count", \wb_block.weight_count),
      ]),
    Record(
      "wb_edge", wb_edge.self,
      [
        Field("struct_size", \wb_edge.struct_size),
        Field("reserved", \wb_edge.reserved),
        Field("from", \wb_edge.from),
        Field("to", \wb_edge.to),
        Field("first", \wb_edge.first),
        Field("area", \wb_edge.area),
      ]),
    Record(
      "wb_reading", wb_reading.self,
      [
        Field("struct_size", \wb_reading.struct_size),
        Field("signal", \wb_reading.signal),
        Field("layer", \wb_reading.layer),
        Field("values", \wb_reading.values),
        Field("count", \wb_reading.count),
        Field("rows", \wb_reading.rows),
        Field("columns", \wb_reading.columns),
      ]),
    Record(
      "wb_layer_spec", wb_layer_spec.self,
      [
        Field("struct_size", \wb_layer_spec.struct_size),
        Field("kind", \wb_layer_spec.kind),
        Field("dims", \wb_layer_spec.dims),
        Field("stride", \wb_layer_spec.stride),
        Field("padding", \wb_layer_spec.padding),
        Field("weights", \wb_layer_spec.weights),
        Field("weight_count", \wb_layer_spec.weight_count),
        Field("biases", \wb_layer_spec.biases),
        Field("bias_count", \wb_layer_spec.bias_count),
      ]),
    Record(
      "wb_edit", wb_edit.self,
      [
        Field("struct_size", \wb_edit.struct_size),
        Field("kind", \wb_edit.kind),
        Field("flags", \wb_edit.flags),
        Field("reserved", \wb_edit.reserved),
        Field("target", \wb_edit.target),
        Field("unit_count", \wb_edit.unit_count),
        Field("indices", \wb_edit.indices),
        Field("index_count", \wb_edit.index_count),
        Field("values", \wb_edit.values),
        Field("value_count", \wb_edit.value_count),
        Field("layers", \wb_edit.layers),
        Field("layer_count", \wb_edit.layer_count),
      ]),
    Record(
      "wb_counts", wb_counts.self,
      [
        Field("struct_size", \wb_counts.struct_size),
        Field("reserved", \wb_counts.reserved),
        Field("weights", \wb_counts.weights),
        Field("parameters", \wb_counts.parameters),
        Field("operations", \wb_counts.operations),
      ]),
    Record(
      "wb_host", wb_host.self,
      [
        Field("struct_size", \wb_host.struct_size),
        Field("context", \wb_host.context),
        Field("abi_minor", \wb_host.abi_minor),
        Field("reserved", \wb_host.reserved),
        Field("version", \wb_host.version),
        Field("memory_limit", \wb_host.memory_limit),
        Field("log", \wb_host.log),
        Field("fail", \wb_host.fail),
        Field("layer_at", \wb_host.layer_at),
        Field("block_at", \wb_host.block_at),
        Field("edge_at", \wb_host.edge_at),
        Field("read", \wb_host.read),
        Field("inverse_hessian", \wb_host.inverse_hessian),
        Field("emit", \wb_host.emit),
        Field("measure", \wb_host.measure),
        Field("predict", \wb_host.predict),
        Field("random", \wb_host.random),
        Field("query", \wb_host.query),
      ]),
    Record(
      "wb_linear_algebra", wb_linear_algebra.self,
      [
        Field("struct_size", \wb_linear_algebra.struct_size),
        Field("multiply", \wb_linear_algebra.multiply),
        Field("rank_one", \wb_linear_algebra.rank_one),
        Field("invert", \wb_linear_algebra.invert),
        Field("svd", \wb_linear_algebra.svd),
        Field("least_squares", \wb_linear_algebra.least_squares),
      ]),
    Record(
      "wb_planned", wb_planned.self,
      [
        Field("struct_size", \wb_planned.struct_size),
        Field("read", \wb_planned.read),
        Field("inverse_hessian", \wb_planned.inverse_hessian),
        Field("loss", \wb_planned.loss),
        Field("retract", \wb_planned.retract),
      ]),
    Record(
      "wb_step", wb_step.self,
      [
        Field("struct_size", \wb_step.struct_size),
        Field("flags", \wb_step.flags),
        Field("index", \wb_step.index),
        Field("total", \wb_step.total),
        Field("learning_rate", \wb_step.learning_rate),
        Field("loss", \wb_step.loss),
      ]),
    Record(
      "wb_round", wb_round.self,
      [
        Field("struct_size", \wb_round.struct_size),
        Field("index", \wb_round.index),
        Field("total", \wb_round.total),
        Field("reserved", \wb_round.reserved),
        Field("weights_goal", \wb_round.weights_goal),
        Field("loss", \wb_round.loss),
        Field("now", \wb_round.now),
        Field("step", \wb_round.step),
      ]),
    Record(
      "wb_period", wb_period.self,
      [
        Field("struct_size", \wb_period.struct_size),
        Field("index", \wb_period.index),
        Field("total", \wb_period.total),
        Field("reserved", \wb_period.reserved),
        Field("steps", \wb_period.steps),
        Field("steps_per_epoch", \wb_period.steps_per_epoch),
        Field("weights_goal", \wb_period.weights_goal),
      ]),
    Record(
      "wb_period_control", wb_period_control.self,
      [
        Field("struct_size", \wb_period_control.struct_size),
        Field("reserved", \wb_period_control.reserved),
        Field("update_every", \wb_period_control.update_every),
        Field("update_end", \wb_period_control.update_end),
      ]),
    Record(
      "wb_step_control", wb_step_control.self,
      [
        Field("struct_size", \wb_step_control.struct_size),
        Field("reserved", \wb_step_control.reserved),
        Field("gates", \wb_step_control.gates),
        Field("gate_count", \wb_step_control.gate_count),
      ]),
    Record(
      "wb_strategy", wb_strategy.self,
      [
        Field("struct_size", \wb_strategy.struct_size),
        Field("state", \wb_strategy.state),
        Field("destroy", \wb_strategy.destroy),
        Field("score", \wb_strategy.score),
        Field("propose", \wb_strategy.propose),
        Field("begin_period", \wb_strategy.begin_period),
        Field("begin_step", \wb_strategy.begin_step),
        Field("end_step", \wb_strategy.end_step),
        Field("query", \wb_strategy.query),
      ]),
    Record(
      "wb_option", wb_option.self,
      [
        Field("struct_size", \wb_option.struct_size),
        Field("kind", \wb_option.kind),
        Field("name", \wb_option.name),
        Field("summary", \wb_option.summary),
        Field("initial", \wb_option.initial),
        Field("minimum", \wb_option.minimum),
        Field("maximum", \wb_option.maximum),
        Field("initial_text", \wb_option.initial_text),
        Field("choices", \wb_option.choices),
        Field("choice_count", \wb_option.choice_count),
      ]),
    Record(
      "wb_option_values", wb_option_values.self,
      [
        Field("struct_size", \wb_option_values.struct_size),
        Field("count", \wb_option_values.count),
        Field("numbers", \wb_option_values.numbers),
        Field("texts", \wb_option_values.texts),
      ]),
    Record(
      "wb_descriptor", wb_descriptor.self,
      [
        Field("struct_size", \wb_descriptor.struct_size),
        Field("flags", \wb_descriptor.flags),
        Field("id", \wb_descriptor.id),
        Field("name", \wb_descriptor.name),
        Field("summary", \wb_descriptor.summary),
        Field("citation", \wb_descriptor.citation),
        Field("version", \wb_descriptor.version),
        Field("signals", \wb_descriptor.signals),
        Field("edits", \wb_descriptor.edits),
        Field("granularity", \wb_descriptor.granularity),
        Field("course", \wb_descriptor.course),
        Field("options", \wb_descriptor.options),
        Field("option_count", \wb_descriptor.option_count),
      ]),
    Record(
      "wb_plugin", wb_plugin.self,
      [
        Field("abi_major", \wb_plugin.abi_major),
        Field("min_host_minor", \wb_plugin.min_host_minor),
        Field("struct_size", \wb_plugin.struct_size),
        Field("state", \wb_plugin.state),
        Field("name", \wb_plugin.name),
        Field("built_with", \wb_plugin.built_with),
        Field("strategy_count", \wb_plugin.strategy_count),
        Field("reserved", \wb_plugin.reserved),
        Field("describe", \wb_plugin.describe),
        Field("create", \wb_plugin.create),
      ]),
  ]
}
