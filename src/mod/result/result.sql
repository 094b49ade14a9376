-- result.sql - results of checks 检查结果 (regulation 二(六))

-- name: result_put
-- A result as entered. It exists once per target, task and item.
-- in: target text, id i64, task text, item text, item_version i64, department text, region text?, codes text, methods text?,
--     detail text?, produced_day i64, due_day i64?, calendar_version text?, entered_by text, entered_us i64
INSERT INTO result (target, id, task, item, item_version, department, region, codes, methods, detail, produced_day, due_day,
    calendar_version, state, entered_by, entered_us, row_version)
VALUES (:target, :id, :task, :item, :item_version, :department, :region, :codes, :methods, :detail, :produced_day, :due_day,
    :calendar_version, 'entered', :entered_by, :entered_us, 1);

-- part: result_row
-- All of a result.
-- out: target text, id i64, task text, item text, item_version i64, department text, region text?, codes text, methods text?,
--      detail text?, produced_day i64, due_day i64?, calendar_version text?, state text, entered_by text, entered_us i64,
--      reviewed_by text?, opinion text?, published_us i64?, withheld_reason text?, row_version i64
target, id, task, item, item_version, department, region, codes, methods, detail, produced_day, due_day, calendar_version, state,
    entered_by, entered_us, reviewed_by, opinion, published_us, withheld_reason, row_version

-- part: result_where
-- Within the row scope, by filters; absent: all. Days: from ≤ due < below.
-- in: own text?, region_from text?, region_below text?, department text?, due_from i64?, due_below i64?
(:own IS NULL OR department = :own) AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
  AND (:department IS NULL OR department = :department)
  AND (:due_from IS NULL OR due_day >= :due_from) AND (:due_below IS NULL OR due_day < :due_below)

-- name: result_of
-- in: target text, task text, item text
-- out: r result_row
-- rows: one
SELECT {result_row} FROM result WHERE target = :target AND task = :task AND item = :item;

-- name: result_get
-- in: target text, id i64
-- out: r result_row
-- rows: one
SELECT {result_row} FROM result WHERE target = :target AND id = :id;

-- name: result_next_due
-- A page of one state, what is due first at the start; what has no day before all.
-- in: state text, after_due i64, after_target text, after_id i64, limit i64, where result_where
-- out: r result_row
-- rows: many
SELECT {result_row} FROM result
WHERE state = :state AND (COALESCE(due_day, 0), target, id) > (:after_due, :after_target, :after_id) AND {result_where}
ORDER BY COALESCE(due_day, 0), target, id LIMIT :limit;

-- name: result_latest
-- A page of one state, the latest last day at the start.
-- in: state text, before_due i64, before_target text, before_id i64, limit i64, where result_where
-- out: r result_row
-- rows: many
SELECT {result_row} FROM result
WHERE state = :state AND (COALESCE(due_day, 0), target, id) < (:before_due, :before_target, :before_id) AND {result_where}
ORDER BY COALESCE(due_day, 0) DESC, target DESC, id DESC LIMIT :limit;

-- name: result_of_task
-- A page of the results of a task, by target and item.
-- in: task text, state text?, after_target text, after_item text, limit i64, where result_where
-- out: r result_row
-- rows: many
SELECT {result_row} FROM result
WHERE task = :task AND (target, item) > (:after_target, :after_item) AND (:state IS NULL OR state = :state) AND {result_where}
ORDER BY target, item LIMIT :limit;

-- name: result_of_visit
-- What a visit has given so far.
-- in: task text, target text
-- out: id i64, item text, state text
-- rows: many
SELECT id, item, state FROM result WHERE task = :task AND target = :target ORDER BY item;

