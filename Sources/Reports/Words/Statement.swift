/// A sentence and what it is about. Of statements in a row with one label only the first shows it.
struct Statement {
  var label: String
  var text: String
}
