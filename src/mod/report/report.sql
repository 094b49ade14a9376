-- mod/report/report.sql - everything the public portal reads, and nothing else: the complete list of what the world can
-- see. Every statement only reads, across the tables of the other modules (docs/adr names this exception). Never here:
-- risk classes, strata of salted draws by target, secrets before their day, contacts, names of persons.

-- name: report_setting
-- One setting by its key.
-- in: key text
-- out: value text?
-- rows: one
SELECT value FROM setting WHERE key = :key;

-- name: report_departments
-- All departments in the order of their bits.
-- out: code text, name text, bit i64
-- rows: many
SELECT code, name, bit FROM department ORDER BY bit;

-- name: report_figures
-- The figures of the home page: finished draws, targets drawn, publications, entries of the log.
-- out: draws i64, drawn i64, publications i64, entries i64
-- rows: one
-- scan: counts; an index is read from end to end
SELECT (SELECT COUNT(*) FROM draw WHERE state = 'drawn') AS draws,
       (SELECT COUNT(*) FROM drawn) AS drawn,
       (SELECT COUNT(*) FROM publication) AS publications,
       (SELECT COALESCE(MAX(size), 0) FROM checkpoint) AS entries;

-- part: report_publication_shown
-- One publication as the public may read it. What was withdrawn 撤回 because its decision was revoked, or taken down 撤下, has no
-- codes any more, but the day and the reason. task_shown: the task has a page today. p, t, k, v, w are the tables of
-- report_publication_from.
-- out: target text, id i64, correction i64, result i64, task text, task_name text, task_shown i64, item text, item_name text,
--      department text, codes text?, produced_day i64, due_day i64?, published_us i64, name text, entity_type text?,
--      region text?, region_name text?, gone text?, gone_us i64?, gone_reason text?, gone_basis text?
p.target, p.id, p.correction, p.result, p.task, k.name AS task_name,
    CASE WHEN EXISTS (SELECT 1 FROM draw d WHERE d.task = p.task AND d.sealed_us IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.task = p.task AND d.publish_day > :today) THEN 1 ELSE 0 END AS task_shown,
    p.item, p.item_name, p.department,
    CASE WHEN w.taken_us IS NULL AND v.withdrawn_us IS NULL THEN p.codes END AS codes, p.produced_day, p.due_day,
    p.published_us, t.name, t.entity_type, t.region, r.name AS region_name,
    CASE WHEN w.taken_us IS NOT NULL THEN 'taken' WHEN v.withdrawn_us IS NOT NULL THEN 'withdrawn' END AS gone,
    COALESCE(w.taken_us, v.withdrawn_us) AS gone_us,
    CASE WHEN w.taken_us IS NOT NULL THEN w.reason WHEN v.withdrawn_us IS NOT NULL THEN v.reason END AS gone_reason,
    CASE WHEN w.taken_us IS NOT NULL THEN w.basis WHEN v.withdrawn_us IS NOT NULL THEN v.document_no END AS gone_basis

-- part: report_publication_from
-- in: today i64
FROM publication p
JOIN target t ON t.code = p.target
JOIN task k ON k.code = p.task
LEFT JOIN region r ON r.code = t.region
LEFT JOIN revocation v ON v.target = p.target AND v.result = p.result
LEFT JOIN takedown w ON w.target = p.target AND w.publication = p.id
WHERE :today = :today

-- part: report_publication_place
-- Before a place in the list (the newest is above all), within a region and a period.
-- in: us i64, target text, id i64, region text?, since_us i64?, until_us i64?
p.published_us <= :us AND (p.published_us < :us OR (p.published_us = :us AND (p.target, p.id) < (:target, :id)))
  AND (:region IS NULL OR substr(t.region, 1, length(:region)) = :region)
  AND (:since_us IS NULL OR p.published_us >= :since_us) AND (:until_us IS NULL OR p.published_us < :until_us)
ORDER BY p.published_us DESC, p.target DESC, p.id DESC

-- name: report_publications
-- Publications, newest first.
-- in: seen report_publication_from, place report_publication_place, limit i64
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from} AND {report_publication_place} LIMIT :limit;

-- name: report_publications_department
-- Those of a department; perhaps of one item.
-- in: department text, item text?, seen report_publication_from, place report_publication_place, limit i64
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from} AND p.department = :department AND (:item IS NULL OR p.item = :item)
  AND {report_publication_place} LIMIT :limit;

