/* Calls of the system that Swift cannot make itself: their C declarations are variadic, or in a header
   that its module of the C library leaves out. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/types.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/* Has the kernel end this process as soon as the thread that started it is gone. Returns 0, or -1
   where the kernel refuses. */
static inline int system_die_with_parent(void) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* Gives freed memory back to the system, where the C library can: what is allocated next then shows as
   memory held. */
static inline void system_trim_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

/* Bytes that this process has been given by malloc and has not freed; 0 where the C library does not
   tell. */
static inline long system_allocated_bytes(void) {
#if defined(__GLIBC__)
  struct mallinfo2 info = mallinfo2();
  return (long)(info.uordblks + info.hblkhd);
#else
  return 0;
#endif
}

/* Exchanges the names of two files or folders of one file system in one step. Returns 0, or -1 with
   errno, which is EINVAL or ENOSYS where the file system or the kernel knows no exchange. */
int system_exchange(const char *first, const char *second);

/* Whether a child has ended: 1, and its status as waitpid tells it; 0 while it runs; -1 with errno. Before
   a child that has ended is let go of, while its number is still its own, its process group is killed. */
int system_reap(pid_t child, int *status);

/* A flag for dlopen by which a library finds its own functions before those of this program and of what that links
   to, be their names the same; 0 in a build with a sanitizer, which takes the place of some functions
   everywhere and ends the program for the flag. */
int system_bind_deeply(void);

/* Has what is printed to standard output leave with each line, and not at the end of the process. */
void system_buffer_lines(void);

#endif
