/* Which libraries a loaded library links to. */
#ifndef CSYSTEM_LIBRARIES_H
#define CSYSTEM_LIBRARIES_H

#pragma clang assume_nonnull begin

typedef void system_library_found(void *_Nullable context, const char *path);

/* Calls `found` with the path of each library that the one behind `handle`, of dlopen, links to, and of
   those that these link to, each once; the library itself is not among them. Returns 0, or -1 where the
   loader does not tell or memory is short. */
int system_linked_libraries(
    void *handle, system_library_found *found, void *_Nullable context);

#pragma clang assume_nonnull end

#endif
