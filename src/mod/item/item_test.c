/* An item is never edited: what a list newly says is a further version, with a reason, through a review. */
#include "mod/item/item.h"

#include "core/calendar.h"
#include "mod/org/org.h"
#include "mod/testing.h"

static const char POINTS[] = "[{\"content\":\"亮照经营\",\"how\":\"现场查看\"}]";
static const char BASIS[] = "[{\"law\":\"《市场主体登记管理条例》\",\"article\":\"第三十六条\"}]";

static struct item_put_in
item(const char *name, enum item_state state)
{
    return (struct item_put_in){.code = STR("A1"),
                                .state = item_state_name(state),
                                .domain = STR("食品"),
                                .name = str_of(name),
                                .class = STR("GENERAL"),
                                .track = STR("random"),
                                .department = STR("scjgj"),
                                .target_scope = STR("企业"),
                                .points = str_of(POINTS),
                                .methods = STR("[\"on_site\"]"),
                                .legal_basis = str_of(BASIS),
                                .cap_bp = {true, 500}};
}

static int64_t
revise(struct ctx *c, const struct item_put_in *say)
{
    int64_t version = -1;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_revise(c, say, &version)) == OK);
    return version;
}

static enum err
propose(struct ctx *c, struct item_put_in say, bool is_new, int64_t *version)
{
    return item_propose(c, &say, is_new, version);
}

static struct item_latest_row
latest(struct ctx *c, const char *code)
{
    struct item_latest_row r = {0};

    EXPECT(item_latest(c->db, c->arena, &(struct item_latest_in){str_of(code)}, &r) == OK);
    return r;
}

static struct ctx
person(const struct ctx *c, const char *actor, const char *department)
{
    struct ctx p = *c;

    p.actor = str_of(actor);
    p.department = str_of(department);
    return p;
}

TEST(moves_follow_the_table_for_every_pair_of_states)
{
    static const char ALLOWED[ITEM_STATE_COUNT][ITEM_STATE_COUNT + 1] = {"01001", "10101", "00011", "00101",
                                                                         "00000"};

    for (int from = 0; from < ITEM_STATE_COUNT; from++)
        for (int to = 0; to < ITEM_STATE_COUNT; to++)
            EXPECT(item_may_move((enum item_state) from, (enum item_state) to) == (ALLOWED[from][to] == '1'));
}

/* Bring a fresh item with this code to a state. */
static void
bring(struct ctx *c, const char *code, enum item_state state)
{
    struct item_put_in say = item(code, ITEM_DRAFT);
    int64_t version;

    say.code = str_of(code);
    EXPECT(propose(c, say, true, &version) == OK && version == 1);
    if (state == ITEM_LEGAL_REVIEW || state == ITEM_PUBLISHED || state == ITEM_SUSPENDED)
        EXPECT(item_move(c, say.code, 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    if (state == ITEM_PUBLISHED || state == ITEM_SUSPENDED)
        EXPECT(item_move(c, say.code, 0, ITEM_PUBLISHED, STR("")) == OK);
    if (state == ITEM_SUSPENDED || state == ITEM_RETIRED)
        EXPECT(item_move(c, say.code, 0, state, STR("因故")) == OK);
}

TEST_DB(every_move_that_the_table_refuses_changes_nothing)
{
    char code[] = "P-00";

    for (int from = 0; from < ITEM_STATE_COUNT; from++)
        for (int to = 0; to < ITEM_STATE_COUNT; to++) {
            bool may = item_may_move((enum item_state) from, (enum item_state) to);

            code[2] = (char) ('0' + from);
            code[3] = (char) ('0' + to);
            bring(c, code, (enum item_state) from);
            EXPECT(item_move(c, str_of(code), 0, (enum item_state) to, STR("因故")) == (may ? OK : ERR_STATE));
            EXPECT(str_eq(latest(c, code).state, item_state_name((enum item_state) (may ? to : from))));
        }
}

TEST_DB(a_changed_item_is_a_further_version_and_an_unchanged_one_is_not)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED);
    struct item_versions_row *v;
    struct item_current_row current;
    size_t count;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT_INT(revise(c, &say), 0);
    say.cap_bp.set = false; /* silence keeps the cap */
    EXPECT_INT(revise(c, &say), 0);
    say.name = STR("乙");
    EXPECT_INT(revise(c, &say), 2);
    EXPECT(item_versions(c->db, c->arena, &(struct item_versions_in){STR("A1")}, &v, &count) == OK &&
           count == 2);
    EXPECT(str_eq(v[0].state, STR("retired")) && str_eq(v[0].name, STR("甲")) &&
           str_eq(v[1].state, STR("published")));
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK);
    EXPECT(current.version == 2 && current.cap_bp.v == 500);
}

