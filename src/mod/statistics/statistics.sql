-- statistics.sql - figures for leaders 统计考核 (regulation 三(三)): reads the tables of others, and only reads (docs/adr/0004).
-- Unlike mod/report nothing here is public: risk classes are among it. Never here: names or codes of inspectors.

-- part: statistics_span
-- The draws of a period, and targets of a region with what lies below it. The statement calls the draw d and the target t.
-- in: from_us i64, to_us i64, region_from text?, region_below text?
d.state = 'drawn' AND d.drawn_us >= :from_us AND d.drawn_us < :to_us
  AND (:region_from IS NULL OR (t.region >= :region_from AND t.region < :region_below))

-- name: statistics_register
-- Active targets by county, type, risk class and supervising departments.
-- in: region_from text?, region_below text?
-- out: region text?, entity_type text?, risk_class text?, departments text?, targets i64
-- rows: many
-- scan: counts the register; SQLite reads its index of facets
SELECT SUBSTR(region, 1, 6) AS region, entity_type, risk_class, departments, COUNT(*) AS targets
FROM target
WHERE status = 'active' AND merged_into IS NULL
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
GROUP BY SUBSTR(region, 1, 6), entity_type, risk_class, departments;

-- name: statistics_drawn
-- Drawn targets, in the order of targets and draws.
-- in: span statistics_span
-- out: target text, draw text, attempt i64, mask i64, drawn_us i64, task text, task_name text, name text, region text?,
--      entity_type text?, risk_class text?
-- rows: many
SELECT n.target, n.draw, n.attempt, n.mask, d.drawn_us, d.task, k.name AS task_name, t.name, t.region, t.entity_type,
       t.risk_class
FROM draw d
JOIN drawn n ON n.draw = d.draw AND n.attempt = d.attempt
JOIN task k ON k.code = d.task
JOIN target t ON t.code = n.target
WHERE {statistics_span}
ORDER BY n.target, n.draw, n.attempt;

-- name: statistics_visits
-- Visits that the draws of a period gave, in the order of targets. planned: the task comes from a plan.
-- in: span statistics_span
-- out: target text, id i64, task text, task_name text, planned i64, draw text, mask i64, state text, visited_day i64?,
--      name text, region text?
-- rows: many
SELECT v.target, v.id, v.task, k.name AS task_name, CASE WHEN k.plan IS NULL THEN 0 ELSE 1 END AS planned, v.draw, v.mask,
       v.state, v.visited_day, t.name, t.region
FROM draw d
JOIN visit v ON v.task = d.task AND v.draw = d.draw AND v.attempt = d.attempt
JOIN task k ON k.code = d.task
JOIN target t ON t.code = v.target
WHERE {statistics_span}
ORDER BY v.target, v.id;

-- name: statistics_results
-- Results of the tasks that were drawn in a period, in the order of targets, tasks and departments.
-- in: span statistics_span
-- out: target text, id i64, task text, task_name text, item text, department text, codes text, state text,
--      produced_day i64, due_day i64?, published_us i64?, name text, region text?, followups i64, followups_open i64
-- rows: many
SELECT r.target, r.id, r.task, k.name AS task_name, r.item, r.department, r.codes, r.state, r.produced_day, r.due_day,
       r.published_us, t.name, t.region,
       (SELECT COUNT(*) FROM followup f WHERE f.target = r.target AND f.result = r.id) AS followups,
       (SELECT COUNT(*) FROM followup f WHERE f.target = r.target AND f.result = r.id
        AND f.state IN ('open', 'ordered', 'recheck')) AS followups_open
FROM (SELECT task, 'drawn' AS state, MIN(drawn_us) AS drawn_us FROM draw WHERE state = 'drawn' GROUP BY task) d
JOIN result r ON r.task = d.task
JOIN task k ON k.code = d.task
JOIN target t ON t.code = r.target
WHERE {statistics_span}
ORDER BY r.target, r.task, r.department, r.id;

-- name: statistics_load
-- Places of each active inspector in the draws of a period: who it is stays out of it.
-- in: from_us i64, to_us i64, department text?, region_from text?, region_below text?
-- out: places i64
-- rows: many
SELECT (SELECT COUNT(*) FROM assignment a JOIN draw d ON d.draw = a.draw AND d.attempt = a.attempt
        WHERE a.inspector = i.code AND a.role IN ('lead', 'member')
          AND d.state = 'drawn' AND d.drawn_us >= :from_us AND d.drawn_us < :to_us) AS places
FROM inspector i
WHERE i.state = 'active' AND (:department IS NULL OR i.department = :department)
  AND (:region_from IS NULL OR (i.region >= :region_from AND i.region < :region_below));

-- name: statistics_items
-- The names of all items, of their newest version.
-- out: code text, name text, department text
-- rows: many
SELECT i.code, i.name, i.department FROM item i
WHERE i.version = (SELECT MAX(j.version) FROM item j WHERE j.code = i.code)
ORDER BY i.code;

-- name: statistics_counties
-- Counties as the regions of units say, for those of which nothing is known otherwise.
-- out: region text
-- rows: many
SELECT DISTINCT SUBSTR(region, 1, 6) AS region FROM unit WHERE level = 'county' AND retired_us IS NULL ORDER BY 1;

-- name: statistics_records
-- Submitted visits that the draws of a period gave: how many, and how many of them have a complete record on file.
-- in: span statistics_span
-- out: mask i64, visits i64, complete i64
-- rows: many
SELECT v.mask, COUNT(*) AS visits, COUNT(r.visit) AS complete
FROM draw d
JOIN visit v ON v.task = d.task AND v.draw = d.draw AND v.attempt = d.attempt
JOIN target t ON t.code = v.target
LEFT JOIN record r ON r.target = v.target AND r.visit = v.id AND r.state = 'submitted'
WHERE {statistics_span} AND v.state = 'submitted'
GROUP BY v.mask;

-- name: statistics_followups
-- Follow-up that was opened in a period and is due or done: how many, and how many of them are not open any more.
-- in: from_us i64, to_us i64, today i64, region_from text?, region_below text?
-- out: department text, due i64, done i64
-- rows: many
SELECT department, COUNT(*) AS due, COUNT(CASE WHEN state NOT IN ('open', 'ordered', 'recheck') THEN 1 END) AS done
FROM followup
WHERE opened_us >= :from_us AND opened_us < :to_us
  AND (state NOT IN ('open', 'ordered', 'recheck') OR due_day < :today)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
GROUP BY department;

-- name: statistics_kept
-- Active targets by supervising departments: how many, and how many of them lack nothing (target.gaps).
-- in: region_from text?, region_below text?
-- out: departments text?, targets i64, whole i64
-- rows: many
-- scan: counts the register
SELECT departments, COUNT(*) AS targets, COUNT(CASE WHEN gaps = 0 THEN 1 END) AS whole
FROM target
WHERE status = 'active' AND merged_into IS NULL
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
GROUP BY departments;

-- name: statistics_training
-- Active inspectors by department: how many, and how many of them were trained for so many hours in a period.
-- in: from_day i64, to_day i64, hours i64, region_from text?, region_below text?
-- out: department text, people i64, trained i64
-- rows: many
SELECT i.department, COUNT(*) AS people,
    COUNT(CASE WHEN (SELECT COALESCE(SUM(t.hours_count), 0) FROM inspector_training t
        WHERE t.inspector = i.code AND t.day >= :from_day AND t.day <= :to_day) >= :hours THEN 1 END) AS trained
FROM inspector i
WHERE i.state = 'active' AND (:region_from IS NULL OR (i.region >= :region_from AND i.region < :region_below))
GROUP BY i.department;
