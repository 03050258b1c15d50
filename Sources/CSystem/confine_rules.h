/* Which system calls are refused. */
#ifndef CSYSTEM_CONFINE_RULES_H
#define CSYSTEM_CONFINE_RULES_H

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* Numbers since 424 are the same on all processors, and later than some systems' headers. */
enum {
  call_pidfd_send_signal = 424,
  call_io_uring_setup = 425,
  call_io_uring_enter = 426,
  call_io_uring_register = 427,
  call_open_tree = 428,
  call_move_mount = 429,
  call_fsopen = 430,
  call_fsconfig = 431,
  call_fsmount = 432,
  call_fspick = 433,
  call_pidfd_open = 434,
  call_clone3 = 435,
  call_openat2 = 437,
  call_pidfd_getfd = 438,
  call_process_madvise = 440,
  call_mount_setattr = 442,
  call_quotactl_fd = 443,
  call_process_mrelease = 448,
  call_fchmodat2 = 452,
  call_setxattrat = 463,
  call_removexattrat = 466,
  call_open_tree_attr = 467,
  call_file_setattr = 469,
  /* What comes later nobody here has judged. Programs do without, as on the kernels of today. */
  last_known_call = 469,
};

struct refused_call {
  uint32_t call;
  int error;
};

static const struct refused_call refused_calls[] = {
    /* Their arguments are in memory, where no filter sees them: what asks for them falls back to calls
       whose arguments it does see. The C library starts threads in this way. */
    {call_clone3, ENOSYS},
    {call_openat2, ENOSYS},

    /* Networks. */
    {SYS_socket, EPERM},
    {SYS_socketpair, EPERM},
    {SYS_connect, EPERM},
    {SYS_bind, EPERM},
    {SYS_listen, EPERM},
    {SYS_accept, EPERM},
    {SYS_accept4, EPERM},

    /* Programs and processes. */
    {SYS_execve, EPERM},
    {SYS_execveat, EPERM},
#if defined(SYS_fork)
    {SYS_fork, EPERM},
    {SYS_vfork, EPERM},
#endif
    /* Whoever ends this process ends its group. */
    {SYS_setsid, EPERM},
    {SYS_setpgid, EPERM},

    /* Other processes. */
    {SYS_ptrace, EPERM},
    {SYS_process_vm_readv, EPERM},
    {SYS_process_vm_writev, EPERM},
    {SYS_kcmp, EPERM},
    {call_process_madvise, EPERM},
    {call_process_mrelease, EPERM},
    {call_pidfd_open, EPERM},
    {call_pidfd_getfd, EPERM},
    {call_pidfd_send_signal, EPERM},
    {SYS_shmget, EPERM},
    {SYS_shmat, EPERM},
    {SYS_shmctl, EPERM},
    {SYS_semget, EPERM},
    {SYS_semctl, EPERM},
    {SYS_semop, EPERM},
    {SYS_semtimedop, EPERM},
    {SYS_msgget, EPERM},
    {SYS_msgsnd, EPERM},
    {SYS_msgrcv, EPERM},
    {SYS_msgctl, EPERM},
    {SYS_mq_open, EPERM},
    {SYS_mq_unlink, EPERM},
    {SYS_keyctl, EPERM},
    {SYS_add_key, EPERM},
    {SYS_request_key, EPERM},

    /* Which signal a timer sends is in memory. */
    {SYS_timer_create, EPERM},

    /* What Landlock leaves open of files: their attributes, and until its version 3 their length. */
    {SYS_truncate, EPERM},
    {SYS_fchmod, EPERM},
    {SYS_fchmodat, EPERM},
    {call_fchmodat2, EPERM},
    {SYS_fchown, EPERM},
    {SYS_fchownat, EPERM},
    {SYS_utimensat, EPERM},
    {SYS_setxattr, EPERM},
    {SYS_lsetxattr, EPERM},
    {SYS_fsetxattr, EPERM},
    {call_setxattrat, EPERM},
    {SYS_removexattr, EPERM},
    {SYS_lremovexattr, EPERM},
    {SYS_fremovexattr, EPERM},
    {call_removexattrat, EPERM},
    {call_file_setattr, EPERM},
    {SYS_open_by_handle_at, EPERM},
#if defined(SYS_chmod)
    {SYS_chmod, EPERM},
    {SYS_chown, EPERM},
    {SYS_lchown, EPERM},
    {SYS_utime, EPERM},
    {SYS_utimes, EPERM},
    {SYS_futimesat, EPERM},
#endif

    /* Ways into the kernel that this filter does not see, or that have often had faults. */
    {call_io_uring_setup, EPERM},
    {call_io_uring_enter, EPERM},
    {call_io_uring_register, EPERM},
    {SYS_bpf, EPERM},
    {SYS_perf_event_open, EPERM},
    {SYS_userfaultfd, EPERM},
    {SYS_fanotify_init, EPERM},
    {SYS_personality, EPERM},

    /* The system as a whole. */
    {SYS_unshare, EPERM},
    {SYS_setns, EPERM},
    {SYS_chroot, EPERM},
    {SYS_pivot_root, EPERM},
    {SYS_mount, EPERM},
    {SYS_umount2, EPERM},
    {call_open_tree, EPERM},
    {call_open_tree_attr, EPERM},
    {call_move_mount, EPERM},
    {call_fsopen, EPERM},
    {call_fsconfig, EPERM},
    {call_fsmount, EPERM},
    {call_fspick, EPERM},
    {call_mount_setattr, EPERM},
    {SYS_quotactl, EPERM},
    {call_quotactl_fd, EPERM},
    {SYS_swapon, EPERM},
    {SYS_swapoff, EPERM},
    {SYS_acct, EPERM},
    {SYS_syslog, EPERM},
    {SYS_reboot, EPERM},
    {SYS_kexec_load, EPERM},
    {SYS_init_module, EPERM},
    {SYS_finit_module, EPERM},
    {SYS_delete_module, EPERM},
    {SYS_settimeofday, EPERM},
    {SYS_clock_settime, EPERM},
    {SYS_clock_adjtime, EPERM},
    {SYS_adjtimex, EPERM},
    {SYS_sethostname, EPERM},
    {SYS_setdomainname, EPERM},
#if defined(SYS_kexec_file_load)
    {SYS_kexec_file_load, EPERM},
#endif
#if defined(SYS_iopl)
    {SYS_iopl, EPERM},
    {SYS_ioperm, EPERM},
    {SYS_modify_ldt, EPERM},
    {SYS_uselib, EPERM},
#endif
};

