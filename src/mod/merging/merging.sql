-- merging.sql - visits that are made together 进一次门、查多项事 (regulation 二(五))

-- name: merging_put
-- in: id i64, target text, region text, lead text, from_day i64, to_day i64, day i64?, visit_count i64, proposed_us i64
INSERT INTO merging (id, target, region, lead, state, from_day, to_day, day, visit_count, proposed_us, row_version)
VALUES (:id, :target, :region, :lead, 'proposed', :from_day, :to_day, :day, :visit_count, :proposed_us, 1);

-- name: merging_visit_put
-- in: merging i64, visit i64, task text
INSERT INTO merging_visit (merging, visit, task) VALUES (:merging, :visit, :task);

-- name: merging_department_put
-- Once for each department.
-- in: merging i64, department text
INSERT INTO merging_department (merging, department) VALUES (:merging, :department)
ON CONFLICT (merging, department) DO NOTHING;

-- name: merging_visits
-- in: merging i64
-- out: visit i64, task text
-- rows: many
SELECT visit, task FROM merging_visit WHERE merging = :merging ORDER BY task;

-- name: merging_departments
-- in: merging i64
-- out: department text, seen_us i64?
-- rows: many
SELECT department, seen_us FROM merging_department WHERE merging = :merging ORDER BY department;

-- name: merging_of_target
-- What was proposed for a target and is open or was declined, each with its visits.
-- in: target text
-- out: id i64, state text, row_version i64, visit i64
-- rows: many
SELECT m.id, m.state, m.row_version, v.visit FROM merging m JOIN merging_visit v ON v.merging = m.id
WHERE m.target = :target AND m.state IN ('proposed', 'declined') ORDER BY m.id, v.visit;

-- name: merging_planned
-- How many doors a department has on each day, agreed or proposed.
-- in: lead text, from_day i64
-- out: day i64, count i64
-- rows: many
SELECT day, COUNT(*) AS count FROM merging
WHERE lead = :lead AND day >= :from_day AND state IN ('proposed', 'accepted') GROUP BY day ORDER BY day;

-- name: merging_decide
-- Compare-and-set of a decision.
-- in: id i64, row_version i64, state text, day i64?, reason text?, decided_by text, decided_us i64
-- changes: one
UPDATE merging SET state = :state, day = :day, reason = :reason, decided_by = :decided_by, decided_us = :decided_us,
    row_version = row_version + 1
WHERE id = :id AND row_version = :row_version AND state = 'proposed';

-- name: merging_seen
-- A department has seen the decision; the first time counts.
-- in: merging i64, department text, seen_us i64
-- changes: one
UPDATE merging_department SET seen_us = COALESCE(seen_us, :seen_us) WHERE merging = :merging AND department = :department;

-- part: merging_scope
-- in: own text?, region text?
(:region IS NULL OR substr(m.region, 1, length(:region)) = :region)
  AND (:own IS NULL OR EXISTS (SELECT 1 FROM merging_department d WHERE d.merging = m.id AND d.department = :own))

-- name: merging_see
-- One within a row scope.
-- in: id i64, where merging_scope
-- out: id i64, target text, region text, lead text, state text, from_day i64, to_day i64, day i64?, visit_count i64, reason text?,
--     proposed_us i64, decided_by text?, decided_us i64?, row_version i64
-- rows: one
SELECT m.id, m.target, m.region, m.lead, m.state, m.from_day, m.to_day, m.day, m.visit_count, m.reason, m.proposed_us, m.decided_by,
    m.decided_us, m.row_version
FROM merging m WHERE m.id = :id AND {merging_scope};

-- name: merging_list
-- The newest first, below an id.
-- in: below i64, state text?, limit i64, where merging_scope
-- out: id i64, target text, region text, lead text, state text, from_day i64, to_day i64, day i64?, visit_count i64, reason text?,
--     proposed_us i64, decided_us i64?, row_version i64
-- rows: many
SELECT m.id, m.target, m.region, m.lead, m.state, m.from_day, m.to_day, m.day, m.visit_count, m.reason, m.proposed_us, m.decided_us,
    m.row_version
FROM merging m
WHERE m.id < :below AND (:state IS NULL OR m.state = :state) AND {merging_scope}
ORDER BY m.id DESC LIMIT :limit;

-- name: merging_counts
-- How many by state, and the doors that are not entered a second time 少进门: visits made together but for one each.
-- in: where merging_scope
-- out: state text, count i64, saved i64
-- rows: many
SELECT m.state, COUNT(*) AS count, CAST(COALESCE(SUM(m.visit_count - 1), 0) AS BIGINT) AS saved FROM merging m WHERE {merging_scope}
GROUP BY m.state ORDER BY m.state;

-- name: merging_waiting
-- What waits for a department: proposals it decides, decisions of others it has not seen.
-- in: department text
-- out: open i64, news i64
-- rows: one
SELECT (SELECT COUNT(*) FROM merging WHERE lead = :department AND state = 'proposed') AS open,
    (SELECT COUNT(*) FROM merging_department d JOIN merging m ON m.id = d.merging
     WHERE d.department = :department AND d.seen_us IS NULL AND m.lead <> :department
       AND m.state IN ('accepted', 'declined')) AS news;
