/* The network: forward, backward, gradient and step over batches; epochs of them.

   A batch is worked on in blocks of rows, small enough for the cache. First, block by
   block: forward, loss, backward. Then, slice by slice of the weights: gradient over all
   blocks, penalty, step. Blocks and slices are a team's tasks; none of them depends on
   who does it, and sums over them go in their order, so threads change no number.

   Matrices are feature-major: the values of one unit for the block's rows lie side by
   side, so that loops vectorise however few units there are. */

/* What lies in the work space of a block; index l is the layer. */
typedef struct {
    ptrdiff_t start, n, ld;          /* rows, and the distance between units */
    REAL *a[MAX_LAYERS + 1];         /* (units x ld); of the last layer z, then delta */
    REAL *slope[MAX_LAYERS + 1];     /* f'(z) */
    REAL *delta[MAX_LAYERS + 1];     /* derivative of the loss by z */
    REAL *by_row[MAX_LAYERS + 1];    /* delta' (n x ld_row) */
    REAL *y, *w, *scratch;
} NAME(Block);

/* A pass over some rows, as much of a batch as is worked on at once. */
typedef struct {
    Job *job;
    ptrdiff_t start, n;
    int first, last;             /* whether the gradient begins and ends here */
    double weight_sum, rate;
    REAL *blocks;
    double *values, *squares;    /* the loss of each block; of weights, by slice */
} NAME(Pass);

static ptrdiff_t NAME(padded)(ptrdiff_t n, ptrdiff_t to) { return (n + to - 1) / to * to; }

static ptrdiff_t NAME(n_weights)(const Job *job) {
    ptrdiff_t n = 0;
    for (int l = 0; l < job->n_layers; l++) n += job->sizes[l] * job->sizes[l + 1];
    return n;
}

static ptrdiff_t NAME(n_units)(const Job *job) {
    ptrdiff_t n = 0;
    for (int l = 0; l <= job->n_layers; l++) n += job->sizes[l];
    return n;
}

/* ---- blocks and slices ---- */

static ptrdiff_t NAME(batch_rows)(const Job *job) {
    return job->batch_size < job->n_rows ? job->batch_size : job->n_rows;
}

static ptrdiff_t NAME(block_rows)(const Job *job) {
    ptrdiff_t times = NARROW_UNITS / NAME(n_units)(job);
    ptrdiff_t rows = BLOCK_ROWS * (times < 1 ? 1 : (times > 10 ? 10 : times));
    return rows < NAME(batch_rows)(job) ? rows : NAME(batch_rows)(job);
}

/* Blocks of n rows; the last takes up to PAD more than its due, rather than leave them
   to a block of their own. */
static ptrdiff_t NAME(blocks_of)(const Job *job, ptrdiff_t n) {
    ptrdiff_t rows = NAME(block_rows)(job);
    return n <= rows ? 1 : (n + rows - PAD - 1) / rows;
}

static ptrdiff_t NAME(leading)(ptrdiff_t n) { return n == 1 ? 1 : NAME(padded)(n, PAD); }

/* REALs in the work space of a block. */
static ptrdiff_t NAME(block_size)(const Job *job) {
    ptrdiff_t rows = NAME(block_rows)(job) + PAD, batch = NAME(batch_rows)(job);
    ptrdiff_t ld = NAME(leading)(rows < batch ? rows : batch), size = job->sizes[0] * ld;
    for (int l = 1; l <= job->n_layers; l++)
        size += (3 * job->sizes[l] + NAME(padded)(job->sizes[l], PAD)) * ld;
    return NAME(padded)(size + (job->sizes[job->n_layers] + 3) * ld, PAD);
}

/* Blocks of a pass. */
static ptrdiff_t NAME(n_blocks)(const Job *job) {
    ptrdiff_t rows = NAME(block_rows)(job);
    ptrdiff_t n = NAME(blocks_of)(job, NAME(batch_rows)(job));
    ptrdiff_t most = PASS_BYTES / (NAME(block_size)(job) * (ptrdiff_t)sizeof(REAL));
    if (most > PASS_ROWS / rows) most = PASS_ROWS / rows;
    if (most < 1) most = 1;
    return n < most ? n : most;
}