-- name: result_figures
-- Of one state within the row scope: how many are overdue, due before the four days, without a day.
-- in: state text, own text?, region_from text?, region_below text?, today i64, day_0 i64, day_2 i64, day_5 i64, day_10 i64
-- out: total i64, overdue i64, due_0 i64, due_2 i64, due_5 i64, due_10 i64, undated i64
-- rows: one
SELECT COUNT(*), COUNT(CASE WHEN due_day < :today THEN 1 END),
    COUNT(CASE WHEN due_day >= :today AND due_day < :day_0 THEN 1 END),
    COUNT(CASE WHEN due_day >= :day_0 AND due_day < :day_2 THEN 1 END),
    COUNT(CASE WHEN due_day >= :day_2 AND due_day < :day_5 THEN 1 END),
    COUNT(CASE WHEN due_day >= :day_5 AND due_day < :day_10 THEN 1 END),
    COUNT(CASE WHEN due_day IS NULL THEN 1 END)
FROM result
WHERE state = :state AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below));

-- name: result_due_days
-- Of one state within the row scope: each last day from a day on and how many have it; for calendars.
-- in: state text, own text?, region_from text?, region_below text?, from_day i64, limit i64
-- out: due_day i64, due_count i64
-- rows: many
SELECT due_day, COUNT(*) FROM result
WHERE state = :state AND COALESCE(due_day, 0) >= :from_day AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
GROUP BY due_day ORDER BY due_day LIMIT :limit;

-- name: result_edit_put
-- Another text before the review.
-- in: target text, id i64, codes text, methods text?, detail text?, entered_by text, entered_us i64
-- changes: one
UPDATE result SET codes = :codes, methods = :methods, detail = :detail, entered_by = :entered_by,
    entered_us = :entered_us, row_version = row_version + 1
WHERE target = :target AND id = :id AND state = 'entered';

-- name: result_step_put
-- in: target text, result i64, act text, state text, codes text, methods text?, detail text?, note text?, actor text, acted_us i64
INSERT INTO result_step (target, result, seq, act, state, codes, methods, detail, note, actor, acted_us)
VALUES (:target, :result, (SELECT COALESCE(MAX(seq), 0) + 1 FROM result_step WHERE target = :target AND result = :result), :act,
    :state, :codes, :methods, :detail, :note, :actor, :acted_us);

-- name: result_step_list
-- in: target text, result i64
-- out: seq i64, act text, state text, codes text, methods text?, detail text?, note text?, actor text, acted_us i64
-- rows: many
SELECT seq, act, state, codes, methods, detail, note, actor, acted_us
FROM result_step WHERE target = :target AND result = :result ORDER BY seq;

-- name: result_revocation_put
-- in: target text, result i64, document_no text, reason text, revoked_day i64, due_day i64?, department text, noted_by text,
--     noted_us i64
INSERT INTO revocation (target, result, document_no, reason, revoked_day, due_day, department, noted_by, noted_us)
VALUES (:target, :result, :document_no, :reason, :revoked_day, :due_day, :department, :noted_by, :noted_us);

-- name: result_revocation_get
-- in: target text, result i64
-- out: document_no text, reason text, revoked_day i64, due_day i64?, noted_by text, noted_us i64, withdrawn_by text?,
--      withdrawn_us i64?
-- rows: one
SELECT document_no, reason, revoked_day, due_day, noted_by, noted_us, withdrawn_by, withdrawn_us
FROM revocation WHERE target = :target AND result = :result;

-- name: result_revocation_done
-- in: target text, result i64, withdrawn_by text, withdrawn_us i64
-- changes: one
UPDATE revocation SET withdrawn_by = :withdrawn_by, withdrawn_us = :withdrawn_us
WHERE target = :target AND result = :result AND withdrawn_us IS NULL;

-- name: result_revocation_open
-- Results that are still public though their decision was revoked, those that are due first at the start.
-- in: own text?, limit i64
-- out: target text, result i64, due_day i64?
-- rows: many
SELECT target, result, due_day FROM revocation
WHERE withdrawn_us IS NULL AND (:own IS NULL OR department = :own) ORDER BY due_day, target, result LIMIT :limit;

