/* The filter of system calls: a list of what is refused, since libraries may do what computing needs.
   https://docs.kernel.org/userspace-api/seccomp_filter.html */
#define _GNU_SOURCE

#include "confine_parts.h"

#include <errno.h>
#include <linux/audit.h>
#include <sys/prctl.h>
#include <unistd.h>

#if defined(__x86_64__) || (defined(__aarch64__) && defined(__AARCH64EL__))

#include "confine_rules.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* What some headers are too old to name. */
#if !defined(SECCOMP_FILTER_FLAG_SPEC_ALLOW)
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif
#if !defined(SECCOMP_RET_KILL_PROCESS)
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))

/* Nine instructions begin and end the filter; a call takes two, a condition at most six. */
enum { longest = 9 + 2 * COUNT(refused_calls) + 6 * COUNT(conditions) };

struct filter {
  struct sock_filter instructions[longest];
  unsigned short count;
};

static void add(struct filter *filter, struct sock_filter instruction) {
  filter->instructions[filter->count++] = instruction;
}

static void load(struct filter *filter, uint32_t offset) {
  add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* Skips as many instructions as the test's result says. */
static void test(
    struct filter *filter, unsigned short comparison, uint32_t value, unsigned char if_true,
    unsigned char if_false) {
  add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, value, if_true, if_false));
}

static void answer(struct filter *filter, uint32_t action) {
  add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void refuse(struct filter *filter, int error) {
  answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
}

/* The number of the call is loaded before and after. The arguments that are looked at have 32 bits, or
   are flags that have no more: their low half comes first on these processors. */
static void add_condition(struct filter *filter, struct condition condition, uint32_t self) {
  const int is_self = condition.kind == unless_self || condition.kind == unless_self_or_zero;
  const int is_longer = condition.kind == unless_self_or_zero;
  const unsigned short comparison =
      condition.kind == if_any_bit || condition.kind == unless_any_bit ? BPF_JSET : BPF_JEQ;
  const int refuses_if_true = condition.kind == if_equal || condition.kind == if_any_bit;
  test(filter, BPF_JEQ, condition.call, 0, is_longer ? 5 : 4);
  load(filter, FIELD(args) + 8 * (uint32_t)condition.argument);
  if (is_longer) test(filter, BPF_JEQ, 0, 2, 0);
  test(filter, comparison, is_self ? self : condition.value, !refuses_if_true, refuses_if_true);
  refuse(filter, condition.error);
  load(filter, FIELD(nr));
}

static void write_filter(struct filter *filter, uint32_t self) {
  load(filter, FIELD(arch));
  test(filter, BPF_JEQ, ARCHITECTURE, 1, 0);
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  load(filter, FIELD(nr));
#if defined(__x86_64__)
  /* The calls of x32, which have other numbers. */
  test(filter, BPF_JGE, 0x40000000, 0, 1);
  answer(filter, SECCOMP_RET_KILL_PROCESS);
#endif
  test(filter, BPF_JGT, last_known_call, 0, 1);
  refuse(filter, ENOSYS);
  for (size_t i = 0; i < COUNT(refused_calls); i++) {
    test(filter, BPF_JEQ, refused_calls[i].call, 0, 1);
    refuse(filter, refused_calls[i].error);
  }
  for (size_t i = 0; i < COUNT(conditions); i++) add_condition(filter, conditions[i], self);
  answer(filter, SECCOMP_RET_ALLOW);
}

/* Without the flag some older kernels slow the whole process, for programs that keep secrets from
   themselves; still older ones do not know it. */
static int install(const struct sock_fprog *program) {
  const unsigned long flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program) == 0) return 0;
  if (errno != EINVAL) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0UL, program);
}

/* A kernel with filters looks for the one at the null address. */
static int is_offered(void) {
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0, 0, 0) != 0 && errno == EFAULT;
}

int system_confine_calls(struct system_confinement_report *report) {
  if (!is_offered()) {
    report->missing |= SYSTEM_CONFINED_CALLS;
    return 0;
  }
  static struct filter filter;
  filter.count = 0;
  write_filter(&filter, (uint32_t)getpid());
  const struct sock_fprog program = {filter.count, filter.instructions};
  if (install(&program) != 0) return -1;
  report->applied |= SYSTEM_CONFINED_CALLS;
  return 0;
}

#else

/* The numbers of calls are each processor's own. */
int system_confine_calls(struct system_confinement_report *report) {
  report->missing |= SYSTEM_CONFINED_CALLS;
  return 0;
}

#endif