/* Rows of layer l's weights in a slice. */
static ptrdiff_t NAME(slice_rows)(const Job *job, int l) {
    ptrdiff_t weights = NAME(n_weights)(job) / SLICES;
    if (weights < SMALLEST_SLICE) weights = SMALLEST_SLICE;
    return NAME(padded)(weights / job->sizes[l + 1] + 1, 8);
}

static ptrdiff_t NAME(slices_of_layer)(const Job *job, int l) {
    ptrdiff_t rows = NAME(slice_rows)(job, l);
    return (job->sizes[l] + rows - 1) / rows;
}

static ptrdiff_t NAME(n_slices)(const Job *job) {
    ptrdiff_t n = 0;
    for (int l = 0; l < job->n_layers; l++) n += NAME(slices_of_layer)(job, l);
    return n;
}

/* Bytes of work space that a job needs. */
static ptrdiff_t NAME(work_size)(const Job *job) {
    ptrdiff_t blocks = NAME(n_blocks)(job);
    return (blocks + NAME(n_slices)(job)) * (ptrdiff_t)sizeof(double) +
           blocks * NAME(block_size)(job) * (ptrdiff_t)sizeof(REAL) + 64;
}

static NAME(Pass) NAME(pass)(Job *job) {
    NAME(Pass) pass = {.job = job};
    ptrdiff_t blocks = NAME(n_blocks)(job);
    pass.blocks = (REAL *)(((uintptr_t)job->work + 63) / 64 * 64);
    pass.values = (double *)(pass.blocks + blocks * NAME(block_size)(job));
    pass.squares = pass.values + blocks;
    return pass;
}

/* Cut up the work space of a block of the pass. */
static NAME(Block) NAME(block)(const NAME(Pass) *pass, ptrdiff_t index) {
    const Job *job = pass->job;
    NAME(Block) block;
    ptrdiff_t rows = NAME(block_rows)(job), left = pass->n - index * rows;
    block.start = pass->start + index * rows;
    block.n = left <= rows + PAD && index == NAME(blocks_of)(job, pass->n) - 1 ? left : rows;
    block.ld = NAME(leading)(block.n);
    REAL *free = pass->blocks + index * NAME(block_size)(job);
    block.a[0] = free;
    free += job->sizes[0] * block.ld;
    for (int l = 1; l <= job->n_layers; l++) {
        ptrdiff_t size = job->sizes[l] * block.ld;
        block.a[l] = free;
        block.slope[l] = free + size;
        block.delta[l] = l < job->n_layers ? free + 2 * size : block.a[l];
        block.by_row[l] = block.ld == 1 ? block.delta[l] : free + 3 * size;
        free += 3 * size + NAME(padded)(job->sizes[l], PAD) * block.ld;
    }
    block.y = free;
    block.w = free + job->sizes[job->n_layers] * block.ld;
    block.scratch = block.w + block.ld;
    return block;
}

/* ---- from samples to blocks ---- */

static ptrdiff_t NAME(row)(const Job *job, ptrdiff_t i) {
    return job->rows ? job->rows[i] : i;
}

/* out (features x ld) = some rows of X, 0 where ld is beyond them. */
static void NAME(gather)(const Job *job, ptrdiff_t start, ptrdiff_t rows, ptrdiff_t ld,
                         REAL *out) {
    ptrdiff_t features = job->sizes[0];
    if (rows < ld) memset(out, 0, features * ld * sizeof(REAL));
    for (ptrdiff_t i = 0; i < rows; i += 4) {
        const char *x[4];
        ptrdiff_t n = rows - i < 4 ? rows - i : 4;
        for (ptrdiff_t r = 0; r < n; r++)
            x[r] = job->X + NAME(row)(job, start + i + r) * job->row_stride;
        if (job->x_is_double)
            NAME(transpose_double)(x, job->column_stride, out + i, ld, n, features);
        else
            NAME(transpose_float)(x, job->column_stride, out + i, ld, n, features);
    }
}

