/* Dropout: which units a sample does without, in an epoch of a training.

   As _threefry.py has it: a pair of units takes two words of Threefry-2x32 with 13 rounds,
   whose key is the seed and the epoch, whose counter is the sample's place in the epoch and
   the pair. So it matters neither who works them out nor in what order. */

static inline uint32_t NAME(rotated)(uint32_t x, int bits) {
    return x << bits | x >> (32 - bits);
}

/* Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3", section 3.3. */
static inline void NAME(threefry)(uint32_t k0, uint32_t k1, uint32_t c0, uint32_t c1,
                                  uint32_t *restrict word_0, uint32_t *restrict word_1) {
    const uint32_t k2 = 0x1BD11BDA ^ k0 ^ k1;
    uint32_t a = c0 + k0, b = c1 + k1;
#define ROUND(bits) a += b, b = NAME(rotated)(b, bits) ^ a;
#define ADD_KEY(to_a, to_b, n) a += to_a, b += to_b + n;
    ROUND(13) ROUND(15) ROUND(26) ROUND(6) ADD_KEY(k1, k2, 1)
    ROUND(17) ROUND(29) ROUND(16) ROUND(24) ADD_KEY(k2, k0, 2)
    ROUND(13) ROUND(15) ROUND(26) ROUND(6) ADD_KEY(k0, k1, 3)
    ROUND(17)
#undef ROUND
#undef ADD_KEY
    *word_0 = a;
    *word_1 = b;
}

/* IN  a, slope (units x ld) of n samples, the first of them at this place in the epoch
   OUT both 0 where a unit is left out, and larger by what that takes away elsewhere */
static SELDOM void NAME(drop_out)(const Job *job, double rate, uint32_t first_pair,
                                  ptrdiff_t start, REAL *a, REAL *slope, ptrdiff_t units,
                                  ptrdiff_t ld, ptrdiff_t n) {
    const uint32_t below = (uint32_t)(rate * 4294967296.0);
    const REAL scale = (REAL)(1 / (1 - rate));
    uint32_t words[2][PASS_ROWS + PAD];
    for (ptrdiff_t j = 0; j < units; j++) {
        const uint32_t pair = first_pair + (uint32_t)(j / 2), *word = words[j % 2];
        for (ptrdiff_t i = 0; j % 2 == 0 && i < n; i++)
            NAME(threefry)(job->dropout_seed, job->epoch, (uint32_t)(start + i), pair,
                           &words[0][i], &words[1][i]);
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL factor = word[i] < below ? (REAL)0 : scale;
            a[j * ld + i] *= factor;
            slope[j * ld + i] *= factor;
        }
    }
}
