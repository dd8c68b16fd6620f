/* What every bench program shares: the clock, and one line in the form of bench/run:
 * what, measured, limit, how it compares, and beside it the peer or the dumbest method. */
#ifndef WIJK_BENCH_H
#define WIJK_BENCH_H

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static inline double bench_now(void) /* seconds */
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Processor seconds of the whole process: what it takes, also while other work shares the machine.
 */
static inline double bench_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Processor seconds that the processors of this process worked since the machine was started, for
 * whomever: all that was neither idle nor waiting for a disk. 0 where the system does not tell. */
static inline double bench_busy(void)
{
    FILE *f = fopen("/proc/stat", "r");
    char line[512];
    cpu_set_t mine;
    double ticks = 0;
    if (f == NULL || sched_getaffinity(0, sizeof mine, &mine)) {
        CPU_ZERO(&mine);
    }
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        int cpu;
        double user, nice, system, hard, soft, stolen;
        int n = sscanf(line, "cpu%d %lf %lf %lf %*f %*f %lf %lf %lf", &cpu, &user, &nice, &system,
                       &hard, &soft, &stolen);
        if (n == 7 && cpu >= 0 && cpu < CPU_SETSIZE && CPU_ISSET(cpu, &mine)) {
            ticks += user + nice + system + hard + soft + stolen;
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

/* Keeps this process on so many processors, so that two threads mean two on any machine. */
static inline void bench_pin(int processors)
{
    cpu_set_t mine, few;
    CPU_ZERO(&few);
    if (sched_getaffinity(0, sizeof mine, &mine) == 0) {
        for (int cpu = 0; cpu < CPU_SETSIZE && processors > 0; cpu++) {
            if (CPU_ISSET(cpu, &mine)) {
                CPU_SET(cpu, &few);
                processors--;
            }
        }
        sched_setaffinity(0, sizeof few, &few);
    }
}

/* Largest resident size of this process so far, MiB. */
static inline double bench_peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* `limit` 0: none. `worse` is '>' when more is worse, '<' when less is. `beside` as printf. */
__attribute__((format(printf, 6, 7))) static inline void bench_line(const char *what,
                                                                    double measured, double limit,
                                                                    char worse, const char *unit,
                                                                    const char *beside, ...)
{
    char verdict[32] = "", bound[32] = "-";
    if (limit > 0) {
        int missed = worse == '>' ? measured > limit : measured < limit;
        double room = worse == '>' ? limit / (measured > 0 ? measured : 1e-9) : measured / limit;
        snprintf(verdict, sizeof verdict, "%s (%.1f×)", missed ? "MISSED" : "ok", room);
        snprintf(bound, sizeof bound, "%.4g", limit);
    }
    printf("%-46s %10.4g %-8s %10s  %-14s ", what, measured, unit, bound, verdict);
    va_list args;
    va_start(args, beside);
    vprintf(beside, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

#endif