static void NAME(gather_targets)(const Job *job, NAME(Block) *block) {
    ptrdiff_t outputs = job->sizes[job->n_layers];
    for (ptrdiff_t i = 0; i < block->n; i++) {
        ptrdiff_t row = NAME(row)(job, block->start + i);
        for (ptrdiff_t j = 0; j < outputs; j++)
            block->y[j * block->ld + i] =
                job->labels ? (REAL)job->labels[row * outputs + j]
                            : ((const REAL *)job->targets)[row * outputs + j];
        if (job->weights) block->w[i] = ((const REAL *)job->weights)[row];
    }
}

/* ---- the first half: blocks ---- */

/* a[0], a[1], ..., the last one raw; f'(z) where with_slope. */
static void NAME(forward)(const Job *job, NAME(Block) *block, int with_slope) {
    const REAL *W = job->vector, *bias = W + NAME(n_weights)(job);
    NAME(gather)(job, block->start, block->n, block->ld, block->a[0]);
    for (int l = 0; l < job->n_layers; l++) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1], ld = block->ld;
        int hidden = l < job->n_layers - 1;
        NAME(layer_outputs)(W, block->a[l], block->a[l + 1], fan_in, fan_out, ld);
        NAME(add_bias)(bias, block->a[l + 1], fan_out, ld);
        if (hidden)
            NAME(activate)(job->activations[l], job->constants + 2 * l,
                           block->a[l + 1], with_slope ? block->slope[l + 1] : NULL,
                           fan_out * ld);
        W += fan_in * fan_out;
        bias += fan_out;
    }
}

/* delta of every layer, from that of the last. */
static void NAME(backward)(const Job *job, NAME(Block) *block) {
    const REAL *W = (const REAL *)job->vector + NAME(n_weights)(job);
    for (int l = job->n_layers - 1; l >= 0; l--) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1], ld = block->ld;
        REAL *delta = block->delta[l + 1], *below = block->delta[l];
        W -= fan_in * fan_out;
        if (ld > 1)
            NAME(transpose)(delta, ld, block->by_row[l + 1], NAME(padded)(fan_out, PAD),
                            fan_out, block->n);
        if (l == 0) break;
        NAME(layer_deltas)(W, delta, below, fan_in, fan_out, ld);
        const REAL *slope = block->slope[l];
        for (ptrdiff_t i = 0; i < fan_in * ld; i++) below[i] *= slope[i];
    }
}

static void NAME(block_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const Job *job = pass->job;
    int last = job->n_layers;
    NAME(Block) block = NAME(block)(pass, index);
    NAME(forward)(job, &block, 1);
    NAME(gather_targets)(job, &block);
    pass->values[index] = NAME(loss)(job, block.a[last], block.y,
                                     job->weights ? block.w : NULL, block.scratch,
                                     job->sizes[last], block.ld, block.n);
    NAME(backward)(job, &block);
}

/* ---- the second half: slices ---- */

/* Gradient, penalty and step of rows k .. k + rows of layer l's weights, which begin at
   offset; returns the sum of their squares. */
static double NAME(weights_slice)(NAME(Pass) *pass, int l, ptrdiff_t offset, ptrdiff_t k,
                                  ptrdiff_t rows) {
    const Job *job = pass->job;
    ptrdiff_t fan_out = job->sizes[l + 1], from = offset + k * fan_out;
    REAL *g = (REAL *)job->gradient + from;
    if (NAME(batch_rows)(job) == 1) {
        NAME(Block) block = NAME(block)(pass, 0);
        NAME(outer)(block.a[l] + k, block.delta[l + 1], g, rows, fan_out);
    } else {
        NAME(Term) terms[PASS_ROWS / BLOCK_ROWS];
        ptrdiff_t blocks = NAME(blocks_of)(job, pass->n);
        for (ptrdiff_t b = 0; b < blocks; b++) {
            NAME(Block) block = NAME(block)(pass, b);
            terms[b] = (NAME(Term)){
                .s = block.a[l] + k * block.ld, .row = block.ld, .column = 1,
                .B = block.by_row[l + 1], .ld = NAME(padded)(fan_out, PAD),
                .depth = block.n};
        }
        NAME(multiply)(terms, blocks, g, fan_out, rows, fan_out, !pass->first);
    }
    if (!pass->last) return 0;
    double squares = NAME(finish)(g, (const REAL *)job->vector + from, rows * fan_out,
                                  (REAL)job->alpha, (REAL)pass->weight_sum);
    NAME(step)(job, from, rows * fan_out, (REAL)pass->rate);
    return squares;
}

