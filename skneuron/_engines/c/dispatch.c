/* Which of the kernels in this binary the processor can run. */

#include "job.h"

extern const Kernel skneuron_plain[2];

#ifdef SKNEURON_X86
extern const Kernel skneuron_avx2[2], skneuron_avx512[2];

const Kernel *skneuron_kernel(int is_double) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        return &skneuron_avx512[is_double];
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &skneuron_avx2[is_double];
    return &skneuron_plain[is_double];
}
#else
const Kernel *skneuron_kernel(int is_double) { return &skneuron_plain[is_double]; }
#endif