-- name: report_publications_item
-- Those of an item.
-- in: item text, seen report_publication_from, place report_publication_place, limit i64
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from} AND p.item = :item AND {report_publication_place} LIMIT :limit;

-- name: report_publications_task
-- Those of a task; perhaps of one department or item.
-- in: task text, department text?, item text?, seen report_publication_from, place report_publication_place, limit i64
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from} AND p.task = :task AND (:department IS NULL OR p.department = :department)
  AND (:item IS NULL OR p.item = :item) AND {report_publication_place} LIMIT :limit;

-- name: report_draws
-- Attempts of draws from sealed on, newest first.
-- in: limit i64
-- out: draw text, attempt i64, state text, task text, task_name text, lead text, population_count i64?, salted i64,
--      publish_day i64?, sealed_us i64, drawn_us i64?, void_reason text?, drawn_count i64
-- rows: many
SELECT d.draw, d.attempt, d.state, d.task, k.name AS task_name, k.lead, d.population_count, d.salted, d.publish_day,
       d.sealed_us, d.drawn_us, d.void_reason,
       (SELECT COUNT(*) FROM drawn n WHERE n.draw = d.draw AND n.attempt = d.attempt) AS drawn_count
FROM draw d
JOIN task k ON k.code = d.task
WHERE d.sealed_us IS NOT NULL
ORDER BY d.sealed_us DESC, d.draw DESC, d.attempt DESC
LIMIT :limit;

-- name: report_attempts
-- All attempts of one draw from sealed on, oldest first.
-- in: draw text
-- out: draw text, attempt i64, state text, task text, task_name text, lead text, participants text, plan text?,
--      from_day i64, to_day i64, suite text, rule text, batches i64, min_parties i64, salted i64, publish_day i64?,
--      prev text?, void_reason text?, population_count i64?, roster_root text?, draw_digest text?, lock_digest text?,
--      seed text?, result_digest text?, sealed_us i64, locked_us i64?, drawn_us i64?, voided_us i64?
-- rows: many
SELECT d.draw, d.attempt, d.state, d.task, k.name AS task_name, k.lead, k.participants, k.plan, k.from_day, k.to_day,
       d.suite, d.rule, d.batches, d.min_parties, d.salted, d.publish_day, d.prev, d.void_reason, d.population_count,
       d.roster_root, d.draw_digest, d.lock_digest, d.seed, d.result_digest, d.sealed_us, d.locked_us, d.drawn_us,
       d.voided_us
FROM draw d
JOIN task k ON k.code = d.task
WHERE d.draw = :draw AND d.sealed_us IS NOT NULL
ORDER BY d.attempt;

-- name: report_parties
-- The parties of an attempt; a secret only once the draw is public.
-- in: draw text, attempt i64, today i64
-- out: name text, commitment text?, present i64?, secret text?
-- rows: many
SELECT p.name, p.commitment, p.present,
       CASE WHEN d.state = 'drawn' AND (d.publish_day IS NULL OR d.publish_day <= :today) THEN p.secret END AS secret
FROM draw_party p
JOIN draw d ON d.draw = p.draw AND d.attempt = p.attempt
WHERE p.draw = :draw AND p.attempt = :attempt ORDER BY p.name;

-- name: report_room
-- The latest attempt of a draw, from its opening on: what the room sees before anything is sealed.
-- in: draw text
-- out: draw text, attempt i64, state text, task_name text, lead text, publish_day i64?, salted i64, rule text, suite text,
--      min_parties i64, population_count i64?, roster_root text?, draw_digest text?, lock_digest text?, opened_us i64,
--      sealed_us i64?, locked_us i64?, drawn_us i64?
-- rows: one
SELECT d.draw, d.attempt, d.state, k.name AS task_name, k.lead, d.publish_day, d.salted, d.rule, d.suite, d.min_parties,
       d.population_count, d.roster_root, d.draw_digest, d.lock_digest, d.opened_us, d.sealed_us, d.locked_us, d.drawn_us
FROM draw d
JOIN task k ON k.code = d.task
WHERE d.draw = :draw ORDER BY d.attempt DESC LIMIT 1;

-- name: report_room_parties
-- Who has committed and who has shown the secret, without any secret.
-- in: draw text, attempt i64
-- out: name text, commitment text?, present i64?, revealed i64
-- rows: many
SELECT name, commitment, present,
       CASE WHEN secret IS NULL AND sealed_secret IS NULL THEN 0 ELSE 1 END AS revealed
