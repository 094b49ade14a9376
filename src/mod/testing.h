/* mod/testing.h - for tests only: a fresh database per test on every engine, a fixed clock, known entropy.
 *
 *   TEST_DB(plan_is_submitted_once)      the body runs once per engine with `struct ctx *c`
 *   {
 *       EXPECT(plan_submit(c, ...) == OK);
 *   }
 *
 * Engines: SQLite always; PostgreSQL, plain and with the large tables hash-partitioned in four, when MQ_TEST_PG
 * holds a URL (tests/pg.sh COMMAND sets it). */
#ifndef MQ_TESTING_H
#define MQ_TESTING_H

#include "base/test.h"
#include "mod/ctx.h"

enum { TESTING_ARENA_BYTES = 64 << 20 };
#define TESTING_NOW_US INT64_C(1772416800000000) /* 2026-03-02 10:00 in China, a Monday */

enum testing_engine { TESTING_SQLITE, TESTING_POSTGRES, TESTING_PARTITIONED, TESTING_ENGINE_COUNT };

/* testing_each_engine: run body with a migrated, empty database and a temporary c->dir, both removed afterwards. */
void testing_each_engine(void (*body)(struct ctx *c));
/* testing_url: to open a second connection to the same database. */
const char *testing_url(const struct ctx *c);
enum testing_engine testing_engine_of(const struct ctx *c);
/* testing_entropy: the same bytes in every run; each call gives others. testing_no_entropy always fails. */
MUST_USE enum err testing_entropy(void *out, size_t n_bytes);
MUST_USE enum err testing_no_entropy(void *out, size_t n_bytes);

#define TEST_DB(name)                                                                                                \
    static void name##_body(struct ctx *c);                                                                          \
    TEST(name)                                                                                                       \
    {                                                                                                                \
        testing_each_engine(name##_body);                                                                            \
    }                                                                                                                \
    static void name##_body(struct ctx *c)

#endif
