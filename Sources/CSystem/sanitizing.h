/* Whether this build has a sanitizer, which reserves terabytes of addresses and stands in for functions of the
   C library. */
#ifndef CSYSTEM_SANITIZING_H
#define CSYSTEM_SANITIZING_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if !defined(IS_SANITIZED)
#define IS_SANITIZED 0
#endif

#endif