FROM draw_party WHERE draw = :draw AND attempt = :attempt ORDER BY name;

-- name: report_beacons
-- in: draw text, attempt i64
-- out: name text, event text, value text?
-- rows: many
SELECT name, event, value FROM draw_beacon WHERE draw = :draw AND attempt = :attempt ORDER BY name;

-- name: report_quotas
-- in: draw text, attempt i64
-- out: grp i64, stratum text, population_count i64, sample_count i64, reserve_count i64, ratio_bp i64?
-- rows: many
SELECT grp, stratum, population_count, sample_count, reserve_count, ratio_bp
FROM draw_quota WHERE draw = :draw AND attempt = :attempt ORDER BY grp, stratum;

-- name: report_exclusions
-- in: draw text, attempt i64
-- out: reason text, excluded_count i64
-- rows: many
SELECT reason, excluded_count FROM draw_exclusion WHERE draw = :draw AND attempt = :attempt ORDER BY reason;

-- name: report_drawn
-- The drawn targets in visiting order, after a position.
-- in: draw text, attempt i64, position i64, limit i64
-- out: target text, position i64, batch i64, mask i64, name text, entity_type text?, region text?, region_name text?
-- rows: many
SELECT n.target, n.position, n.batch, n.mask, t.name, t.entity_type, t.region, r.name AS region_name
FROM drawn n
JOIN target t ON t.code = n.target
LEFT JOIN region r ON r.code = t.region
WHERE n.draw = :draw AND n.attempt = :attempt AND n.position > :position
ORDER BY n.position
LIMIT :limit;

-- name: report_drawn_count
-- in: draw text, attempt i64
-- out: drawn i64
-- rows: one
SELECT COUNT(*) AS drawn FROM drawn WHERE draw = :draw AND attempt = :attempt;

-- name: report_substitutions
-- in: draw text, attempt i64
-- out: target text, substitute text, grp i64, rank i64, reason text, substituted_us i64
-- rows: many
SELECT target, substitute, grp, rank, reason, substituted_us
FROM substitution WHERE draw = :draw AND attempt = :attempt ORDER BY grp, stratum, rank;

-- name: report_replacements
-- Inspectors who stepped back and the reserves who came, by target; neither the evidence nor who approved.
-- in: draw text, attempt i64, limit i64
-- out: target text, department text, inspector text, substitute text, rank i64, passed text?, reason text, replaced_us i64
-- rows: many
SELECT target, department, inspector, substitute, rank, passed, reason, replaced_us FROM replacement
WHERE draw = :draw AND attempt = :attempt ORDER BY target, replaced_us, inspector LIMIT :limit;

-- name: report_staffing
-- in: draw text, attempt i64
-- out: staff_digest text, match_seed text?, owners_digest text?, state text
-- rows: one
SELECT staff_digest, match_seed, owners_digest, state FROM staffing WHERE draw = :draw AND attempt = :attempt;

-- name: report_team
-- Who visits one target: pseudonyms only.
-- in: target text, draw text, attempt i64
-- out: department text, inspector text, role text
-- rows: many
SELECT department, inspector, role FROM assignment
WHERE target = :target AND draw = :draw AND attempt = :attempt AND role IN ('lead', 'member')
ORDER BY department, role, inspector;

-- name: report_target
-- One target, without contact, legal representative and risk class.
-- in: code text
-- out: code text, kind text, entity_type text?, name text, former_names text?, address text?, industry text?,
--      industry_name text?, region text?, region_name text?, authority text?, station text?, status text,
--      established_day i64?, merged_into text?
-- rows: one
SELECT t.code, t.kind, t.entity_type, t.name, t.former_names, t.address, t.industry, i.name AS industry_name, t.region,
       r.name AS region_name, t.authority, t.station, t.status, t.established_day, t.merged_into
FROM target t
LEFT JOIN region r ON r.code = t.region
LEFT JOIN industry i ON i.code = t.industry
WHERE t.code = :code;

-- name: report_merged
-- The codes that were merged into a target: its records show together.
-- in: target text
-- out: code text
-- rows: many
SELECT code FROM target WHERE merged_into = :target ORDER BY code;

-- name: report_target_publications
-- All that was published about a target and those merged into it, by whatever department, newest first.
-- in: target text, seen report_publication_from, limit i64
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from}
  AND p.target IN (SELECT m.code FROM target m WHERE m.code = :target OR m.merged_into = :target)