TEST_DB(a_list_without_the_words_of_the_law_does_not_take_them_away)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED);

    say.legal_basis = STR("[{\"law\":\"《条例》第三条\",\"text\":\"应当亮照\",\"from\":\"2022-03-01\"}]");
    EXPECT(item_check(c, &say, NULL, NULL) == OK);
    EXPECT_INT(revise(c, &say), 1);
    say.legal_basis = STR("[{\"law\":\"《条例》\",\"article\":\"第三条\"}]");
    EXPECT_INT(revise(c, &say), 0);
    say.legal_basis = STR("[{\"law\":\"《条例》\",\"article\":\"第四条\"}]");
    EXPECT_INT(revise(c, &say), 2);
}

TEST_DB(a_draft_leaves_the_published_version_in_force_until_it_is_published)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED), draft = item("乙", ITEM_DRAFT);
    struct item_current_row current;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT_INT(revise(c, &draft), 2);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK &&
           current.version == 1);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_PUBLISHED, STR("")) == ERR_STATE); /* not without legal review */
    EXPECT(item_move(c, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("送审")) == OK);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_PUBLISHED, STR("公布")) == OK);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == OK &&
           current.version == 2);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_SUSPENDED, STR("暂停")) == OK);
    EXPECT(item_current(c->db, c->arena, &(struct item_current_in){STR("A1")}, &current) == ERR_NOT_FOUND);
}

TEST_DB(the_version_in_force_can_be_suspended_while_a_draft_waits_and_retiring_it_ends_the_draft)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED), draft = item("乙", ITEM_DRAFT);

    EXPECT_INT(revise(c, &say), 1);
    EXPECT_INT(revise(c, &draft), 2);
    EXPECT(item_move(c, STR("A1"), 1, ITEM_SUSPENDED, STR("法规调整")) == OK);
    EXPECT(str_eq(latest(c, "A1").state, STR("draft")));
    EXPECT(item_move(c, STR("A1"), 1, ITEM_RETIRED, STR("法规废止")) == OK);
    EXPECT(str_eq(latest(c, "A1").state, STR("retired")));
    EXPECT(item_move(c, STR("A1"), 7, ITEM_RETIRED, STR("法规废止")) == ERR_NOT_FOUND);
}

TEST_DB(publishing_ends_a_suspended_version_too)
{
    struct item_put_in draft = item("乙", ITEM_DRAFT);
    struct item_versions_row *v;
    size_t count;

    bring(c, "A1", ITEM_SUSPENDED);
    EXPECT_INT(revise(c, &draft), 2);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_PUBLISHED, STR("")) == OK);
    EXPECT(item_versions(c->db, c->arena, &(struct item_versions_in){STR("A1")}, &v, &count) == OK && count == 2);
    EXPECT(str_eq(v[0].state, STR("retired")) && str_eq(v[1].state, STR("published")));
}

TEST_DB(retired_items_and_unknown_codes_are_refused)
{
    struct item_put_in say = item("甲", ITEM_PUBLISHED);
    int64_t version;

    EXPECT_INT(revise(c, &say), 1);
    EXPECT(item_move(c, STR("A1"), 0, ITEM_RETIRED, STR("法规废止")) == OK);
    say.name = STR("乙");
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_revise(c, &say, &version)) == ERR_STATE);
    EXPECT(propose(c, say, false, &version) == ERR_STATE);
    EXPECT(item_move(c, STR("B"), 0, ITEM_RETIRED, STR("因故")) == ERR_NOT_FOUND);
    say.state = STR("retired");
    EXPECT(item_revise(c, &say, &version) == ERR_INPUT);
}

