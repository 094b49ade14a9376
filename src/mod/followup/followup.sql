-- followup.sql - follow-up 后续处置, referrals 移送抄告, recognition 结果互认 (regulation 二(六))

-- part: followup_referral_line
-- One referral. The statement calls the table r.
-- out: target text, id i64, followup i64, from_department text, to_department text, region text?, kind text, basis text,
--     evidence text?, state text, sent_us i64, receipt_no text?, received_us i64?, feedback text?, answered_us i64?,
--     row_version i64
r.target, r.id, r.followup, r.from_department, r.to_department, r.region, r.kind, r.basis, r.evidence, r.state, r.sent_us,
    r.receipt_no, r.received_us, r.feedback, r.answered_us, r.row_version

-- name: followup_put
-- in: target text, id i64, result i64, task text, item text, department text, region text?, measure text, state text,
--     content text?, due_day i64?, document_no text?, opened_by text, opened_us i64, closed_us i64?
INSERT INTO followup (target, id, result, task, item, department, region, measure, state, content, due_day, document_no,
    opened_by, opened_us, closed_us, row_version)
VALUES (:target, :id, :result, :task, :item, :department, :region, :measure, :state, :content, :due_day, :document_no,
    :opened_by, :opened_us, :closed_us, 1);

-- name: followup_get
-- in: target text, id i64
-- out: target text, id i64, result i64, task text, item text, department text, region text?, measure text, state text,
--     content text?, due_day i64?, document_no text?, evidence text?, done_day i64?, opened_by text, opened_us i64,
--     closed_us i64?, row_version i64
-- rows: one
SELECT target, id, result, task, item, department, region, measure, state, content, due_day, document_no, evidence, done_day,
    opened_by, opened_us, closed_us, row_version
FROM followup WHERE target = :target AND id = :id;

-- name: followup_of
-- What follows a result by this measure.
-- in: target text, result i64, measure text
-- out: id i64, state text
-- rows: one
SELECT id, state FROM followup WHERE target = :target AND result = :result AND measure = :measure;

-- name: followup_of_result
-- in: target text, result i64
-- out: id i64, measure text, state text, due_day i64?
-- rows: many
SELECT id, measure, state, due_day FROM followup WHERE target = :target AND result = :result ORDER BY id;

-- name: followup_search
-- A page of one state within the row scope, what is due first at the start; what has no day before all.
-- in: state text, after_due i64, after_target text, after_id i64, own text?, region_from text?, region_below text?,
--     measure text?, due_below i64?, limit i64
-- out: target text, id i64, task text, item text, department text, region text?, measure text, state text, content text?,
--     due_day i64?, document_no text?, opened_us i64, row_version i64
-- rows: many
SELECT target, id, task, item, department, region, measure, state, content, due_day, document_no, opened_us, row_version
FROM followup
WHERE state = :state AND (COALESCE(due_day, 0), target, id) > (:after_due, :after_target, :after_id)
  AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
  AND (:measure IS NULL OR measure = :measure) AND (:due_below IS NULL OR due_day < :due_below)
ORDER BY COALESCE(due_day, 0), target, id LIMIT :limit;

-- name: followup_count
-- Within the row scope, of one state: all, and those whose last day lies before two days.
-- in: state text, today i64, soon i64, own text?, region_from text?, region_below text?
-- out: open i64, overdue i64, near i64
-- rows: one
SELECT COUNT(*), COUNT(CASE WHEN due_day < :today THEN 1 END),
    COUNT(CASE WHEN due_day >= :today AND due_day < :soon THEN 1 END)
FROM followup
WHERE state = :state AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below));

-- name: followup_move_state
-- Compare-and-set; what is absent stays.
-- in: target text, id i64, row_version i64, old_state text, new_state text, content text?, due_day i64?, document_no text?,
--     evidence text?, done_day i64?, closed_us i64?
-- changes: one
UPDATE followup SET state = :new_state, content = COALESCE(:content, content), due_day = COALESCE(:due_day, due_day),
    document_no = COALESCE(:document_no, document_no), evidence = COALESCE(:evidence, evidence),
    done_day = COALESCE(:done_day, done_day), closed_us = COALESCE(:closed_us, closed_us), row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = :old_state;

