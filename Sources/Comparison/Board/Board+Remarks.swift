extension Board {
  private typealias Place = (ratio: Double, row: Row)

  /// What is to be said beside the numbers, in the order to say it in.
  package var remarks: [Remark] {
    (measured.count > 1 ? [.severalSettings(measured)] : [])
      + remark(Remark.notFaster) { $0.result?.isNotFaster ?? false }
      + [Budget.exceeded, .undercut].flatMap { budget in
        remark({ .offBudget(budget, $0) }) { $0.result?.budget == budget }
      }
      // A strategy that does not beat chance says so beside its rank, and why.
      + BehindRandom.allCases.flatMap { reason in
        remark({ .behindRandom(reason, $0) }) { $0.result?.behindRandom == reason }
      }
      + controlRemarks + seedRemarks
      + (unequalStarts.isEmpty ? [] : [.unequalStarts(seeds: unequalStarts)])
      + (places.contains { $0.row.result?.planted != nil } ? [.planted] : [])
      + [Removal.masksOnly, .hardlyAnyUnit].flatMap { removal in
        remark({ .masked(removal, $0) }) { $0.result?.removal == removal }
      }
      + logRemarks
      + Ending.allCases.compactMap { ending in
        let own = failures.filter { Ending($0.status) == ending }
        return own.isEmpty ? nil : .ended(ending, own)
      }
  }

  /// A structure that is as good from another start owes nothing to the way the strategy came to it.
  private var controlRemarks: [Remark] {
    let controls = Control.allCases.filter { control in
      places.contains { $0.row.control == control }
    }
    return controls.map(Remark.control)
      + controls.flatMap { control in
        remark({ .controlNotBeaten(control, $0) }) { row in
          row.result?.controls.contains { $0.control == control && !$0.isBetter } ?? false
        }
      }
  }

  private var seedRemarks: [Remark] {
    var others: [(seeds: [Int], names: [String])] = []
    var partly: [(seeds: [Int], names: [String])] = []
    func add(_ row: Row, _ seeds: [Int], to list: inout [(seeds: [Int], names: [String])]) {
      let place = list.firstIndex { $0.seeds == seeds } ?? list.count
      if place == list.count { list.append((seeds, [])) }
      if !list[place].names.contains(row.strategy) { list[place].names.append(row.strategy) }
    }
    for row in tables.flatMap(\.rows) where row.isDone {
      if row.seeds != seeds { add(row, row.seeds, to: &others) }
      if let difference = row.result?.difference, difference.seeds != row.seeds {
        add(row, difference.seeds, to: &partly)
      }
    }
    return others.map { .otherSeeds($0.seeds, strategies: $0.names) }
      + partly.map { .differenceOverSeeds($0.seeds, strategies: $0.names) }
  }

  private var logRemarks: [Remark] {
    var known: Set<String> = []
    let logs = (tables.flatMap(\.rows) + unpruned).compactMap { row -> Log? in
      guard known.insert(row.strategy).inserted, !row.notes.isEmpty || row.notesLeftOut > 0
      else { return nil }
      return Log(
        strategy: row.strategy, id: row.id, lines: row.notes, leftOut: row.notesLeftOut)
    }
    return logs.isEmpty ? [] : [.logged(logs)]
  }

  private var places: [Place] {
    tables.flatMap { table in table.rows.map { (table.ratio, $0) } }
  }

  /// None where no row is meant.
  private func remark(
    _ make: ([Subject]) -> Remark, where isMeant: (Row) -> Bool
  ) -> [Remark] {
    var subjects: [Subject] = []
    for (ratio, row) in places where isMeant(row) {
      if let place = subjects.firstIndex(where: { $0.strategy == row.strategy }) {
        subjects[place].ratios.append(ratio)
      } else {
        subjects.append(Subject(strategy: row.strategy, ratios: [ratio], isEverywhere: false))
      }
    }
    for place in subjects.indices {
      subjects[place].isEverywhere = subjects[place].ratios.count >= tables.count
    }
    return subjects.isEmpty ? [] : [make(subjects)]
  }
}
