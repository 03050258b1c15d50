/* Lends two thousand million indices that nobody ever wrote, past the functions of the interface. */
#include "line.h"
#include "workbench.h"
#include <stdlib.h>
#include <unistd.h>
static wb_status lending_propose(const wb_strategy *self, const wb_model *model,
                                 const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const uint64_t count = 2000000000;
  const struct __attribute__((packed)) {
    uint32_t kind, bytes, edit_bytes;
    wb_edit edit;
    uint8_t has_indices;
    uint64_t offset, index_bytes;
    uint8_t has_values, has_layers;
  } message = {
      .kind = message_emit,
      .bytes = sizeof message - 8,
      .edit_bytes = sizeof(wb_edit),
      .edit = {.struct_size = sizeof(wb_edit),
               .kind = WB_EDIT_MASK_OFF,
               .target = host->layer_at(host, model, 0)->id,
               .index_count = count},
      .has_indices = 1,
      .index_bytes = 4 * count,
  };
  char answer[12];
  if (write(line, &message, sizeof message) != sizeof message) abort();
  if (read(line, answer, sizeof answer) != sizeof answer) abort();
  return WB_OK;
}
#define PROPOSE lending_propose
#include "plugin.h"
