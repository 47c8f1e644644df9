/* The network: forward, backward, gradient and step over batches; epochs of them.

   First, block by block of a batch: forward, loss, backward. Then, slice by slice of the
   weights: gradient over all blocks, penalty, step. Blocks and slices are a team's tasks;
   none of them depends on who does it, and sums over them go in their order, so threads
   change no number. */

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

static void NAME(gather_targets)(const NAME(Pass) *pass, NAME(Block) block) {
    const Job *job = pass->job;
    ptrdiff_t outputs = job->sizes[job->n_layers], ld = block.ld;
    REAL *y = block.work + pass->layout.y * ld, *w = block.work + pass->layout.w * ld;
    for (ptrdiff_t i = 0; i < block.n; i++) {
        ptrdiff_t row = NAME(row)(job, block.start + i);
        for (ptrdiff_t j = 0; j < outputs; j++)
            y[j * ld + i] = job->labels ? (REAL)job->labels[row * outputs + j]
                                        : ((const REAL *)job->targets)[row * outputs + j];
        if (job->weights) w[i] = ((const REAL *)job->weights)[row];
    }
}

/* ---- the first half: blocks ---- */

/* a[1], a[2], ..., the last one raw. With f'(z), as training has it, with dropout too. */
static void NAME(forward)(const NAME(Pass) *pass, NAME(Block) block, int with_slope) {
    const Job *job = pass->job;
    const NAME(Layout) *at = &pass->layout;
    const REAL *W = job->vector, *bias = W + at->n_weights;
    ptrdiff_t ld = block.ld;
    uint32_t pair = 0; /* of units, over all hidden layers */
    for (int l = 0; l < job->n_layers; l++) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1];
        REAL *z = block.work + at->a[l + 1] * ld;
        NAME(layer_outputs)(W, block.work + at->a[l] * ld, z, fan_in, fan_out, ld);
        NAME(add_bias)(bias, z, fan_out, ld);
        W += fan_in * fan_out;
        bias += fan_out;
        if (l == job->n_layers - 1) break;
        REAL *slope = with_slope ? block.work + at->slope[l + 1] * ld : NULL;
        NAME(activate)(job->activations[l], job->constants + 2 * l, z, slope, fan_out * ld);
        if (with_slope && job->dropout && job->dropout[l] > 0)
            NAME(drop_out)(job, job->dropout[l], pair, block.start, z, slope, fan_out, ld,
                           block.n);
        pair += (uint32_t)(fan_out + 1) / 2;
    }
}

/* delta of every layer, from that of the last. */
static void NAME(backward)(const NAME(Pass) *pass, NAME(Block) block) {
    const Job *job = pass->job;
    const NAME(Layout) *at = &pass->layout;
    const REAL *W = (const REAL *)job->vector + at->n_weights;
    ptrdiff_t ld = block.ld;
    for (int l = job->n_layers - 1; l >= 0; l--) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1];
        const REAL *delta = block.work + at->delta[l + 1] * ld;
        W -= fan_in * fan_out;
        if (ld > 1)
            NAME(transpose)(delta, ld, block.work + at->by_row[l + 1] * ld,
                            NAME(padded)(fan_out, PAD), fan_out, block.n);
        if (l == 0) break;
        REAL *below = block.work + at->delta[l] * ld;
        const REAL *slope = block.work + at->slope[l] * ld;
        NAME(layer_deltas)(W, delta, below, fan_in, fan_out, ld);
        for (ptrdiff_t i = 0; i < fan_in * ld; i++) below[i] *= slope[i];
    }
}

static void NAME(block_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const Job *job = pass->job;
    const NAME(Layout) *at = &pass->layout;
    NAME(Block) block = NAME(block)(pass, index);
    ptrdiff_t ld = block.ld;
    if (!pass->gathered) {
        NAME(gather)(job, block.start, block.n, ld, block.work);
        NAME(gather_targets)(pass, block);
    }
    NAME(forward)(pass, block, 1);
    pass->values[index] = NAME(loss)(
        job, block.work + at->a[job->n_layers] * ld, block.work + at->y * ld,
        job->weights ? block.work + at->w * ld : NULL, block.work + at->scratch * ld,
        job->sizes[job->n_layers], ld, block.n);
    NAME(backward)(pass, block);
}

