/* mod/report/results.c - the list of publications by whatever it is asked for, each on the index that serves it */
#include "report.h"

/* Rows that hold one publication and nothing else. */
_Static_assert(sizeof(struct report_publications_row) == sizeof(struct report_publication_shown), "one a row");
_Static_assert(sizeof(struct report_publications_task_row) == sizeof(struct report_publication_shown), "one a row");
_Static_assert(sizeof(struct report_publications_item_row) == sizeof(struct report_publication_shown), "one a row");
_Static_assert(sizeof(struct report_publications_department_row) == sizeof(struct report_publication_shown), "one a row");

enum err
report_results(struct db *db, struct arena *a, const struct report_ask *k, struct report_publication_shown **rows,
               size_t *count)
{
    const struct report_publication_place place = {k->us, k->target, k->id, k->region, k->since_us, k->until_us};
    const struct report_publication_from seen = {k->today};
    void *found = NULL;
    enum err e;

    if (k->task.p != NULL)
        e = db_list(db, a, &report_publications_task_query,
                    &(struct report_publications_task_in){k->task, k->department, k->item, seen, place, k->limit}, &found, count);
    else if (k->department.p != NULL)
        e = db_list(db, a, &report_publications_department_query,
                    &(struct report_publications_department_in){k->department, k->item, seen, place, k->limit}, &found, count);
    else if (k->item.p != NULL)
        e = db_list(db, a, &report_publications_item_query, &(struct report_publications_item_in){k->item, seen, place, k->limit},
                    &found, count);
    else
        e = db_list(db, a, &report_publications_query, &(struct report_publications_in){seen, place, k->limit}, &found, count);
    *rows = found;
    return e;
}
