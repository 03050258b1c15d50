/* A thread that goes on after its callback answers in the place of the next. */
#include "workbench.h"
#include "line.h"
#include <pthread.h>
#include <unistd.h>
static void *answer(void *nothing) {
  const uint32_t answer[] = {message_answer, 4, 0};
  if (write(line, answer, sizeof answer) != sizeof answer) return nothing;
  return NULL;
}
static wb_status late_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                            float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  static pthread_t thread;
  static int calls;
  for (uint64_t i = 0; i < count; i++) scores[i] = (float)i;
  if (calls++ == 0) return pthread_create(&thread, NULL, answer, NULL) == 0 ? WB_OK : WB_FAILED;
  pthread_join(thread, NULL);
  for (;;) pause();
}
#define SCORE late_score
#include "plugin.h"
