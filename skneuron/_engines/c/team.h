/* A team: the calling thread and helpers that live for one call, sharing tasks.

   Tasks are claimed one at a time, so a helper that the system lets wait holds nobody up
   but for the task it is in. Results must not depend on who does a task. Without POSIX
   threads the calling thread does everything. */

#ifndef SKNEURON_TEAM_H
#define SKNEURON_TEAM_H

#include <stddef.h>

#define MOST_HELPERS 7

typedef void (*Task)(void *context, ptrdiff_t index);
typedef struct Team Team;

/* Add helpers, at most so many and no more than others' calls have left of n_threads. */
Team *skneuron_team_start(ptrdiff_t helpers, int n_threads);

/* Do task(context, 0), ..., task(context, n - 1), in any order. A team of NULL is one. */
void skneuron_team_run(Team *team, Task task, void *context, ptrdiff_t n);

void skneuron_team_end(Team *team);

#endif