/* ---- the second half: slices ---- */

static void NAME(gradient_slice)(const NAME(Pass) *pass, NAME(Slice) slice, REAL *g) {
    const NAME(Layout) *at = &pass->layout;
    ptrdiff_t fan_out = pass->job->sizes[slice.layer + 1];
    NAME(Term) terms[PASS_ROWS / BLOCK_ROWS];
    for (ptrdiff_t b = 0; b < pass->n_blocks; b++) {
        NAME(Block) block = NAME(block)(pass, b);
        const REAL *a = block.work + (at->a[slice.layer] + slice.from) * block.ld;
        if (block.ld == 1) { /* a batch of one */
            NAME(outer)(a, block.work + at->delta[slice.layer + 1], g, slice.rows, fan_out);
            return;
        }
        terms[b] = (NAME(Term)){
            .s = a,
            .row = block.ld,
            .column = 1,
            .B = block.work + at->by_row[slice.layer + 1] * block.ld,
            .ld = NAME(padded)(fan_out, PAD),
            .depth = block.n,
        };
    }
    NAME(multiply)(terms, pass->n_blocks, g, fan_out, slice.rows, fan_out, !pass->first);
}

/* Step a part of the parameters: a slice of weights or, with index n_slices, all biases. */
static void NAME(step_part)(NAME(Pass) *pass, ptrdiff_t index, ptrdiff_t from,
                            ptrdiff_t size) {
    const Job *job = pass->job;
    int weights = index < pass->layout.n_slices;
    NAME(step)(job, from, size, (REAL)pass->rate, weights ? (REAL)pass->shrink : 1);
    if (weights && job->l1 != 0 && job->optimizer != NO_OPTIMIZER)
        NAME(shrink)(job, from, size, (REAL)pass->rate, (REAL)(job->l1 / pass->weight_sum));
}

/* Note the squares of the gradient where its norm is asked for, and step if that need not
   wait for it. */
static void NAME(end_part)(NAME(Pass) *pass, ptrdiff_t index, ptrdiff_t from,
                           ptrdiff_t size) {
    const REAL *g = (const REAL *)pass->job->gradient + from;
    if (pass->measures) pass->squares[index] = NAME(wide_dot)(g, g, size);
    if (!pass->clips) NAME(step_part)(pass, index, from, size);
}

/* Scale a part of the gradient and step it. */
static void NAME(clip_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const NAME(Layout) *at = &pass->layout;
    int weights = index < at->n_slices;
    ptrdiff_t from = weights ? at->slices[index].offset : at->n_weights;
    ptrdiff_t size = weights ? at->slices[index].rows *
                                   pass->job->sizes[at->slices[index].layer + 1]
                             : at->n_biases;
    REAL *g = (REAL *)pass->job->gradient + from, scale = (REAL)pass->clip;
    if (!weights && !pass->job->fit_intercept) return;
    if (scale != 1)
        for (ptrdiff_t i = 0; i < size; i++) g[i] *= scale;
    NAME(step_part)(pass, index, from, size);
}

static void NAME(weights)(NAME(Pass) *pass, ptrdiff_t index) {
    const Job *job = pass->job;
    NAME(Slice) slice = pass->layout.slices[index];
    ptrdiff_t size = slice.rows * job->sizes[slice.layer + 1];
    REAL *g = (REAL *)job->gradient + slice.offset;
    NAME(gradient_slice)(pass, slice, g);
    if (!pass->last) return;
    REAL *x = (REAL *)job->vector + slice.offset;
    pass->penalties[index] = NAME(finish)(g, x, size, (REAL)job->alpha, (REAL)job->l1,
                                          (REAL)pass->weight_sum);
    NAME(end_part)(pass, index, slice.offset, size);
}

