/* What the attempts find prepared, from before the confinement. */
#ifndef ATTEMPTS_H
#define ATTEMPTS_H

#include <errno.h>
#include <sys/types.h>

/* A folder that may be read, one that may not, and a file in the latter. */
extern char inside[4096], outside[4096], file[4096];
/* The file, open for writing; a socket, and the name of one that listens; a process that waits. */
extern int writable, client;
extern char address[100];
extern pid_t other;

/* Gives 0, or the error. */
struct attempt {
  const char *name;
  int (*make)(void);
};

extern const struct attempt file_attempts[], process_attempts[];

static inline int error_of(long status) { return status < 0 ? errno : 0; }

/* A path in a folder, until the next. */
const char *in(const char *folder, const char *name);

/* Has the kernel answer a call as one does that has no such call. Returns 0, or -1 with errno. */
int be_without(unsigned call);

#endif
