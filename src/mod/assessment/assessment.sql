-- assessment.sql - performance assessment 绩效考核 (regulation 三(二)): schemes, their indicators, what each department and the
-- conference say to each of them. Departments stand in their fixed order; nothing here is ordered by a score.

-- part: assessment_line
-- out: id i64, name text, region text, from_day i64, to_day i64, state text, hours i64, created_by text, created_us i64,
--     filled_us i64?, closed_us i64?, row_version i64
id, name, region, from_day, to_day, state, hours, created_by, created_us, filled_us, closed_us, row_version

-- name: assessment_put
-- in: id i64, name text, region text, from_day i64, to_day i64, hours i64, created_by text, created_us i64
INSERT INTO assessment (id, name, region, from_day, to_day, state, hours, created_by, created_us, filled_us, closed_us, row_version)
VALUES (:id, :name, :region, :from_day, :to_day, 'draft', :hours, :created_by, :created_us, NULL, NULL, 1);

-- name: assessment_change_put
-- in: id i64, row_version i64, name text, from_day i64, to_day i64, hours i64
-- changes: one
UPDATE assessment SET name = :name, from_day = :from_day, to_day = :to_day, hours = :hours, row_version = row_version + 1
WHERE id = :id AND row_version = :row_version AND state = 'draft';

-- name: assessment_get
-- in: id i64
-- out: line assessment_line
-- rows: one
SELECT {assessment_line} FROM assessment WHERE id = :id;

-- name: assessment_list
-- Schemes within a region, the newest first.
-- in: region_from text?, region_below text?, below i64, limit i64
-- out: line assessment_line
-- rows: many
SELECT {assessment_line} FROM assessment
WHERE id < :below AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
ORDER BY id DESC LIMIT :limit;

-- name: assessment_move
-- in: id i64, row_version i64, old_state text, new_state text, filled_us i64?, closed_us i64?
-- changes: one
UPDATE assessment SET state = :new_state, filled_us = COALESCE(:filled_us, filled_us), closed_us = :closed_us,
    row_version = row_version + 1
WHERE id = :id AND row_version = :row_version AND state = :old_state;

-- name: assessment_indicator_put
-- in: assessment i64, seq i64, name text, source text, weight_bp i64, aim_bp i64, words text?
INSERT INTO assessment_indicator (assessment, seq, name, source, weight_bp, aim_bp, words)
VALUES (:assessment, :seq, :name, :source, :weight_bp, :aim_bp, :words);

-- name: assessment_indicator_clear
-- in: assessment i64
DELETE FROM assessment_indicator WHERE assessment = :assessment;

-- name: assessment_indicator_list
-- in: assessment i64
-- out: seq i64, name text, source text, weight_bp i64, aim_bp i64, words text?
-- rows: many
SELECT seq, name, source, weight_bp, aim_bp, words FROM assessment_indicator WHERE assessment = :assessment ORDER BY seq;

-- name: assessment_mark_put
-- The figure of a department for an indicator; what was said to it stays.
-- in: assessment i64, department text, seq i64, part_count i64?, whole_count i64?
INSERT INTO assessment_mark (assessment, department, seq, part_count, whole_count, row_version)
VALUES (:assessment, :department, :seq, :part_count, :whole_count, 1)
ON CONFLICT (assessment, department, seq) DO UPDATE SET part_count = excluded.part_count, whole_count = excluded.whole_count;

-- part: assessment_mark_line
-- out: department text, seq i64, part_count i64?, whole_count i64?, self_bp i64?, self_note text?, evidence text?,
--     self_by text?, review_bp i64?, review_note text?, review_by text?, row_version i64
department, seq, part_count, whole_count, self_bp, self_note, evidence, self_by, review_bp, review_note, review_by, row_version

-- name: assessment_mark_list
-- Of one department (absent: all).
-- in: assessment i64, department text?
-- out: line assessment_mark_line
-- rows: many
SELECT {assessment_mark_line} FROM assessment_mark
WHERE assessment = :assessment AND (:department IS NULL OR department = :department) ORDER BY department, seq;

-- name: assessment_mark_get
-- in: assessment i64, department text, seq i64
-- out: line assessment_mark_line
-- rows: one
SELECT {assessment_mark_line} FROM assessment_mark
WHERE assessment = :assessment AND department = :department AND seq = :seq;

-- name: assessment_mark_self
-- in: assessment i64, department text, seq i64, row_version i64, self_bp i64, self_note text?, evidence text?, self_by text
-- changes: one
UPDATE assessment_mark SET self_bp = :self_bp, self_note = :self_note, evidence = :evidence, self_by = :self_by,
    row_version = row_version + 1
WHERE assessment = :assessment AND department = :department AND seq = :seq AND row_version = :row_version AND review_bp IS NULL;

-- name: assessment_mark_review
-- in: assessment i64, department text, seq i64, row_version i64, review_bp i64, review_note text?, review_by text
-- changes: one
UPDATE assessment_mark SET review_bp = :review_bp, review_note = :review_note, review_by = :review_by,
    row_version = row_version + 1
WHERE assessment = :assessment AND department = :department AND seq = :seq AND row_version = :row_version;

-- name: assessment_mark_open
-- How many are not reviewed yet.
-- in: assessment i64
-- out: count i64
-- rows: one
SELECT COUNT(*) AS count FROM assessment_mark WHERE assessment = :assessment AND review_bp IS NULL;
