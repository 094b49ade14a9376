/* mod/item/item.h - items of spot checks 抽查事项 (regulation 二(二)): versions that never change, states
 * that move. */
#ifndef MQ_ITEM_H
#define MQ_ITEM_H

#include "mod/ctx.h"
#include "mod/item_sql.h"

enum { ITEM_CODE_MAX = 64, ITEM_NAME_MAX = 600, ITEM_POINT_MAX = 4000, ITEM_TEXT_MAX = 8000, ITEM_RULES_MAX = 15000, ITEM_REMINDERS_MAX = 2000 };

enum item_state {
    ITEM_DRAFT,
    ITEM_LEGAL_REVIEW,
    ITEM_PUBLISHED,
    ITEM_SUSPENDED,
    ITEM_RETIRED,
    ITEM_STATE_COUNT
};

/* item_may_move: the table of allowed moves. Draft 草案 → legal review 合法性审查 → published 已公布 →
 * suspended 暂停 or retired 废止; a review may return to draft, a suspension may end; whatever is not retired
 * may be retired. */
bool item_may_move(enum item_state from, enum item_state to);
struct str item_state_name(enum item_state s);
MUST_USE enum err item_state_parse(struct str s, enum item_state *out); /* ERR_INPUT */

/* item_class, item_track: words of a list, in Chinese or by id, to the id stored; absent when unknown.
 * 重点检查事项 KEY, 一般检查事项 GENERAL; 随机 random, 重点监管 key_supervision, 无事不扰 undisturbed. */
struct str item_class(struct str words);
struct str item_track(struct str words);
/* item_method: 实地检查 on_site, 书面检查 written, 利用其他结果 other_department, 检验检测 testing, 网络监测
 * online, 委托专业机构 entrusted; absent when unknown (domain: codes of methods). */
struct str item_method(struct str words);
/* item_level: 省级 province, 市级 city, 县级 or 县(区)级 county, 站所 station; absent when unknown. */
struct str item_level(struct str words);
/* The words that published lists use for these ids. */
struct str item_class_words(struct str id);
struct str item_method_words(struct str id);
struct str item_level_words(struct str id);

/* Told of each fault: a JSON pointer without its first slash ("points/0/content"). */
typedef void (*item_wrong)(void *ctx, const char *pointer, enum err e);
/*
 * item_check: is what is said well-formed? Lists become canonical: ids for words, each once, ascending; objects with known
 * fields only; "《…法》第三条" told apart into law and article. wrong may be NULL. Gives the first fault:
 * ERR_MISSING (a name, a domain, the content of a point, a law), ERR_LENGTH, ERR_CHARSET, ERR_INPUT (also a cap of a key
 * item 重点事项, which has none), ERR_RANGE, ERR_DATE, ERR_ORDER, ERR_NOT_FOUND (a partner), ERR_DUPLICATE.
 */
MUST_USE enum err item_check(struct ctx *c, struct item_put_in *say, item_wrong wrong, void *wrong_ctx);
/* item_lacks: what must be there before a version is handed in for review: targets, points, methods, legal basis, and
 * the cap of a general item (regulation 二(二)). */
bool item_lacks(const struct item_latest_row *r, item_wrong wrong, void *wrong_ctx);
/* item_basis_split: "《食品安全法》第三十三条" to law and article; the whole is the law when it cannot be told apart. */
void item_basis_split(struct str words, struct str *law, struct str *article);

/*
 * item_revise: what a list newly says about an item, inside the caller's transaction and under its journal
 * entry. say->version is ignored; say has passed item_check. An item that is new, or says something else than its newest
 * version, becomes a further version in state say->state (ITEM_DRAFT or ITEM_PUBLISHED); publishing retires the
 * version in force before. A draft with a newer version after it moves no more. *version: 0 = nothing new. Fields that say nothing keep
 * what the newest version says. ERR_STATE: the item is retired, or in legal review; ERR_INPUT: another state.
 */
MUST_USE enum err item_revise(struct ctx *c, const struct item_put_in *say, int64_t *version);
/* item_would_revise: the same decision without writing; *is_new: no version exists. */
MUST_USE enum err item_would_revise(struct ctx *c, const struct item_put_in *say, bool *is_new,
                                    bool *changed);

/* item_propose: a person drafts an item or its next version, in a transaction with its entry item.draft. All fields count:
 * one that says nothing is cleared. A further version of an item that was published needs a reason (ERR_MISSING).
 * ERR_PERMISSION: another department's item. ERR_EXISTS with is_new: the code is taken. ERR_CHARSET the code. ERR_STATE:
 * retired, or in legal review. Faults of item_check. *version 0: it says what the newest version says. Open reminders of
 * the item end. */
MUST_USE enum err item_propose(struct ctx *c, struct item_put_in *say, bool is_new, int64_t *version);

/* item_move: one step of a version (0: the newest), a transaction with its own journal entry. The reason is the reviewer's
 * opinion; a return, a suspension and a retirement must have one. ERR_PERMISSION: the row scope of c is another department,
 * or the same person handed it in and would publish it. ERR_MISSING: item_lacks, or no reason. ERR_NOT_FOUND, ERR_STATE. */
