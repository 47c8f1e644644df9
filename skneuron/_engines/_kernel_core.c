/* The inner loops of the compiled engine, in both precisions. See _kernel_core.h. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "_kernel_job.h"

/* One binary for every x86-64: the loader picks the version that the processor can run. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define MULTIVERSION                                                                   \
    __attribute__((visibility("hidden"),                                               \
                   target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif defined(__GNUC__)
#define MULTIVERSION __attribute__((visibility("hidden")))
#else
#define MULTIVERSION
#define restrict __restrict
#endif

#define SMALL_LAYER 200 /* up to so many weights, plain loops beat the call of BLAS */
#define WORK_BETWEEN_SIGNALS 1e8 /* multiplications: some tens of milliseconds */
#define CLIP(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))

#define REAL double
#define INT int64_t
#define UINT uint64_t
#define NAME(x) skneuron_##x##_f64
#define MANTISSA_BITS 52
#define ROUNDING_SHIFT 0x1.8p52
#define EXP_LOWEST (-708.3964185322641)
#define EXP_HIGHEST 709.782712893384
#define LOG2_E 1.4426950408889634
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
/* Taylor: the first term left out is below 2^-56 of the sum */
#define EXPM1_OVER_R(r)                                                                \
    (1 + (r) * (1. / 2 + (r) * (1. / 6 + (r) * (1. / 24 + (r) * (1. / 120 + (r) * (1. / 720 + \
    (r) * (1. / 5040 + (r) * (1. / 40320 + (r) * (1. / 362880 + (r) * (1. / 3628800 +   \
    (r) * (1. / 39916800 + (r) * (1. / 479001600 + (r) * (1. / 6227020800.)))))))))))))
#define EPSILON 2.220446049250313e-16
#define SQRT_HALF 0.7071067811865476
#define INVERSE_SQRT_2_PI 0.3989422804014327
#define LOG log
#define LOG1P log1p
#define ERF erf
#define SQRT sqrt
#include "_kernel_core.h"

#undef REAL
#undef INT
#undef UINT
#undef NAME
#undef MANTISSA_BITS
#undef ROUNDING_SHIFT
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef EXPM1_OVER_R
#undef EPSILON
#undef SQRT_HALF
#undef INVERSE_SQRT_2_PI
#undef LOG
#undef LOG1P
#undef ERF
#undef SQRT

#define REAL float
#define INT int32_t
#define UINT uint32_t
#define NAME(x) skneuron_##x##_f32
#define MANTISSA_BITS 23
#define ROUNDING_SHIFT 0x1.8p23f
#define EXP_LOWEST (-87.33654f)
#define EXP_HIGHEST 88.72283f
#define LOG2_E 1.44269504f
#define LN2_HIGH 0x1.62ep-1f
#define LN2_LOW 0x1.0bfbe8p-15f
#define EXPM1_OVER_R(r)                                                                \
    (1 + (r) * (1.f / 2 + (r) * (1.f / 6 + (r) * (1.f / 24 + (r) * (1.f / 120 +         \
    (r) * (1.f / 720 + (r) * (1.f / 5040)))))))
#define EPSILON 1.1920929e-07f
#define SQRT_HALF 0.70710678f
#define INVERSE_SQRT_2_PI 0.39894228f
#define LOG logf
#define LOG1P log1pf
#define ERF erff
#define SQRT sqrtf
#include "_kernel_core.h"