static void NAME(biases)(NAME(Pass) *pass) {
    const Job *job = pass->job;
    ptrdiff_t from = pass->layout.n_weights, size = pass->layout.n_biases;
    REAL *g = (REAL *)job->gradient + from;
    if (pass->first) memset(g, 0, size * sizeof(REAL));
    if (!job->fit_intercept) return;
    for (ptrdiff_t b = 0; b < pass->n_blocks; b++) {
        NAME(Block) block = NAME(block)(pass, b);
        REAL *sums = g;
        for (int l = 1; l <= job->n_layers; l++) {
            const REAL *delta = block.work + pass->layout.delta[l] * block.ld;
            for (ptrdiff_t j = 0; j < job->sizes[l]; j++)
                *sums++ += NAME(sum)(delta + j * block.ld, block.n);
        }
    }
    if (!pass->last) return;
    for (ptrdiff_t j = 0; j < size; j++) g[j] /= (REAL)pass->weight_sum;
    NAME(end_part)(pass, pass->layout.n_slices, from, size);
}

/* Slices of weights in their order, then all biases. */
static void NAME(slice_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    if (index < pass->layout.n_slices)
        NAME(weights)(pass, index);
    else
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

/* About how long n rows take, in multiplications. */
static double NAME(effort)(const NAME(Pass) *pass, ptrdiff_t n) {
    return (3.0 * pass->layout.n_weights + 30.0 * pass->layout.n_units) * n;
}

/* Whether a signal asks for the end; looked at now and then. */
static int NAME(interrupted)(NAME(Pass) *pass) {
    pass->effort += NAME(effort)(pass, pass->n);
    if (pass->effort < EFFORT_BETWEEN_SIGNALS) return 0;
    pass->effort = 0;
    return pass->job->was_interrupted = pass->job->interrupted();
}

/* The objective over some rows, as it was before the step of an optimizer, if any. NaN
   where a signal has ended it: then there is no step, or it is whole. */
static double NAME(batch)(NAME(Pass) *pass, Team *team, ptrdiff_t start, ptrdiff_t n) {
    ptrdiff_t slices = pass->layout.n_slices;
    double value = 0, penalty = 0;
    for (ptrdiff_t done = 0; done < n; done += pass->n) {
        NAME(go_to)(pass, start + done, n - done);
        pass->first = done == 0;
        pass->last = done + pass->n == n;
        skneuron_team_run(team, NAME(block_task), pass, pass->n_blocks);
        skneuron_team_run(team, NAME(slice_task), pass, slices + 1);
        for (ptrdiff_t b = 0; b < pass->n_blocks; b++) value += pass->values[b];
        pass->gathered = !pass->job->rows && pass->n == pass->job->n_rows;
        if (NAME(interrupted)(pass)) return NAN;
    }
    if (pass->measures) {
        double squares = 0;
        for (ptrdiff_t s = 0; s <= slices; s++) squares += pass->squares[s];
        pass->norm = sqrt(squares);
    }
    if (pass->clips) {
        double most = pass->job->max_grad_norm;
        pass->clip = pass->norm > most ? most / pass->norm : 1;
        skneuron_team_run(team, NAME(clip_task), pass, slices + 1);
    }
    for (ptrdiff_t s = 0; s < slices; s++) penalty += pass->penalties[s];
    return (value + penalty) / pass->weight_sum;
}

/* As many threads as blocks, where an effort is worth it. */
static Team *NAME(team)(const NAME(Pass) *pass, double effort) {
    int worth = effort > WORTH_HELPERS &&
                NAME(effort)(pass, NAME(batch_rows)(pass->job)) > WORTH_SHARING;
    return skneuron_team_start(worth ? pass->layout.most_blocks - 1 : 0,
                               pass->job->n_threads);
}

/* One epoch: the mean of the batches' objectives, by their rows. */
static double NAME(epoch)(NAME(Pass) *pass, Team *team, double rate) {
    Job *job = pass->job;
    double total = 0;
    ptrdiff_t seen = 0;
    pass->norm = NAN; /* unless the last batch has a weight */
    for (ptrdiff_t start = 0; start < job->n_rows; start += job->batch_size) {
        ptrdiff_t left = job->n_rows - start;
        ptrdiff_t n = left < job->batch_size ? left : job->batch_size;
        pass->weight_sum = NAME(weight_sum)(job, start, n);
        if (pass->weight_sum == 0) continue;
        job->t++;
        pass->rate = NAME(corrected_rate)(job, rate);
        pass->shrink = 1 - rate * job->weight_decay;
        pass->measures = pass->clips || left <= job->batch_size;
        total += NAME(batch)(pass, team, start, n) * n;
        seen += n;
        if (job->was_interrupted) break;
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
    Team *team = NAME(team)(&pass, NAME(effort)(&pass, job->n_rows) * job->n_epochs);
    for (job->n_finished = 0; job->n_finished < job->n_epochs;) {
        double loss = NAME(epoch)(&pass, team, job->rates[job->n_finished]);
        if (job->was_interrupted) break;
        job->norms[job->n_finished] = pass.norm;
        job->losses[job->n_finished++] = loss;
        job->epoch++;
        if (job->rows) job->rows += job->rows_stride;
        if (!isfinite(loss) ||
            !NAME(all_finite)(job->vector, pass.layout.n_weights + pass.layout.n_biases))
            break;
    }
    skneuron_team_end(team);
}

/* The objective over all rows, and its gradient. */
static double NAME(objective)(Job *job) {
    NAME(Pass) pass = NAME(pass)(job);
    Team *team = NAME(team)(&pass, NAME(effort)(&pass, job->n_rows));
    pass.weight_sum = NAME(weight_sum)(job, 0, job->n_rows);
    double value = NAME(batch)(&pass, team, 0, job->n_rows);
    skneuron_team_end(team);
    return value;
}

/* The raw outputs of a share of the pass's rows, through one block's work space. */
static void NAME(outputs_task)(void *context, ptrdiff_t index) {
    NAME(Pass) *pass = context;
    const Job *job = pass->job;
    ptrdiff_t outputs = job->sizes[job->n_layers], shares = pass->layout.most_blocks;
    ptrdiff_t end = pass->start + pass->n * (index + 1) / shares;
    NAME(Block) block = {.start = pass->start + pass->n * index / shares};
    block.work = pass->blocks + index * pass->layout.block_size;
    for (; block.start < end; block.start += block.n) {
        ptrdiff_t left = end - block.start, most = pass->layout.block_rows;
        block.n = left < most ? left : most;
        block.ld = NAME(leading)(block.n);
        NAME(gather)(job, block.start, block.n, block.ld, block.work);
        NAME(forward)(pass, block, 0);
        const REAL *z = block.work + pass->layout.a[job->n_layers] * block.ld;
        REAL *out = (REAL *)job->outputs + block.start * outputs;
        for (ptrdiff_t i = 0; i < block.n; i++)
            for (ptrdiff_t j = 0; j < outputs; j++)
                out[i * outputs + j] = z[j * block.ld + i];
    }
}

/* Rows between two looks at signals: whole blocks for every share. */
static ptrdiff_t NAME(rows_between_signals)(const NAME(Pass) *pass) {
    ptrdiff_t least = pass->layout.most_blocks * pass->layout.block_rows;
    double most = EFFORT_BETWEEN_SIGNALS / NAME(effort)(pass, least);
    return most > 1 ? least * (ptrdiff_t)most : least;
}

/* Raw outputs of all rows, (n_rows x outputs); of some, where a signal has ended it. */
static void NAME(raw_outputs)(Job *job) {
    NAME(Pass) pass = NAME(pass)(job);
    Team *team = NAME(team)(&pass, NAME(effort)(&pass, job->n_rows) / 3);
    ptrdiff_t most = NAME(rows_between_signals)(&pass);
    for (pass.start = 0; pass.start < job->n_rows; pass.start += pass.n) {
        ptrdiff_t left = job->n_rows - pass.start;
        pass.n = left < most ? left : most;
        skneuron_team_run(team, NAME(outputs_task), &pass, pass.layout.most_blocks);
        if (NAME(interrupted)(&pass)) break;
    }
    skneuron_team_end(team);
}