-- name: followup_step_put
-- in: target text, followup i64, from_state text, to_state text, day i64?, note text?, evidence text?, document_no text?,
--     actor text, stepped_us i64
INSERT INTO followup_step (target, followup, seq, from_state, to_state, day, note, evidence, document_no, actor, stepped_us)
VALUES (:target, :followup,
    (SELECT COALESCE(MAX(seq), 0) + 1 FROM followup_step WHERE target = :target AND followup = :followup), :from_state,
    :to_state, :day, :note, :evidence, :document_no, :actor, :stepped_us);

-- name: followup_step_list
-- in: target text, followup i64
-- out: seq i64, from_state text, to_state text, day i64?, note text?, evidence text?, document_no text?, actor text,
--     stepped_us i64
-- rows: many
SELECT seq, from_state, to_state, day, note, evidence, document_no, actor, stepped_us
FROM followup_step WHERE target = :target AND followup = :followup ORDER BY seq;

-- name: followup_file_put
-- in: target text, followup i64, hash text, id i64, name text, type text, bytes_count i64, personal i64, added_by text,
--     added_us i64
INSERT INTO followup_file (target, followup, hash, id, name, type, bytes_count, personal, added_by, added_us)
VALUES (:target, :followup, :hash, :id, :name, :type, :bytes_count, :personal, :added_by, :added_us);

-- name: followup_file_list
-- in: target text, followup i64
-- out: hash text, id i64, name text, type text, bytes_count i64, personal i64, added_by text, added_us i64
-- rows: many
SELECT hash, id, name, type, bytes_count, personal, added_by, added_us FROM followup_file
WHERE target = :target AND followup = :followup ORDER BY added_us, id;

-- name: followup_file_since
-- How many were attached since the last step.
-- in: target text, followup i64
-- out: count i64
-- rows: one
SELECT COUNT(*) AS count FROM followup_file
WHERE target = :target AND followup = :followup AND added_us >=
    (SELECT MAX(stepped_us) FROM followup_step WHERE target = :target AND followup = :followup);

-- name: followup_referral_put
-- in: target text, id i64, followup i64, from_department text, to_department text, region text?, kind text, basis text,
--     evidence text?, sent_by text, sent_us i64
INSERT INTO referral (target, id, followup, from_department, to_department, region, kind, basis, evidence, state, sent_by,
    sent_us, row_version)
VALUES (:target, :id, :followup, :from_department, :to_department, :region, :kind, :basis, :evidence, 'sent', :sent_by,
    :sent_us, 1);

-- name: followup_referral_get
-- in: target text, id i64
-- out: line followup_referral_line
-- rows: one
SELECT {followup_referral_line} FROM referral r WHERE r.target = :target AND r.id = :id;

-- name: followup_referral_of
-- in: target text, followup i64
-- out: line followup_referral_line
-- rows: many
SELECT {followup_referral_line} FROM referral r WHERE r.target = :target AND r.followup = :followup ORDER BY r.id;

-- name: followup_referral_list
-- What came to a department, or what one sent (absent: any), the newest first.
-- in: to_department text?, from_department text?, state text?, region_from text?, region_below text?, before_id i64, limit i64
-- out: line followup_referral_line
-- rows: many
SELECT {followup_referral_line} FROM referral r
WHERE r.id < :before_id AND (:to_department IS NULL OR r.to_department = :to_department)
  AND (:from_department IS NULL OR r.from_department = :from_department) AND (:state IS NULL OR r.state = :state)
  AND (:region_from IS NULL OR (r.region >= :region_from AND r.region < :region_below))
ORDER BY r.id DESC LIMIT :limit;

-- name: followup_referral_receive
-- in: target text, id i64, row_version i64, receipt_no text, received_by text, received_us i64
-- changes: one
UPDATE referral SET state = 'received', receipt_no = :receipt_no, received_by = :received_by, received_us = :received_us,
    row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'sent';

-- name: followup_referral_answer
-- Once only.
-- in: target text, id i64, row_version i64, feedback text, answered_by text, answered_us i64
-- changes: one
UPDATE referral SET state = 'answered', feedback = :feedback, answered_by = :answered_by, answered_us = :answered_us,
    row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'received';

-- name: followup_referral_waiting
-- For the desk: what a department was sent and has not answered.
-- in: department text, region_from text?, region_below text?
-- out: sent i64, received i64
-- rows: one
SELECT COUNT(CASE WHEN state = 'sent' THEN 1 END), COUNT(CASE WHEN state = 'received' THEN 1 END) FROM referral
WHERE to_department = :department AND state IN ('sent', 'received')
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below));

