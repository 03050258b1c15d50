package import Numerics

/// The samples of a task, by what each is for.
package struct Splits: Sendable, Equatable {
  package var training: Samples
  /// Equal to `training` where a data set is too small to give samples away.
  package var validation: Samples
  /// Never used to choose anything.
  package var test: Samples
  /// The mean squared error the true function is expected to have on these targets: the variance of the
  /// noise over the variance of the training targets; nil where nobody knows.
  package var noiseFloor: Double?

  package init(
    training: Samples, validation: Samples, test: Samples, noiseFloor: Double? = nil
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.noiseFloor = noiseFloor
  }
}
