/* Training: sums over a batch, the step that follows, and epochs of batches.

   First, block by block of a batch: forward, loss, backward. Then, piece by piece of the
   parameters: gradient over all blocks, penalty, step. Blocks and pieces are the tasks of a
   team; none of them depends on which thread does it, and sums over them are taken in their
   order, so threads change no number. */

/* The part of a batch that is processed at once, and what is known of the whole. */
typedef struct {
    const Network *network;
    const Objective *objective;
    const Samples *samples;
    Optimizer *optimizer; /* NULL where only sums are wanted */
    Run *run;             /* the same */
    Call *call;
    const Layout *layout;
    const ptrdiff_t *rows; /* of this epoch */
    ptrdiff_t start, n, n_blocks;
    int first, last;   /* whether this part begins and ends the batch */
    int rows_cached;   /* whether the blocks still hold these rows from the last pass */
    double weight_sum; /* of the batch */
    double learning_rate, step_size; /* without and with the correction of Adam's moments */
    int clips; /* whether the norm of the gradient is limited, by this factor */
    double clip_factor;
    int measures; /* whether the norm is wanted */
    double norm;
    double effort;               /* since the last look at signals */
    REAL *parameters, *gradient; /* (n_parameters,) */
    REAL *blocks;                /* (most_blocks, block_size) */
    double *losses;              /* (most_blocks,) */
    double *penalties;           /* (n_pieces,) */
    double *squares;             /* (n_pieces,) of the gradient */
} Pass;

static Pass NAME(pass)(const Layout *layout, const Network *network,
                       const Objective *objective, const Samples *samples, void *gradient,
                       Call *call) {
    Pass pass = {.network = network,
                 .objective = objective,
                 .samples = samples,
                 .call = call,
                 .layout = layout,
                 .rows = samples->rows,
                 .parameters = network->vector,
                 .gradient = gradient};
    pass.blocks = (REAL *)(((uintptr_t)call->memory + 63) / 64 * 64);
    pass.losses = (double *)(pass.blocks + layout->most_blocks * layout->block_size);
    pass.penalties = pass.losses + layout->most_blocks;
    pass.squares = pass.penalties + layout->n_pieces;
    return pass;
}

/* Let the pass process n rows, or as many of them as fit. */
static void NAME(go_to)(Pass *pass, ptrdiff_t start, ptrdiff_t n) {
    ptrdiff_t most = pass->layout->most_blocks * pass->layout->block_rows;
    pass->start = start;
    pass->n = n <= most + PAD ? n : most; /* the last block has room for PAD more */
    pass->n_blocks = NAME(n_blocks)(pass->layout, pass->n);
}

static Block NAME(block)(const Pass *pass, ptrdiff_t index) {
    ptrdiff_t from = index * pass->layout->block_rows;
    Block block = {.start = pass->start + from};
    block.n = index == pass->n_blocks - 1 ? pass->n - from : pass->layout->block_rows;
    block.ld = NAME(leading)(block.n);
    block.memory = pass->blocks + index * pass->layout->block_size;
    return block;
}

/* ---- first half: blocks ---- */

static void NAME(block_task)(void *context, ptrdiff_t index) {
    Pass *pass = context;
    const Layout *at = pass->layout;
    const Network *network = pass->network;
    const ptrdiff_t n_outputs = NAME(last_layer)(network)->n_outputs;
    Block block = NAME(block)(pass, index);
    const ptrdiff_t n = block.n, ld = block.ld;
    REAL *y = block.memory + at->y * ld, *w = block.memory + at->sample_weight * ld;
    if (!pass->rows_cached) {
        NAME(gather)(block.memory, &pass->samples->X, pass->rows, block.start, n,
                     network->layers[0].n_inputs, ld);
        NAME(gather_targets)(y, w, pass->samples, pass->rows, block.start, n, n_outputs,
                             ld);
    }
    NAME(forward)(network, at, block, 1, pass->run);
    pass->losses[index] =
        NAME(loss)(pass->objective, block.memory + at->a[network->n_layers] * ld, y,
                   pass->samples->sample_weight ? w : NULL, block.memory + at->scratch * ld,
                   n_outputs, ld, n);
    NAME(backward)(network, at, block);
}

/* ---- second half: pieces ---- */