TEST_DB(a_person_drafts_clears_fields_and_gives_a_reason_once_it_was_public)
{
    struct item_put_in say = item("甲", ITEM_DRAFT);
    int64_t version;

    say.frequency = STR("1次/年");
    EXPECT(propose(c, say, false, &version) == ERR_NOT_FOUND);
    EXPECT(propose(c, say, true, &version) == OK && version == 1);
    EXPECT(propose(c, say, true, &version) == ERR_EXISTS);
    EXPECT(propose(c, say, false, &version) == OK && version == 0); /* says the same */
    say.frequency = (struct str){NULL, 0};
    EXPECT(propose(c, say, false, &version) == OK && version == 2); /* mended without a reason: nobody saw it */
    EXPECT(latest(c, "A1").frequency.n == 0);
    EXPECT(item_move(c, STR("A1"), 1, ITEM_LEGAL_REVIEW, STR("")) == ERR_STATE); /* the draft that it replaced */
    EXPECT(item_move(c, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    say.name = STR("丙");
    EXPECT(propose(c, say, false, &version) == ERR_STATE); /* it is being read */
    EXPECT(item_move(c, STR("A1"), 0, ITEM_PUBLISHED, STR("")) == OK);
    EXPECT(propose(c, say, false, &version) == ERR_MISSING);
    say.reason = STR("名称规范");
    EXPECT(propose(c, say, false, &version) == OK && version == 3);
    say.code = STR("甲");
    EXPECT(propose(c, say, true, &version) == ERR_CHARSET);
}

TEST_DB(another_department_neither_drafts_nor_moves)
{
    struct ctx other = person(c, "user:2", "sthjj");
    struct item_put_in say = item("甲", ITEM_DRAFT);
    int64_t version;

    EXPECT(item_propose(&other, &say, true, &version) == ERR_PERMISSION);
    bring(c, "A1", ITEM_DRAFT);
    say.name = STR("乙");
    EXPECT(item_propose(&other, &say, false, &version) == ERR_PERMISSION);
    say.department = STR("sthjj"); /* nor by giving it to itself */
    EXPECT(item_propose(&other, &say, false, &version) == ERR_PERMISSION);
    EXPECT(item_move(&other, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("")) == ERR_PERMISSION);
}

TEST_DB(a_return_keeps_the_opinion_and_nobody_publishes_what_he_handed_in)
{
    struct ctx clerk = person(c, "user:1", "scjgj"), reviewer = person(c, "user:2", "scjgj");
    struct item_put_in say = item("甲", ITEM_DRAFT);
    struct item_review_list_row *r;
    size_t count;
    int64_t version;

    EXPECT(item_propose(&clerk, &say, true, &version) == OK);
    EXPECT(item_move(&clerk, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_move(&reviewer, STR("A1"), 0, ITEM_DRAFT, STR("")) == ERR_MISSING);
    EXPECT(item_move(&reviewer, STR("A1"), 0, ITEM_DRAFT, STR("依据应写到款")) == OK);
    EXPECT(item_move(&clerk, STR("A1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_move(&clerk, STR("A1"), 0, ITEM_PUBLISHED, STR("")) == ERR_PERMISSION);
    EXPECT(item_move(&reviewer, STR("A1"), 0, ITEM_PUBLISHED, STR("同意")) == OK);
    EXPECT(item_review_list(c->db, c->arena, &(struct item_review_list_in){STR("item"), STR("A1")}, &r, &count) == OK);
    EXPECT_INT(count, 4);
    EXPECT(str_eq(r[1].opinion, STR("依据应写到款")) && str_eq(r[1].actor, STR("user:2")) && str_eq(r[3].to_state, STR("published")));
}

TEST_DB(what_lacks_its_law_points_methods_targets_or_cap_is_not_handed_in)
{
    struct item_put_in whole = item("甲", ITEM_DRAFT);
    int64_t version;

    for (int i = 0; i < 5; i++) {
        struct item_put_in say = whole;
        char code[] = "L-0";

        code[2] = (char) ('0' + i);
        say.code = str_of(code);
        *(i == 0 ? &say.legal_basis : i == 1 ? &say.points : i == 2 ? &say.methods : i == 3 ? &say.target_scope : &say.reason) =
            (struct str){NULL, 0};
        say.cap_bp.set = i != 4;
        EXPECT(item_propose(c, &say, true, &version) == OK);
        EXPECT(item_move(c, say.code, 0, ITEM_LEGAL_REVIEW, STR("")) == ERR_MISSING);
    }
}

static void
keep_pointer(void *ctx, const char *pointer, enum err e)
{
    struct buf *b = ctx;

    buf_z(b, pointer);
    buf_z(b, "=");
    buf_z(b, err_name(e));
    buf_z(b, ";");
}

TEST_DB(faults_are_told_by_their_place_and_lists_become_canonical)
{
    struct item_put_in say = item("甲", ITEM_DRAFT);
    char text[1000];
    struct buf b = buf_over(text, sizeof text);

    EXPECT(org_add(c, STR("wjw"), STR("市卫生健康委"), 3) == OK);
    say.levels = STR("[\"县级\",\"city\",\"市级\"]");
    say.methods = STR("[\"书面检查\",\"实地检查\"]");
    say.partners = STR("[\"wjw\"]");
    EXPECT(item_check(c, &say, keep_pointer, &b) == OK && b.n == 0);
    EXPECT(str_eq(say.levels, STR("[\"city\",\"county\"]")) && str_eq(say.methods, STR("[\"on_site\",\"written\"]")));
    say.class = STR("KEY");
    say.name = (struct str){NULL, 0};
    say.partners = STR("[\"nobody\",\"scjgj\"]");
    say.points = STR("[{\"how\":\"看\"}]");
    say.legal_basis = STR("[{\"law\":\"甲\",\"from\":\"2026-02-30\"},{\"law\":\"乙\",\"from\":\"2026-02-02\",\"to\":\"2026-02-01\"}]");
    say.levels = STR("[\"村级\"]");
    say.skills = STR("{}");
    EXPECT(item_check(c, &say, keep_pointer, &b) == ERR_MISSING);
    EXPECT(str_eq(buf_view(&b), STR("name=ERR_MISSING;cap_bp=ERR_INPUT;partners/0=ERR_NOT_FOUND;partners/1=ERR_DUPLICATE;"
                                    "levels/0=ERR_INPUT;skills=ERR_INPUT;points/0/content=ERR_MISSING;"
                                    "legal_basis/0/from=ERR_DATE;legal_basis/1/to=ERR_ORDER;")));
}

TEST(words_of_lists_become_ids)
{
    EXPECT(str_eq(item_class(STR("重点检查事项")), STR("KEY")) && item_class(STR("x")).p == NULL);
    EXPECT(str_eq(item_method(STR("现场检查")), STR("on_site")) && item_method(STR("x")).p == NULL);
    EXPECT(str_eq(item_track(STR("无事不扰")), STR("undisturbed")));
    EXPECT(str_eq(item_level(STR("县(区)级")), STR("county")) && item_level(STR("村级")).p == NULL);
    EXPECT(str_eq(item_joint_kind(STR("一业一查")), STR("trade")) && item_joint_kind(STR("x")).p == NULL);
}

/* the law changes
 * --------------------------------------------------------------------------------------------------------------------- */

TEST(a_law_is_recognised_by_name_and_article_whole_or_in_part)
{
    static const struct {
        const char *basis, *law, *article;
        bool cites;
    } CASES[] = {
        {"[{\"law\":\"《中华人民共和国食品安全法》\",\"article\":\"第三十三条\"}]", "食品安全法", "第三十三条", true},
        {"[{\"law\":\"《中华人民共和国食品安全法》第三十三条\"}]", "《食品安全法》", "第三十三条", true},
        {"[{\"law\":\"食品安全法\",\"article\":\"第三十三条第一款\"}]", "食品安全法", "第三十三条", true},
        {"[{\"law\":\"食品安全法\",\"article\":\"第三十三条\"}]", "食品安全法", "第三十三条第一款", true},
        {"[{\"law\":\"食品安全法\"}]", "食品安全法", "第三十三条", true},
        {"[{\"law\":\"食品安全法\",\"article\":\"第三十三条\"}]", "食品安全法", "", true},
        {"[{\"law\":\"食品安全法\",\"article\":\"第十三条\"}]", "食品安全法", "第三条", false},
        {"[{\"law\":\"食品安全法实施条例\",\"article\":\"第三条\"}]", "食品安全法", "第三条", false},
        {"[{\"law\":\"产品质量法\"},{\"law\":\"食品安全法\",\"article\":\"第三条\"}]", "食品安全法", "第三条", true},
        {"[]", "食品安全法", "", false},
        {"", "食品安全法", "", false},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        EXPECT(item_basis_cites(str_of(CASES[i].basis), str_of(CASES[i].law), str_of(CASES[i].article)) == CASES[i].cites);
}

TEST(a_month_ends_on_the_same_day_or_on_the_last_one)
{
    static const char *const CASES[][2] = {
        {"2026-03-02", "2026-04-02"}, {"2026-01-31", "2026-02-28"}, {"2028-01-31", "2028-02-29"}, {"2026-12-15", "2027-01-15"}};

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t from = 0, due = 0;

        EXPECT(day_parse(str_of(CASES[i][0]), &from) == OK && day_parse(str_of(CASES[i][1]), &due) == OK);
        EXPECT_INT(item_basis_due(from), due);
    }
}

static struct item_basis_say
ended(const char *article)
{
    return (struct item_basis_say){STR("《市场主体登记管理条例》"), str_of(article), STR("ended"), 20500, STR("国务院令废止")};
}

static size_t
reminders(struct ctx *c, const char *state, struct item_reminder_list_row **r)
{
    size_t n = 0;

    EXPECT(item_reminder_list(c->db, c->arena, &(struct item_reminder_list_in){{NULL, 0}, {false, 0}, str_of(state), {NULL, 0}, 10},
                              r, &n) == OK);
    return n;
}

TEST_DB(a_change_of_the_law_reminds_of_every_item_that_cites_it_and_of_no_other)
{
    struct item_basis_say say = ended("第三十六条"), other = ended("第九条"), wrong = say;
    struct item_reminder_list_row *r;
    int64_t id, found;

    bring(c, "A1", ITEM_PUBLISHED);
    bring(c, "A2", ITEM_DRAFT);
    bring(c, "A3", ITEM_RETIRED);
    EXPECT(item_basis_change(c, &say, &id, &found) == OK && found == 2 && id > 0);
    EXPECT(item_basis_change(c, &say, &id, &found) == ERR_EXISTS);
    EXPECT(item_basis_change(c, &other, &id, &found) == OK && found == 0);
    EXPECT(reminders(c, "open", &r) == 2 && str_eq(r[0].item, STR("A1")) && r[0].due_day == item_basis_due(say.day));
    wrong.note = STR("");
    EXPECT(item_basis_change(c, &wrong, &id, &found) == ERR_MISSING);
    wrong = say;
    wrong.kind = STR("gone");
    EXPECT(item_basis_change(c, &wrong, &id, &found) == ERR_INPUT);
    wrong = say;
    wrong.law = STR("《》");
    EXPECT(item_basis_change(c, &wrong, &id, &found) == ERR_MISSING);
}

TEST_DB(a_reminder_ends_with_a_new_version_with_a_reason_or_with_the_item)
{
    struct item_basis_say say = ended("");
    struct item_reminder_list_row *r;
    struct item_put_in draft = item("新", ITEM_DRAFT);
    struct ctx other = person(c, "user:2", "sthjj");
    int64_t id, found, version;

    bring(c, "A1", ITEM_PUBLISHED);
    bring(c, "A2", ITEM_PUBLISHED);
    bring(c, "A3", ITEM_PUBLISHED);
    EXPECT(item_basis_change(c, &say, &id, &found) == OK && found == 3);
    draft.reason = STR("依据废止");
    EXPECT(item_propose(c, &draft, false, &version) == OK && version == 2);
    EXPECT(reminders(c, "drafted", &r) == 1 && str_eq(r[0].item, STR("A1")));
    EXPECT(item_basis_keep(c, id, STR("A2"), STR("")) == ERR_MISSING);
    EXPECT(item_basis_keep(&other, id, STR("A2"), STR("不影响")) == ERR_PERMISSION);
    EXPECT(item_basis_keep(c, id, STR("A2"), STR("条文未变")) == OK);
    EXPECT(item_basis_keep(c, id, STR("A2"), STR("条文未变")) == ERR_STATE);
    EXPECT(item_basis_keep(c, id + 1, STR("A2"), STR("条文未变")) == ERR_NOT_FOUND);
    EXPECT(item_move(c, STR("A3"), 0, ITEM_RETIRED, STR("依据废止")) == OK);
    EXPECT(reminders(c, "open", &r) == 0 && reminders(c, "kept", &r) == 1 && str_eq(r[0].reason, STR("条文未变")));
}

/* limits
 * --------------------------------------------------------------------------------------------------------------------- */

TEST_DB(the_summary_warns_of_caps_above_the_limit_and_of_too_many_key_items)
{
    struct item_put_in say = item("重点", ITEM_PUBLISHED);
    struct item_summary s;

    bring(c, "A1", ITEM_PUBLISHED);
    bring(c, "A2", ITEM_DRAFT);
    say.code = STR("K1");
    say.class = STR("KEY");
    say.cap_bp.set = false;
    say.legal_basis = STR("[{\"law\":\"旧法\",\"to\":\"2025-12-31\"}]");
    say.published_us = (struct opt_i64){true, c->now_us};
    EXPECT_INT(revise(c, &say), 1);
    EXPECT(item_summarise(c, &s) == OK);
    EXPECT(s.states[ITEM_PUBLISHED] == 2 && s.states[ITEM_DRAFT] == 1 && s.key == 1 && s.general == 2);
    EXPECT(s.key_share_bp == 5000 && s.warnings[ITEM_KEY_SHARE] == 1 && s.warnings[ITEM_BASIS_ENDED] == 1 && s.warnings[ITEM_OVER_CAP] == 0);
    EXPECT(item_limits_put(c, &(struct item_limits){499, 5000}) == OK);
    EXPECT(item_limits_put(c, &(struct item_limits){0, 5000}) == ERR_RANGE);
    EXPECT(item_limits_put(c, &(struct item_limits){499, 10001}) == ERR_RANGE);
    EXPECT(item_summarise(c, &s) == OK);
    EXPECT(s.limits.cap_bp == 499 && s.warnings[ITEM_OVER_CAP] == 1 && s.warnings[ITEM_KEY_SHARE] == 0);
    *c = person(c, "user:1", "sthjj");
    EXPECT(item_summarise(c, &s) == OK && s.states[ITEM_DRAFT] == 0 && s.states[ITEM_PUBLISHED] == 2);
}

/* joint items and bundles
 * --------------------------------------------------------------------------------------------------------------------- */

static struct item_joint_put_in
joint(const char *name)
{
    return (struct item_joint_put_in){.code = STR("J1"),
                                      .state = STR("draft"),
                                      .kind = STR("joint"),
                                      .domain = STR("学校食堂"),
                                      .name = str_of(name),
                                      .target_scope = STR("各类学校"),
                                      .lead = STR("scjgj"),
                                      .partners = STR("[\"wjw\"]"),
                                      .levels = STR("[\"县(区)级\"]")};
}

TEST_DB(a_joint_item_is_drafted_reviewed_and_published_as_an_item_is)
{
    struct item_joint_put_in say = joint("食品安全检查");
    struct item_joint_versions_row *v;
    size_t count;
    int64_t version;

    EXPECT(item_joint_propose(c, &say, true, &version) == ERR_NOT_FOUND); /* wjw is not registered */
    EXPECT(org_add(c, STR("wjw"), STR("市卫生健康委"), 3) == OK);
    say = joint("食品安全检查");
    EXPECT(item_joint_propose(c, &say, true, &version) == OK && version == 1);
    EXPECT(item_joint_propose(c, &say, true, &version) == ERR_EXISTS);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_PUBLISHED, STR("")) == ERR_STATE);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_DRAFT, STR("")) == ERR_MISSING);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_PUBLISHED, STR("")) == OK);
    say.domain = STR("校园");
    EXPECT(item_joint_propose(c, &say, false, &version) == ERR_MISSING); /* the reason */
    say.reason = STR("领域调整");
    EXPECT(item_joint_propose(c, &say, false, &version) == OK && version == 2);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_joint_propose(c, &say, false, &version) == ERR_STATE);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_PUBLISHED, STR("")) == OK);
    EXPECT(item_joint_versions(c->db, c->arena, &(struct item_joint_versions_in){STR("J1")}, &v, &count) == OK && count == 2);
    EXPECT(str_eq(v[0].state, STR("retired")) && str_eq(v[1].state, STR("published")));
    EXPECT(item_joint_move(c, STR("J1"), 2, ITEM_RETIRED, STR("不再联合")) == OK);
    EXPECT(item_joint_propose(c, &say, false, &version) == ERR_STATE);
}

