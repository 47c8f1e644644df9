/* Layout: how rows are cut into blocks, weights into slices, and memory into matrices.

   A batch is worked on in blocks of rows, small enough for the cache; what follows from all
   of them is worked out in slices of the weights. Matrices are feature-major: the values of
   one unit for the block's rows lie side by side, so that loops vectorise however few units
   there are. */

/* Some rows of a batch, and where their matrices begin. */
typedef struct {
    ptrdiff_t start, n, ld; /* ld: from unit to unit */
    REAL *work;
} NAME(Block);

/* Some rows of the weights of a layer. */
typedef struct {
    int layer;
    ptrdiff_t from, rows, offset; /* offset: in the vector */
} NAME(Slice);

/* How the work space of a job is cut up. Matrices are measured in units: how many REALs
   that is depends on the ld of the block. */
typedef struct {
    ptrdiff_t a[MAX_LAYERS + 1];      /* (units x ld); of the last layer z, then delta */
    ptrdiff_t slope[MAX_LAYERS + 1];  /* f'(z) */
    ptrdiff_t delta[MAX_LAYERS + 1];  /* derivative of the loss by z */
    ptrdiff_t by_row[MAX_LAYERS + 1]; /* delta' (n x ld_row) */
    ptrdiff_t y, w, scratch;
    ptrdiff_t block_rows, block_size, most_blocks; /* size in REALs, blocks of a pass */
    ptrdiff_t n_weights, n_biases, n_units, n_slices;
    NAME(Slice) slices[SLICES + MAX_LAYERS];
} NAME(Layout);

/* A pass over some rows, as much of a batch as is worked on at once. */
typedef struct {
    Job *job;
    NAME(Layout) layout;
    ptrdiff_t start, n, n_blocks;
    int first, last;          /* whether the gradient begins and ends here */
    int gathered;             /* whether its rows are in the blocks, from the last pass */
    double weight_sum, rate, shrink;
    int clips;                /* whether the gradient's norm is limited, by this factor */
    double clip;
    int measures;             /* whether the norm is to be known */
    double norm;
    double effort;            /* since signals were looked at */
    REAL *blocks;
    double *values, *penalties; /* of each block its loss, of each slice its penalty */
    double *squares;            /* of the gradient, by slice; then of the biases */
} NAME(Pass);

static ptrdiff_t NAME(padded)(ptrdiff_t n, ptrdiff_t to) { return (n + to - 1) / to * to; }

static ptrdiff_t NAME(batch_rows)(const Job *job) {
    return job->batch_size < job->n_rows ? job->batch_size : job->n_rows;
}

/* A single row lies by itself, more in vectors that are whole. */
static ptrdiff_t NAME(leading)(ptrdiff_t n) { return n == 1 ? 1 : NAME(padded)(n, PAD); }

/* Blocks of n rows; the last takes up to PAD more than its due, rather than leave them
   to a block of their own. */
static ptrdiff_t NAME(n_blocks)(const NAME(Layout) *layout, ptrdiff_t n) {
    ptrdiff_t rows = layout->block_rows;
    return n <= rows ? 1 : (n + rows - PAD - 1) / rows;
}

static void NAME(lay_out_block)(const Job *job, NAME(Layout) *layout) {
    ptrdiff_t at = layout->a[0] = 0;
    at += job->sizes[0];
    for (int l = 1; l <= job->n_layers; l++) {
        ptrdiff_t units = job->sizes[l];
        layout->a[l] = at;
        layout->slope[l] = at + units;
        layout->delta[l] = l < job->n_layers ? at + 2 * units : at;
        layout->by_row[l] = at + 3 * units;
        at += 3 * units + NAME(padded)(units, PAD);
    }
    layout->y = at;
    layout->w = layout->y + job->sizes[job->n_layers];
    layout->scratch = layout->w + 1;

    ptrdiff_t times = NARROW_UNITS / layout->n_units, batch = NAME(batch_rows)(job);
    ptrdiff_t rows = BLOCK_ROWS * (times < 1 ? 1 : (times > 10 ? 10 : times));
    layout->block_rows = rows < batch ? rows : batch;
    ptrdiff_t most_rows = rows + PAD < batch ? rows + PAD : batch;
    layout->block_size =
        NAME(padded)((layout->scratch + 3) * NAME(leading)(most_rows), PAD);

    ptrdiff_t most = PASS_BYTES / (layout->block_size * (ptrdiff_t)sizeof(REAL));
    if (most > PASS_ROWS / layout->block_rows) most = PASS_ROWS / layout->block_rows;
    ptrdiff_t wanted = NAME(n_blocks)(layout, batch);
    layout->most_blocks = most < 1 ? 1 : (most < wanted ? most : wanted);
}

