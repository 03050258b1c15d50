#include "foreign.h"

#include <ffi.h>
#include <string.h>

/* In the order of their numbers. */
static ffi_type *const types[] = {
    &ffi_type_float,  &ffi_type_double, &ffi_type_sint32,  &ffi_type_sint64,
    &ffi_type_uint32, &ffi_type_uint64, &ffi_type_pointer,
};

/* A call with room for its arguments, which libffi reads by their addresses. It is prepared where it
   stays. */
struct call {
  ffi_cif interface;
  ffi_type *types[FOREIGN_MOST_ARGUMENTS];
  foreign_value values[FOREIGN_MOST_ARGUMENTS];
  void *addresses[FOREIGN_MOST_ARGUMENTS];
};

static int prepare(
    struct call *call, ffi_type *result, const foreign_argument *arguments, uint32_t count) {
  if (count > FOREIGN_MOST_ARGUMENTS) return -1;
  for (uint32_t i = 0; i < count; i++) {
    call->types[i] = types[arguments[i].type];
    call->values[i] = arguments[i].value;
    call->addresses[i] = &call->values[i];
  }
  ffi_status status = ffi_prep_cif(&call->interface, FFI_DEFAULT_ABI, count, result, call->types);
  return status == FFI_OK ? 0 : -1;
}

static foreign_value converted(float number, foreign_type type) {
  foreign_value value = {.u64 = 0};
  switch (type) {
    case FOREIGN_F32: value.f32 = number; break;
    case FOREIGN_F64: value.f64 = number; break;
    case FOREIGN_I32: value.i32 = (int32_t)number; break;
    case FOREIGN_I64: value.i64 = (int64_t)number; break;
    case FOREIGN_U32: value.u32 = (uint32_t)number; break;
    case FOREIGN_U64: value.u64 = (uint64_t)number; break;
  }
  return value;
}

/* libffi widens integers that are narrower than a word to one, and writes the whole word. */
union result {
  float f32;
  double f64;
  int64_t i64;
  uint64_t u64;
  ffi_arg word;
};

static float number(union result result, foreign_type type) {
  switch (type) {
    case FOREIGN_F32: return result.f32;
    case FOREIGN_F64: return (float)result.f64;
    case FOREIGN_I32: return (float)(int32_t)result.word;
    case FOREIGN_I64: return (float)result.i64;
    case FOREIGN_U32: return (float)(uint32_t)result.word;
    default: return (float)result.u64;
  }
}

int foreign_call(void *function, const foreign_argument *arguments, uint32_t count) {
  struct call call;
  if (prepare(&call, &ffi_type_void, arguments, count) != 0) return -1;
  ffi_call(&call.interface, FFI_FN(function), NULL, call.addresses);
  return 0;
}

int foreign_call_each(
    void *function, foreign_type type, const foreign_argument *arguments, uint32_t count,
    uint64_t calls, float *results) {
  struct call call;
  if (prepare(&call, types[type], arguments, count) != 0) return -1;
  for (uint64_t k = 0; k < calls; k++) {
    for (uint32_t i = 0; i < count; i++) {
      const float *column = arguments[i].column;
      if (column) call.values[i] = converted(column[k], arguments[i].type);
    }
    union result result = {.u64 = 0};
    ffi_call(&call.interface, FFI_FN(function), &result, call.addresses);
    results[k] = number(result, type);
  }
  return 0;
}

void foreign_convert(const float *numbers, uint64_t count, foreign_type type, void *values) {
  size_t size = types[type]->size;
  for (uint64_t k = 0; k < count; k++) {
    foreign_value value = converted(numbers[k], type);
    memcpy((char *)values + k * size, &value, size);
  }
}
