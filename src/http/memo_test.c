/* Texts that are dear to compute: one computes, the others wait; another entry of the journal makes them anew. */
#include "memo.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/test.h"

enum { THREADS = 8, BYTES = 64 << 10 };

static struct arena
room(void)
{
    return arena_over(malloc(BYTES), BYTES);
}

TEST(a_text_lasts_until_something_changes)
{
    struct memo *m = memo_new();
    struct arena a = room();
    struct str text;

    EXPECT(!memo_take(m, STR("count"), 7, 0, &a, &text));
    memo_give(m, STR("count"), 7, 0, 0, STR("12"));
    EXPECT(memo_take(m, STR("count"), 7, 900, &a, &text) && str_eq(text, STR("12")));
    EXPECT(!memo_take(m, STR("count"), 8, 900, &a, &text));
    memo_give(m, STR("count"), 8, 900, 0, (struct str){NULL, 0}); /* it could not be made */
    EXPECT(!memo_take(m, STR("count"), 8, 901, &a, &text));
    memo_give(m, STR("count"), 8, 901, 0, STR("13"));
    EXPECT(memo_take(m, STR("count"), 8, 901, &a, &text) && str_eq(text, STR("13")));
    memo_free(m);
    free(a.base);
}

TEST(an_estimate_lasts_a_while_whatever_changes)
{
    struct memo *m = memo_new();
    struct arena a = room();
    struct str text;

    EXPECT(!memo_take(m, STR("about"), 1, 1000, &a, &text));
    memo_give(m, STR("about"), 1, 1000, 500, STR("120000"));
    EXPECT(memo_take(m, STR("about"), 2, 1499, &a, &text));
    EXPECT(!memo_take(m, STR("about"), 2, 1500, &a, &text));
    memo_give(m, STR("about"), 2, 1500, 500, (struct str){NULL, 0});
    memo_free(m);
    free(a.base);
}

TEST(while_one_computes_anew_the_others_are_told_what_was)
{
    struct memo *m = memo_new();
    struct arena a = room();
    struct str text;

    EXPECT(!memo_take(m, STR("count"), 1, 0, &a, &text));
    memo_give(m, STR("count"), 1, 0, 0, STR("12"));
    EXPECT(!memo_take(m, STR("count"), 2, 5, &a, &text)); /* this one computes */
    EXPECT(memo_take(m, STR("count"), 2, 6, &a, &text) && str_eq(text, STR("12")));
    memo_give(m, STR("count"), 2, 7, 0, STR("13"));
    EXPECT(memo_take(m, STR("count"), 2, 8, &a, &text) && str_eq(text, STR("13")));
    memo_free(m);
    free(a.base);
}

TEST(long_keys_and_texts_are_not_kept)
{
    static char big[MEMO_TEXT_BYTES + 1];
    struct memo *m = memo_new();
    struct arena a = room();
    struct str text;

    EXPECT(!memo_take(m, STR("k"), 1, 0, &a, &text));
    memo_give(m, STR("k"), 1, 0, 0, (struct str){big, sizeof big});
    EXPECT(!memo_take(m, STR("k"), 1, 0, &a, &text));
    memo_give(m, STR("k"), 1, 0, 0, (struct str){NULL, 0});
    EXPECT(!memo_take(m, (struct str){big, MEMO_KEY_BYTES + 1}, 1, 0, &a, &text));
    EXPECT(!memo_take(NULL, STR("k"), 1, 0, &a, &text));
    memo_free(NULL);
    memo_free(m);
    free(a.base);
}

struct asking {
    struct memo *m;
    pthread_barrier_t *together;
    _Atomic int *made;
    bool right;
};

static void *
ask(void *arg)
{
    struct asking *q = arg;
    struct arena a = room();
    struct str text;

    pthread_barrier_wait(q->together);
    if (!memo_take(q->m, STR("dear"), 3, 0, &a, &text)) {
        atomic_fetch_add(q->made, 1);
        memo_give(q->m, STR("dear"), 3, 0, 0, STR("once"));
        text = STR("once");
    }
    q->right = str_eq(text, STR("once"));
    free(a.base);
    return NULL;
}

TEST(of_many_that_ask_at_once_one_computes)
{
    struct memo *m = memo_new();
    struct asking asking[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t together;
    _Atomic int made = 0;

    EXPECT(pthread_barrier_init(&together, NULL, THREADS) == 0);
    for (size_t i = 0; i < THREADS; i++) {
        asking[i] = (struct asking){m, &together, &made, false};
        EXPECT(pthread_create(&threads[i], NULL, ask, &asking[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        EXPECT(pthread_join(threads[i], NULL) == 0 && asking[i].right);
    EXPECT_INT(atomic_load(&made), 1);
    pthread_barrier_destroy(&together);
    memo_free(m);
}

TEST_MAIN(T(a_text_lasts_until_something_changes), T(an_estimate_lasts_a_while_whatever_changes),
          T(long_keys_and_texts_are_not_kept), T(while_one_computes_anew_the_others_are_told_what_was), T(of_many_that_ask_at_once_one_computes))
