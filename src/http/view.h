/* http/view.h - small parts that several pages are made of */
#ifndef MQ_VIEW_H
#define MQ_VIEW_H

#include "mod/report/report.h"
#include "page.h"

enum { VIEW_DEPARTMENTS_MAX = 64, VIEW_LIST_MAX = 64 };

struct str page_join(struct page *p, struct str a, struct str b, struct str c);
struct html_arg page_asset(struct page *p, const char *name);
/* page_head: the head of a page of its own, with these assets beside the portal's; script may be NULL. The body is open. */
void page_head(struct page *p, struct str title, const char *style, const char *script);
/* page_heading: page_begin with h1 and a leading paragraph. */
void page_heading(struct page *p, enum nav nav, enum text title, enum text lead);
/* page_search_form: the search field; value may be absent. */
void page_search_form(struct page *p, struct str value, bool large);

struct departments {
    struct {
        struct str code, name;
        int64_t bit;
    } v[VIEW_DEPARTMENTS_MAX];
    size_t count;
};
MUST_USE enum err view_departments(struct page *p, struct departments *out);
/* The name of a department, or the code itself. */
struct str view_department(const struct departments *d, struct str code);
/* The name of a party of a draw: a department, or the observer 纪检 or the notary. */
struct str view_party(const struct page *p, const struct departments *d, struct str name);
/* view_results: a table of publications (page_result.c). view_tasks: cards of tasks (page_task.c). */
void view_results(struct page *p, const struct departments *d, const struct report_publication_shown *rows, size_t count);
/* view_latest_results: a heading, the first ask.limit of them as of today, and a link to all: /results/ with the query `all`. */
MUST_USE enum err view_latest_results(struct page *p, const struct departments *d, struct report_ask ask, struct str all);
void view_tasks(struct page *p, const struct departments *d, const struct report_tasks_row *rows, size_t count);
/* The names of the departments in a mask, with separators. */
void view_mask(struct page *p, const struct departments *d, int64_t mask);

/* view_list: the texts of a JSON array of strings (not nested); view_objects: of an array of flat objects,
 * the values of the given fields, absent where missing. Both return how many they read, at most
 * VIEW_LIST_MAX. */
size_t view_list(struct arena *a, struct str json, struct str out[VIEW_LIST_MAX]);
size_t view_objects(struct arena *a, struct str json, const char *const *fields, size_t field_count,
                    struct str (*out)[8]);

/* view_object: the same of one flat object. False, and all absent, when there is none. */
bool view_object(struct arena *a, struct str json, const char *const *fields, size_t field_count, struct str *out);

/* view_target_name: the name as the public may see it. A sole trader 个体工商户 often bears a person's name:
 * masked to the region and the last characters of the code. */
struct str view_target_name(struct page *p, struct str name, struct str entity_type, struct str region_name,
                            struct str code);
bool view_is_masked(struct str entity_type);
/* view_target_link, view_task_link: the address of its page. */
struct html_arg view_target_link(struct page *p, struct str code);
struct html_arg view_task_link(struct page *p, struct str code);
/* view_publication: what was found, or since when and why it is no longer public. view_correction: a mark, for the first and
 * later corrections. */
void view_publication(struct page *p, const struct report_publication_shown *r);
void view_correction(struct page *p, int64_t correction);
void view_progress(struct page *p, const struct report_task_shown *k);
/* view_result_name: the words for one result code; an unknown code is shown as it is. */
struct str view_result_name(struct page *p, struct str code);
/* view_result_codes: the results of a publication, from its JSON array. */
void view_result_codes(struct page *p, struct str json);
/* view_objections: what the target said against its results, where it agreed, and what the department answered. */
MUST_USE enum err view_objections(struct page *p, const struct departments *d, struct str target);
/* view_draw_path: "/draws/411500-2026-0017/1/". */
struct str view_draw_path(struct page *p, struct str draw, int64_t attempt);
/* view_draw_state: a label for the state. */
void view_draw_state(struct page *p, struct str state);
/* view_draw_code: a QR code that leads to the re-run of an attempt, or (rerun false) to the page of its draw. Nothing where
 * nobody knows our address. */
MUST_USE enum err view_draw_code(struct page *p, struct str draw, int64_t attempt, bool rerun);
/* view_draw_number: "411500-2026-0017" to "411500/2026/0017"; absent when it cannot be one. */
struct str view_draw_number(struct page *p, struct str dashed);
/* view_digest: a digest in short groups, whole in its title, copyable. */
void view_digest(struct page *p, struct str hex);

/* Why an inspector steps back, or why a reserve may not go: a word of mod/assignment and mod/inspector. */
struct str view_ground_name(struct page *p, struct str word);
/* The reserves that a replacement passed over, each with its reason; passed is JSON, or absent. */
void view_passed(struct page *p, struct str passed);

#endif
