/* Periodic: z = x, then W' cos(2 pi w x_j + b) + c of each column j. Parts, with F
   frequencies and K features: w, b (n_columns, F), W (n_columns F, K), c (n_columns, K). */

static ptrdiff_t NAME(n_frequencies)(const Layer *layer) { return layer->parts[0].columns; }

static int NAME(periodic_has_its_parts)(const Layer *layer) {
    const Part *w = &layer->parts[0], *b = &layer->parts[1];
    const Part *W = &layer->parts[2], *c = &layer->parts[3];
    const ptrdiff_t n = layer->n_columns;
    if (n == 0) return layer->n_parts == 0 && layer->n_outputs == layer->n_inputs;
    return layer->n_parts == 4 && w->rows == n && b->rows == n && c->rows == n &&
           b->columns == w->columns && W->rows == n * w->columns &&
           W->columns == c->columns && layer->n_outputs == layer->n_inputs + n * c->columns;
}

/* kept: what forward and backward compute of each column. */
static REAL *NAME(cosines)(const Layer *layer, REAL *kept, ptrdiff_t column, ptrdiff_t ld) {
    return kept + column * NAME(n_frequencies)(layer) * ld; /* (F, ld) */
}

/* (F, ld) sines, which backward replaces by phi, the derivative of the loss by the angle */
static REAL *NAME(phi)(const Layer *layer, REAL *kept, ptrdiff_t column, ptrdiff_t ld) {
    return NAME(cosines)(layer, kept, layer->n_columns + column, ld);
}

static ptrdiff_t NAME(periodic_kept_units)(const Layer *layer) {
    /* and (F, ld) to work in */
    return layer->n_columns ? (2 * layer->n_columns + 1) * NAME(n_frequencies)(layer) : 0;
}

/* Of one column: cosines, sines (F, ld) of 2 pi w x + b; x (ld) */
static void NAME(waves)(REAL *restrict cosines, REAL *restrict sines,
                        const REAL *restrict x, const REAL *w, const REAL *b,
                        ptrdiff_t frequencies, ptrdiff_t ld) {
    for (ptrdiff_t f = 0; f < frequencies; f++) {
        const REAL shift = b[f] * (REAL)(1 / TWO_PI);
        for (ptrdiff_t i = 0; i < ld; i++) cosines[f * ld + i] = w[f] * x[i] + shift;
    }
    for (ptrdiff_t i = 0; i < frequencies * ld; i++)
        NAME(cos_sin)(cosines[i], &cosines[i], &sines[i]);
}

static void NAME(periodic_forward)(const Layer *layer, REAL *z, REAL *kept, const REAL *x,
                                   ptrdiff_t ld) {
    const Part *parts = layer->parts;
    memcpy(z, x, layer->n_inputs * ld * sizeof(REAL));
    z += layer->n_inputs * ld;
    for (ptrdiff_t j = 0; j < layer->n_columns; j++) {
        const ptrdiff_t F = parts[0].columns, K = parts[3].columns;
        const REAL *w = parts[0].values, *b = parts[1].values;
        const REAL *W = parts[2].values, *c = parts[3].values;
        REAL *cosines = NAME(cosines)(layer, kept, j, ld);
        NAME(waves)(cosines, NAME(phi)(layer, kept, j, ld), x + layer->columns[j] * ld,
                    w + j * F, b + j * F, F, ld);
        NAME(weights_by)(z + j * K * ld, cosines, W + j * F * K, F, K, ld);
        NAME(add_bias)(z + j * K * ld, c + j * K, K, ld);
    }
}

/* Of one column: phi (F, ld) from the sines in its place and slopes, the derivative by the
   cosines; below (ld), unless it is NULL, plus the derivative by x */
static void NAME(waves_backward)(REAL *restrict phi, REAL *restrict below,
                                 const REAL *restrict slopes, const REAL *w,
                                 ptrdiff_t frequencies, ptrdiff_t ld) {
    for (ptrdiff_t i = 0; i < frequencies * ld; i++) phi[i] *= -slopes[i];
    for (ptrdiff_t f = 0; f < frequencies && below; f++) {
        const REAL factor = (REAL)TWO_PI * w[f];
        for (ptrdiff_t i = 0; i < ld; i++) below[i] += factor * phi[f * ld + i];
    }
}

static void NAME(periodic_backward)(const Layer *layer, REAL *below, REAL *kept,
                                    const REAL *error, ptrdiff_t n, ptrdiff_t ld) {
    const Part *parts = layer->parts;
    (void)n;
    if (below) memcpy(below, error, layer->n_inputs * ld * sizeof(REAL));
    error += layer->n_inputs * ld;
    for (ptrdiff_t j = 0; j < layer->n_columns; j++) {
        const ptrdiff_t F = parts[0].columns, K = parts[3].columns;
        const REAL *w = parts[0].values, *W = parts[2].values;
        REAL *slopes = NAME(cosines)(layer, kept, 2 * layer->n_columns, ld);
        NAME(weights_times)(slopes, error + j * K * ld, W + j * F * K, F, K, ld);
        NAME(waves_backward)(NAME(phi)(layer, kept, j, ld),
                             below ? below + layer->columns[j] * ld : NULL, slopes,
                             w + j * F, F, ld);
    }
}

/* The gradient of row r of a part, for a block. */
static void NAME(add_row_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t r,
                                   const Values *block) {
    const ptrdiff_t ld = block->ld, n = block->n, columns = layer->parts[part].columns;
    const ptrdiff_t j = part == 2 ? r / NAME(n_frequencies)(layer) : r;
    const REAL *phi = NAME(phi)(layer, block->kept, j, ld);
    const REAL *x = block->x + layer->columns[j] * ld;
    const REAL *cosines = block->kept + r * ld;
    const REAL *error = block->error + (layer->n_inputs + j * columns) * ld;
    for (ptrdiff_t i = 0; i < columns; i++) switch (part) {
        case 0: g[i] += (REAL)TWO_PI * NAME(dot)(phi + i * ld, x, n); break;
        case 1: g[i] += NAME(sum)(phi + i * ld, n); break;
        case 2: g[i] += NAME(dot)(cosines, error + i * ld, n); break;
        case 3: g[i] += NAME(sum)(error + i * ld, n);
        }
}

static void NAME(periodic_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t from,
                                    ptrdiff_t rows, const Values *blocks,
                                    ptrdiff_t n_blocks, int add) {
    const ptrdiff_t columns = layer->parts[part].columns;
    if (!add) memset(g, 0, rows * columns * sizeof(REAL));
    for (ptrdiff_t b = 0; b < n_blocks; b++)
        for (ptrdiff_t r = 0; r < rows; r++)
            NAME(add_row_gradient)(layer, part, g + r * columns, from + r, &blocks[b]);
}
