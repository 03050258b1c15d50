void Strategy::hook(wb_strategy &table) {
  table.propose = [](const wb_strategy *self, const wb_model *model, const wb_round *round) {
    return guarded(self, [&](Strategy &me) { return me.propose(model, round); });
  };
}
