/* mod/report/report.c - see report.h */
#include "report.h"

enum err
report_is_demo(struct db *db, struct arena *a, bool *demo)
{
    struct report_setting_row row;
    enum err e = report_setting(db, a, &(struct report_setting_in){STR("demo")}, &row);

    *demo = e == OK && str_eq(row.value, STR("1"));
    return e == ERR_NOT_FOUND ? OK : e;
}