/* g (rows, columns) = the sum over all blocks of the pass, or g plus that */
static void NAME(gradient_of_slice)(const Pass *pass, Slice slice, REAL *g) {
    const Layout *at = pass->layout;
    const Layer *layer = &pass->network->layers[slice.layer];
    const int l = slice.layer;
    Values values[MAX_BLOCKS];
    for (ptrdiff_t b = 0; b < pass->n_blocks; b++) {
        const Block block = NAME(block)(pass, b);
        values[b] = (Values){
            .x = block.memory + at->a[l] * block.ld,
            .error = block.memory + at->error[l + 1] * block.ld,
            .kept = block.memory + at->kept[l + 1] * block.ld,
            .n = block.n,
            .ld = block.ld,
        };
    }
    NAME(kind)(layer)->gradient(layer, slice.part, g, slice.from, slice.rows, values,
                                pass->n_blocks, !pass->first);
}

/* The gradient of a piece, slice by slice. */
static void NAME(gradient_of_piece)(const Pass *pass, const Piece *piece) {
    const Slice *slices = &pass->layout->slices[piece->first_slice];
    REAL *g = pass->gradient + piece->offset;
    for (int s = 0; s < piece->n_slices; s++) {
        const Slice slice = slices[s];
        NAME(gradient_of_slice)(pass, slice, g);
        g += slice.rows * pass->network->layers[slice.layer].parts[slice.part].columns;
    }
}

static void NAME(step_piece)(const Pass *pass, const Piece *piece) {
    const Optimizer *optimizer = pass->optimizer;
    const Objective *objective = pass->objective;
    const Part *rules = piece->rules;
    const ptrdiff_t offset = piece->offset, size = piece->size;
    const REAL rate = (REAL)(rules->rate * pass->step_size);
    REAL *x = pass->parameters + offset;
    if (rules->decays)
        NAME(decay)(
            x, size,
            (REAL)(1 - rules->rate * pass->learning_rate * optimizer->weight_decay));
    NAME(step)(optimizer, x, pass->gradient + offset, offset, size, rate);
    if (rules->penalised && objective->l1 != 0)
        NAME(proximal_step)(optimizer, x, offset, size, rate,
                            (REAL)(objective->l1 / pass->weight_sum));
}

/* Normalise the gradient, note its squares if the norm is wanted, and step if that need not
   wait for the norm. */
static void NAME(end_piece)(Pass *pass, ptrdiff_t index, const Piece *piece) {
    const Objective *objective = pass->objective;
    const REAL *x = pass->parameters + piece->offset;
    REAL *g = pass->gradient + piece->offset, weight_sum = (REAL)pass->weight_sum;
    if (piece->rules->penalised)
        pass->penalties[index] = NAME(normalise_penalised)(
            g, x, piece->size, (REAL)objective->alpha, (REAL)objective->l1, weight_sum);
    else
        NAME(normalise_gradient)(g, piece->size, weight_sum);
    if (pass->measures) pass->squares[index] = NAME(wide_dot)(g, g, piece->size);
    if (!pass->clips) NAME(step_piece)(pass, piece);
}

static void NAME(piece_task)(void *context, ptrdiff_t index) {
    Pass *pass = context;
    const Piece *piece = &pass->layout->pieces[index];
    if (pass->first) pass->penalties[index] = pass->squares[index] = 0;
    if (piece->rules->rate == 0) {
        if (pass->first)
            memset(pass->gradient + piece->offset, 0, piece->size * sizeof(REAL));
        return;
    }
    NAME(gradient_of_piece)(pass, piece);
    if (pass->last && pass->optimizer) NAME(end_piece)(pass, index, piece);
}

/* Scale a piece of the gradient and step. */
static void NAME(clip_task)(void *context, ptrdiff_t index) {
    const Pass *pass = context;
    const Piece *piece = &pass->layout->pieces[index];
    const REAL factor = (REAL)pass->clip_factor;
    REAL *g = pass->gradient + piece->offset;
    if (piece->rules->rate == 0) return;
    if (factor != 1)
        for (ptrdiff_t i = 0; i < piece->size; i++) g[i] *= factor;
    NAME(step_piece)(pass, piece);
}

/* ---- batches, epochs ---- */

static double NAME(sum_of)(const double *x, ptrdiff_t n) {
    double total = 0;
    for (ptrdiff_t i = 0; i < n; i++) total += x[i];
    return total;
}

/* The sum of the losses over some rows, with its gradient; in training also the step,
   unless gradients are clipped. NaN if a signal ended it: then there is no step, or it is
   whole. */
