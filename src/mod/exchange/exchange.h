/* mod/exchange/exchange.h - exchange 数据交换 with the national publicity system 国家企业信用信息公示系统 (regulation 二(六),
 * 三(二)): what was published goes there in batches 批次. A batch is one file with the field names of that system; its receipt
 * 回执 accepts or refuses each row; a refused one goes again in a later batch. Every publication and every correction is in
 * exactly one acknowledged batch, or known to be missing.
 *
 *   DIR/exchange/NO.json
 *   {"batchNo":"411500202605200001","rows":2,"records":[
 *    {"uniscid":"91…","entname":"…","raninsPlanId":"41150020260001","raninsPlaneName":"…","raninsTaskId":"411500202604010001",
 *     "raninsTaskName":"…","raninsTypeName":"不定向","insAuth":"市市场监管局","insDate":"2026-05-12",
 *     "details":[{"seqno":1,"raninsItemName":"登记事项检查","raninsCheckResName":"未发现问题","correction":0}, …]}, …]}
 * A record holds what one department found at one target in one task on one day. raninsPlanId and raninsPlaneName are null
 * for a task without a plan. seqno counts through the file; correction: 0 the first publication, then 1, 2, … Names of results
 * and types are those of the dictionary `exchange`. */
#ifndef MQ_EXCHANGE_H
#define MQ_EXCHANGE_H

#include "mod/ctx.h"
#include "mod/exchange_sql.h"
#include "mod/report/report.h"

enum { EXCHANGE_NO_BYTES = 18, EXCHANGE_ROWS_MAX = 5000, EXCHANGE_TEXT_MAX = 600, EXCHANGE_PATH_BYTES = 1024 };

/*
 * exchange_produce: one batch of at most EXCHANGE_ROWS_MAX rows that the row scope of c holds and no batch has; again: those
 * that were refused, too. *no: its number, in the arena. Journal: exchange.produce.
 * ERR_NOT_FOUND nothing is left to send. ERR_MISSING the dictionary has no name for a code. ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err exchange_produce(struct ctx *c, bool again, struct str *no);
/* exchange_see: a batch within the row scope. ERR_NOT_FOUND. */
MUST_USE enum err exchange_see(struct ctx *c, struct str no, struct exchange_batch_get_row *out);
/* exchange_path: where its file lies. ERR_TOO_LARGE. */
MUST_USE enum err exchange_path(const struct ctx *c, struct str no, char path[static EXCHANGE_PATH_BYTES]);
/* exchange_resend: the same file is handed over again. ERR_STATE its receipt has come. Journal: exchange.resend. */
MUST_USE enum err exchange_resend(struct ctx *c, struct str no);

/* One refused row of a receipt. */
struct exchange_refusal {
    int64_t seq;
    struct str reason;
};
struct exchange_receipt {
    struct str no, receipt; /* of the batch, of the receipt */
    int64_t accepted_count;
    struct exchange_refusal *refused;
    size_t refused_count;
};
/*
 * exchange_receipt_parse: {"batchNo":"…","receiptNo":"…","accepted":3,"refused":[{"seqno":2,"reason":"…"}]}; `refused` may be
 * left out. ERR_SYNTAX, ERR_INPUT, ERR_LENGTH, ERR_RANGE, ERR_DUPLICATE with particulars in c->why.
 */
MUST_USE enum err exchange_receipt_parse(struct ctx *c, struct str json, struct exchange_receipt *out);
/*
 * exchange_acknowledge: the receipt of a batch, from a file or typed by hand. The same again changes nothing.
 * ERR_INPUT accepted and refused are not its rows together, or a row does not exist; ERR_STATE another receipt came before.
 * Journal: exchange.acknowledge.
 */
MUST_USE enum err exchange_acknowledge(struct ctx *c, const struct exchange_receipt *r);

/* exchange_counts, exchange_missing: the comparison of all that was published with the batches, within the row scope of c. */
MUST_USE enum err exchange_counts(struct ctx *c, struct report_exchange_counts_row *out);
MUST_USE enum err exchange_missing(struct ctx *c, struct str after_target, int64_t after_id, int64_t limit,
                                   struct report_exchange_pending_row **rows, size_t *count);

#endif
