package import StrategyKit

/// The strategies that are linked in, behind the same C table as those of a stranger's library.
///
/// - Returns: a table that lives as long as the process.
package func builtInPlugin() -> UnsafePointer<wb_plugin> {
  exportStrategies(
    "built-in", NoPruning.self, RandomPruning.self, MagnitudePruning.self,
    LampPruning.self, OptimalBrainDamage.self, OptimalBrainSurgeon.self,
    TaylorPruning.self, TaylorUnits.self, FilterNorm.self,
    SingleShotPruning.self, GradientFlowPruning.self, SynapticFlowPruning.self,
    DynamicSparse<AnySparse>.self, DynamicSparse<SET>.self, DynamicSparse<RigL>.self,
    DynamicSparse<SparseMomentum>.self, DynamicSparse<GraNet>.self,
    DynamicSparse<GradualMagnitude>.self, DynamicSparse<StaticSparse>.self,
    ChannelSparse.self, AutoSizing.self, GroupBrainDamage.self, SparseVariationalDropout.self,
    Binarization.self, SmallDense.self, RandomGrowth.self,
    NeuronAddition<AnyAddition>.self, NeuronAddition<GradMax>.self, NeuronAddition<TINY>.self,
    NeuronAddition<SENN>.self, NeuronAddition<NeST>.self, NeuronAddition<VarianceTransfer>.self,
    CascadeCorrelation.self, Splitting.self, DepthGrowth.self, Ungrown.self)
}
