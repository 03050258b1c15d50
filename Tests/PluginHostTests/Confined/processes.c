/* Attempts at processes, networks, limits and the system. */
#define _GNU_SOURCE
#include "attempts.h"

#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int open_socket(void) { return error_of(socket(AF_INET, SOCK_STREAM, 0)); }
static int open_pair(void) {
  int pair[2];
  return error_of(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
}
static int connect_open(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  strcpy(name.sun_path + 1, address);
  return error_of(connect(client, (struct sockaddr *)&name, sizeof name));
}

static int fork_child(void) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  return error_of(child);
}
static int become(void) { return error_of(execl("/bin/echo", "echo", "0", NULL)); }
static int spawn(void) {
  pid_t child;
  char *words[] = {"true", NULL};
  return posix_spawn(&child, "/bin/true", NULL, NULL, words, environ);
}
static int leave_group(void) { return error_of(setpgid(0, 0)); }

static int signal_parent(void) { return error_of(kill(getppid(), 0)); }
static int signal_group(void) { return error_of(kill(0, 0)); }
static int signal_thread(void) { return error_of(syscall(SYS_tgkill, other, other, 0)); }
static int signal_value(void) {
  siginfo_t value = {.si_code = SI_QUEUE};
  return error_of(syscall(SYS_rt_sigqueueinfo, other, SIGCONT, &value));
}

static volatile sig_atomic_t signals;
static void count_signal(int number) { signals += number == SIGUSR1; }
static int signal_self(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGUSR1, count_signal);
  if (kill(getpid(), SIGUSR1) != 0 || raise(SIGUSR1) != 0) return errno;
  return signals == 2 ? 0 : EINVAL;
}
static int terminate_self(void) {
  signal(SIGTERM, SIG_IGN);
  return error_of(kill(getpid(), SIGTERM));
}
static int limit_time(void) {
  const struct rlimit limit = {1000, 1000};
  return error_of(setrlimit(RLIMIT_CPU, &limit));
}
static int set_timer(void) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
  timer_t timer;
  return error_of(timer_create(CLOCK_MONOTONIC, &event, &timer));
}
static int keep_alive(void) { return error_of(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }

static int trace(void) { return error_of(ptrace(PTRACE_SEIZE, other, NULL, NULL)); }
static int read_memory(void) {
  char from = 1, to;
  const struct iovec source = {&from, 1}, target = {&to, 1};
  return error_of(process_vm_readv(other, &target, 1, &source, 1, 0));
}
static int limit_other(void) {
  struct rlimit limit = {0, 0};
  return error_of(prlimit(other, RLIMIT_CORE, &limit, NULL));
}
static int limit_self(void) {
  struct rlimit limit = {0, 0};
  return error_of(prlimit(0, RLIMIT_CORE, &limit, NULL));
}
static int slow_other(void) { return error_of(setpriority(PRIO_PROCESS, (id_t)other, 19)); }
static int slow_group(void) { return error_of(setpriority(PRIO_PGRP, (id_t)other, 19)); }
static int slow_self(void) { return error_of(setpriority(PRIO_PROCESS, 0, 19)); }
static int bind_processor(pid_t process) {
  cpu_set_t set;
  if (sched_getaffinity(process, sizeof set, &set) != 0) return errno;
  return error_of(sched_setaffinity(process, sizeof set, &set));
}
static int bind_other(void) { return bind_processor(other); }
static int bind_self(void) { return bind_processor(0); }

static int share_memory(void) {
  const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  return error_of(segment < 0 ? -1 : shmctl(segment, IPC_RMID, NULL));
}
static int type_in_terminal(void) {
  /* Into a pipe, which is no terminal: ENOTTY. */
  int ends[2];
  return pipe(ends) == 0 ? error_of(ioctl(ends[0], TIOCSTI, "x")) : -1;
}
static int set_up_ring(void) {
  struct io_uring_params parameters = {0};
  return error_of(syscall(425, 1, &parameters));
}
static int leave_namespace(void) { return error_of(unshare(CLONE_FILES)); }
static int start_from_memory(void) { return error_of(syscall(435, NULL, 0)); }
static int ask_personality(void) { return error_of(personality(0xffffffff)); }
static int call_unknown(void) { return error_of(syscall(470 + 500)); }
static int call_x32(void) { return error_of(syscall(0x40000000 | SYS_getpid)); }

static int allocate(void) {
  void *memory = mmap(
      NULL, 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? errno : 0;
}
static int allocate_little(void) {
  char *memory = malloc(64 << 20);
  if (!memory) return errno;
  memset(memory, 1, 64 << 20);
  return 0;
}
/* Half a second beyond the limit. */
static int spin(void) {
  while (clock() < CLOCKS_PER_SEC * 3 / 2) continue;
  return 0;
}
static int spin_on(void) {
  signal(SIGXCPU, SIG_IGN);
  while (clock() < CLOCKS_PER_SEC * 5 / 2) continue;
  return 0;
}

static void *add_one(void *sum) {
  __atomic_add_fetch((int *)sum, 1, __ATOMIC_SEQ_CST);
  return NULL;
}
static int start_threads(void) {
  pthread_t threads[4];
  int sum = 0;
  for (int i = 0; i < 4; i++) {
    const int error = pthread_create(&threads[i], NULL, add_one, &sum);
    if (error) return error;
  }
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return sum == 4 ? 0 : EINVAL;
}

/* Whether no set but the bounding one, which not everybody may lower, has a capability, and no new
   privileges can be had. */
static int has_no_privileges(void) {
  static const char *const wanted[] = {
      "CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n",
      "CapAmb:\t0000000000000000\n", "NoNewPrivs:\t1\n"};
  FILE *status = fopen("/proc/self/status", "r");
  if (!status) return errno;
  char line[256];
  int found = 0;
  while (fgets(line, sizeof line, status)) {
    for (int i = 0; i < 5; i++) found += strcmp(line, wanted[i]) == 0;
  }
  fclose(status);
  return found == 5 ? 0 : EPERM;
}

const struct attempt process_attempts[] = {
    {"socket", open_socket},
    {"socketpair", open_pair},
    {"connect", connect_open},
    {"fork", fork_child},
    {"exec", become},
    {"spawn", spawn},
    {"setpgid", leave_group},
    {"kill-parent", signal_parent},
    {"kill-group", signal_group},
    {"tgkill-other", signal_thread},
    {"sigqueue-other", signal_value},
    {"signal-self", signal_self},
    {"terminate-self", terminate_self},
    {"limit-time", limit_time},
    {"set-timer", set_timer},
    {"outlive-parent", keep_alive},
    {"ptrace", trace},
    {"process_vm_readv", read_memory},
    {"prlimit-other", limit_other},
    {"prlimit-self", limit_self},
    {"setpriority-other", slow_other},
    {"setpriority-group", slow_group},
    {"setpriority-self", slow_self},
    {"setaffinity-other", bind_other},
    {"setaffinity-self", bind_self},
    {"shmget", share_memory},
    {"type-in-terminal", type_in_terminal},
    {"io_uring_setup", set_up_ring},
    {"unshare", leave_namespace},
    {"clone3", start_from_memory},
    {"personality", ask_personality},
    {"unknown-call", call_unknown},
    {"x32-call", call_x32},
    {"allocate", allocate},
    {"allocate-little", allocate_little},
    {"spin", spin},
    {"spin-on", spin_on},
    {"threads", start_threads},
    {"no-privileges", has_no_privileges},
    {0},
};
