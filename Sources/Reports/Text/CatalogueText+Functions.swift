import PluginHost

extension CatalogueText {
  /// How a C function becomes a strategy: forms, signals, types.
  package var functions: String {
    style.apply(.strong, to: "C functions as strategies") + "\n"
      + paragraph(
        """
        Any function of a shared library can score the weights: the ones with the lowest scores go. It \
        is named where strategies are, as LIBRARY:FUNCTION(ARGUMENTS). The library is a path with a \
        slash, or a name that the system's loader finds. Quotes keep the shell from reading it.
        """)
      + "\n" + forms.rendered(style: style, width: nil).text
      + "\n" + signals.rendered(style: style, width: nil).text
      + "\n" + types.rendered(style: style, width: nil).text
      + "\n"
      + paragraph(
        """
        Boards and results show the full form. A wrong declaration is not noticed before the call: \
        what it harms is the strategy's own process and row. The library's SHA-256, the function and \
        its declaration are part of what a result is of.
        """)
        + """

        EXAMPLES
          workbench compare --strategies 'libm.so.6:fabs(weight),magnitude'
          workbench compare --strategies 'libm.so.6:pow(weight, 2)' --quick
          workbench run --strategy './libmine.so:f32 saliency(f32 weight, f32 curvature)'
          workbench info 'libm.so.6:fabs(weight)'

        """
  }

  private var forms: TextTable {
    var table = TextTable(columns: [
      .init(title: "form", alignment: .left), .init(title: "how it is called", alignment: .left),
    ])
    for (form, meaning) in [
      ("fabs(weight)", "once a weight; numbers in and out are f64"),
      ("pow(weight, 2)", "with a number that is the same in every call"),
      ("f32 score(f32 weight, f32 gradient)", "once a weight, by the types that are declared"),
      (
        "void score(const f32 *weight, u64 n, f32 *out)",
        "once a layer: n values of each signal, n scores into out"
      ),
    ] {
      table.lines.append(.cells([.init(form, .strong), .init(meaning)]))
    }
    return table
  }

  private var signals: TextTable {
    var table = TextTable(columns: [
      .init(title: "signal", alignment: .left), .init(title: "what it is", alignment: .left),
    ])
    for signal in ForeignSignal.allCases {
      table.lines.append(.cells([.init(signal.rawValue, .strong), .init(signal.meaning)]))
    }
    return table
  }

  private var types: TextTable {
    var table = TextTable(columns: [
      .init(title: "type", alignment: .left), .init(title: "in C", alignment: .left),
      .init(title: "of", alignment: .left),
    ])
    for type in ForeignType.allCases {
      table.lines.append(
        .cells([
          .init(type.rawValue, .strong), .init(type.nameInC),
          .init(
            type.isReal
              ? "signals, numbers, out, the result" : "mask, numbers, n, the result"),
        ]))
    }
    return table
  }

  private func paragraph(_ text: String) -> String {
    wrapped(text, width: lineWidth).map { $0 + "\n" }.joined()
  }
}
