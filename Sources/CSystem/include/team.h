/* A team of threads that share the parts of one piece of work at a time. */
#ifndef CSYSTEM_TEAM_H
#define CSYSTEM_TEAM_H

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct system_team system_team;
typedef void system_task(void *context, int64_t part, int32_t thread);

/* A team of `threads`, the caller's among them; NULL when threads cannot be had. */
system_team *_Nullable system_team_create(int32_t threads);
/* Calls task(context, part, thread) for every part in 0 ..< parts, in any order on any thread, and returns
   when all are done. Threads are numbered from the caller's, 0. Callers that find the team at work do all
   parts themselves. */
void system_team_run(system_team *team, int64_t parts, system_task *task, void *context);
/* Ends the threads. Nobody may be running work. */
void system_team_destroy(system_team *team);

#pragma clang assume_nonnull end
#endif
