/* See team.h. */

#define _POSIX_C_SOURCE 200809L /* threads and signal masks, in strict C11 too */

#include "team.h"

#if defined(__GNUC__) && !defined(_WIN32) && !defined(__STDC_NO_ATOMICS__) &&              \
    !defined(SKNEURON_PLAIN)

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__x86_64__) || defined(__i386__)
#define RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ __volatile__("yield")
#else
#define RELAX() ((void)0)
#endif

#define SPINS 2000 /* some tens of microseconds, before others are let run */

struct Team {
    /* round << 32 | tasks that nobody has claimed yet; claiming is one compare-exchange,
       which fails where the round is over, so nobody does a task of another round */
    _Atomic uint64_t tickets;
    atomic_ptrdiff_t finished;
    atomic_int ended;
    Task task;
    void *context;
    ptrdiff_t n;
    uint32_t round;
    int n_helpers;
    pthread_t helpers[MOST_HELPERS];
};

/* Threads at work in all calls of this process: what one call has, another leaves. */
static atomic_int at_work;

/* A forked child has one thread, whatever was at work in its parent. */
static void forget_the_parent(void) { atomic_store(&at_work, 0); }

static void watch_forks(void) { pthread_atfork(NULL, NULL, forget_the_parent); }

static void wait_a_little(int *spins) {
    if (++*spins < SPINS)
        RELAX();
    else
        sched_yield();
}

/* Do tasks while any are left. */
static void work(Team *team) {
    uint64_t tickets = atomic_load_explicit(&team->tickets, memory_order_acquire);
    while ((uint32_t)tickets != 0) {
        if (!atomic_compare_exchange_weak_explicit(&team->tickets, &tickets, tickets - 1,
                                                   memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        team->task(team->context, team->n - (ptrdiff_t)(uint32_t)tickets);
        atomic_fetch_add_explicit(&team->finished, 1, memory_order_release);
        tickets = atomic_load_explicit(&team->tickets, memory_order_acquire);
    }
}

static void *help(void *argument) {
    Team *team = argument;
    int spins = 0;
    while (!atomic_load_explicit(&team->ended, memory_order_acquire)) {
        uint64_t tickets = atomic_load_explicit(&team->tickets, memory_order_acquire);
        if ((uint32_t)tickets != 0) {
            work(team);
            spins = 0;
        } else
            wait_a_little(&spins);
    }
    return NULL;
}

Team *skneuron_team_start(ptrdiff_t helpers, int n_threads) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    int others = atomic_fetch_add(&at_work, 1);
    if (helpers > n_threads - 1 - others) helpers = n_threads - 1 - others;
    if (helpers > MOST_HELPERS) helpers = MOST_HELPERS;
    Team *team = helpers > 0 ? calloc(1, sizeof(Team)) : NULL;
    if (!team) return NULL;
    sigset_t all, before; /* signals are for the threads that Python knows */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (team->n_helpers < helpers &&
           pthread_create(&team->helpers[team->n_helpers], NULL, help, team) == 0)
        team->n_helpers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    atomic_fetch_add(&at_work, team->n_helpers);
    return team;
}

void skneuron_team_run(Team *team, Task task, void *context, ptrdiff_t n) {
    if (!team || n < 2) {
        for (ptrdiff_t i = 0; i < n; i++) task(context, i);
        return;
    }
    team->task = task;
    team->context = context;
    team->n = n;
    team->round++;
    atomic_store_explicit(&team->finished, 0, memory_order_relaxed);
    atomic_store_explicit(&team->tickets, (uint64_t)team->round << 32 | (uint32_t)n,
                          memory_order_release);
    work(team);
    int spins = 0;
    while (atomic_load_explicit(&team->finished, memory_order_acquire) < n)
        wait_a_little(&spins);
}

void skneuron_team_end(Team *team) {
    int leaving = 1;
    if (team) {
        leaving += team->n_helpers;
        atomic_store_explicit(&team->ended, 1, memory_order_release);
        for (int i = 0; i < team->n_helpers; i++) pthread_join(team->helpers[i], NULL);
        free(team);
    }
    atomic_fetch_sub(&at_work, leaving);
}

#else

Team *skneuron_team_start(ptrdiff_t helpers, int n_threads) {
    (void)helpers;
    (void)n_threads;
    return NULL;
}

void skneuron_team_run(Team *team, Task task, void *context, ptrdiff_t n) {
    (void)team;
    for (ptrdiff_t i = 0; i < n; i++) task(context, i);
}

void skneuron_team_end(Team *team) { (void)team; }

#endif