ORDER BY p.published_us DESC, p.id DESC LIMIT :limit;

-- name: report_target_draws
-- The draws that drew this target or one merged into it, where that is public by today.
-- in: target text, today i64
-- out: target text, draw text, attempt i64, state text, task text, task_name text, plan text?, plan_name text?, mask i64, position i64, batch i64, drawn_us i64?
-- rows: many
SELECT n.target, n.draw, n.attempt, d.state, d.task, k.name AS task_name, l.code AS plan, l.name AS plan_name, n.mask, n.position,
       n.batch, d.drawn_us
FROM drawn n
JOIN draw d ON d.draw = n.draw AND d.attempt = n.attempt
JOIN task k ON k.code = d.task
LEFT JOIN plan l ON l.code = k.plan AND l.published_us IS NOT NULL
WHERE n.target IN (SELECT m.code FROM target m WHERE m.code = :target OR m.merged_into = :target) AND (d.publish_day IS NULL OR d.publish_day <= :today)
ORDER BY d.drawn_us DESC
LIMIT 100;

-- name: report_frames
-- The newest finished draws with their seeds, where they are public by today: for "why was I (not) drawn".
-- in: today i64, limit i64
-- out: draw text, attempt i64, task_name text, suite text, rule text, salted i64, seed text,
--      drawn_us i64, population_count i64
-- rows: many
SELECT d.draw, d.attempt, k.name AS task_name, d.suite, d.rule, d.salted, d.seed, d.drawn_us,
       d.population_count
FROM draw d
JOIN task k ON k.code = d.task
WHERE d.state = 'drawn' AND (d.publish_day IS NULL OR d.publish_day <= :today)
ORDER BY d.drawn_us DESC
LIMIT :limit;

-- name: report_items
-- The newest published version of every item, by domain.
-- out: code text, version i64, state text, domain text, name text, class text, department text, partners text?,
--      target_scope text?, cap_bp i64?, frequency text?, published_us i64
-- rows: many
SELECT i.code, i.version, i.state, i.domain, i.name, i.class, i.department, i.partners, i.target_scope, i.cap_bp,
       i.frequency, i.published_us
FROM item i
WHERE i.published_us IS NOT NULL
  AND i.version = (SELECT MAX(j.version) FROM item j WHERE j.code = i.code AND j.published_us IS NOT NULL)
ORDER BY i.department, i.code;

-- name: report_item_versions
-- All published versions of one item, newest first.
-- in: code text
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text,
--      partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--      frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64,
--      target_tags text?, expert_needed i64?
-- rows: many
SELECT code, version, state, domain, name, class, track, department, partners, levels, target_scope, points, methods,
       legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us, target_tags,
       expert_needed
FROM item WHERE code = :code AND published_us IS NOT NULL ORDER BY version DESC;

-- name: report_item_steps
-- When and why published versions were suspended, resumed or retired, oldest first. list: item, joint.
-- in: list text, code text
-- out: version i64, to_state text, opinion text?, moved_us i64
-- rows: many
SELECT version, to_state, opinion, moved_us FROM item_review
WHERE list = :list AND code = :code AND from_state IN ('published', 'suspended') ORDER BY version, seq;

-- name: report_joints
-- The newest published version of every joint item and bundle.
-- out: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text,
--      partners text?, levels text?, items text?, published_us i64
-- rows: many
SELECT i.code, i.version, i.state, i.kind, i.domain, i.name, i.target_scope, i.lead, i.partners, i.levels, i.items,
       i.published_us
FROM joint_item i
WHERE i.published_us IS NOT NULL
  AND i.version = (SELECT MAX(j.version) FROM joint_item j WHERE j.code = i.code AND j.published_us IS NOT NULL)
ORDER BY i.kind, i.lead, i.code;

-- name: report_joint_versions
-- All published versions of one joint item, newest first.
-- in: code text
-- out: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text,
--      partners text?, levels text?, items text?, body text?, reason text?, published_us i64
-- rows: many
SELECT code, version, state, kind, domain, name, target_scope, lead, partners, levels, items, body, reason, published_us
FROM joint_item WHERE code = :code AND published_us IS NOT NULL ORDER BY version DESC;

-- name: report_plans
-- Published plans, newest first.
-- out: code text, year i64, name text, joint i64, lead text, state text, document_no text?, revision i64,
--      published_us i64, line_count i64
-- rows: many
SELECT p.code, p.year, p.name, p.joint, p.lead, p.state, p.document_no, p.revision, p.published_us,
       (SELECT COUNT(*) FROM plan_line l WHERE l.plan = p.code) AS line_count
