/* http/http_test.c - reading requests, writing HTML */
#include "base/test.h"

#include "http/html.h"
#include "http/http.h"
#include "http/keep.h"
#include <stdio.h>

static unsigned char block[1 << 16];

static enum err
path_of(const char *target, char *out, size_t out_bytes)
{
    struct arena a = arena_over(block, sizeof block);
    struct str path, query;
    enum err e = http_path(&a, str_of(target), &path, &query);

    if (e == OK) {
        EXPECT(path.n < out_bytes);
        memcpy(out, path.p, path.n);
        out[path.n] = '\0';
    }
    return e;
}

TEST(a_path_is_decoded_once)
{
    char p[64];

    EXPECT(path_of("/items/%E4%BF%A1/?a=b", p, sizeof p) == OK);
    EXPECT_STR(p, "/items/信/");
    EXPECT(path_of("/a%252e%252e/b", p, sizeof p) == OK);
    EXPECT_STR(p, "/a%2e%2e/b");
}

TEST(a_path_cannot_leave_its_root)
{
    char p[64];
    static const char *const BAD[] = {"/../x",     "/a/../x", "/a/..",      "/./x",
                                      "/%2e%2e/x", "/a//b",   "/a/%2E%2E/b"};

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(path_of(BAD[i], p, sizeof p) == ERR_NOT_FOUND);
}

TEST(a_path_with_hidden_bytes_is_refused)
{
    char p[64];
    static const char *const BAD[] = {"",      "x",      "http://h/x", "/a%00b", "/a%0ab", "/a%0d",
                                      "/a%zz", "/a%4",   "/a%",        "/a\\b",  "/a%5cb", "/%C0%AE%C0%AE/x",
                                      "/%7f",  "/%ff%fe"};

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(path_of(BAD[i], p, sizeof p) == ERR_SYNTAX);
}

TEST(a_query_gives_values_by_name)
{
    struct arena a = arena_over(block, sizeof block);
    struct str q = STR("q=%E4%BF%A1+a&x=1&q2=z&bad=%0a");

    EXPECT(str_eq(http_query(&a, q, "q"), STR("信 a")));
    EXPECT(str_eq(http_query(&a, q, "q2"), STR("z")));
    EXPECT(http_query(&a, q, "y").p == NULL);
    EXPECT(http_query(&a, q, "bad").p == NULL);
    EXPECT(http_query(&a, (struct str){NULL, 0}, "q").p == NULL);
}

TEST(a_pattern_takes_whole_segments_only)
{
    struct str params[HTTP_PARAMS_MAX] = {{NULL, 0}};

    EXPECT(http_match("/items/{code}/", STR("/items/A01/"), params) && str_eq(params[0], STR("A01")));
    EXPECT(!http_match("/items/{code}/", STR("/items/A01"), params));
    EXPECT(!http_match("/items/{code}/", STR("/items//"), params));
    EXPECT(!http_match("/items/{code}/", STR("/items/A/B/"), params));
    EXPECT(http_match("/", STR("/"), params) && !http_match("/", STR("/a"), params));
    EXPECT(http_match("/log/{*}", STR("/log/tile/0/001"), params) && str_eq(params[0], STR("tile/0/001")));
    EXPECT(!http_match("/log/{*}", STR("/log/"), params) && !http_match("/log/{*}", STR("/log"), params));
}

TEST(a_tag_matches_itself_in_a_list_and_nothing_else)
{
    char a[HTTP_ETAG_BYTES], b[HTTP_ETAG_BYTES];
    struct arena arena = arena_over(block, sizeof block);
    char *list = arena_alloc(&arena, 200);

    http_tag(STR("one"), a);
    http_tag(STR("two"), b);
    EXPECT(strcmp(a, b) != 0);
    strcat(strcat(strcpy(list, "\"x\", W/"), a), ", \"y\"");
    EXPECT(http_tag_matches(str_of(list), a));
    EXPECT(!http_tag_matches(str_of(list), b));
    EXPECT(!http_tag_matches((struct str){NULL, 0}, a));
    EXPECT(!http_tag_matches(STR("*"), ""));
}

TEST(a_coding_counts_only_when_it_is_accepted)
{
    EXPECT(http_accepts(STR("br;q=0.5, gzip"), STR("gzip")) &&
           http_accepts(STR("br;q=0.5, gzip"), STR("br")));
    EXPECT(!http_accepts(STR("gzip;q=0"), STR("gzip")) && !http_accepts(STR("gzip; q=0"), STR("gzip")));
    EXPECT(!http_accepts(STR("xgzip"), STR("gzip")) && !http_accepts((struct str){NULL, 0}, STR("gzip")));
}

static struct html
page_over(char *p, size_t n)
{
    struct html h = {.out = buf_over(p, n), .root = STR("../../")};

    return h;
}

TEST(html_escapes_every_argument)
{
    char p[512];
    struct html h = page_over(p, sizeof p);

    html_put(&h, "<a href=\"{}\" title=\"{}\">{}</a>", H_PAGE(STR("/targets/a b<\"/")), H_STR(STR("\"'&")),
             H_STR(STR("<script>")));
    EXPECT(!html_failed(&h));
    EXPECT(str_eq(buf_view(&h.out), STR("<a href=\"../../targets/a%20b%3C%22/\" title=\"&quot;&#39;&amp;\">"
                                        "&lt;script&gt;</a>")));
}

