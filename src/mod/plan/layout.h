/* mod/plan/layout.h - the published layout of joint plans 联合抽查计划, ten columns (regulation 二(四)): in and out.
 *   序号 | 任务名称 | 抽查事项 | 对象范围 | 比例及频次 | 信用风险分类要求 | 起止时间 | 发起部门 | 配合部门 | 模式
 * The words of a published table are not terms: what can be read as such is (ratios, dates, names of items and of
 * departments), the rest stays words; whoever drafts the plan looks at every line before it is saved. */
#ifndef MQ_PLAN_LAYOUT_H
#define MQ_PLAN_LAYOUT_H

#include <stdio.h>

#include "format/sheet.h"
#include "mod/org_sql.h"
#include "mod/plan/plan.h"

enum plan_column {
    PLAN_COLUMN_NUMBER,
    PLAN_COLUMN_TASK,
    PLAN_COLUMN_ITEMS,
    PLAN_COLUMN_SCOPE,
    PLAN_COLUMN_RATIO,
    PLAN_COLUMN_RISK,
    PLAN_COLUMN_WINDOW,
    PLAN_COLUMN_LEAD,
    PLAN_COLUMN_PARTNERS,
    PLAN_COLUMN_MODE,
    PLAN_COLUMN_COUNT
};
extern const struct str plan_columns[PLAN_COLUMN_COUNT];
enum { PLAN_LAYOUT_PROBLEMS_MAX = 16 }; /* of one row */

/* A cell that says nothing the platform knows; the row still comes, with that part open. */
struct plan_layout_problem {
    enum plan_column column;
    enum err why; /* ERR_MISSING, ERR_NOT_FOUND, ERR_DATE, ERR_RANGE, ERR_FORMULA … */
    struct str value;
};
struct plan_layout_row {
    uint64_t row; /* of the file, from 1 */
    struct plan_line_put_in line; /* items, scope, strata, participants as JSON; days 0 when not read */
    struct plan_layout_problem problems[PLAN_LAYOUT_PROBLEMS_MAX];
    size_t problem_count;
};

/* plan_layout_read: a CSV or XLSX file; `year` is that of windows such as 3—12月. ERR_INPUT no row of the first ten has
 * the headers 任务名称 and 抽查事项; ERR_TOO_LARGE more than PLAN_LINES_MAX rows; errors of table_open. */
MUST_USE enum err plan_layout_read(struct ctx *c, const char *path, int year, struct plan_layout_row **rows, size_t *count);
/* plan_layout_cells: one line as the cells of the layout; what the reader reads back is the same line. */
MUST_USE enum err plan_layout_cells(struct ctx *c, const struct plan_line_list_row *l, struct str out[static PLAN_COLUMN_COUNT]);

/* plan_print: the same as a PDF, with the name and number of the plan above. Errors of pdf_make. */
MUST_USE enum err plan_print(struct ctx *c, const struct plan_get_row *plan, FILE *out);
/* plan_layout_write: all lines of a plan into a new file at path, or over an old one. ERR_IO, ERR_NO_SPACE. */
MUST_USE enum err plan_layout_write(struct ctx *c, struct str plan, enum sheet_format format, const char *path);

/* plan_window_words: "2026-03-01至2026-11-30", "2026年3月1日—11月30日", "3—12月", "6月", "全年". ERR_DATE. */
MUST_USE enum err plan_window_words(struct str words, int year, int64_t *from_day, int64_t *to_day);
/* plan_ratio_words: "3 %;2次/年" is one stratum; "A 1%、B 3%、C 25%、D 60%" are classes. ERR_RANGE: no ratio in it. */
MUST_USE enum err plan_ratio_words(struct ctx *c, struct str words, struct str *strata);

#endif
