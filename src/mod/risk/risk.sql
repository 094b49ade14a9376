-- risk.sql - credit-risk classes 信用风险分类: schemes, runs, what they propose, observation periods (docs/spec/risk-1.md)

-- part: risk_scheme_row
-- out: version i64, department text?, region text?, state text, name text, content text, digest text, reason text, note text?,
--     drafted_by text, drafted_us i64, approved_by text?, approved_us i64?, in_force_us i64?, row_version i64
version, department, region, state, name, content, digest, reason, note, drafted_by, drafted_us, approved_by, approved_us,
    in_force_us, row_version

-- name: risk_scheme_newest
-- The number of the latest version.
-- out: version i64
-- rows: one
SELECT COALESCE(max(version), 0) AS version FROM risk_scheme;

-- name: risk_scheme_put
-- in: version i64, department text?, region text?, name text, content text, digest text, reason text, drafted_by text,
--     drafted_us i64
INSERT INTO risk_scheme (version, department, region, state, name, content, digest, reason, drafted_by, drafted_us, row_version)
VALUES (:version, :department, :region, 'draft', :name, :content, :digest, :reason, :drafted_by, :drafted_us, 1);

-- name: risk_scheme_get
-- in: version i64
-- out: s risk_scheme_row
-- rows: one
SELECT {risk_scheme_row} FROM risk_scheme WHERE version = :version;

-- name: risk_scheme_list
-- The newest first, below a version; of whom one may see: within one's row scope, or of a scope in which one's own lies.
-- in: below i64, own_department text?, own_region text?, limit i64
-- out: s risk_scheme_row
-- rows: many
SELECT {risk_scheme_row} FROM risk_scheme
WHERE version < :below AND (:own_department IS NULL OR department IS NULL OR department = :own_department)
  AND (:own_region IS NULL OR region IS NULL OR substr(region, 1, length(:own_region)) = :own_region
       OR substr(:own_region, 1, length(region)) = region)
ORDER BY version DESC LIMIT :limit;

-- name: risk_scheme_edit
-- in: version i64, row_version i64, name text, content text, digest text, reason text, drafted_by text
-- changes: one
UPDATE risk_scheme SET name = :name, content = :content, digest = :digest, reason = :reason, drafted_by = :drafted_by,
    row_version = row_version + 1
WHERE version = :version AND row_version = :row_version AND state = 'draft';

-- name: risk_scheme_move
-- in: version i64, row_version i64, from text, to text, note text?, approved_by text?, approved_us i64?, in_force_us i64?
-- changes: one
UPDATE risk_scheme SET state = :to, note = :note, approved_by = COALESCE(:approved_by, approved_by),
    approved_us = COALESCE(:approved_us, approved_us), in_force_us = COALESCE(:in_force_us, in_force_us),
    row_version = row_version + 1
WHERE version = :version AND row_version = :row_version AND state = :from;

-- name: risk_scheme_supersede
-- What was in force for exactly this scope.
-- in: version i64, department text?, region text?
UPDATE risk_scheme SET state = 'superseded', row_version = row_version + 1
WHERE state = 'in_force' AND version <> :version AND COALESCE(department, '') = COALESCE(:department, '')
  AND COALESCE(region, '') = COALESCE(:region, '');

-- name: risk_scheme_in_force
-- All that are in force.
-- out: s risk_scheme_row
-- rows: many
SELECT {risk_scheme_row} FROM risk_scheme WHERE state = 'in_force' ORDER BY version;

-- part: risk_run_row
-- out: id i64, scheme i64, department text?, region text?, day i64, state text, target_count i64, change_count i64,
--     sample_count i64, counts text?, digest text?, started_by text, started_us i64, proposed_us i64?, decided_by text?,
--     decided_us i64?, reason text?, row_version i64
id, scheme, department, region, day, state, target_count, change_count, sample_count, counts, digest, started_by, started_us,
    proposed_us, decided_by, decided_us, reason, row_version

-- name: risk_run_put
-- in: id i64, scheme i64, department text?, region text?, day i64, started_by text, started_us i64
INSERT INTO risk_run (id, scheme, department, region, day, state, target_count, change_count, sample_count, started_by,
    started_us, row_version)
VALUES (:id, :scheme, :department, :region, :day, 'running', 0, 0, 0, :started_by, :started_us, 1);

-- name: risk_run_get
-- in: id i64
-- out: r risk_run_row
-- rows: one
SELECT {risk_run_row} FROM risk_run WHERE id = :id;

