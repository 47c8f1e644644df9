/* Sharing: how much work there is, and for how many threads; when to look at signals. */

/* The approximate cost of n rows, in multiplications. */
static double NAME(effort)(const Network *network, const Layout *layout, ptrdiff_t n) {
    return (3.0 * network->n_parameters + 30.0 * layout->n_units) * n;
}

/* As many threads as blocks, where the work is worth it: all of it and a batch. */
static Team *NAME(team)(const Network *network, const Layout *layout, ptrdiff_t n_rows,
                        ptrdiff_t batch_rows, int n_threads) {
    int worth = NAME(effort)(network, layout, n_rows) > WORTH_HELPERS &&
                NAME(effort)(network, layout, batch_rows) > WORTH_SHARING;
    return skneuron_team_start(worth ? layout->most_blocks - 1 : 0, n_threads);
}

/* Whether a signal requests a stop; looks now and then, after some effort. */
static int NAME(interrupted)(Call *call, double *effort) {
    if (*effort < EFFORT_BETWEEN_SIGNALS) return 0;
    *effort = 0;
    return call->was_interrupted = call->interrupted();
}