FROM plan p WHERE p.published_us IS NOT NULL ORDER BY p.year DESC, p.code;

-- name: report_plan_filings
-- The documents that were filed with the government, without their bytes.
-- in: plan text
-- out: digest text, name text, filed_us i64
-- rows: many
SELECT digest, name, filed_us FROM plan_filing WHERE plan = :plan ORDER BY filed_us, digest;

-- name: report_plan_lines
-- in: plan text
-- out: line i64, name text, items text, scope_words text?, ratio_words text?, from_day i64, to_day i64, lead text,
--      participants text, mode text?
-- rows: many
SELECT line, name, items, scope_words, ratio_words, from_day, to_day, lead, participants, mode
FROM plan_line WHERE plan = :plan ORDER BY line;

-- name: report_plan_revisions
-- in: plan text
-- out: revision i64, line i64, before text?, after text?, reason text, revised_us i64
-- rows: many
SELECT revision, line, before, after, reason, revised_us FROM plan_revision WHERE plan = :plan ORDER BY revision, line;

-- name: report_plan_draws
-- The draws of a plan's tasks.
-- in: plan text
-- out: draw text, attempt i64, state text, task_name text, line i64?, sealed_us i64
-- rows: many
SELECT d.draw, d.attempt, d.state, k.name AS task_name, k.line, d.sealed_us
FROM task k
JOIN draw d ON d.task = k.code
WHERE k.plan = :plan AND d.sealed_us IS NOT NULL
ORDER BY k.line, d.draw, d.attempt;

-- name: report_checkpoint
-- The newest signed checkpoint.
-- out: size i64, root text, note blob, signed_us i64
-- rows: one
SELECT size, root, note, signed_us FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: report_journal
-- The newest entries of the log: what and when; subjects are in the log's own files.
-- in: limit i64
-- out: leaf i64, time_us i64, act text
-- rows: many
SELECT leaf, time_us, act FROM journal WHERE leaf IS NOT NULL ORDER BY leaf DESC LIMIT :limit;

-- name: report_coverage
-- Targets drawn so far, by county.
-- out: region text?, drawn i64
-- rows: many
SELECT SUBSTR(t.region, 1, 6) AS region, COUNT(DISTINCT n.target) AS drawn
FROM drawn n JOIN target t ON t.code = n.target
GROUP BY SUBSTR(t.region, 1, 6) ORDER BY 1;

-- name: report_population
-- Targets of the register, by county.
-- out: region text?, name text?, targets i64
-- rows: many
-- scan: statistics; the page may be kept for a minute by a proxy
SELECT x.region, r.name, x.targets
FROM (SELECT SUBSTR(region, 1, 6) AS region, COUNT(*) AS targets FROM target GROUP BY SUBSTR(region, 1, 6)) x
LEFT JOIN region r ON r.code = x.region
ORDER BY x.region;

-- name: report_timeliness
-- First publications and how many of them came within 20 working days, by department. UTC+8 days.
-- out: department text, published i64, in_time i64
-- rows: many
-- scan: statistics; the page may be kept for a minute by a proxy
SELECT department, COUNT(*) AS published,
       SUM(CASE WHEN due_day IS NULL OR (published_us + 28800000000) / 86400000000 <= due_day THEN 1 ELSE 0 END)
           AS in_time
FROM publication WHERE correction = 0 GROUP BY department ORDER BY department;

-- name: report_codes
-- Publications by their set of result codes.
-- out: codes text, published i64
-- rows: many
-- scan: statistics; the page may be kept for a minute by a proxy
SELECT codes, COUNT(*) AS published FROM publication GROUP BY codes ORDER BY codes;

-- name: report_reached
-- Every target that was drawn (public by today) or has a publication, for the static export, after a code.
-- in: code text, today i64
-- out: code text, name text, entity_type text?, region_name text?
-- rows: many
SELECT t.code, t.name, t.entity_type, r.name AS region_name
FROM target t LEFT JOIN region r ON r.code = t.region
WHERE t.code > :code
  AND (EXISTS (SELECT 1 FROM drawn n JOIN draw d ON d.draw = n.draw AND d.attempt = n.attempt
               WHERE n.target = t.code AND (d.publish_day IS NULL OR d.publish_day <= :today))
       OR EXISTS (SELECT 1 FROM publication p WHERE p.target = t.code))
