/* Makes one attempt at what a confined process must not do, or must be able to do, and prints 0 or the
   error: attempts free|confined NAME FOLDER. In the folder there are two, inside and outside.

   attempts report CALL confines itself under a kernel without this call, and prints the error, which parts
   hold, which are missing, which failed, and Landlock's version. */
#define _GNU_SOURCE
#include "attempts.h"

#include "confine.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

char inside[4096], outside[4096], file[4096], address[100];
int writable = -1, client = -1;
pid_t other;

const char *in(const char *folder, const char *name) {
  static char path[8192];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

int be_without(unsigned call) {
  struct sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {4, instructions};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void *wait_long(void *unused) {
  (void)unused;
  sleep(60);
  return NULL;
}

/* In a group of its own. It ends with this process. */
static pid_t start_other(void) {
  const pid_t child = fork();
  if (child != 0) setpgid(child, child);
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  system_close_descriptors_from(0, NULL, 0);
  for (;;) sleep(60);
}

/* Abstract, so that no file stays behind. */
static void open_sockets(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  snprintf(address, sizeof address, "confinement-%d", (int)getpid());
  strcpy(name.sun_path + 1, address);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0) perror("bind");
  if (listen(listener, 1) != 0) perror("listen");
  client = socket(AF_UNIX, SOCK_STREAM, 0);
}

static void prepare(const char *folder) {
  strcpy(inside, in(folder, "inside"));
  strcpy(outside, in(folder, "outside"));
  strcpy(file, in(outside, "file"));
  writable = open(file, O_WRONLY | O_CREAT, 0600);
  open_sockets();
  other = start_other();
}

static int confine(struct system_confinement_report *report) {
  const char *readable[] = {
      inside, "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/not/there"};
  const struct system_confinement wanted = {
      .memory_bytes = 512 << 20,
      .processor_seconds = 1,
      .readable = readable,
      .readable_count = sizeof readable / sizeof *readable};
  return error_of(system_confine(&wanted, report));
}

static const struct attempt *find(const struct attempt *attempts, const char *name) {
  while (attempts->name && strcmp(attempts->name, name) != 0) attempts++;
  return attempts->name ? attempts : NULL;
}

int main(int count, char **words) {
  struct system_confinement_report report;
  if (count == 3 && strcmp(words[1], "report") == 0) {
    if (be_without((unsigned)atoi(words[2])) != 0) return 5;
    const int error = confine(&report);
    printf(
        "%d %u %u %u %d\n", error, report.applied, report.missing, report.failed,
        report.landlock_version);
    return 0;
  }
  if (count != 4) return 2;
  prepare(words[3]);
  if (strcmp(words[2], "late") == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, wait_long, NULL);
    printf("%d\n", confine(&report));
    return 0;
  }
  if (strcmp(words[1], "confined") == 0 && confine(&report) != 0) return 3;
  const struct attempt *attempt = find(file_attempts, words[2]);
  if (!attempt) attempt = find(process_attempts, words[2]);
  if (!attempt) return 4;
  printf("%d\n", attempt->make());
  return 0;
}
