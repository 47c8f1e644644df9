/* The kernel in both precisions, for one instruction set.

   Compiled once for each set, with INSTRUCTIONS naming it and flags that allow it. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "job.h"
#include "team.h"

/* The product's tiles: as many sums as the registers hold beside what they are made of. */
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#define TILE_ROWS 8
#define TILE_VECTORS 3
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#define TILE_VECTORS 2
#else
#define VECTOR_BYTES 16
#define TILE_ROWS 4
#define TILE_VECTORS 2
#endif

/* Rare paths stay functions, so that they cost the others no registers. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

#define PAD 16          /* values: a multiple of the lanes of any vector */
#define BLOCK_ROWS 48   /* a multiple of a tile's width */
#define NARROW_UNITS 64 /* networks of fewer units take more rows to a block */
#define PASS_ROWS 480
#define MAX_BLOCKS (PASS_ROWS / BLOCK_ROWS) /* of a pass */
#define PASS_BYTES (16 << 20)
#define PIECES 8
#define MAX_PIECES (PIECES + MAX_LAYERS * MAX_PARTS)
#define SMALLEST_PIECE 1024        /* parameters */
#define WORTH_SHARING 2e5          /* multiplications of a step, some ten microseconds */
#define WORTH_HELPERS 2e8          /* of a call, some milliseconds: so are threads */
#define EFFORT_BETWEEN_SIGNALS 3e8 /* some tens of milliseconds */

#define TWO_PI 6.283185307179586

#define REAL double
#define INT int64_t
#define UINT uint64_t
#define NAME(x) x##_f64
#define MANTISSA_BITS 52
#define ROUNDING_SHIFT 0x1.8p52
#define QUARTERS_SHIFT 0x1.8p50
#define EXP_LOWEST (-708.3964185322641)
#define EXP_HIGHEST 709.782712893384
#define LOG2_E 1.4426950408889634
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define SMALLEST_NORMAL 2.2250738585072014e-308
#define EPSILON_OF_ONE 0x1p-52
// clang-format off
/* Taylor: the first term left out is below 2^-56 of the sum */
#define EXPM1_OVER_R(r)                                                                \
    (1 + (r) * (1. / 2 + (r) * (1. / 6 + (r) * (1. / 24 + (r) * (1. / 120 + (r) * (1. / 720 + \
    (r) * (1. / 5040 + (r) * (1. / 40320 + (r) * (1. / 362880 + (r) * (1. / 3628800 +   \
    (r) * (1. / 39916800 + (r) * (1. / 479001600 + (r) * (1. / 6227020800.)))))))))))))
/* 2 / 3 + 2 s² / 5 + 2 s⁴ / 7 + ... of 2 atanh(s) / s, |s²| < 0.0295 */
#define ATANH_REST(q)                                                                  \
    (2. / 3 + (q) * (2. / 5 + (q) * (2. / 7 + (q) * (2. / 9 + (q) * (2. / 11 + (q) * (2. / 13 + \
    (q) * (2. / 15 + (q) * (2. / 17 + (q) * (2. / 19 + (q) * (2. / 21))))))))))
/* Taylor, q = r² <= (pi / 4)²: the first term left out is below 2^-56 of the sum */
#define SIN_OVER_R(q)                                                                      \
    (1 - (q) * (1. / 6 - (q) * (1. / 120 - (q) * (1. / 5040 - (q) * (1. / 362880 - (q) * \
    (1. / 39916800 - (q) * (1. / 6227020800. - (q) * (1. / 1307674368000. - (q) *         \
    (1. / 355687428096000.)))))))))
#define COS(q)                                                                             \
    (1 - (q) * (1. / 2 - (q) * (1. / 24 - (q) * (1. / 720 - (q) * (1. / 40320 - (q) *     \
    (1. / 3628800 - (q) * (1. / 479001600 - (q) * (1. / 87178291200. - (q) *              \
    (1. / 20922789888000.)))))))))
// clang-format on
#define EPSILON 2.220446049250313e-16
#define SQRT_HALF 0.7071067811865476
#define INVERSE_SQRT_2_PI 0.3989422804014327
#define ERF erf
#define SQRT sqrt
#include "precision.h"

#define REAL float
#define INT int32_t
#define UINT uint32_t
#define NAME(x) x##_f32
#define MANTISSA_BITS 23
#define ROUNDING_SHIFT 0x1.8p23f
#define QUARTERS_SHIFT 0x1.8p21f
#define EXP_LOWEST (-87.33654f)
#define EXP_HIGHEST 88.72283f
#define LOG2_E 1.44269504f
#define LN2_HIGH 0x1.62ep-1f
#define LN2_LOW 0x1.0bfbe8p-15f
#define SMALLEST_NORMAL 1.17549435e-38f
#define EPSILON_OF_ONE 0x1p-23f
// clang-format off
#define EXPM1_OVER_R(r)                                                                \
    (1 + (r) * (1.f / 2 + (r) * (1.f / 6 + (r) * (1.f / 24 + (r) * (1.f / 120 +         \
    (r) * (1.f / 720 + (r) * (1.f / 5040)))))))
#define ATANH_REST(q)                                                                  \
    (2.f / 3 + (q) * (2.f / 5 + (q) * (2.f / 7 + (q) * (2.f / 9 + (q) * (2.f / 11)))))
#define SIN_OVER_R(q)                                                                      \
    (1 - (q) * (1.f / 6 - (q) * (1.f / 120 - (q) * (1.f / 5040 - (q) * (1.f / 362880)))))
#define COS(q)                                                                             \
    (1 - (q) * (1.f / 2 - (q) * (1.f / 24 - (q) * (1.f / 720 - (q) * (1.f / 40320 - (q) * \
    (1.f / 3628800))))))
// clang-format on
#define EPSILON 1.1920929e-07f
#define SQRT_HALF 0.70710678f
#define INVERSE_SQRT_2_PI 0.39894228f
#define ERF erff
#define SQRT sqrtf
#include "precision.h"

#define KERNEL(precision)                                                                  \
    {has_its_parts_##precision,                                                            \
     memory_size_##precision,                                                              \
     sums_##precision,                                                                     \
     train_##precision,                                                                    \
     raw_outputs_##precision,                                                              \
     apply_##precision,                                                                    \
     INSTRUCTIONS}
#define EXPORTED_2(instructions) skneuron_##instructions
#define EXPORTED(instructions) EXPORTED_2(instructions)
const Kernel EXPORTED(KERNEL_NAME)[2] = {KERNEL(f32), KERNEL(f64)};
