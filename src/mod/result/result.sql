-- result.sql - results of checks 检查结果 (regulation 二(六))

-- name: result_put
-- A result as entered. It exists once per target, task and item.
-- in: target text, id i64, task text, item text, item_version i64, department text, codes text, methods text?,
--     detail text?, produced_day i64, due_day i64?, calendar_version text?, entered_by text, entered_us i64
INSERT INTO result (target, id, task, item, item_version, department, codes, methods, detail, produced_day, due_day,
    calendar_version, state, entered_by, entered_us, row_version)
VALUES (:target, :id, :task, :item, :item_version, :department, :codes, :methods, :detail, :produced_day, :due_day,
    :calendar_version, 'entered', :entered_by, :entered_us, 1);

-- name: result_of
-- in: target text, task text, item text
-- out: target text, id i64, task text, item text, item_version i64, department text, codes text, methods text?,
--      detail text?, produced_day i64, due_day i64?, state text, entered_by text, opinion text?, withheld_reason text?
-- rows: one
SELECT target, id, task, item, item_version, department, codes, methods, detail, produced_day, due_day, state,
    entered_by, opinion, withheld_reason
FROM result WHERE target = :target AND task = :task AND item = :item;

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
-- in: target text, id i64, codes text, detail text?
-- changes: one
UPDATE result SET codes = :codes, detail = COALESCE(:detail, detail), row_version = row_version + 1
WHERE target = :target AND id = :id AND state = 'published';

-- name: result_due
-- Results in a state whose last day for publication lies before a day, the oldest first.
-- in: state text, before_day i64, limit_count i64
-- out: target text, task text, item text, department text, state text, produced_day i64, due_day i64?
-- rows: many
SELECT target, task, item, department, state, produced_day, due_day
FROM result WHERE state = :state AND due_day < :before_day ORDER BY due_day, target, id LIMIT :limit_count;

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

-- name: result_open_list
-- Results that are not public yet, those that are due first at the start; for the desk.
-- in: department text?, limit_count i64
-- out: target text, state text, due_day i64?
-- rows: many
SELECT target, state, due_day FROM result
WHERE state IN ('entered', 'returned', 'approved') AND (:department IS NULL OR department = :department)
ORDER BY due_day, target, id LIMIT :limit_count;