enum condition_kind {
  if_equal,
  unless_equal,
  if_any_bit,
  unless_any_bit,
  /* The argument is a process; the filter knows its own by number. */
  unless_self,
  unless_self_or_zero,
};

/* A call that is refused for some values of one of its arguments, counted from 0. */
struct condition {
  uint32_t call;
  int argument;
  enum condition_kind kind;
  uint32_t value;
  int error;
};

/* The signals that others send, as arguments of a call. */
#define SIGNALS_FROM_OUTSIDE(call, argument) \
  {call, argument, if_equal, SIGHUP, EPERM}, {call, argument, if_equal, SIGINT, EPERM}, \
      {call, argument, if_equal, SIGQUIT, EPERM}, {call, argument, if_equal, SIGTERM, EPERM}, \
      {call, argument, if_equal, SIGKILL, EPERM}, {call, argument, if_equal, SIGXCPU, EPERM}

static const struct condition conditions[] = {
    {SYS_clone, 0, unless_any_bit, CLONE_THREAD, EPERM},
    /* Memory that stays when a process lets go of it, and is then nobody's. */
    {SYS_mmap, 3, if_any_bit, MAP_SHARED, EPERM},

    /* Signals. 0 is the whole group, with whoever else is in it. */
    {SYS_kill, 0, unless_self, 0, EPERM},
    {SYS_tkill, 0, unless_self, 0, EPERM},
    {SYS_tgkill, 0, unless_self, 0, EPERM},
    {SYS_rt_sigqueueinfo, 0, unless_self, 0, EPERM},
    {SYS_rt_tgsigqueueinfo, 0, unless_self, 0, EPERM},
    /* Nor those to itself that tell of something outside: of a person, a scheduler, a limit. */
    SIGNALS_FROM_OUTSIDE(SYS_kill, 1),
    SIGNALS_FROM_OUTSIDE(SYS_tkill, 1),
    SIGNALS_FROM_OUTSIDE(SYS_tgkill, 2),
    SIGNALS_FROM_OUTSIDE(SYS_rt_sigqueueinfo, 1),
    SIGNALS_FROM_OUTSIDE(SYS_rt_tgsigqueueinfo, 2),
    {SYS_fcntl, 1, if_equal, F_SETSIG, EPERM},
    {SYS_fcntl, 1, if_equal, F_SETOWN, EPERM},
    {SYS_fcntl, 1, if_equal, F_SETOWN_EX, EPERM},
    {SYS_ioctl, 1, if_equal, FIOSETOWN, EPERM},
    {SYS_ioctl, 1, if_equal, SIOCSPGRP, EPERM},
    /* This process ends with its parent, if that was asked for. */
    {SYS_prctl, 0, if_equal, PR_SET_PDEATHSIG, EPERM},

    /* Limits and turns. That of processor time is the judge's, and tells of it by a signal. */
    {SYS_prlimit64, 1, if_equal, RLIMIT_CPU, EPERM},
#if defined(SYS_setrlimit)
    {SYS_setrlimit, 0, if_equal, RLIMIT_CPU, EPERM},
#endif
    {SYS_prlimit64, 0, unless_self_or_zero, 0, EPERM},
    {SYS_setpriority, 0, unless_equal, PRIO_PROCESS, EPERM},
    {SYS_setpriority, 1, unless_self_or_zero, 0, EPERM},
    /* 1 is a process. */
    {SYS_ioprio_set, 0, unless_equal, 1, EPERM},
    {SYS_ioprio_set, 1, unless_self_or_zero, 0, EPERM},
    {SYS_sched_setparam, 0, unless_self_or_zero, 0, EPERM},
    {SYS_sched_setscheduler, 0, unless_self_or_zero, 0, EPERM},
    {SYS_sched_setattr, 0, unless_self_or_zero, 0, EPERM},
    {SYS_sched_setaffinity, 0, unless_self_or_zero, 0, EPERM},
    {SYS_migrate_pages, 0, unless_self_or_zero, 0, EPERM},
    {SYS_move_pages, 0, unless_self_or_zero, 0, EPERM},

    /* Until its version 3, Landlock lets a file that is opened for reading be emptied. */
    {SYS_openat, 2, if_any_bit, O_TRUNC, EACCES},
#if defined(SYS_open)
    {SYS_open, 1, if_any_bit, O_TRUNC, EACCES},
#endif

    /* Typing into the terminal that the process was started from, which a shell would take for its
       user's; flags of files that are open for reading. */
    {SYS_ioctl, 1, if_equal, TIOCSTI, EPERM},
    {SYS_ioctl, 1, if_equal, TIOCLINUX, EPERM},
    {SYS_ioctl, 1, if_equal, FS_IOC_SETFLAGS, EPERM},
    {SYS_ioctl, 1, if_equal, FS_IOC_FSSETXATTR, EPERM},
};

#endif
