/* mod/archive/archive_record.c - the record of a visit on paper 随机抽查情况记录表 */
#include <fcntl.h>
#include <jansson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "format/pdf.h"
#include "mod/archive/archive.h"
#include "mod/dict_sql.h"
#include "mod/item/item.h"
#include "mod/org_sql.h"
#include "mod/record/record.h"
#include "mod/target_sql.h"
#include "mod/task_sql.h"
#include "mod/words.h"

enum { LINE_BYTES = 16384, PHOTO_HIGH_MM = 75 };

struct sheet_of {
    struct ctx *c;
    struct task_get_row task;
    struct target_get_row target;
    struct visit_of_row visit;
    struct record record;
    struct org_department_list_row *departments;
    size_t department_count;
    struct str *item_names;       /* of the answers */
    struct dict_word_list_row *disposals; /* words of the follow-ups 后续处置 */
    size_t disposal_count;
    struct str *files;            /* bytes of the evidence; absent: not a picture, or gone */
    struct str department;
};

static const struct word ANSWERS[] = {WORD("未发现问题", "none"), WORD("发现问题", "problem"), WORD("不涉及", "not_applicable")};
static const struct word OUTCOMES[] = {WORD("已检查", "checked"), WORD("不配合检查", "uncooperative"), WORD("无法联系", "unreachable"),
                                       WORD("已关闭停业", "closed")};
static const struct word ROLES[] = {WORD("检查人员", "inspector"), WORD("检查对象", "target"), WORD("见证人", "witness")};

#define WORDS(table, id) word_of(table, sizeof(table) / sizeof *(table), id)

static struct str
department_name(const struct sheet_of *s, struct str code)
{
    for (size_t i = 0; i < s->department_count; i++)
        if (str_eq(s->departments[i].code, code))
            return s->departments[i].name;
    return code;
}

/* 2026-03-02 10:05, of UTC+8. */
static struct str
time_words(char room[static 24], struct opt_i64 us)
{
    int64_t minute = us.v / 60000000 + 480;
    int of_day = (int) (minute % 1440);

    if (!us.set)
        return (struct str) {NULL, 0};
    day_format(minute / 1440, room);
    room[10] = ' ';
    room[11] = (char) ('0' + of_day / 600);
    room[12] = (char) ('0' + of_day / 60 % 10);
    room[13] = ':';
    room[14] = (char) ('0' + of_day % 60 / 10);
    room[15] = (char) ('0' + of_day % 10);
    return (struct str) {room, 16};
}

static void
put_part(struct buf *b, const char *label, struct str text)
{
    if (text.n == 0)
        return;
    buf_z(b, b->n > 0 ? "\n" : "");
    buf_z(b, label);
    buf_str(b, text);
}