static double NAME(batch)(Pass *pass, Team *team, ptrdiff_t start, ptrdiff_t n) {
    double loss = 0;
    for (ptrdiff_t done = 0; done < n; done += pass->n) {
        NAME(go_to)(pass, start + done, n - done);
        pass->first = done == 0;
        pass->last = done + pass->n == n;
        skneuron_team_run(team, NAME(block_task), pass, pass->n_blocks);
        skneuron_team_run(team, NAME(piece_task), pass, pass->layout->n_pieces);
        loss += NAME(sum_of)(pass->losses, pass->n_blocks);
        pass->rows_cached = !pass->rows && pass->n == pass->samples->n_rows;
        pass->effort += NAME(effort)(pass->network, pass->layout, pass->n);
        if (NAME(interrupted)(pass->call, &pass->effort)) return NAN;
    }
    return loss;
}

/* A step of the optimizer; returns the objective before it, NaN if a signal ended it. */
static double NAME(train_batch)(Pass *pass, Team *team, ptrdiff_t start, ptrdiff_t n) {
    const ptrdiff_t n_pieces = pass->layout->n_pieces;
    double loss = NAME(batch)(pass, team, start, n);
    if (pass->call->was_interrupted) return NAN;
    if (pass->measures) pass->norm = sqrt(NAME(sum_of)(pass->squares, n_pieces));
    if (pass->clips) {
        pass->clip_factor = skneuron_clip_factor(&pass->run->rule, pass->norm);
        skneuron_team_run(team, NAME(clip_task), pass, n_pieces);
    }
    return (loss + NAME(sum_of)(pass->penalties, n_pieces)) / pass->weight_sum;
}

/* One epoch: the mean of the objectives of the batches, weighted by their rows. */
static double NAME(epoch)(Pass *pass, Team *team, double learning_rate) {
    const ptrdiff_t n_rows = pass->samples->n_rows, batch_size = pass->run->batch_size;
    double total = 0;
    ptrdiff_t seen = 0;
    pass->norm = NAN; /* unless the last batch has a weight */
    for (ptrdiff_t start = 0; start < n_rows; start += batch_size) {
        ptrdiff_t left = n_rows - start, n = left < batch_size ? left : batch_size;
        pass->weight_sum =
            NAME(weight_sum)(pass->samples->sample_weight, pass->rows, start, n);
        if (pass->weight_sum == 0) continue;
        pass->optimizer->t++;
        pass->learning_rate = learning_rate;
        pass->step_size = NAME(corrected_rate)(pass->optimizer, learning_rate);
        pass->measures = pass->clips || left <= batch_size;
        total += NAME(train_batch)(pass, team, start, n) * n;
        seen += n;
        if (pass->call->was_interrupted) break;
    }
    return total / seen;
}

static int NAME(all_finite)(const REAL *x, ptrdiff_t size) {
    int others = 0;
    for (ptrdiff_t i = 0; i < size; i++) others |= !(x[i] - x[i] == 0);
    return !others;
}

/* A run of epochs, which ends early after one that leaves a number that is not finite. */
static void NAME(train)(const Network *network, const Objective *objective,
                        const Samples *samples, Optimizer *optimizer, Run *run,
                        Call *call) {
    Layout layout;
    NAME(lay_out)(&layout, network, run->batch_size);
    Pass pass = NAME(pass)(&layout, network, objective, samples, run->gradient, call);
    pass.optimizer = optimizer;
    pass.run = run;
    pass.clips = skneuron_clips(&run->rule);
    Team *team = NAME(team)(network, &layout, samples->n_rows * run->n_epochs,
                            run->batch_size, call->n_threads);
    for (run->n_finished = 0; run->n_finished < run->n_epochs;) {
        double loss = NAME(epoch)(&pass, team, run->learning_rates[run->n_finished]);
        if (call->was_interrupted) break;
        run->norms[run->n_finished] = pass.norm;
        run->losses[run->n_finished++] = loss;
        run->epoch++;
        if (pass.rows) pass.rows += samples->n_rows;
        if (!isfinite(loss) || !NAME(all_finite)(pass.parameters, network->n_parameters))
            break;
    }
    skneuron_team_end(team);
}

/* The sum of the losses over all rows, its gradient, and the sum of the weights. */
static double NAME(sums)(const Network *network, const Objective *objective,
                         const Samples *samples, void *gradient, double *weight_sum,
                         Call *call) {
    const ptrdiff_t n_rows = samples->n_rows;
    Layout layout;
    NAME(lay_out)(&layout, network, n_rows);
    Pass pass = NAME(pass)(&layout, network, objective, samples, gradient, call);
    Team *team = NAME(team)(network, &layout, n_rows, n_rows, call->n_threads);
    *weight_sum = NAME(weight_sum)(samples->sample_weight, NULL, 0, n_rows);
    double loss = NAME(batch)(&pass, team, 0, n_rows);
    skneuron_team_end(team);
    return loss;
}