MUST_USE enum err item_move(struct ctx *c, struct str code, int64_t version, enum item_state to, struct str reason);

/* --- limits and the summary 严格控制重点检查事项的数量和一般检查事项的抽查比例 ----------------------------------------------- */

/* Settings of the installation, in 1/10000: above cap_bp the cap of a general item is a warning, above key_share_bp the
 * share of key items is. */
struct item_limits {
    int64_t cap_bp, key_share_bp;
};
enum { ITEM_CAP_BP_DEFAULT = 2000, ITEM_KEY_SHARE_BP_DEFAULT = 3000 };
MUST_USE enum err item_limits(struct ctx *c, struct item_limits *out);
/* item_limits_put: ERR_RANGE outside 1 to 10000. Journal: setting.put. */
MUST_USE enum err item_limits_put(struct ctx *c, const struct item_limits *l);

enum item_warning {
    ITEM_OVER_CAP,    /* a general item in force whose cap is above the limit */
    ITEM_NO_CAP,      /* a general item in force without one */
    ITEM_NO_BASIS,    /* in force without a legal basis */
    ITEM_BASIS_ENDED, /* cites a law that is out of force today */
    ITEM_KEY_SHARE,   /* too many are key: the key items in force */
    ITEM_WARNING_COUNT
};
struct item_summary {
    int64_t states[ITEM_STATE_COUNT], key, general; /* newest visible versions; classes without the retired */
    int64_t key_share_bp;                           /* key of all that is in force */
    struct item_limits limits;
    const struct item_scan_row *rows; /* what is in force */
    size_t count;
    bool (*warned)[ITEM_WARNING_COUNT]; /* per row; ITEM_KEY_SHARE: none unless the share is above the limit */
    int64_t warnings[ITEM_WARNING_COUNT];
};
struct str item_warning_name(enum item_warning w);
/* item_summarise: what the row scope of c sees, or one department. */
MUST_USE enum err item_summarise(struct ctx *c, struct item_summary *out);

/* --- changes of the law: the item follows within one month ---------------------------------------------------------------- */

struct item_basis_say {
    struct str law, article; /* article absent: the whole law */
    struct str kind;         /* ended | replaced | amended */
    int64_t day;             /* from when on */
    struct str note;
};
/*
 * item_basis_change: a person enters that a law changes. Every item, of whatever department, whose newest version is not
 * retired and cites it gets a reminder: due one month after the day. Journal: basis.change. *found: reminders begun.
 * ERR_MISSING, ERR_LENGTH, ERR_CHARSET law, note; ERR_INPUT kind; ERR_EXISTS the same change is there.
 */
MUST_USE enum err item_basis_change(struct ctx *c, const struct item_basis_say *say, int64_t *id, int64_t *found);
/* item_basis_cites: does the legal basis (JSON of an item) cite this article of this law? Names count without 《》 and
 * 中华人民共和国; a citation of the whole law cites each article, one of a paragraph its article. */
bool item_basis_cites(struct str basis, struct str law, struct str article);
/* item_basis_due: the same day of the next month, or its last day. */
int64_t item_basis_due(int64_t day);
/* item_basis_keep: no change of this item is needed, and why. Journal: basis.keep. ERR_MISSING no reason; ERR_PERMISSION
 * another department's; ERR_NOT_FOUND; ERR_STATE it is closed. */
MUST_USE enum err item_basis_keep(struct ctx *c, int64_t change, struct str item, struct str reason);

/* --- joint items 联合抽查事项 and bundles 综合查一次, 一业一查 ------------------------------------------------------------- */

struct str item_joint_kind(struct str words); /* 联合抽查 joint, 综合查一次 once, 一业一查 trade, 联合抽查实施办法 rules; absent when unknown */
/* item_joint_check: as item_check. Items are known items (ERR_NOT_FOUND); a bundle has at least two (ERR_MISSING).
 * Rules of procedure 实施办法 have a body and no items; nothing else has a body (ERR_INPUT). */
MUST_USE enum err item_joint_check(struct ctx *c, struct item_joint_put_in *say, item_wrong wrong, void *wrong_ctx);
/* item_joint_revise, item_joint_would_revise, item_joint_propose, item_joint_move: as for items. Journal: joint.draft, joint.move.
 * Handing in needs targets, partners and levels, of a bundle its items. */
MUST_USE enum err item_joint_revise(struct ctx *c, const struct item_joint_put_in *say, int64_t *version);
MUST_USE enum err item_joint_would_revise(struct ctx *c, const struct item_joint_put_in *say, bool *is_new, bool *changed);
MUST_USE enum err item_joint_propose(struct ctx *c, struct item_joint_put_in *say, bool is_new, int64_t *version);
bool item_joint_lacks(const struct item_joint_latest_row *r, item_wrong wrong, void *wrong_ctx);
MUST_USE enum err item_joint_move(struct ctx *c, struct str code, int64_t version, enum item_state to, struct str reason);

#endif
