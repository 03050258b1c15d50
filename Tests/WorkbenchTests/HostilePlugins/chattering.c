/* Says much: long lines to the log, 4 MB to both streams. */
#include "acting.h"
static char line[60001];
static void act(const wb_host *host) {
  for (int i = 0; i < 1000; i++) {
    memset(line, 'a' + i % 26, sizeof line - 1);
    snprintf(line, 10, "%d", i);
    line[strlen(line)] = ' ';
    host->log(host, WB_LOG_INFO, line);
  }
  for (int i = 0; i < 400; i++) fprintf(i % 2 ? stdout : stderr, "%.10000s\n", line + 100);
}