static void NAME(cut_slices)(const Job *job, NAME(Layout) *layout) {
    ptrdiff_t offset = 0, size = layout->n_weights / SLICES;
    if (size < SMALLEST_SLICE) size = SMALLEST_SLICE;
    layout->n_slices = 0;
    for (int l = 0; l < job->n_layers; l++) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1];
        ptrdiff_t rows = NAME(padded)(size / fan_out + 1, 8);
        for (ptrdiff_t k = 0; k < fan_in; k += rows)
            layout->slices[layout->n_slices++] = (NAME(Slice)){
                l, k, fan_in - k < rows ? fan_in - k : rows, offset + k * fan_out};
        offset += fan_in * fan_out;
    }
}

static NAME(Layout) NAME(layout)(const Job *job) {
    NAME(Layout) layout;
    layout.n_weights = layout.n_biases = 0;
    for (int l = 0; l < job->n_layers; l++) {
        layout.n_weights += job->sizes[l] * job->sizes[l + 1];
        layout.n_biases += job->sizes[l + 1];
    }
    layout.n_units = job->sizes[0] + layout.n_biases;
    NAME(lay_out_block)(job, &layout);
    NAME(cut_slices)(job, &layout);
    return layout;
}

/* Bytes of work space that a job needs. */
static ptrdiff_t NAME(work_size)(const Job *job) {
    NAME(Layout) layout = NAME(layout)(job);
    return (layout.most_blocks + 2 * layout.n_slices + 1) * (ptrdiff_t)sizeof(double) +
           layout.most_blocks * layout.block_size * (ptrdiff_t)sizeof(REAL) + 64;
}

static NAME(Pass) NAME(pass)(Job *job) {
    NAME(Pass) pass = {.job = job, .layout = NAME(layout)(job)};
    pass.blocks = (REAL *)(((uintptr_t)job->work + 63) / 64 * 64);
    pass.values =
        (double *)(pass.blocks + pass.layout.most_blocks * pass.layout.block_size);
    pass.penalties = pass.values + pass.layout.most_blocks;
    pass.squares = pass.penalties + pass.layout.n_slices;
    pass.squares[pass.layout.n_slices] = 0;
    pass.clips = job->optimizer != NO_OPTIMIZER && job->max_grad_norm < INFINITY;
    return pass;
}

/* Let the pass be over n rows, or over as many of them as it takes. */
static void NAME(go_to)(NAME(Pass) *pass, ptrdiff_t start, ptrdiff_t n) {
    ptrdiff_t most = pass->layout.most_blocks * pass->layout.block_rows;
    pass->start = start;
    pass->n = n <= most + PAD ? n : most; /* the last block has room for PAD more */
    pass->n_blocks = NAME(n_blocks)(&pass->layout, pass->n);
}

static NAME(Block) NAME(block)(const NAME(Pass) *pass, ptrdiff_t index) {
    ptrdiff_t from = index * pass->layout.block_rows;
    NAME(Block) block = {.start = pass->start + from};
    block.n = index == pass->n_blocks - 1 ? pass->n - from : pass->layout.block_rows;
    block.ld = NAME(leading)(block.n);
    block.work = pass->blocks + index * pass->layout.block_size;
    return block;
}
