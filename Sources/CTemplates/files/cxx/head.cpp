#include "workbench.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace {

// What every strategy has: the host that made it, and shorter words for asking it.
struct Entrant {
  const wb_host *host = nullptr;

  std::vector<const wb_layer *> layers(const wb_model *model) const {
    std::vector<const wb_layer *> all;
    while (const wb_layer *layer = host->layer_at(host, model, std::uint32_t(all.size())))
      all.push_back(layer);
    return all;
  }

  std::vector<const wb_edge *> edges(const wb_model *model) const {
    std::vector<const wb_edge *> all;
    while (const wb_edge *edge = host->edge_at(host, model, std::uint32_t(all.size())))
      all.push_back(edge);
    return all;
  }

  // Values of a layer, until the callback returns.
  const float *read(const wb_model *model, wb_signal signal, std::uint64_t layer,
                    std::uint64_t count) const {
    wb_reading reading{};
    reading.struct_size = sizeof reading;
    reading.signal = signal;
    reading.layer = layer;
    if (host->read(host, model, &reading) != WB_OK) throw std::runtime_error("cannot read");
    if (reading.count < count) throw std::runtime_error("fewer values than positions");
    return reading.values;
  }
};