static struct str
text_of(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    return json_is_string(v) ? (struct str) {json_string_value(v), json_string_length(v)} : (struct str) {NULL, 0};
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static struct str
checkin_words(const struct record_get_row *r, struct buf *b)
{
    if (r->checkin_reason.n > 0)
        put_part(b, "未扫码，原因：", r->checkin_reason);
    else if (r->checkin_code.n > 0)
        buf_z(b, r->checkin_right.set && r->checkin_right.v != 0 ? "扫码，检查码一致" : "扫码，检查码不一致");
    put_part(b, "地点：", r->checkin_place);
    return buf_view(b);
}

static struct str
methods_words(struct str json, struct buf *b)
{
    json_t *list = json.n == 0 ? NULL : json_loadb(json.p, json.n, 0, NULL), *v;
    size_t i;

    json_array_foreach(list, i, v) {
        buf_z(b, i > 0 ? "、" : "");
        buf_str(b, item_method_words((struct str) {json_string_value(v), json_string_length(v)}));
    }
    json_decref(list);
    return buf_view(b);
}

static void
put_facts(struct pdf *p, const struct sheet_of *s)
{
    static const struct pdf_column COLUMNS[] = {{2, true, false, false, false}, {4, false, false, false, false},
                                                {2, true, false, false, false}, {4, false, false, false, false}};
    const struct record_get_row *r = &s->record.row;
    char at[24], from[24], to[24], methods[LINE_BYTES], checkin[LINE_BYTES];
    struct buf m = buf_over(methods, sizeof methods), k = buf_over(checkin, sizeof checkin);

    pdf_table(p, COLUMNS, 4, NULL);
    pdf_row(p, (struct str[]) {STR("检查对象"), s->target.name, STR("统一社会信用代码"), s->target.code});
    pdf_row(p, (struct str[]) {STR("住所（经营场所）"), s->target.address, STR("法定代表人"), s->target.legal_rep});
    pdf_row(p, (struct str[]) {STR("抽查任务"), s->task.name, STR("抽取编号"), s->visit.draw});
    pdf_row(p, (struct str[]) {STR("检查情况"), WORDS(OUTCOMES, r->outcome), STR("检查方式"), methods_words(r->methods, &m)});
    pdf_row(p, (struct str[]) {STR("开始时间"), time_words(from, r->start_us), STR("结束时间"), time_words(to, r->end_us)});
    pdf_row(p, (struct str[]) {STR("到场时间"), time_words(at, r->checkin_us), STR("到场核验"), checkin_words(r, &k)});
    if (r->entrusted.n > 0)
        pdf_row_wide(p, STR("委托机构"), r->entrusted);
    pdf_table_end(p);
}

static struct str
disposal_words(const struct sheet_of *s, struct str code)
{
    for (size_t i = 0; i < s->disposal_count; i++)
        if (str_eq(s->disposals[i].code, code))
            return s->disposals[i].zh;
    return code;
}

static struct str
finding_words(const struct sheet_of *s, const struct record_answer_list_row *a, struct buf *b)
{
    json_t *points = a->points.n == 0 ? NULL : json_loadb(a->points.p, a->points.n, 0, NULL), *reuse, *v;
    size_t i;

    put_part(b, "", a->problem);
    put_part(b, "后续处置：", disposal_words(s, a->disposal));
    json_array_foreach(points, i, v) {
        put_part(b, "· ", text_of(v, "content"));
        buf_z(b, "：");
        buf_str(b, WORDS(ANSWERS, text_of(v, "answer")));
    }
    json_decref(points);
    reuse = a->reuse.n == 0 ? NULL : json_loadb(a->reuse.p, a->reuse.n, 0, NULL);
    put_part(b, "采用：", text_of(reuse, "from"));
    put_part(b, "文号：", text_of(reuse, "no"));
    json_decref(reuse);
    return buf_view(b);
}

static struct str
law_words(struct str json, struct buf *b)
{
    json_t *law = json.n == 0 ? NULL : json_loadb(json.p, json.n, 0, NULL);

    buf_str(b, text_of(law, "law"));
    buf_str(b, text_of(law, "article"));
    json_decref(law);
    return buf_view(b);
}

static void
put_answers(struct pdf *p, const struct sheet_of *s)
{
    static const struct pdf_column COLUMNS[] = {{5, false, false, true, false}, {3, false, false, true, false},
                                                {3, false, false, true, false}, {6, false, false, true, false},
                                                {4, false, false, true, false}};
    static const struct str HEADER[] = {STR("抽查事项"), STR("部门"), STR("结果"), STR("问题、要点和处置"), STR("依据")};

    pdf_text(p, PDF_HEADING, STR("检查内容"));
    pdf_table(p, COLUMNS, 5, HEADER);
    for (size_t i = 0; i < s->record.answer_count; i++) {
        const struct record_answer_list_row *a = &s->record.answers[i];
        char finding[LINE_BYTES], law[LINE_BYTES];
        struct buf f = buf_over(finding, sizeof finding), l = buf_over(law, sizeof law);

        if (s->department.n == 0 || str_eq(s->department, a->department))
            pdf_row(p, (struct str[]) {s->item_names[i], department_name(s, a->department), WORDS(ANSWERS, a->answer),
                                       finding_words(s, a, &f), law_words(a->law, &l)});
    }
    pdf_table_end(p);
    if (s->record.row.remarks.n > 0)
        pdf_text(p, PDF_BODY, s->record.row.remarks);
}

/* The picture of a signature among the evidence; absent when there is none. */
static struct str
picture_of(const struct sheet_of *s, struct str hash)
{
    for (size_t i = 0; i < s->record.evidence_count; i++)
        if (hash.n > 0 && str_eq(s->record.evidence[i].hash, hash))
            return s->files[i];
    return (struct str) {NULL, 0};
}

static void
put_signatures(struct pdf *p, const struct sheet_of *s)
{
    static const struct pdf_column COLUMNS[] = {{2, false, false, false, false}, {3, false, false, false, false},
                                                {4, false, false, false, false}, {4, false, false, false, false}};
    static const struct str HEADER[] = {STR("签名"), STR("姓名"), STR("执法证号"), STR("时间")};
    const struct record_get_row *r = &s->record.row;
    struct pdf_image images[PDF_IMAGES_MAX];
    size_t count = 0;

    pdf_text(p, PDF_HEADING, STR("签名"));
    pdf_table(p, COLUMNS, 4, HEADER);
    for (size_t i = 0; i < s->record.signature_count; i++) {
        const struct record_signature_list_row *g = &s->record.signatures[i];
        char at[24];

        pdf_row(p, (struct str[]) {WORDS(ROLES, g->role), g->name, g->certificate,
                                   time_words(at, (struct opt_i64) {true, g->signed_us})});
    }
    if (r->refusal.n > 0)
        pdf_row_wide(p, STR("拒绝签名"), r->refusal);
    if (r->witness.n > 0)
        pdf_row_wide(p, STR("见证人"), r->witness);
    pdf_table_end(p);
    for (size_t i = 0; i < s->record.signature_count; i++) {
        struct str picture = picture_of(s, s->record.signatures[i].hash);

        if (picture.n == 0)
            continue;
        images[count++] = (struct pdf_image) {picture, s->record.signatures[i].name};
        if (count == PDF_IMAGES_MAX || i + 1 == s->record.signature_count)
            pdf_images(p, images, count, 20);
        count = count == PDF_IMAGES_MAX || i + 1 == s->record.signature_count ? 0 : count;
    }
    if (count > 0)
        pdf_images(p, images, count, 20);
}

static struct str
caption_of(const struct record_evidence_list_row *v, struct buf *b)
{
    char at[24];

    buf_str(b, v->name);
    put_part(b, "", time_words(at, (struct opt_i64) {true, v->taken_us}));
    put_part(b, "", v->place);
    if (v->late != 0)
        buf_z(b, "（提交后补传）");
    put_part(b, "SHA-256 ", v->hash);
    return buf_view(b);
}

static void
put_evidence(struct pdf *p, const struct sheet_of *s)
{
    struct pdf_image images[2];
    char rooms[2][LINE_BYTES];
    size_t count = 0;
    bool titled = false;

    for (size_t i = 0; i < s->record.evidence_count; i++) {
        const struct record_evidence_list_row *v = &s->record.evidence[i];
        struct buf b = buf_over(rooms[count], LINE_BYTES);

        if (str_eq(v->kind, STR("signature")))
            continue;
        if (!titled)
            pdf_text(p, PDF_HEADING, STR("证据"));
        titled = true;
        if (s->files[i].n == 0) {
            pdf_text(p, PDF_CODE, caption_of(v, &b));
            continue;
        }
        images[count++] = (struct pdf_image) {s->files[i], caption_of(v, &b)};
        if (count == 2) {
            pdf_images(p, images, count, PHOTO_HIGH_MM);
            count = 0;
        }
    }
    if (count > 0)
        pdf_images(p, images, count, PHOTO_HIGH_MM);
}

static enum err
write_record(struct pdf *p, void *arg)
{
    const struct sheet_of *s = arg;

    pdf_text(p, PDF_TITLE, STR("随机抽查情况记录表"));
    pdf_text(p, PDF_SUBTITLE, s->department.n > 0 ? department_name(s, s->department) : s->task.code);
    if (!str_eq(s->record.row.state, STR("submitted")))
        pdf_text(p, PDF_SUBTITLE, STR("【尚未提交，内容可能变化】"));
    put_facts(p, s);
    put_answers(p, s);
    put_signatures(p, s);
    put_evidence(p, s);
    if (s->record.row.digest.n > 0) {
        pdf_text(p, PDF_SMALL, STR("提交时的摘要（SHA-256），与公开日志中的记录一致："));
        pdf_text(p, PDF_CODE, s->record.row.digest);
    }
    return OK;
}

/* --- what it is made of ------------------------------------------------------------------------------------------- */

static enum err
load_names(struct sheet_of *s)
{
    enum err e = OK;

    s->item_names = arena_alloc(s->c->arena, (s->record.answer_count + 1) * sizeof *s->item_names);
    if (s->item_names == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < s->record.answer_count; i++) {
        const struct record_answer_list_row *a = &s->record.answers[i];
        struct item_version_row r = {.name = a->item};

        e = item_version(s->c->db, s->c->arena, &(struct item_version_in) {a->item, a->item_version}, &r);
        s->item_names[i] = r.name;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

/* The bytes of a file, mapped: photographs of a record may be more than an arena. Absent when it is gone or too large. */
static struct str
map_file(const char *path)
{
    struct stat st;
    void *bytes = MAP_FAILED;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return (struct str) {NULL, 0};
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= EVIDENCE_BYTES_MAX)
        bytes = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return bytes == MAP_FAILED ? (struct str) {NULL, 0} : (struct str) {bytes, (size_t) st.st_size};
}

/* The pictures; a file that is gone, or that no reader could show, stays as its digest. */
static enum err
load_files(struct sheet_of *s)
{
    s->files = arena_alloc(s->c->arena, (s->record.evidence_count + 1) * sizeof *s->files);
    if (s->files == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->record.evidence_count; i++) {
        const struct record_evidence_list_row *v = &s->record.evidence[i];
        char path[FILE_PATH_BYTES];

        if (str_starts(v->type, STR("image/")) && evidence_path(s->c, v->hash, path) == OK)
            s->files[i] = map_file(path);
        if (s->files[i].n > 0 && pdf_image_check(s->files[i]) != OK) {
            (void) munmap((void *) (uintptr_t) s->files[i].p, s->files[i].n);
            s->files[i] = (struct str) {NULL, 0};
        }
    }
    return OK;
}

static void
unload_files(struct sheet_of *s)
{
    for (size_t i = 0; s->files != NULL && i < s->record.evidence_count; i++)
        if (s->files[i].n > 0)
            (void) munmap((void *) (uintptr_t) s->files[i].p, s->files[i].n);
}

static enum err
load(struct sheet_of *s, struct str task, struct str target)
{
    struct ctx *c = s->c;
    enum err e = task_get(c->db, c->arena, &(struct task_get_in) {task}, &s->task);

    if (e == OK)
        e = visit_of(c->db, c->arena, &(struct visit_of_in) {target, task}, &s->visit);
    if (e == OK)
        e = target_get(c->db, c->arena, &(struct target_get_in) {target}, &s->target);
    if (e == OK)
        e = org_department_list(c->db, c->arena, &s->departments, &s->department_count);
    if (e == OK)
        e = dict_word_list(c->db, c->arena, &(struct dict_word_list_in) {STR("followups")}, &s->disposals, &s->disposal_count);
    if (e == OK)
        e = record_load(c, target, s->visit.id, &s->record);
    if (e == OK)
        e = load_names(s);
    return e == OK ? load_files(s) : e;
}

enum err
archive_record_print(struct ctx *c, struct str task, struct str target, struct str department, FILE *out)
{
    struct sheet_of s = {.c = c, .department = department};
    struct pdf_config config = {.out = out, .title = STR("随机抽查情况记录表"), .footer = target};
    size_t mark = arena_mark(c->arena);
    enum err e = load(&s, task, target);

    if (e == OK) {
        config.created_us = s.record.row.produced_us.set ? s.record.row.produced_us.v : c->now_us;
        e = pdf_make(&config, write_record, &s);
    }
    unload_files(&s);
    arena_rewind(c->arena, mark);
    return e;
}