TEST(a_link_knows_its_language_and_whether_pages_are_files)
{
    char p[512];
    struct html h = page_over(p, sizeof p);

    h.english = true;
    h.files = true;
    html_put(&h, "{} {} {}", H_PAGE(STR("/draws/")), H_FILE(STR("/draws/x/1/draw.txt")), H_PAGE(STR("/")));
    EXPECT(str_eq(buf_view(&h.out),
                  STR("../../en/draws/index.html ../../draws/x/1/draw.txt ../../en/index.html")));
}

TEST(a_format_with_too_few_or_too_many_arguments_ends_the_page)
{
    char p[64];
    struct html few = page_over(p, sizeof p), many = page_over(p, sizeof p), full = page_over(p, 4);

    html_put(&few, "{} {}", H_I64(1));
    html_put(&many, "{}", H_I64(1), H_I64(2));
    html_put(&full, "more than four");
    EXPECT(html_failed(&few) && html_failed(&many) && html_failed(&full));
}

TEST(numbers_dates_and_shares_are_written_for_people)
{
    char p[512];
    struct html h = page_over(p, sizeof p);

    html_put(&h, "{}|{}|{}|{}|{}", H_COUNT(1234567), H_COUNT(-1000), H_COUNT(999), H_SHARE(325), H_SHARE(60));
    EXPECT(str_eq(buf_view(&h.out), STR("1,234,567|-1,000|999|3.25 %|0.6 %")));
    h = page_over(p, sizeof p);
    html_put(&h, "{}", H_DAY(20514));
    EXPECT(str_eq(buf_view(&h.out), STR("<time datetime=\"2026-03-02\">2026-03-02</time>")));
    h = page_over(p, sizeof p);
    html_put(&h, "{}", H_TIME(INT64_C(1772416800000000))); /* 2026-03-02 02:00 UTC */
    EXPECT(
        str_eq(buf_view(&h.out), STR("<time datetime=\"2026-03-02T10:00+08:00\">2026-03-02 10:00</time>")));
}

TEST(every_text_is_there_in_both_languages)
{
    struct html zh = {0}, en = {.english = true};

    for (int t = TEXT_empty + 1; t < TEXT_COUNT; t++) {
        EXPECT(html_text(&zh, (enum text) t).n > 0);
        EXPECT(utf8_valid(html_text(&zh, (enum text) t)) && utf8_valid(html_text(&en, (enum text) t)));
        EXPECT(html_text(&en, (enum text) t).n > 0 || t == TEXT_attempt_after || t == TEXT_clock_counted_end);
    }
}

TEST(a_kept_page_is_given_until_anything_it_depends_on_changes)
{
    struct keep *k = keep_new();
    struct keep_key key = {.path = STR("/targets/X/"), .revision = 7, .minute = 100}, other[6] = {key, key, key, key, key, key};
    struct str body;

    EXPECT(k != NULL);
    EXPECT(!keep_get(k, &key, &body));
    keep_put(k, &key, STR("page"));
    EXPECT(keep_get(k, &key, &body) && str_eq(body, STR("page")));
    other[0].path = STR("/targets/Y/");
    other[1].english = true;
    other[2].revision = 8;
    other[3].minute = 101;
    other[4].base = STR("http://portal.example");
    other[5].large = true;
    for (int i = 0; i < 6; i++)
        EXPECT(!keep_get(k, &other[i], &body));
    keep_put(k, &other[2], STR("newer"));
    EXPECT(keep_get(k, &other[2], &body) && str_eq(body, STR("newer")));
    EXPECT(!keep_get(k, &key, &body));
    keep_free(k);
}

TEST(of_many_kept_pages_none_is_given_for_another)
{
    enum { COUNT = 4 * KEEP_SLOTS };
    struct keep *k = keep_new();
    char path[32];
    struct str body;
    int found = 0;

    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < COUNT; i++) {
            struct keep_key key = {.revision = 1};

            (void) snprintf(path, sizeof path, "/targets/%d/", i);
            key.path = str_of(path);
            if (pass == 0)
                keep_put(k, &key, key.path);
            else if (keep_get(k, &key, &body)) {
                EXPECT(str_eq(body, key.path));
                found++;
            }
        }
    EXPECT(found > 0 && found <= KEEP_SLOTS);
    keep_free(k);
}

TEST_MAIN(T(a_kept_page_is_given_until_anything_it_depends_on_changes), T(of_many_kept_pages_none_is_given_for_another),
          T(a_path_is_decoded_once), T(a_path_cannot_leave_its_root), T(a_path_with_hidden_bytes_is_refused),
          T(a_query_gives_values_by_name), T(a_pattern_takes_whole_segments_only),
          T(a_tag_matches_itself_in_a_list_and_nothing_else), T(a_coding_counts_only_when_it_is_accepted),
          T(html_escapes_every_argument), T(a_link_knows_its_language_and_whether_pages_are_files),
          T(a_format_with_too_few_or_too_many_arguments_ends_the_page),
          T(numbers_dates_and_shares_are_written_for_people), T(every_text_is_there_in_both_languages))