static void NAME(biases)(NAME(Pass) *pass) {
    const Job *job = pass->job;
    ptrdiff_t from = NAME(n_weights)(job), size = NAME(n_units)(job) - job->sizes[0];
    REAL *g = (REAL *)job->gradient + from;
    if (pass->first) memset(g, 0, size * sizeof(REAL));
    if (!job->fit_intercept) return;
    for (ptrdiff_t b = 0; b < NAME(blocks_of)(job, pass->n); b++) {
        NAME(Block) block = NAME(block)(pass, b);
        REAL *sums = g;
        for (int l = 1; l <= job->n_layers; sums += job->sizes[l++])
            for (ptrdiff_t j = 0; j < job->sizes[l]; j++)
                sums[j] += NAME(sum)(block.delta[l] + j * block.ld, block.n);
    }
    if (!pass->last) return;
    for (ptrdiff_t j = 0; j < size; j++) g[j] /= (REAL)pass->weight_sum;
    NAME(step)(job, from, size, (REAL)pass->rate);
}

/* Slices of weights in their order, then all biases. */
static void NAME(slice_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const Job *job = pass->job;
    ptrdiff_t of_layer = index, offset = 0;
    for (int l = 0; l < job->n_layers; l++) {
        ptrdiff_t slices = NAME(slices_of_layer)(job, l), rows = NAME(slice_rows)(job, l);
        if (of_layer < slices) {
            ptrdiff_t k = of_layer * rows, left = job->sizes[l] - k;
            pass->squares[index] = NAME(weights_slice)(pass, l, offset, k,
                                                       left < rows ? left : rows);
            return;
        }
        of_layer -= slices;
        offset += job->sizes[l] * job->sizes[l + 1];
    }
    NAME(biases)(pass);
}

/* ---- batches, epochs ---- */

/* Sum of the weights of some rows, their number where there are no weights. */
static double NAME(weight_sum)(const Job *job, ptrdiff_t start, ptrdiff_t n) {
    if (!job->weights) return (double)n;
    double total = 0;
    for (ptrdiff_t i = start; i < start + n; i++)
        total += ((const REAL *)job->weights)[NAME(row)(job, i)];
    return total;
}

/* The objective over some rows as it was before the step, if there is an optimizer. */
static double NAME(batch)(NAME(Pass) *pass, Team *team, ptrdiff_t start, ptrdiff_t n) {
    const Job *job = pass->job;
    ptrdiff_t most = NAME(n_blocks)(job) * NAME(block_rows)(job);
    ptrdiff_t slices = NAME(n_slices)(job);
    double value = 0, squares = 0;
    for (ptrdiff_t done = 0; done < n; done += pass->n) {
        pass->start = start + done;
        pass->n = n - done < most ? n - done : most;
        pass->first = done == 0;
        pass->last = done + pass->n == n;
        ptrdiff_t blocks = NAME(blocks_of)(job, pass->n);
        skneuron_team_run(team, NAME(block_task), pass, blocks);
        skneuron_team_run(team, NAME(slice_task), pass, slices + 1);
        for (ptrdiff_t b = 0; b < blocks; b++) value += pass->values[b];
    }
    for (ptrdiff_t s = 0; s < slices; s++) squares += pass->squares[s];
    return (value + 0.5 * job->alpha * squares) / pass->weight_sum;
}

/* About how long n rows take, in multiplications. */
static double NAME(effort)(const Job *job, ptrdiff_t n) {
    return (3.0 * NAME(n_weights)(job) + 30.0 * NAME(n_units)(job)) * n;
}

