/* Calls of C functions whose types are known at run time alone, by libffi. */
#ifndef CFOREIGN_H
#define CFOREIGN_H

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef int32_t foreign_type;
#define FOREIGN_F32 ((foreign_type)0)
#define FOREIGN_F64 ((foreign_type)1)
#define FOREIGN_I32 ((foreign_type)2)
#define FOREIGN_I64 ((foreign_type)3)
#define FOREIGN_U32 ((foreign_type)4)
#define FOREIGN_U64 ((foreign_type)5)
#define FOREIGN_POINTER ((foreign_type)6)

/* A function has at most so many arguments. */
#define FOREIGN_MOST_ARGUMENTS 16

typedef union foreign_value {
  float f32;
  double f64;
  int32_t i32;
  int64_t i64;
  uint32_t u32;
  uint64_t u64;
  const void *_Nullable pointer;
} foreign_value;

typedef struct foreign_argument {
  foreign_type type;
  /* Handed over in every call, unless there is a column. */
  foreign_value value;
  /* A number for each call, which is converted to the type. */
  const float *_Nullable column;
} foreign_argument;

/* Calls a function that returns nothing once; columns are not looked at. Returns 0, or -1 where no
   function can be called so, and then it was not. */
int foreign_call(void *function, const foreign_argument *arguments, uint32_t count);

/* Calls a function `calls` times; results[k] is what it returns for the numbers k of the columns,
   converted to float. Returns as foreign_call does. */
int foreign_call_each(
    void *function, foreign_type result, const foreign_argument *arguments, uint32_t count,
    uint64_t calls, float *results);

/* Writes numbers as values of a type, which is no pointer, one behind the other. */
void foreign_convert(const float *numbers, uint64_t count, foreign_type type, void *values);

#pragma clang assume_nonnull end
#endif
