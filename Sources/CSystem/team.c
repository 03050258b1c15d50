#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* How often a thread looks for work, or for its end, before it sleeps: first for some microseconds
   without a break, then for some milliseconds with the core offered to whoever else has use for it. To
   sleep and be woken takes far longer than what lies between two pieces of work, on a virtual machine above
   all. */
enum { glances = 2000, offers = 5000 };

/* What one thread writes while another looks on has a cache line of its own. */
#define APART _Alignas(64)

/* The parts that a thread takes first: those of the same numbers of one piece of work after the other, for
   what they read is often what parts of these numbers have left in the thread's cache. */
struct share {
  APART atomic_llong next;
  int64_t end;
};

struct system_team {
  /* Rises with each piece of work. */
  APART atomic_uint generation;
  /* The piece of work, which does not change while there are helpers inside; its parts, by threads. */
  APART system_task *task;
  void *context;
  atomic_int ending;
  struct share *shares;
  /* Helpers that have not left the piece of work. */
  APART atomic_int inside;
  /* Helpers that are about to sleep, or do; whether the caller does. */
  APART atomic_int sleepers;
  atomic_int is_awaited;
  atomic_flag busy;
  pthread_mutex_t lock;
  pthread_cond_t work_changed, work_done;
  int32_t helpers;
  /* Helpers that have taken a number. */
  atomic_int numbered;
  pthread_t threads[];
};

/* Lets a sibling thread of the core go first now and then. Seldom: a hypervisor may answer a run of
   pauses with a trap, which takes longer than the work. */
static inline void pause_sometimes(int glance) {
#if defined(__x86_64__)
  if (glance % 64 == 63) __builtin_ia32_pause();
#else
  (void)glance;
#endif
}

/* What a thread does behind its glance of that number, none of which saw what it waits for. */
static inline void linger(int glance) {
  if (glance < glances) {
    pause_sometimes(glance);
  } else {
    sched_yield();
  }
}

/* Those of the thread's own share, then what others have not come to. */
static void take_parts(system_team *team, int32_t thread) {
  const int32_t threads = team->helpers + 1;
  for (int32_t i = 0; i < threads; i++) {
    struct share *share = &team->shares[(thread + i) % threads];
    while (atomic_load_explicit(&share->next, memory_order_relaxed) < share->end) {
      const int64_t part = atomic_fetch_add_explicit(&share->next, 1, memory_order_relaxed);
      if (part < share->end) team->task(team->context, part, thread);
    }
  }
}

static void share_out(system_team *team, int64_t parts) {
  const int32_t threads = team->helpers + 1;
  /* Rounded up, so that of few parts the caller, which is there already, has the first. */
  int64_t first = 0;
  for (int32_t i = 0; i < threads; i++) {
    const int64_t end = (parts * (i + 1) + threads - 1) / threads;
    atomic_store_explicit(&team->shares[i].next, first, memory_order_relaxed);
    team->shares[i].end = end;
    first = end;
  }
}

static void wait_for_work(system_team *team, unsigned seen) {
  for (int i = 0; i < glances + offers; i++) {
    if (atomic_load_explicit(&team->generation, memory_order_acquire) != seen) return;
    linger(i);
  }
  pthread_mutex_lock(&team->lock);
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(&team->generation) == seen) {
    pthread_cond_wait(&team->work_changed, &team->lock);
  }
  atomic_fetch_sub(&team->sleepers, 1);
  pthread_mutex_unlock(&team->lock);
}

static void *help(void *argument) {
  system_team *team = argument;
  const int32_t thread = atomic_fetch_add(&team->numbered, 1) + 1;
  for (unsigned seen = 0;; seen++) {
    wait_for_work(team, seen);
    if (atomic_load(&team->ending)) return NULL;
    take_parts(team, thread);
    if (atomic_fetch_sub(&team->inside, 1) == 1 && atomic_load(&team->is_awaited)) {
      pthread_mutex_lock(&team->lock);
      pthread_cond_signal(&team->work_done);
      pthread_mutex_unlock(&team->lock);
    }
  }
}

/* Either this sees that a helper goes to sleep, or the helper sees that there is work, since both are
   sequentially consistent. The end of the work is awaited in the same way. */
static void announce(system_team *team) {
  atomic_fetch_add(&team->generation, 1);
  if (atomic_load(&team->sleepers) == 0) return;
  pthread_mutex_lock(&team->lock);
  pthread_cond_broadcast(&team->work_changed);
  pthread_mutex_unlock(&team->lock);
}

static void wait_for_helpers(system_team *team) {
  for (int i = 0; i < glances + offers; i++) {
    if (atomic_load_explicit(&team->inside, memory_order_acquire) == 0) return;
    linger(i);
  }
  pthread_mutex_lock(&team->lock);
  atomic_store(&team->is_awaited, 1);
  while (atomic_load(&team->inside) > 0) pthread_cond_wait(&team->work_done, &team->lock);
  atomic_store(&team->is_awaited, 0);
  pthread_mutex_unlock(&team->lock);
}

void system_team_run(system_team *team, int64_t parts, system_task *task, void *context) {
  if (parts <= 1 || team->helpers == 0 ||
      atomic_flag_test_and_set_explicit(&team->busy, memory_order_acquire)) {
    for (int64_t part = 0; part < parts; part++) task(context, part, 0);
    return;
  }
  share_out(team, parts);
  team->task = task;
  team->context = context;
  atomic_store_explicit(&team->inside, team->helpers, memory_order_relaxed);
  announce(team);
  take_parts(team, 0);
  wait_for_helpers(team);
  atomic_flag_clear_explicit(&team->busy, memory_order_release);
}

system_team *_Nullable system_team_create(int32_t threads) {
  const int32_t helpers = threads > 1 ? threads - 1 : 0;
  const size_t size = sizeof(system_team) + (size_t)helpers * sizeof(pthread_t);
  system_team *team = aligned_alloc(64, (size + 63) / 64 * 64);
  struct share *shares = aligned_alloc(64, (size_t)(helpers + 1) * sizeof(struct share));
  if (!team || !shares) {
    free(team);
    free(shares);
    return NULL;
  }
  memset(team, 0, size);
  memset(shares, 0, (size_t)(helpers + 1) * sizeof(struct share));
  team->shares = shares;
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->work_changed, NULL);
  pthread_cond_init(&team->work_done, NULL);
  while (team->helpers < helpers) {
    if (pthread_create(&team->threads[team->helpers], NULL, help, team) != 0) {
      system_team_destroy(team);
      return NULL;
    }
    team->helpers++;
  }
  return team;
}

void system_team_destroy(system_team *team) {
  atomic_store(&team->ending, 1);
  announce(team);
  for (int32_t i = 0; i < team->helpers; i++) pthread_join(team->threads[i], NULL);
  pthread_cond_destroy(&team->work_done);
  pthread_cond_destroy(&team->work_changed);
  pthread_mutex_destroy(&team->lock);
  free(team->shares);
  free(team);
}
