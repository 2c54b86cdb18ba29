// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "engine/interrupt.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define RELAX() _mm_pause()
#else
#define RELAX() sched_yield()
#endif

// A worker looks this often for new work before it goes to sleep.
enum { SPINS = 4000, LINE = 64 };

// One line of cache a worker, so that waiting for one does not slow another.
struct worker {
    _Alignas(LINE) atomic_uint asked; // the round it has been asked to run
    _Alignas(LINE) atomic_uint done;  // the round it has finished
    _Alignas(LINE) atomic_int asleep;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_t thread;
    int part;
};

static struct worker workers[GRAD_MAX_THREADS];
static int running;     // workers that have been started
static int wanted;      // threads, the caller included; 0: not yet asked
static atomic_int quit; // workers from this index on end themselves

static struct {
    grad_range_fn run;
    void *context;
    size_t n;
    int parts;
    size_t slice; // items between two looks at Ctrl-C; 0: never
} job;

bool grad_parallel_stops;

// A range worth a thread of its own takes some 20 us; so many make 10 ms, or
// 100 where the memory is touched for the first time.
enum { GRAINS_A_SLICE = 500 };

static void run_range(size_t begin, size_t end, int part)
{
    if (job.slice == 0 || end - begin <= job.slice) {
        job.run(job.context, begin, end, part);
        return;
    }
    for (size_t i = begin; i < end && !grad_interrupt_flag; i += job.slice)
        job.run(job.context, i, end - i < job.slice ? end : i + job.slice,
                part);
}

static void run_part(int part)
{
    // Boundaries at multiples of 16 keep two threads off one line of cache.
    size_t step = (job.n + (size_t)job.parts - 1) / (size_t)job.parts;
    if (step > 256)
        step = (step + 15) & ~(size_t)15;
    size_t begin = step * (size_t)part;
    size_t end = begin + step;
    if (end > job.n)
        end = job.n;
    if (begin < end)
        run_range(begin, end, part);
}

static void wait_for_work(struct worker *self, unsigned last)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&self->asked, memory_order_acquire) != last)
            return;
        RELAX();
    }
    pthread_mutex_lock(&self->mutex);
    atomic_store(&self->asleep, 1);
    while (atomic_load(&self->asked) == last)
        pthread_cond_wait(&self->wake, &self->mutex);
    atomic_store(&self->asleep, 0);
    pthread_mutex_unlock(&self->mutex);
}

static void *work(void *argument)
{
    struct worker *self = argument;
    unsigned last = 0;
    for (;;) {
        wait_for_work(self, last);
        last = atomic_load_explicit(&self->asked, memory_order_acquire);
        if (self->part >= atomic_load(&quit))
            return NULL;
        run_part(self->part);
        atomic_store_explicit(&self->done, last, memory_order_release);
    }
}

static void ask(struct worker *worker)
{
    atomic_fetch_add(&worker->asked, 1);
    if (!atomic_load(&worker->asleep))
        return;
    pthread_mutex_lock(&worker->mutex);
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->mutex);
}

// Starts workers until there are `n` threads; false where the system refuses.
static bool start_workers(int n)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (running < n - 1) {
        struct worker *worker = &workers[running + 1];
        worker->part = running + 1;
        atomic_store(&worker->asked, 0);
        atomic_store(&worker->done, 0);
        pthread_mutex_init(&worker->mutex, NULL);
        pthread_cond_init(&worker->wake, NULL);
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            break;
        running++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return running >= n - 1;
}

static void stop_workers(int n)
{
    atomic_store(&quit, n);
    for (int i = n; i <= running; i++)
        ask(&workers[i]);
    for (int i = n; i <= running; i++)
        pthread_join(workers[i].thread, NULL);
    running = n - 1 < running ? n - 1 : running;
}

int grad_threads(void)
{
    if (wanted == 0) {
        cpu_set_t set;
        int n = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
        wanted = n < 1 ? 1 : n > GRAD_MAX_THREADS ? GRAD_MAX_THREADS : n;
    }
    return wanted;
}

bool grad_threads_set(int n, struct grad_error *error)
{
    if (n < 1 || n > GRAD_MAX_THREADS)
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "threads: expected 1 to %d, got %d", GRAD_MAX_THREADS,
                         n);
    if (n - 1 < running)
        stop_workers(n);
    wanted = n;
    return true;
}

int grad_parallel_parts(size_t n, size_t grain)
{
    size_t parts = grain ? n / grain : n;
    size_t most = (size_t)grad_threads();
    return parts < 1 ? 1 : parts > most ? (int)most : (int)parts;
}

void grad_parallel(size_t n, size_t grain, grad_range_fn run, void *context)
{
    if (n <= grain) { // the usual case of a small net
        if (n > 0)
            run(context, 0, n, 0);
        return;
    }
    int parts = grad_parallel_parts(n, grain);
    if (parts > 1) {
        atomic_store(&quit, GRAD_MAX_THREADS);
        if (!start_workers(parts))
            parts = running + 1;
    }
    job.run = run;
    job.context = context;
    job.n = n;
    job.parts = parts;
    // A multiple of 64, as streams of random numbers want it.
    job.slice =
        grad_parallel_stops ? (grain * GRAINS_A_SLICE + 63) & ~(size_t)63 : 0;
    if (parts <= 1) {
        run_range(0, n, 0);
        return;
    }
    for (int i = 1; i < parts; i++)
        ask(&workers[i]);
    run_part(0);
    for (int i = 1; i < parts; i++) {
        struct worker *worker = &workers[i];
        unsigned round =
            atomic_load_explicit(&worker->asked, memory_order_relaxed);
        int spins = 0;
        while (atomic_load_explicit(&worker->done, memory_order_acquire) !=
               round) {
            RELAX();
            if (++spins > SPINS)
                sched_yield();
        }
    }
}