ORDER BY t.code
LIMIT 1000;

-- name: report_target_refers
-- Does anything refer to a target, or may a frame sealed since hold it?
-- in: target text, since_us i64?
-- out: refers i64
-- rows: one
SELECT CASE WHEN EXISTS (SELECT 1 FROM drawn WHERE target = :target)
    OR EXISTS (SELECT 1 FROM drawn_reserve WHERE target = :target)
    OR EXISTS (SELECT 1 FROM substitution WHERE target = :target OR substitute = :target)
    OR EXISTS (SELECT 1 FROM assignment WHERE target = :target)
    OR EXISTS (SELECT 1 FROM panel_expert WHERE target = :target)
    OR EXISTS (SELECT 1 FROM visit WHERE target = :target)
    OR EXISTS (SELECT 1 FROM result WHERE target = :target)
    OR EXISTS (SELECT 1 FROM publication WHERE target = :target)
    OR EXISTS (SELECT 1 FROM recusal WHERE target = :target)
    OR EXISTS (SELECT 1 FROM draw WHERE sealed_us >= :since_us) THEN 1 ELSE 0 END AS refers;

-- name: report_inspector_refers
-- Was this inspector ever assigned, or has stepped back?
-- in: inspector text
-- out: refers i64
-- rows: one
SELECT CASE WHEN EXISTS (SELECT 1 FROM assignment WHERE inspector = :inspector)
    OR EXISTS (SELECT 1 FROM replacement WHERE inspector = :inspector OR substitute = :inspector)
    OR EXISTS (SELECT 1 FROM inspector_training WHERE inspector = :inspector)
    OR EXISTS (SELECT 1 FROM inspector_team_member WHERE inspector = :inspector) THEN 1 ELSE 0 END AS refers;

-- name: report_expert_refers
-- Was this expert ever on a panel, or is a list of experts frozen?
-- in: expert text
-- out: refers i64
-- rows: one
SELECT CASE WHEN EXISTS (SELECT 1 FROM panel_expert WHERE expert = :expert)
    OR EXISTS (SELECT 1 FROM panel WHERE drawn_us IS NULL) THEN 1 ELSE 0 END AS refers;

-- name: report_exchange_pending
-- Publications and corrections that are in no batch, or (again) were refused by its receipt; in the order of targets. What was
-- withdrawn or taken down here does not go there any more. For the exchange with the national publicity system, not for the portal.
-- in: department text?, region text?, again i64, after_target text, after_id i64, limit i64
-- out: target text, id i64, correction i64, task text, task_name text, directed i64, plan text?, plan_name text?,
--      item_name text, department text, department_name text?, codes text, produced_day i64, published_us i64, name text,
--      attempt i64, reason text?
-- rows: many
SELECT p.target, p.id, p.correction, p.task, k.name AS task_name, k.directed, k.plan, l.name AS plan_name, p.item_name,
       p.department, d.name AS department_name, p.codes, p.produced_day, p.published_us, t.name,
       COALESCE(x.attempt, 0) AS attempt, x.reason
FROM publication p
JOIN target t ON t.code = p.target
JOIN task k ON k.code = p.task
LEFT JOIN plan l ON l.code = k.plan
LEFT JOIN department d ON d.code = p.department
LEFT JOIN exchange_row x ON x.target = p.target AND x.publication = p.id
     AND x.attempt = (SELECT MAX(y.attempt) FROM exchange_row y WHERE y.target = p.target AND y.publication = p.id)
LEFT JOIN revocation v ON v.target = p.target AND v.result = p.result AND v.withdrawn_us IS NOT NULL
LEFT JOIN takedown w ON w.target = p.target AND w.publication = p.id AND w.taken_us IS NOT NULL
WHERE (p.target, p.id) > (:after_target, :after_id) AND v.target IS NULL AND w.target IS NULL AND (x.state IS NULL OR (x.state = 'refused' AND :again <> 0))
  AND (:department IS NULL OR p.department = :department)
  AND (:region IS NULL OR substr(t.region, 1, length(:region)) = :region)
ORDER BY p.target, p.id
LIMIT :limit;

