/* Logs a text of 10 MB, and more lines than anybody reads. */
#include "acting.h"
static void act(const wb_host *host) {
  char *text = malloc(10000001);
  if (text == NULL) abort();
  memset(text, 'a', 10000000);
  text[10000000] = 0;
  for (int i = 0; i < 300; i++) host->log(host, WB_LOG_INFO, i == 0 ? text : "and another thing");
}
