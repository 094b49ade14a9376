/* http/api_dict.c - regions, industries, the calendar */
#include "api_handlers.h"
#include "mod/dict/dict.h"
#include "mod/workday/workday.h"

enum err
api_regions_get(struct api *q)
{
    struct dict_region_search_row *r;
    size_t n;
    json_t *rows;
    enum err e = dict_region_search(
        q->ctx->db, q->ctx->arena,
        &(struct dict_region_search_in){api_query(q, "q"), api_query(q, "under"), API_ROWS_MAX}, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o}", "code", api_str(r[i].code), "name",
                                              api_str(r[i].name), "parent", api_str(r[i].parent)));
    return OK;
}

enum err
api_industries_get(struct api *q)
{
    struct dict_industry_search_row *r;
    size_t n;
    json_t *rows;
    enum err e =
        dict_industry_search(q->ctx->db, q->ctx->arena,
                             &(struct dict_industry_search_in){api_query(q, "q"), API_ROWS_MAX}, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o}", "code", api_str(r[i].code), "name", api_str(r[i].name)));
    return OK;
}

enum err
api_holidays_get(struct api *q)
{
    struct calendar cal;
    struct workday_list_row *r;
    size_t n;
    json_t *years = json_array(), *days = json_array();
    enum err e = workday_calendar(q->ctx, &cal);

    if (e == OK)
        e = workday_list(q->ctx->db, q->ctx->arena, &(struct workday_list_in){cal.version}, &r, &n);
    q->out = json_pack("{s:o, s:o, s:o}", "version", api_str(e == OK ? cal.version : NO_STR), "years", years,
                       "days", days);
    if (e != OK)
        return e;
    for (int i = 0; i < CALENDAR_YEARS_MAX; i++)
        if ((cal.years >> i & 1) != 0)
            json_array_append_new(years, json_integer(cal.first_year + i));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(days, json_pack("{s:o, s:b, s:o}", "day", api_date(OPT(r[i].day)), "off",
                                              r[i].off != 0, "name", api_str(r[i].name)));
    return OK;
}

/* The words in force of one dictionary: results, methods, followups. Retired ones say so. */
enum err
api_words_get(struct api *q)
{
    struct dict_word_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = dict_word_list(q->ctx->db, q->ctx->arena, &(struct dict_word_list_in){q->params[0]}, &r, &n);

    if (e == OK && n == 0)
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:b}", "code", api_str(r[i].code), "zh", api_str(r[i].zh), "en",
                                              api_str(r[i].en), "retired", r[i].retired != 0));
    return OK;
}