-- name: risk_run_list
-- Within a row scope, the newest first, below an id.
-- in: below i64, own_department text?, own_region text?, limit i64
-- out: r risk_run_row
-- rows: many
SELECT {risk_run_row} FROM risk_run
WHERE id < :below AND (:own_department IS NULL OR department = :own_department)
  AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
ORDER BY id DESC LIMIT :limit;

-- name: risk_run_open
-- Runs that are not decided, of whatever scope.
-- out: id i64, scheme i64, department text?, region text?, state text
-- rows: many
SELECT id, scheme, department, region, state FROM risk_run WHERE state IN ('running', 'proposed', 'applying') ORDER BY id;

-- name: risk_run_since
-- How many runs of a scheme there were since a day, but for those that were cancelled or broken off.
-- in: scheme i64, since_day i64
-- out: count i64
-- rows: one
SELECT count(*) AS count FROM risk_run WHERE scheme = :scheme AND day >= :since_day AND state NOT IN ('cancelled', 'broken');

-- name: risk_run_break
-- At a start: nobody works on what was running when the last server stopped.
UPDATE risk_run SET state = 'broken', row_version = row_version + 1 WHERE state = 'running';

-- name: risk_run_broken
-- out: id i64
-- rows: many
SELECT id FROM risk_run WHERE state = 'broken' ORDER BY id;

-- name: risk_run_propose
-- in: id i64, target_count i64, change_count i64, sample_count i64, counts text, salt text, digest text, now_us i64
-- changes: one
UPDATE risk_run SET state = 'proposed', target_count = :target_count, change_count = :change_count,
    sample_count = :sample_count, counts = :counts, salt = :salt, digest = :digest, proposed_us = :now_us, row_version = row_version + 1
WHERE id = :id AND state = 'running';

-- name: risk_run_move
-- in: id i64, from text, to text, decided_by text?, decided_us i64?, reason text?
-- changes: one
UPDATE risk_run SET state = :to, decided_by = COALESCE(:decided_by, decided_by), decided_us = COALESCE(:decided_us, decided_us),
    reason = :reason, row_version = row_version + 1
WHERE id = :id AND state = :from;

-- part: risk_change_row
-- out: target text, before text?, after text, score_c i64, reasons text, observed_before_day i64?, observed_to_day i64?,
--     observed_rule text?, sampled i64, verdict text?, note text?, reviewer text?, outcome text?
target, before, after, score_c, reasons, observed_before_day, observed_to_day, observed_rule, sampled, verdict, note, reviewer,
    outcome

-- name: risk_change_put
-- in: target text, run i64, before text?, after text, score_c i64, reasons text, observed_before_day i64?, observed_to_day i64?,
--     observed_rule text?
INSERT INTO risk_change (target, run, before, after, score_c, reasons, observed_before_day, observed_to_day, observed_rule, sampled)
VALUES (:target, :run, :before, :after, :score_c, :reasons, :observed_before_day, :observed_to_day, :observed_rule, 0);

-- name: risk_change_sample
-- in: target text, run i64
-- changes: one
UPDATE risk_change SET sampled = 1 WHERE target = :target AND run = :run;

-- name: risk_change_get
-- in: target text, run i64
-- out: c risk_change_row
-- rows: one
SELECT {risk_change_row} FROM risk_change WHERE target = :target AND run = :run;

-- name: risk_change_page
-- What a run proposes, after a code; before_class: - asks for those that had none.
-- in: run i64, after text, before_class text?, after_class text?, limit i64
-- out: c risk_change_row
-- rows: many
SELECT {risk_change_row} FROM risk_change
WHERE run = :run AND target > :after AND (:before_class IS NULL OR COALESCE(before, '-') = :before_class)
  AND (:after_class IS NULL OR after = :after_class)
ORDER BY target LIMIT :limit;

-- name: risk_change_samples
-- Those to be looked at.
-- in: run i64
-- out: c risk_change_row
-- rows: many
SELECT {risk_change_row} FROM risk_change WHERE run = :run AND sampled = 1 ORDER BY target LIMIT 100;

-- name: risk_change_review
-- in: target text, run i64, verdict text, note text?, reviewer text
-- changes: one
UPDATE risk_change SET verdict = :verdict, note = :note, reviewer = :reviewer
WHERE target = :target AND run = :run AND outcome IS NULL;

-- name: risk_change_settle
-- in: target text, run i64, outcome text
-- changes: one
UPDATE risk_change SET outcome = :outcome WHERE target = :target AND run = :run AND outcome IS NULL;

