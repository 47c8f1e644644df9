/* Dropout: the units dropped for each sample, in an epoch of training.

   As in threefry.py: a pair of units takes two words of Threefry-2x32 with 13 rounds. Its
   key is the seed and the epoch, its counter the position of the sample in the epoch and
   the number of the pair, so neither threads nor blocks change a mask. */

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
    // clang-format off
    ROUND(13) ROUND(15) ROUND(26) ROUND(6) ADD_KEY(k1, k2, 1)
    ROUND(17) ROUND(29) ROUND(16) ROUND(24) ADD_KEY(k2, k0, 2)
    ROUND(13) ROUND(15) ROUND(26) ROUND(6) ADD_KEY(k0, k1, 3)
    ROUND(17)
#undef ROUND
#undef ADD_KEY
    *word_0 = a;
    *word_1 = b;
    // clang-format on
}

/* a, slope (units, ld) become 0 where a unit is dropped, and are scaled by 1 / (1 - rate)
   elsewhere. The n samples begin at position start of the epoch. */
static NOINLINE void NAME(drop_out)(REAL *a, REAL *slope, double rate, uint32_t seed,
                                    uint32_t epoch, uint32_t first_pair, ptrdiff_t start,
                                    ptrdiff_t units, ptrdiff_t ld, ptrdiff_t n) {
    const uint32_t below = (uint32_t)(rate * 4294967296.0);
    const REAL scale = (REAL)(1 / (1 - rate));
    uint32_t words[2][PASS_ROWS + PAD];
    for (ptrdiff_t j = 0; j < units; j++) {
        const uint32_t pair = first_pair + (uint32_t)(j / 2), *word = words[j % 2];
        for (ptrdiff_t i = 0; j % 2 == 0 && i < n; i++)
            NAME(threefry)(seed, epoch, (uint32_t)(start + i), pair, &words[0][i],
                           &words[1][i]);
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL factor = word[i] < below ? (REAL)0 : scale;
            a[j * ld + i] *= factor;
            slope[j * ld + i] *= factor;
        }
    }
}