/* Helpers for as many threads as blocks, where that is worth it. */
static Team *NAME(team)(const Job *job, double effort) {
    int worth = effort > WORTH_HELPERS &&
                NAME(effort)(job, NAME(batch_rows)(job)) > WORTH_SHARING;
    return skneuron_team_start(worth ? NAME(n_blocks)(job) - 1 : 0, job->n_threads);
}

/* One epoch: the mean of the batches' objectives, by their rows. */
static double NAME(epoch)(NAME(Pass) *pass, Team *team, double rate, double *effort) {
    Job *job = pass->job;
    double total = 0;
    ptrdiff_t seen = 0;
    for (ptrdiff_t start = 0; start < job->n_rows; start += job->batch_size) {
        ptrdiff_t left = job->n_rows - start;
        ptrdiff_t n = left < job->batch_size ? left : job->batch_size;
        pass->weight_sum = NAME(weight_sum)(job, start, n);
        if (pass->weight_sum == 0) continue;
        job->t++;
        pass->rate = NAME(corrected_rate)(job, rate);
        total += NAME(batch)(pass, team, start, n) * n;
        seen += n;
        *effort += NAME(effort)(job, n);
        if (*effort > EFFORT_BETWEEN_SIGNALS) {
            *effort = 0;
            job->was_interrupted = job->interrupted();
            if (job->was_interrupted) break;
        }
    }
    return total / seen;
}

static int NAME(all_finite)(const REAL *x, ptrdiff_t size) {
    int others = 0;
    for (ptrdiff_t i = 0; i < size; i++) others |= !(x[i] - x[i] == 0);
    return !others;
}

/* A run of epochs, which ends early after one that leaves a number that is not finite. */
static void NAME(train)(Job *job) {
    NAME(Pass) pass = NAME(pass)(job);
    ptrdiff_t size = NAME(n_weights)(job) + NAME(n_units)(job) - job->sizes[0];
    double effort = 0;
    Team *team = NAME(team)(job, NAME(effort)(job, job->n_rows) * job->n_epochs);
    for (job->n_finished = 0; job->n_finished < job->n_epochs; job->n_finished++) {
        ptrdiff_t e = job->n_finished;
        double loss = NAME(epoch)(&pass, team, job->rates[e], &effort);
        if (job->was_interrupted) break;
        job->losses[e] = loss;
        if (job->rows) job->rows += job->rows_stride;
        if (!isfinite(loss) || !NAME(all_finite)(job->vector, size)) {
            job->n_finished++;
            break;
        }
    }
    skneuron_team_end(team);
}

/* The objective over all rows, and its gradient. */
static double NAME(objective)(Job *job) {
    NAME(Pass) pass = NAME(pass)(job);
    Team *team = NAME(team)(job, NAME(effort)(job, job->n_rows));
    pass.weight_sum = NAME(weight_sum)(job, 0, job->n_rows);
    double value = NAME(batch)(&pass, team, 0, job->n_rows);
    skneuron_team_end(team);
    return value;
}

static void NAME(outputs_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const Job *job = pass->job;
    ptrdiff_t outputs = job->sizes[job->n_layers];
    NAME(Block) block = NAME(block)(pass, index);
    NAME(forward)(job, &block, 0);
    const REAL *z = block.a[job->n_layers];
    REAL *out = (REAL *)job->outputs + block.start * outputs;
    for (ptrdiff_t i = 0; i < block.n; i++)
        for (ptrdiff_t j = 0; j < outputs; j++) out[i * outputs + j] = z[j * block.ld + i];
}

/* Raw outputs of all rows, (n_rows x outputs). */
static void NAME(raw_outputs)(Job *job) {
    NAME(Pass) pass = NAME(pass)(job);
    ptrdiff_t most = NAME(n_blocks)(job) * NAME(block_rows)(job);
    Team *team = NAME(team)(job, NAME(effort)(job, job->n_rows) / 3);
    for (; pass.start < job->n_rows; pass.start += pass.n) {
        pass.n = job->n_rows - pass.start < most ? job->n_rows - pass.start : most;
        skneuron_team_run(team, NAME(outputs_task), &pass, NAME(blocks_of)(job, pass.n));
    }
    skneuron_team_end(team);
}
