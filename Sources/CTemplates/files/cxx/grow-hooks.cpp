void Strategy::hook(wb_strategy &table) {
  table.begin_period = [](const wb_strategy *self, const wb_model *model, const wb_period *period,
                          wb_period_control *control) {
    return guarded(self, [&](Strategy &me) { return me.begin_period(model, period, control); });
  };
  table.propose = [](const wb_strategy *self, const wb_model *model, const wb_round *round) {
    return guarded(self, [&](Strategy &me) { return me.propose(model, round); });
  };
}