-- name: risk_change_history
-- What runs changed at a target, the newest first.
-- in: target text, limit i64
-- out: run i64, day i64, scheme i64, before text?, after text, score_c i64, reasons text, observed_to_day i64?,
--     observed_rule text?, outcome text?, decided_us i64?
-- rows: many
SELECT c.run, r.day, r.scheme, c.before, c.after, c.score_c, c.reasons, c.observed_to_day, c.observed_rule, c.outcome,
    r.decided_us
FROM risk_change c JOIN risk_run r ON r.id = c.run
WHERE c.target = :target AND c.outcome IS NOT NULL ORDER BY c.run DESC LIMIT :limit;

-- name: risk_change_drop
-- A part of what an abandoned run had proposed.
-- in: run i64, to text
DELETE FROM risk_change WHERE run = :run AND target <= :to;

-- name: risk_observation_get
-- in: target text
-- out: source text, rule text?, rule_name text?, run i64?, until_day i64?, reason text?, actor text, changed_us i64, row_version i64
-- rows: one
SELECT source, rule, rule_name, run, until_day, reason, actor, changed_us, row_version FROM risk_observation WHERE target = :target;

-- name: risk_observation_hands
-- Targets of a range of codes whose period a person has set or ended.
-- in: from text, to text
-- out: target text
-- rows: many
SELECT target FROM risk_observation WHERE target >= :from AND target <= :to AND source = 'hand' ORDER BY target;

-- name: risk_observation_put
-- in: target text, source text, rule text?, rule_name text?, run i64?, until_day i64?, reason text?, actor text, changed_us i64
INSERT INTO risk_observation (target, source, rule, rule_name, run, until_day, reason, actor, changed_us, row_version)
VALUES (:target, :source, :rule, :rule_name, :run, :until_day, :reason, :actor, :changed_us, 1)
ON CONFLICT (target) DO UPDATE SET source = excluded.source, rule = excluded.rule, rule_name = excluded.rule_name,
    run = excluded.run, until_day = excluded.until_day, reason = excluded.reason, actor = excluded.actor,
    changed_us = excluded.changed_us, row_version = risk_observation.row_version + 1;

-- name: risk_observing_put
-- in: target text, id i64, until_day i64?, reason text, salt text, actor text, at_us i64
INSERT INTO risk_observing (target, id, until_day, reason, salt, actor, at_us)
VALUES (:target, :id, :until_day, :reason, :salt, :actor, :at_us);

-- name: risk_observing_list
-- What people did about one target's period, the newest first.
-- in: target text, limit i64
-- out: id i64, until_day i64?, reason text, salt text, actor text, at_us i64
-- rows: many
SELECT id, until_day, reason, salt, actor, at_us FROM risk_observing WHERE target = :target ORDER BY id DESC LIMIT :limit;

-- name: risk_bringing_put
-- in: id i64, department text?, region text?, name text, source text, as_of_day i64, row_count i64, unknown_count i64, salt text,
--     actor text, at_us i64
INSERT INTO risk_bringing (id, department, region, name, source, as_of_day, row_count, unknown_count, salt, actor, at_us)
VALUES (:id, :department, :region, :name, :source, :as_of_day, :row_count, :unknown_count, :salt, :actor, :at_us);

-- name: risk_bringing_list
-- Within a row scope, the newest first, below an id.
-- in: below i64, own_department text?, own_region text?, limit i64
-- out: id i64, name text, source text, as_of_day i64, row_count i64, unknown_count i64, actor text, at_us i64
-- rows: many
SELECT id, name, source, as_of_day, row_count, unknown_count, actor, at_us FROM risk_bringing
WHERE id < :below AND (:own_department IS NULL OR department = :own_department)
  AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
ORDER BY id DESC LIMIT :limit;

-- name: risk_external_put
-- in: target text, name text, value i64, as_of_day i64, source text
INSERT INTO risk_external (target, name, value, as_of_day, source) VALUES (:target, :name, :value, :as_of_day, :source)
ON CONFLICT (target, name) DO UPDATE SET value = excluded.value, as_of_day = excluded.as_of_day, source = excluded.source;

-- name: risk_external_facts
-- in: from text, to text
-- out: target text, name text, value i64, as_of_day i64, source text
-- rows: many
SELECT target, name, value, as_of_day, source FROM risk_external WHERE target >= :from AND target <= :to ORDER BY target, name;
