/* http/api_item_export.c - the two published layouts: 事项清单 in eight columns, 联合抽查事项清单 in seven; CSV (UTF-8 with
 * BOM) or XLSX. What a file says comes back unchanged through the import. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_file.h"
#include "api_handlers.h"
#include "api_item.h"
#include "format/sheet.h"
#include "mod/json.h"
#include "mod/org/org.h"

enum { COLUMNS_MAX = 8, CELL_BYTES = 32000 };

static const struct str ITEM_COLUMNS[] = {{"序号", 6},          {"抽查类别", 12}, {"抽查事项", 12}, {"检查对象", 12},
                                          {"事项类别", 12}, {"检查方式", 12}, {"检查主体", 12}, {"检查依据", 12}},
                        JOINT_COLUMNS[] = {{"序号", 6},          {"抽查领域", 12}, {"抽查事项", 12}, {"检查对象", 12},
                                           {"发起部门", 12}, {"配合部门", 12}, {"抽查层级", 12}};

struct layout {
    struct api *q;
    struct sheet *sheet;
    enum sheet_format format;
    struct org_department_list_row *departments;
    size_t department_count, columns;
    int64_t rows;
};

/* In a workbook too no text begins like a formula: it may be saved as CSV later. */
static struct str
harmless(struct layout *s, struct str cell)
{
    char *p;

    if (cell.n == 0 || memchr("=+-@\t\r", cell.p[0], 6) == NULL || (p = arena_alloc(s->q->ctx->arena, cell.n + 1)) == NULL)
        return cell;
    p[0] = '\'';
    memcpy(p + 1, cell.p, cell.n);
    return (struct str){p, cell.n + 1};
}

static enum err
put_row(struct layout *s, struct str *cells)
{
    for (size_t i = 0; s->format == SHEET_XLSX && i < s->columns; i++)
        cells[i] = harmless(s, cells[i]);
    return sheet_row(s->sheet, cells, s->columns);
}

static struct str
number(struct layout *s)
{
    char text[24];
    struct buf b = buf_over(text, sizeof text);

    buf_i64(&b, ++s->rows);
    return str_copy(s->q->ctx->arena, buf_view(&b));
}

static struct str
department_name(const struct layout *s, struct str code)
{
    for (size_t i = 0; i < s->department_count; i++)
        if (str_eq(s->departments[i].code, code))
            return s->departments[i].name;
    return code;
}

/* The words of a JSON list, joined by 、. department: the list holds departments. */
static enum err
join(struct layout *s, struct str list, struct str (*words_of)(struct str), struct str *out)
{
    struct texts t = {0};
    struct buf b;
    enum err e = list.n == 0 ? OK : json_texts_of(s->q->ctx, list, 256, 4000, &t);

    if (e == OK)
        e = buf_in(s->q->ctx, CELL_BYTES, &b);
    for (size_t i = 0; e == OK && i < t.count; i++) {
        buf_z(&b, i > 0 ? "、" : "");
        buf_str(&b, words_of == NULL ? department_name(s, t.v[i]) : words_of(t.v[i]));
    }
    *out = e == OK ? buf_view(&b) : NO_STR;
    return e == OK && b.overflow ? ERR_TOO_LARGE : e;
}

/* 《…法》第三条;《…条例》第五条 */
static enum err
basis_words(struct layout *s, struct str basis, struct str *out)
{
    json_t *v = basis.n == 0 ? NULL : json_loadb(basis.p, basis.n, 0, NULL);
    struct buf b;
    enum err e = buf_in(s->q->ctx, CELL_BYTES, &b);

    for (size_t i = 0; e == OK && i < json_array_size(v); i++) {
        const char *law = json_string_value(json_object_get(json_array_get(v, i), "law"));
        const char *article = json_string_value(json_object_get(json_array_get(v, i), "article"));

        buf_z(&b, i > 0 ? "；" : "");
        buf_z(&b, law == NULL ? "" : law);
        buf_z(&b, article == NULL ? "" : article);
    }
    json_decref(v);
    *out = e == OK ? buf_view(&b) : NO_STR;
    return e == OK && b.overflow ? ERR_TOO_LARGE : e;
}

static enum err
put_item(struct layout *s, const struct item_in_force_row *r)
{
    struct str cells[COLUMNS_MAX] = {number(s),       r->domain, r->name, r->target_scope, item_class_words(r->class), NO_STR,
                                     department_name(s, r->department), NO_STR};
    enum err e = join(s, r->methods, item_method_words, &cells[5]);

    if (e == OK)
        e = basis_words(s, r->legal_basis, &cells[7]);
    return e == OK ? put_row(s, cells) : e;
}

static enum err
put_items(struct layout *s)
{
    struct item_in_force_row *r;
    size_t n;
    enum err e = item_in_force(s->q->ctx->db, s->q->ctx->arena,
                               &(struct item_in_force_in){api_query(s->q, "department")}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        e = put_item(s, &r[i]);
    return e;
}

static enum err
put_joints(struct layout *s)
{
    struct item_joint_in_force_row *r;
    size_t n;
    enum err e = item_joint_in_force(s->q->ctx->db, s->q->ctx->arena,
                                     &(struct item_joint_in_force_in){api_query(s->q, "department")}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++) {
        struct str cells[COLUMNS_MAX] = {number(s), r[i].domain, r[i].name, r[i].target_scope,
                                         department_name(s, r[i].lead), NO_STR, NO_STR};

        e = join(s, r[i].partners, NULL, &cells[5]);
        if (e == OK)
            e = join(s, r[i].levels, item_level_words, &cells[6]);
        if (e == OK)
            e = put_row(s, cells);
    }
    return e;
}

static enum err
write_layout(struct layout *s, const char *path, const struct str *columns, enum err (*put)(struct layout *))
{
    struct str head[COLUMNS_MAX];
    enum err e = org_department_list(s->q->ctx->db, s->q->ctx->arena, &s->departments, &s->department_count), closed;

    if (e == OK)
        e = sheet_open(path, s->format, "Sheet1", -1, &s->sheet);
    if (e != OK)
        return e;
    memcpy(head, columns, s->columns * sizeof *columns);
    e = put_row(s, head);
    if (e == OK)
        e = put(s);
    closed = sheet_close(s->sheet);
    return e == OK ? closed : e;
}

static enum err
give_layout(struct api *q, const struct str *columns, size_t count, enum err (*put)(struct layout *), const char *name)
{
    struct str format = api_query(q, "format");
    struct layout s = {.q = q, .columns = count, .format = SHEET_CSV};
    char path[IMPORT_PATH_MAX], file[64];
    enum err e;

    if (format.n > 0 && sheet_format_parse(format, &s.format) != OK)
        return api_wrong(q, "format", ERR_INPUT, "csv, xlsx");
    if ((e = api_file_place(q->ctx, path)) != OK)
        return e;
    snprintf(file, sizeof file, "%s.%s", name, sheet_format_name(s.format));
    e = write_layout(&s, path, columns, put);
    return api_file_give(q, e, path, sheet_format_type(s.format), file);
}

enum err
api_items_export(struct api *q)
{
    struct str layout = api_query(q, "layout");

    if (layout.n > 0 && !str_eq(layout, STR("published")))
        return api_wrong(q, "layout", ERR_INPUT, "published");
    return give_layout(q, ITEM_COLUMNS, sizeof ITEM_COLUMNS / sizeof *ITEM_COLUMNS, put_items, "items");
}

enum err
api_joints_export(struct api *q)
{
    return give_layout(q, JOINT_COLUMNS, sizeof JOINT_COLUMNS / sizeof *JOINT_COLUMNS, put_joints, "joint-items");
}