TEST_DB(a_bundle_names_at_least_two_known_items)
{
    struct item_joint_put_in say = joint("餐饮店一次查");
    int64_t version;

    bring(c, "A1", ITEM_PUBLISHED);
    bring(c, "A2", ITEM_PUBLISHED);
    say.kind = STR("trade");
    say.partners = (struct str){NULL, 0};
    say.items = STR("[\"A2\"]");
    EXPECT(item_joint_propose(c, &say, true, &version) == ERR_MISSING);
    say.items = STR("[\"A2\",\"X9\"]");
    EXPECT(item_joint_propose(c, &say, true, &version) == ERR_NOT_FOUND);
    say.items = STR("[\"A2\",\"A1\",\"A2\"]");
    EXPECT(item_joint_propose(c, &say, true, &version) == OK && str_eq(say.items, STR("[\"A2\",\"A1\"]")));
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
}

TEST_DB(rules_of_procedure_have_a_text_and_no_items)
{
    struct item_joint_put_in say = joint("联合抽查实施办法"), other;
    struct item_joint_latest_row row;
    int64_t version;

    EXPECT(org_add(c, STR("wjw"), STR("市卫生健康委"), 3) == OK);
    bring(c, "A1", ITEM_PUBLISHED);
    say.target_scope = (struct str){NULL, 0};
    other = say;
    other.body = STR("第一条");
    EXPECT(item_joint_propose(c, &other, true, &version) == ERR_INPUT); /* a joint item has no text of its own */
    say.kind = STR("rules");
    other = say;
    EXPECT(item_joint_propose(c, &other, true, &version) == ERR_MISSING);
    say.body = STR("第一条 为规范部门联合抽查，制定本办法。\n第二条 抽取由发起部门组织。");
    other = say;
    other.items = STR("[\"A1\"]");
    EXPECT(item_joint_propose(c, &other, true, &version) == ERR_INPUT);
    other = say;
    EXPECT(item_joint_propose(c, &other, true, &version) == OK && version == 1);
    other = say;
    other.body = STR("第一条 本办法自公布之日起施行。");
    EXPECT(item_joint_propose(c, &other, false, &version) == OK && version == 2);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_LEGAL_REVIEW, STR("")) == OK);
    EXPECT(item_joint_move(c, STR("J1"), 0, ITEM_PUBLISHED, STR("")) == OK);
    EXPECT(item_joint_latest(c->db, c->arena, &(struct item_joint_latest_in){STR("J1")}, &row) == OK);
    EXPECT(str_eq(row.body, STR("第一条 本办法自公布之日起施行。")));
}

