-- exchange.sql - batches for the national publicity system 国家企业信用信息公示系统 (regulation 二(六), 三(二)). What is to be
-- sent is read in mod/report/report.sql.

-- name: exchange_batch_put
-- in: no text, department text?, region text?, rows_count i64, digest text, produced_by text, produced_us i64
INSERT INTO exchange_batch (no, department, region, state, rows_count, refused_count, digest, sent_count, produced_by,
    produced_us, row_version)
VALUES (:no, :department, :region, 'produced', :rows_count, 0, :digest, 1, :produced_by, :produced_us, 1);

-- name: exchange_last_no
-- The largest number between two bounds (a region and a date), for the next one.
-- in: from_no text, to_no text
-- out: no text
-- rows: one
SELECT no FROM exchange_batch WHERE no >= :from_no AND no <= :to_no ORDER BY no DESC LIMIT 1;

-- name: exchange_batch_get
-- in: no text
-- out: no text, department text?, region text?, state text, rows_count i64, refused_count i64, digest text, sent_count i64,
--     receipt text?, produced_by text, produced_us i64, acknowledged_by text?, acknowledged_us i64?, row_version i64
-- rows: one
SELECT no, department, region, state, rows_count, refused_count, digest, sent_count, receipt, produced_by, produced_us,
    acknowledged_by, acknowledged_us, row_version
FROM exchange_batch WHERE no = :no;

-- name: exchange_batch_list
-- Batches of a department and region, newest first, before one.
-- in: before_us i64, before_no text, department text?, region text?, limit_count i64
-- out: no text, department text?, region text?, state text, rows_count i64, refused_count i64, digest text, sent_count i64,
--     receipt text?, produced_by text, produced_us i64, acknowledged_by text?, acknowledged_us i64?, row_version i64
-- rows: many
SELECT no, department, region, state, rows_count, refused_count, digest, sent_count, receipt, produced_by, produced_us,
    acknowledged_by, acknowledged_us, row_version
FROM exchange_batch
WHERE (produced_us, no) < (:before_us, :before_no) AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region)
ORDER BY produced_us DESC, no DESC LIMIT :limit_count;

-- name: exchange_batch_sent
-- Handed over once more, while no receipt has come.
-- in: no text
-- changes: one
UPDATE exchange_batch SET sent_count = sent_count + 1, row_version = row_version + 1 WHERE no = :no AND state = 'produced';

-- name: exchange_batch_acknowledge
-- in: no text, receipt text, refused_count i64, acknowledged_by text, acknowledged_us i64
-- changes: one
UPDATE exchange_batch SET state = 'acknowledged', receipt = :receipt, refused_count = :refused_count,
    acknowledged_by = :acknowledged_by, acknowledged_us = :acknowledged_us, row_version = row_version + 1
WHERE no = :no AND state = 'produced';

-- name: exchange_row_put
-- in: target text, publication i64, attempt i64, batch text, seq i64
INSERT INTO exchange_row (target, publication, attempt, batch, seq, state)
VALUES (:target, :publication, :attempt, :batch, :seq, 'sent');

-- name: exchange_row_refuse
-- in: batch text, seq i64, reason text
-- changes: one
UPDATE exchange_row SET state = 'refused', reason = :reason WHERE batch = :batch AND seq = :seq AND state = 'sent';

-- name: exchange_row_accept_rest
-- in: batch text
UPDATE exchange_row SET state = 'accepted' WHERE batch = :batch AND state = 'sent';

-- name: exchange_row_list
-- The rows of a batch after one; with state only those.
-- in: batch text, after_seq i64, state text?, limit_count i64
-- out: target text, publication i64, attempt i64, seq i64, state text, reason text?
-- rows: many
SELECT target, publication, attempt, seq, state, reason
FROM exchange_row WHERE batch = :batch AND seq > :after_seq AND (:state IS NULL OR state = :state)
ORDER BY seq LIMIT :limit_count;

-- name: exchange_row_of
-- In which batch a publication went last, and what became of it.
-- in: target text, publication i64
-- out: batch text, state text
-- rows: one
SELECT batch, state FROM exchange_row WHERE target = :target AND publication = :publication ORDER BY attempt DESC LIMIT 1;
