/// The page of the results as they are, made anew when they change and somebody asks.
actor PageCache {
  private let make: @Sendable () throws -> ServedPage
  private var kept: (state: StoreState, page: ServedPage)?

  init(_ make: @escaping @Sendable () throws -> ServedPage) { self.make = make }

  func page(at state: StoreState) throws -> ServedPage {
    if let kept, kept.state.stamp == state.stamp { return kept.page }
    let page = try make()
    kept = (state, page)
    return page
  }
}