TEST_DB(joint_items_of_a_list_keep_what_it_does_not_say)
{
    struct item_joint_put_in say = joint("食品安全检查");
    bool is_new, changed;
    int64_t version;

    EXPECT(org_add(c, STR("wjw"), STR("市卫生健康委"), 3) == OK);
    EXPECT(item_joint_check(c, &say, NULL, NULL) == OK);
    EXPECT(item_joint_would_revise(c, &say, &is_new, &changed) == OK && is_new);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_joint_revise(c, &say, &version)) == OK && version == 1);
    say.levels = (struct str){NULL, 0};
    EXPECT(item_joint_would_revise(c, &say, &is_new, &changed) == OK && !is_new && !changed);
    say.target_scope = STR("中小学");
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, item_joint_revise(c, &say, &version)) == OK && version == 2);
}

TEST_MAIN(T(moves_follow_the_table_for_every_pair_of_states), T(every_move_that_the_table_refuses_changes_nothing),
          T(a_changed_item_is_a_further_version_and_an_unchanged_one_is_not),
          T(a_list_without_the_words_of_the_law_does_not_take_them_away),
          T(a_draft_leaves_the_published_version_in_force_until_it_is_published),
          T(the_version_in_force_can_be_suspended_while_a_draft_waits_and_retiring_it_ends_the_draft),
          T(publishing_ends_a_suspended_version_too), T(retired_items_and_unknown_codes_are_refused),
          T(a_person_drafts_clears_fields_and_gives_a_reason_once_it_was_public),
          T(another_department_neither_drafts_nor_moves),
          T(a_return_keeps_the_opinion_and_nobody_publishes_what_he_handed_in),
          T(what_lacks_its_law_points_methods_targets_or_cap_is_not_handed_in),
          T(faults_are_told_by_their_place_and_lists_become_canonical), T(words_of_lists_become_ids),
          T(a_law_is_recognised_by_name_and_article_whole_or_in_part),
          T(a_month_ends_on_the_same_day_or_on_the_last_one),
          T(a_change_of_the_law_reminds_of_every_item_that_cites_it_and_of_no_other),
          T(a_reminder_ends_with_a_new_version_with_a_reason_or_with_the_item),
          T(the_summary_warns_of_caps_above_the_limit_and_of_too_many_key_items),
          T(a_joint_item_is_drafted_reviewed_and_published_as_an_item_is),
          T(a_bundle_names_at_least_two_known_items), T(rules_of_procedure_have_a_text_and_no_items), T(joint_items_of_a_list_keep_what_it_does_not_say))