-- name: report_exchange_counts
-- Every publication and correction is in one acknowledged batch, on its way, refused, or missing; what was withdrawn or taken down
-- before it went is none of them. twice: accepted by more than one receipt; always 0. gone: went there, and was withdrawn or taken down
-- here since: it must leave that system, too.
-- in: department text?, region text?
-- out: published i64, accepted i64, sent i64, refused i64, twice i64, gone i64
-- rows: one
SELECT COUNT(*) AS published,
       COUNT(CASE WHEN x.state = 'accepted' THEN 1 END) AS accepted,
       COUNT(CASE WHEN x.state = 'sent' THEN 1 END) AS sent,
       COUNT(CASE WHEN x.state = 'refused' THEN 1 END) AS refused,
       COUNT(CASE WHEN (SELECT COUNT(*) FROM exchange_row y WHERE y.target = p.target AND y.publication = p.id
                        AND y.state = 'accepted') > 1 THEN 1 END) AS twice,
       COUNT(CASE WHEN x.state <> 'refused' AND (v.target IS NOT NULL OR w.target IS NOT NULL) THEN 1 END) AS gone
FROM publication p
JOIN target t ON t.code = p.target
LEFT JOIN exchange_row x ON x.target = p.target AND x.publication = p.id
     AND x.attempt = (SELECT MAX(y.attempt) FROM exchange_row y WHERE y.target = p.target AND y.publication = p.id)
LEFT JOIN revocation v ON v.target = p.target AND v.result = p.result AND v.withdrawn_us IS NOT NULL
LEFT JOIN takedown w ON w.target = p.target AND w.publication = p.id AND w.taken_us IS NOT NULL
WHERE (x.state IS NOT NULL OR (v.target IS NULL AND w.target IS NULL))
  AND (:department IS NULL OR p.department = :department)
  AND (:region IS NULL OR substr(t.region, 1, length(:region)) = :region);

-- part: report_task_shown
-- A task as the public may see it, and how far it has come. k is the task; it is public once a list was sealed for it, and an
-- unannounced one from its day on.
-- out: code text, name text, directed i64, items text, lead text, participants text, from_day i64, to_day i64, state text,
--      plan text?, plan_name text?, line i64?, scope_words text?, ratio_words text?, drawn i64, visited i64, published i64
k.code, k.name, k.directed, k.items, k.lead, k.participants, k.from_day, k.to_day, k.state, l.code AS plan,
    l.name AS plan_name, k.line, z.scope_words, z.ratio_words,
    (SELECT COUNT(*) FROM drawn n JOIN draw d ON d.draw = n.draw AND d.attempt = n.attempt
     WHERE d.task = k.code AND d.state = 'drawn') AS drawn,
    (SELECT COUNT(*) FROM visit y WHERE y.task = k.code AND y.visited_day IS NOT NULL) AS visited,
    (SELECT COUNT(DISTINCT x.target) FROM result x WHERE x.task = k.code AND x.state = 'published') AS published

-- part: report_task_from
-- in: today i64
FROM task k
LEFT JOIN plan l ON l.code = k.plan AND l.published_us IS NOT NULL
LEFT JOIN plan_line z ON z.plan = l.code AND z.line = k.line
WHERE EXISTS (SELECT 1 FROM draw d WHERE d.task = k.code AND d.sealed_us IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.task = k.code AND d.publish_day > :today)

-- name: report_tasks
-- Public tasks, the newest code first, below one; own: those of a department, entry is how participants name it.
-- in: seen report_task_from, below text, own text?, entry text?, limit i64
-- out: k report_task_shown
-- rows: many
SELECT {report_task_shown} {report_task_from} AND k.code < :below
  AND (:own IS NULL OR k.lead = :own OR replace(k.participants, :entry, '') <> k.participants)
ORDER BY k.code DESC LIMIT :limit;

-- name: report_task
-- in: code text, seen report_task_from
-- out: k report_task_shown
-- rows: one
SELECT {report_task_shown} {report_task_from} AND k.code = :code;

-- name: report_task_draws
-- Its attempts from sealed on.
-- in: task text
-- out: draw text, attempt i64, state text, population_count i64?, sealed_us i64, drawn_us i64?, void_reason text?
-- rows: many
SELECT draw, attempt, state, population_count, sealed_us, drawn_us, void_reason
FROM draw WHERE task = :task AND sealed_us IS NOT NULL ORDER BY draw, attempt;

-- name: report_counties
-- Counties with targets, for filters.
-- out: code text, name text
-- rows: many
SELECT r.code, r.name FROM region r
WHERE length(r.code) = 6 AND r.retired = 0 AND EXISTS (SELECT 1 FROM target t WHERE t.region >= r.code AND t.region < r.code || '~')
ORDER BY r.code;

