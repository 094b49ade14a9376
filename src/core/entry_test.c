/* core/entry_test.c - entries of the log, byte-exact */
#include "base/test.h"

#include "core/entry.h"

static const struct entry SEAL = {1892743620155392031,        1767585600123456,
                                  {"cli:clerk", 9},           {"draw.seal", 9},
                                  {"411500/2026/0017/1", 18}, {"{\"digest\":\"9f8c\"}", 17}};
#define SEAL_BYTES                                                                                           \
    "mingqian-log/v1\n"                                                                                      \
    "id 1892743620155392031\n"                                                                               \
    "time 1767585600123456\n"                                                                                \
    "actor cli:clerk\n"                                                                                      \
    "act draw.seal\n"                                                                                        \
    "subject 411500/2026/0017/1\n"                                                                           \
    "detail {\"digest\":\"9f8c\"}\n"

static enum err
write_to(char *p, size_t size, const struct entry *e, struct str *out)
{
    struct buf b = buf_over(p, size);
    enum err r = entry_write(&b, e);

    *out = buf_view(&b);
    return r;
}

TEST(an_entry_has_exactly_the_bytes_of_the_specification)
{
    char p[1024];
    struct str s;

    EXPECT(write_to(p, sizeof p, &SEAL, &s) == OK);
    EXPECT(str_eq(s, STR(SEAL_BYTES)));
}

TEST(an_entry_comes_back_from_its_bytes)
{
    struct entry e;
    char p[1024];
    struct str s;

    EXPECT(entry_parse(STR(SEAL_BYTES), &e) == OK);
    EXPECT(e.id == SEAL.id && e.time_us == SEAL.time_us && str_eq(e.act, SEAL.act));
    EXPECT(str_eq(e.actor, SEAL.actor) && str_eq(e.subject, SEAL.subject) && str_eq(e.detail, SEAL.detail));
    e.detail = (struct str){0};
    EXPECT(write_to(p, sizeof p, &e, &s) == OK);
    EXPECT(entry_parse(s, &e) == OK && e.detail.p == NULL);
}

TEST(whatever_is_accepted_is_written_back_byte_for_byte)
{
    char p[1024], q[1024];
    struct str s;
    unsigned accepted = 0;

    for (size_t i = 0; i < sizeof SEAL_BYTES - 1; i++)
        for (int c = 0; c < 256; c++) {
            struct entry e;

            memcpy(p, SEAL_BYTES, sizeof SEAL_BYTES);
            p[i] = (char) c;
            if (entry_parse((struct str){p, sizeof SEAL_BYTES - 1}, &e) != OK)
                continue;
            accepted++;
            EXPECT(write_to(q, sizeof q, &e, &s) == OK);
            EXPECT(s.n == sizeof SEAL_BYTES - 1 && memcmp(p, q, s.n) == 0);
        }
    EXPECT(accepted > sizeof SEAL_BYTES);
}

TEST(an_entry_with_a_bad_field_is_not_written)
{
    char p[1024];
    struct str s;
    struct entry bad[9];
    static const enum err WANT[] = {ERR_RANGE,   ERR_RANGE,   ERR_LENGTH,  ERR_CHARSET, ERR_CHARSET,
                                    ERR_CHARSET, ERR_CHARSET, ERR_CHARSET, ERR_LENGTH};

    for (size_t i = 0; i < 9; i++)
        bad[i] = SEAL;
    bad[0].id = 0;
    bad[1].time_us = -1;
    bad[2].actor = STR("");
    bad[3].actor = STR("a\nact x.y");
    bad[4].act = STR("draw");
    bad[5].act = STR("Draw.seal");
    bad[6].subject = STR("\xC0\x80");
    bad[7].detail = STR("[1]");
    bad[8].subject = (struct str){p, ENTRY_SUBJECT_MAX + 1};
    for (size_t i = 0; i < 9; i++) {
        EXPECT_INT(write_to(p, sizeof p, &bad[i], &s), WANT[i]);
        EXPECT(s.n == 0);
    }
}

TEST(an_entry_above_65535_bytes_is_refused_and_one_of_65535_is_not)
{
    static char detail[ENTRY_BYTES_MAX], p[ENTRY_BYTES_MAX + 100];
    struct entry e = SEAL, back;
    size_t rest = sizeof SEAL_BYTES - 1 - SEAL.detail.n;
    struct str s;

    memset(detail, ' ', sizeof detail);
    detail[0] = '{';
    e.detail = (struct str){detail, ENTRY_BYTES_MAX - rest};
    detail[e.detail.n - 1] = '}';
    EXPECT(write_to(p, sizeof p, &e, &s) == OK && s.n == ENTRY_BYTES_MAX);
    EXPECT(entry_parse(s, &back) == OK);
    detail[e.detail.n - 1] = ' ';
    detail[e.detail.n++] = '}';
    EXPECT(write_to(p, sizeof p, &e, &s) == ERR_TOO_LARGE && s.n == 0);
    EXPECT(write_to(p, 20, &SEAL, &s) == ERR_TOO_LARGE && s.n == 0);
}

TEST(lines_missing_added_or_swapped_are_refused)
{
    struct entry e = {.id = 5};

    EXPECT(entry_parse(STR(""), &e) == ERR_SYNTAX);
    EXPECT(entry_parse(STR("mingqian-log/v1\n"), &e) == ERR_SYNTAX);
    EXPECT(entry_parse((struct str){SEAL_BYTES, sizeof SEAL_BYTES - 2}, &e) == ERR_SYNTAX);
    EXPECT(entry_parse(STR("mingqian-log/v2\nid 1\ntime 1\nactor a\nact a.b\nsubject s\ndetail -\n"), &e) ==
           ERR_SYNTAX);
    EXPECT(entry_parse(STR("mingqian-log/v1\ntime 1\nid 1\nactor a\nact a.b\nsubject s\ndetail -\n"), &e) ==
           ERR_SYNTAX);
    EXPECT(entry_parse(STR("mingqian-log/v1\nid 1\ntime 1\nactor a\nact a.b\nsubject s\ndetail -\n\n"), &e) ==
           ERR_SYNTAX);
    EXPECT(entry_parse(STR("mingqian-log/v1\nid 01\ntime 1\nactor a\nact a.b\nsubject s\ndetail -\n"), &e) ==
           ERR_SYNTAX);
    EXPECT(
        entry_parse(
            STR("mingqian-log/v1\nid 9223372036854775808\ntime 1\nactor a\nact a.b\nsubject s\ndetail -\n"),
            &e) == ERR_RANGE);
    EXPECT(e.id == 5);
    EXPECT(entry_parse(STR("mingqian-log/v1\nid 1\ntime 1\nactor a\nact a.b\nsubject s\ndetail -\n"), &e) ==
           OK);
}

TEST_MAIN(T(an_entry_has_exactly_the_bytes_of_the_specification), T(an_entry_comes_back_from_its_bytes),
          T(whatever_is_accepted_is_written_back_byte_for_byte), T(an_entry_with_a_bad_field_is_not_written),
          T(an_entry_above_65535_bytes_is_refused_and_one_of_65535_is_not),
          T(lines_missing_added_or_swapped_are_refused))
