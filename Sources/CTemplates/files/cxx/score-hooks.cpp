void Strategy::hook(wb_strategy &table) {
  table.score = [](const wb_strategy *self, const wb_model *model, std::uint64_t layer,
                   float *scores, std::uint64_t count) {
    return guarded(self, [&](Strategy &me) { return me.score(model, layer, scores, count); });
  };
}