-- name: result_list
-- Results of a task in the order of targets and items, after one.
-- in: task text, after_target text, after_item text, limit_count i64
-- out: target text, item text, department text, codes text, produced_day i64, due_day i64?, state text
-- rows: many
SELECT target, item, department, codes, produced_day, due_day, state
FROM result WHERE task = :task AND (target, item) > (:after_target, :after_item)
ORDER BY target, item LIMIT :limit_count;

-- name: result_again
-- A returned result is entered anew.
-- in: target text, id i64, codes text, methods text?, detail text?, entered_by text, entered_us i64
-- changes: one
UPDATE result SET codes = :codes, methods = :methods, detail = :detail, entered_by = :entered_by,
    entered_us = :entered_us, state = 'entered', row_version = row_version + 1
WHERE target = :target AND id = :id AND state = 'returned';

-- name: result_move
-- Compare-and-set of the state; what is absent stays.
-- in: target text, id i64, old_state text, new_state text, reviewed_by text?, opinion text?, published_us i64?,
--     withheld_reason text?
-- changes: one
UPDATE result SET state = :new_state, reviewed_by = COALESCE(:reviewed_by, reviewed_by),
    opinion = COALESCE(:opinion, opinion), published_us = COALESCE(:published_us, published_us),
    withheld_reason = COALESCE(:withheld_reason, withheld_reason), row_version = row_version + 1
WHERE target = :target AND id = :id AND state = :old_state;

-- name: result_correct_codes
-- A correction of a published result; what was published before stays in the publications.
-- in: target text, id i64, codes text
-- changes: one
UPDATE result SET codes = :codes, row_version = row_version + 1
WHERE target = :target AND id = :id AND state = 'published';

-- name: result_due
-- Results in a state whose last day for publication lies before a day, the oldest first.
-- in: state text, before_day i64, limit_count i64
-- out: target text, task text, item text, department text, state text, produced_day i64, due_day i64?
-- rows: many
SELECT target, task, item, department, state, produced_day, due_day
FROM result WHERE state = :state AND COALESCE(due_day, 0) < :before_day AND COALESCE(due_day, 0) > 0
ORDER BY COALESCE(due_day, 0), target, id LIMIT :limit_count;

-- name: result_open_page
-- Results whose last day still counts, after one; for a new calendar.
-- in: after_target text, after_id i64, limit_count i64
-- out: target text, id i64, produced_day i64, due_day i64?
-- rows: many
SELECT target, id, produced_day, due_day FROM result
WHERE (target, id) > (:after_target, :after_id) AND state IN ('entered', 'returned', 'approved')
ORDER BY target, id LIMIT :limit_count;

-- name: result_redate
-- Another last day by another calendar.
-- in: target text, id i64, due_day i64?, calendar_version text
-- changes: one
UPDATE result SET due_day = :due_day, calendar_version = :calendar_version, row_version = row_version + 1
WHERE target = :target AND id = :id AND state IN ('entered', 'returned', 'approved');

-- name: result_of_target
-- The results about a target, the newest first; what is not public is told as a state and a day only.
-- in: target text, limit i64
-- out: id i64, task text, item text, department text, codes text?, state text, produced_day i64, due_day i64?,
--      published_us i64?
-- rows: many
SELECT id, task, item, department, CASE WHEN state = 'published' THEN codes END AS codes, state, produced_day, due_day,
    published_us
FROM result WHERE target = :target ORDER BY id DESC LIMIT :limit;

-- name: result_facts
-- What was found at the targets of a range of codes since a day: approved results that stand, by what they say.
-- in: from text, to text, since_day i64
-- out: target text, codes text, count i64
-- rows: many
SELECT target, codes, count(*) AS count FROM result
WHERE target >= :from AND target <= :to AND produced_day >= :since_day AND state IN ('approved', 'published', 'withheld')
GROUP BY target, codes ORDER BY target, codes;