-- name: followup_recognition_put
-- in: target text, id i64, result i64, task text, item text, from_department text, to_department text, to_item text,
--     region text?, valid_to_day i64, offered_by text, offered_us i64
INSERT INTO recognition (target, id, result, task, item, from_department, to_department, to_item, region, valid_to_day, state,
    visit_avoided, offered_by, offered_us, row_version)
VALUES (:target, :id, :result, :task, :item, :from_department, :to_department, :to_item, :region, :valid_to_day, 'offered', 0,
    :offered_by, :offered_us, 1);

-- name: followup_recognition_same
-- in: target text, result i64, to_department text, to_item text
-- out: id i64
-- rows: one
SELECT id FROM recognition
WHERE target = :target AND result = :result AND to_department = :to_department AND to_item = :to_item;

-- name: followup_recognition_get
-- in: target text, id i64
-- out: target text, id i64, result i64, task text, item text, from_department text, to_department text, to_item text,
--     region text?, valid_to_day i64, state text, reason text?, visit_avoided i64, offered_us i64, decided_us i64?,
--     row_version i64
-- rows: one
SELECT target, id, result, task, item, from_department, to_department, to_item, region, valid_to_day, state, reason,
    visit_avoided, offered_us, decided_us, row_version
FROM recognition WHERE target = :target AND id = :id;

-- name: followup_recognition_list
-- What a department (absent: any) gave or was given, the newest first.
-- in: department text?, state text?, region_from text?, region_below text?, before_id i64, limit i64
-- out: target text, id i64, result i64, item text, from_department text, to_department text, to_item text, valid_to_day i64,
--     state text, reason text?, visit_avoided i64, offered_us i64, row_version i64
-- rows: many
SELECT target, id, result, item, from_department, to_department, to_item, valid_to_day, state, reason, visit_avoided,
    offered_us, row_version
FROM recognition
WHERE id < :before_id AND (:department IS NULL OR to_department = :department OR from_department = :department)
  AND (:state IS NULL OR state = :state)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
ORDER BY id DESC LIMIT :limit;

-- name: followup_recognition_decide
-- in: target text, id i64, row_version i64, state text, reason text?, visit_avoided i64, decided_by text, decided_us i64
-- changes: one
UPDATE recognition SET state = :state, reason = :reason, visit_avoided = :visit_avoided, decided_by = :decided_by,
    decided_us = :decided_us, row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'offered';

-- name: followup_recognition_valid
-- What departments accepted in place of a visit and what is valid on a day, in the order of targets.
-- in: day i64
-- out: target text, to_department text, to_item text
-- rows: many
SELECT target, to_department, to_item FROM recognition
WHERE state = 'accepted' AND visit_avoided = 1 AND valid_to_day >= :day ORDER BY target, id;

-- name: followup_recognition_lapse
-- A result that is no longer public spares no visit.
-- in: target text, result i64, decided_us i64
UPDATE recognition SET state = 'lapsed', decided_us = :decided_us, row_version = row_version + 1
WHERE target = :target AND result = :result AND state IN ('offered', 'accepted');

-- name: followup_of_target
-- What followed the checks of a target, of one task (absent: any), the oldest first.
-- in: target text, task text?, limit i64
-- out: id i64, task text, item text, department text, measure text, state text, content text?, due_day i64?
-- rows: many
SELECT id, task, item, department, measure, state, content, due_day FROM followup
WHERE target = :target AND (:task IS NULL OR task = :task) ORDER BY id LIMIT :limit;

-- name: followup_open_of
-- What a target has not finished yet, what is due first at the start; for those who go there.
-- in: target text, limit i64
-- out: item text, measure text, state text, content text?, due_day i64?
-- rows: many
SELECT item, measure, state, content, due_day FROM followup
WHERE target = :target AND state <> 'closed' ORDER BY (COALESCE(due_day, 0)), id LIMIT :limit;

-- name: followup_facts
-- Of the targets of a range of codes: follow-ups that are open, and those of them whose day has passed.
-- in: from text, to text, today i64
-- out: target text, open i64, overdue i64
-- rows: many
SELECT target, count(*) AS open, CAST(sum(CASE WHEN due_day < :today THEN 1 ELSE 0 END) AS BIGINT) AS overdue FROM followup
WHERE target >= :from AND target <= :to AND state IN ('open', 'ordered', 'recheck')
GROUP BY target ORDER BY target;
