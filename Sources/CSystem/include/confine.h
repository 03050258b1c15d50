/* The confinement of a process that is about to load a library of which nothing is known.

   It stops accidents, runaways and casual misuse, and is no defence against faults of the kernel.
   Whoever reads what such a process wrote checks every value. */
#ifndef CSYSTEM_CONFINE_H
#define CSYSTEM_CONFINE_H

#include <stddef.h>
#include <stdint.h>

/* The parts, as bits. */
enum {
  /* Processor time, sizes of files, open files, no core files. */
  SYSTEM_CONFINED_LIMITS = 1 << 0,
  /* The address space; missing in a build with a sanitizer that reserves terabytes of it. */
  SYSTEM_CONFINED_MEMORY = 1 << 1,
  /* No program that is started can have more privileges. */
  SYSTEM_CONFINED_PRIVILEGES = 1 << 2,
  SYSTEM_CONFINED_CAPABILITIES = 1 << 3,
  /* Landlock: files, from its version 1; TCP, from 4; abstract sockets and signals, from 6. */
  SYSTEM_CONFINED_FILES = 1 << 4,
  SYSTEM_CONFINED_NETWORK = 1 << 5,
  SYSTEM_CONFINED_SCOPES = 1 << 6,
  /* The filter of system calls. */
  SYSTEM_CONFINED_CALLS = 1 << 7,
};

struct system_confinement {
  /* Of address space, all in all, with what is mapped already; 0 for no limit. */
  uint64_t memory_bytes;
  /* Of processor time, with what is used already; 0 for no limit. At the limit the process gets
     SIGXCPU, and SIGKILL a second later. */
  uint64_t processor_seconds;
  /* No file may be written beyond this; a process that tries gets SIGXFSZ. It holds for standard
     output and standard error too where they are files, and not where they are pipes. */
  uint64_t file_bytes;
  /* Threads and processes of the user, those of other programs among them; 0 for no limit. It has no
     effect for user 0. New processes are refused anyway. */
  uint64_t user_threads;
  /* What may be read, files and folders with all below; those that do not exist are passed over. */
  const char *const *readable;
  size_t readable_count;
};

struct system_confinement_report {
  /* Parts that hold, and parts that the kernel does not offer. A part that was not asked for is in
     neither. */
  uint32_t applied, missing;
  /* The part that failed, if one did. */
  uint32_t failed;
  /* The version of Landlock that the kernel offers; 0 for none. */
  int32_t landlock_version;
};

/* Confines this process for the rest of its life. It must have one thread, since most parts hold for
   the calling thread and those that it starts; with more nothing is done and errno is EBUSY.

   From then on nothing can be opened for writing, created, removed or changed; only what is `readable`
   can be read; there are no sockets, processes, programs, signals to others, capabilities, or calls that
   change the system. A call that is refused fails with EPERM or EACCES. Threads, memory, pipes and open
   descriptors work as before. That the process ends with its parent has to be asked for before.

   Returns 0, or -1 with errno where a part that the kernel has cannot be applied: the process is then
   confined in part, and should end. */
int system_confine(
    const struct system_confinement *wanted, struct system_confinement_report *report);

/* Closes all descriptors from `first` on but the `count` in `keep`. Returns 0, or -1 with errno. */
int system_close_descriptors_from(int first, const int *keep, size_t count);

#endif
