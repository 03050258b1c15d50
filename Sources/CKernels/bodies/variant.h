/* Every kernel of one variant, and the table of them. The including file has included system.h,
   has set its target, and defines VARIANT (a word), TILE_LANES (of one register), and for convolutions

     CORRELATION_LANES     of one accumulator of a correlation, one register or several
     CORRELATION_CHANNELS, CORRELATION_COLUMNS, FOR_EACH_CORRELATION_TILE
                           its register tile, and all sizes up to it
     CORRELATION_CACHE     bytes of the source that the channel tiles pass over together
     WEIGHT_CHANNELS, WEIGHT_TAPS, FOR_EACH_WEIGHT_TILE
                           the register tile of weight gradients
     WEIGHT_POSITIONS      whose gradients a tile passes over at a time */

/* The compiler warns that a vector crosses a call; every function that takes one is inlined. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#include "vector.h"
#include "transpose.h"
/* Built on the vectors, in order of use. */
#include "elementwise.h"
#include "channels.h"
#include "augmentation.h"
#include "batch_norm.h"
#include "layer_norm.h"
#include "pooling.h"
#include "layout.h"
#include "losses.h"
#include "optimisers.h"
#include "parameters.h"
#include "convolution.h"
#include "weight_gradient.h"
#include "sparse.h"
#include "sparse_slots.h"
#include "sparse_convolution.h"
#include "sparse_weight_gradient.h"
#include "product.h"
#include "nonzeros.h"
#include "ceiling.h"

#define JOIN_WORDS(a, b) a##b
#define JOIN(a, b) JOIN_WORDS(a, b)
#define TEXT_OF_WORD(a) #a
#define TEXT(a) TEXT_OF_WORD(a)

const struct kernel_table JOIN(kernel_table_, VARIANT) = {
    .variant = TEXT(VARIANT),
    .permutes = TILE_LANES == 16,
    .product_columns = PRODUCT_VECTORS * TILE_LANES,
    .multiply_add_single = kernel_multiply_add_single,
    .multiply_add_double = kernel_multiply_add_double,
#define KERNEL_ENTRY(name, parameters, arguments) .name = kernel_##name,
    WBK_KERNELS(KERNEL_ENTRY)};

#pragma clang diagnostic pop