-- name: report_open_items
-- For the open data: every published version of the item list.
-- out: code text, version i64, state text, domain text, name text, class text, department text, department_name text?,
--      target_scope text?, methods text?, cap_bp i64?, frequency text?, valid_from_day i64?, valid_to_day i64?, published_us i64
-- rows: many
SELECT i.code, i.version, i.state, i.domain, i.name, i.class, i.department, d.name AS department_name, i.target_scope,
       i.methods, i.cap_bp, i.frequency, i.valid_from_day, i.valid_to_day, i.published_us
FROM item i LEFT JOIN department d ON d.code = i.department
WHERE i.published_us IS NOT NULL ORDER BY i.code, i.version;

-- name: report_open_plans
-- Published plans, line by line.
-- out: plan text, year i64, plan_name text, joint i64, plan_lead text, state text, document_no text?, revision i64,
--      published_us i64, line i64, name text, items text, scope_words text?, ratio_words text?, from_day i64, to_day i64,
--      lead text, mode text?
-- rows: many
SELECT p.code AS plan, p.year, p.name AS plan_name, p.joint, p.lead AS plan_lead, p.state, p.document_no, p.revision,
       p.published_us, l.line, l.name, l.items, l.scope_words, l.ratio_words, l.from_day, l.to_day, l.lead, l.mode
FROM plan p JOIN plan_line l ON l.plan = p.code
WHERE p.published_us IS NOT NULL ORDER BY p.code, l.line;

-- name: report_open_tasks
-- in: seen report_task_from
-- out: k report_task_shown
-- rows: many
SELECT {report_task_shown} {report_task_from} ORDER BY k.code;

-- name: report_open_draws
-- Attempts from sealed on; the outcome of unannounced ones from their day on.
-- in: today i64
-- out: draw text, attempt i64, task text?, state text, suite text, rule text, population_count i64?, roster_root text?,
--      draw_digest text?, lock_digest text?, seed text?, result_digest text?, void_reason text?, sealed_us i64, drawn_us i64?
-- rows: many
SELECT d.draw, d.attempt, CASE WHEN d.publish_day IS NULL OR d.publish_day <= :today THEN d.task END AS task, d.state,
       d.suite, d.rule, d.population_count, d.roster_root, d.draw_digest, d.lock_digest,
       CASE WHEN d.publish_day IS NULL OR d.publish_day <= :today THEN d.seed END AS seed,
       CASE WHEN d.publish_day IS NULL OR d.publish_day <= :today THEN d.result_digest END AS result_digest, d.void_reason,
       d.sealed_us, CASE WHEN d.publish_day IS NULL OR d.publish_day <= :today THEN d.drawn_us END AS drawn_us
FROM draw d WHERE d.sealed_us IS NOT NULL ORDER BY d.draw, d.attempt;

-- name: report_open_drawn
-- in: today i64
-- out: draw text, attempt i64, position i64, batch i64, mask i64, target text, name text, entity_type text?, region text?,
--      region_name text?
-- rows: many
SELECT n.draw, n.attempt, n.position, n.batch, n.mask, n.target, t.name, t.entity_type, t.region, r.name AS region_name
FROM draw d
JOIN drawn n ON n.draw = d.draw AND n.attempt = d.attempt
JOIN target t ON t.code = n.target
LEFT JOIN region r ON r.code = t.region
WHERE d.state = 'drawn' AND (d.publish_day IS NULL OR d.publish_day <= :today)
ORDER BY n.draw, n.attempt, n.position;

-- name: report_open_results
-- All publications, in the order of targets.
-- in: seen report_publication_from
-- out: p report_publication_shown
-- rows: many
SELECT {report_publication_shown} {report_publication_from} ORDER BY p.target, p.id;
-- name: report_target_objections
-- Objections of a target that were answered, where it agreed that they become public.
-- in: target text
-- out: item_name text, department text, content text, outcome text, answer text, received_us i64, answered_us i64
-- rows: many
SELECT p.item_name, o.department, o.content, o.outcome, o.answer, o.received_us, o.answered_us
FROM objection o
JOIN publication p ON p.target = o.target AND p.result = o.result AND p.correction = 0
WHERE o.target = :target AND o.state = 'answered' AND o.publish = 1
ORDER BY o.id DESC
LIMIT 50;
