/* mod/item/item.h - items of spot checks 抽查事项 (regulation 二(二)): versions that never change, states
 * that move. */
#ifndef MQ_ITEM_H
#define MQ_ITEM_H

#include "mod/ctx.h"
#include "mod/item_sql.h"

enum { ITEM_CODE_MAX = 64, ITEM_NAME_MAX = 600, ITEM_TEXT_MAX = 8000 };

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

/*
 * item_revise: what a list newly says about an item, inside the caller's transaction and under its journal
 * entry. say->version is ignored. An item that is new, or says something else than its newest version,
 * becomes a further version in state say->state (ITEM_DRAFT or ITEM_PUBLISHED); publishing retires the
 * version published before. *version: 0 = nothing new. Fields that say nothing keep what the newest version
 * says. ERR_STATE: the item is retired; ERR_INPUT: another state.
 */
MUST_USE enum err item_revise(struct ctx *c, const struct item_put_in *say, int64_t *version);
/* item_would_revise: the same decision without writing; *is_new: no version exists. */
MUST_USE enum err item_would_revise(struct ctx *c, const struct item_put_in *say, bool *is_new,
                                    bool *changed);

/* item_propose: a person drafts an item or its next version: item_revise in a transaction with its entry item.draft. A further
 * version needs a reason (ERR_MISSING). ERR_PERMISSION: another department's item. ERR_EXISTS with is_new: the code is taken.
 * ERR_CHARSET the code. *version 0: it says what the newest version says. */
MUST_USE enum err item_propose(struct ctx *c, const struct item_put_in *say, bool is_new, int64_t *version);

/* item_move: ERR_PERMISSION: the row scope of c is another department. One step of a version, a transaction with its own journal entry. ERR_NOT_FOUND, ERR_STATE. */
MUST_USE enum err item_move(struct ctx *c, struct str code, enum item_state to, struct str reason);

#endif
