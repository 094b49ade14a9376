-- drawing.sql - draws 抽取: attempts, parties, beacons, quotas, what was drawn (docs/spec/draw-1.md)

-- name: drawing_last_number
-- The largest number of a draw between two bounds (a region and a year), for the next one.
-- in: from_draw text, to_draw text
-- out: draw text
-- rows: one
SELECT draw FROM draw WHERE draw >= :from_draw AND draw <= :to_draw ORDER BY draw DESC LIMIT 1;

-- name: drawing_put
-- A new attempt, open for commitments.
-- in: draw text, attempt i64, task text, suite text, rule text, batches i64, min_parties i64, salted i64,
--     publish_day i64?, prev text?, opened_us i64
INSERT INTO draw (draw, attempt, task, state, suite, rule, batches, min_parties, salted, publish_day, prev, opened_us)
VALUES (:draw, :attempt, :task, 'open', :suite, :rule, :batches, :min_parties, :salted, :publish_day, :prev, :opened_us);

-- name: drawing_current
-- The latest attempt of the latest draw of a task.
-- in: task text
-- out: draw text, attempt i64, task text, state text, suite text, rule text, batches i64, min_parties i64, salted i64,
--      publish_day i64?, prev text?, population_count i64?, roster_root text?, draw_digest text?, lock_digest text?,
--      seed text?, result_digest text?, void_reason text?
-- rows: one
SELECT draw, attempt, task, state, suite, rule, batches, min_parties, salted, publish_day, prev, population_count,
    roster_root, draw_digest, lock_digest, seed, result_digest, void_reason
FROM draw WHERE task = :task ORDER BY draw DESC, attempt DESC LIMIT 1;

-- name: drawing_get
-- One attempt.
-- in: draw text, attempt i64
-- out: draw text, attempt i64, task text, state text, suite text, rule text, batches i64, min_parties i64, salted i64,
--      publish_day i64?, prev text?, population_count i64?, roster_root text?, draw_digest text?, lock_digest text?,
--      seed text?, result_digest text?, void_reason text?
-- rows: one
SELECT draw, attempt, task, state, suite, rule, batches, min_parties, salted, publish_day, prev, population_count,
    roster_root, draw_digest, lock_digest, seed, result_digest, void_reason
FROM draw WHERE draw = :draw AND attempt = :attempt;

-- name: drawing_undrawn_list
-- Attempts whose roster is sealed and not drawn from yet.
-- out: draw text, attempt i64
-- rows: many
SELECT draw, attempt FROM draw WHERE state IN ('sealed', 'locked', 'beacon') ORDER BY draw, attempt;

-- name: drawing_list
-- Every attempt, in the order of numbers, after a given one.
-- in: after_draw text, after_attempt i64, limit_count i64
-- out: draw text, attempt i64, task text, state text, population_count i64?, draw_digest text?, result_digest text?,
--      void_reason text?
-- rows: many
SELECT draw, attempt, task, state, population_count, draw_digest, result_digest, void_reason
FROM draw WHERE (draw, attempt) > (:after_draw, :after_attempt) ORDER BY draw, attempt LIMIT :limit_count;

-- name: drawing_discard
-- An opening is replaced by another before anything was promised.
-- in: draw text, attempt i64
-- changes: one
DELETE FROM draw WHERE draw = :draw AND attempt = :attempt AND state = 'open';

-- name: drawing_party_discard
-- in: draw text, attempt i64
DELETE FROM draw_party WHERE draw = :draw AND attempt = :attempt;

-- name: drawing_beacon_discard
-- in: draw text, attempt i64
DELETE FROM draw_beacon WHERE draw = :draw AND attempt = :attempt;

-- name: drawing_move
-- Compare-and-set of the state.
-- in: draw text, attempt i64, old_state text, new_state text
-- changes: one
UPDATE draw SET state = :new_state WHERE draw = :draw AND attempt = :attempt AND state = :old_state;

-- name: drawing_set_sealed
-- The digests of a sealed frame; once.
-- in: draw text, attempt i64, population_count i64, roster_root text, draw_digest text, sealed_us i64
-- changes: one
UPDATE draw SET population_count = :population_count, roster_root = :roster_root, draw_digest = :draw_digest,
    sealed_us = :sealed_us
WHERE draw = :draw AND attempt = :attempt AND draw_digest IS NULL;

-- name: drawing_set_locked
-- in: draw text, attempt i64, lock_digest text, locked_us i64
-- changes: one
UPDATE draw SET lock_digest = :lock_digest, locked_us = :locked_us
WHERE draw = :draw AND attempt = :attempt AND lock_digest IS NULL;

-- name: drawing_set_drawn
-- in: draw text, attempt i64, seed text, result_digest text, publish_day i64?, drawn_us i64
-- changes: one
UPDATE draw SET seed = :seed, result_digest = :result_digest, publish_day = :publish_day, drawn_us = :drawn_us
WHERE draw = :draw AND attempt = :attempt AND result_digest IS NULL;

-- name: drawing_set_void
-- in: draw text, attempt i64, void_reason text, voided_us i64
-- changes: one
UPDATE draw SET void_reason = :void_reason, voided_us = :voided_us
WHERE draw = :draw AND attempt = :attempt AND void_reason IS NULL;

-- name: drawing_party_put
-- in: draw text, attempt i64, name text
INSERT INTO draw_party (draw, attempt, name) VALUES (:draw, :attempt, :name);

-- name: drawing_party_list
-- The parties of an attempt in the order of draw.txt.
-- in: draw text, attempt i64
-- out: name text, commitment text?, present i64?, secret text?, sealed_secret text?
-- rows: many
SELECT name, commitment, present, secret, sealed_secret FROM draw_party WHERE draw = :draw AND attempt = :attempt ORDER BY name;

-- name: drawing_party_commit
-- A commitment is given once.
-- in: draw text, attempt i64, name text, commitment text
-- changes: one
UPDATE draw_party SET commitment = :commitment
WHERE draw = :draw AND attempt = :attempt AND name = :name AND commitment IS NULL;

-- name: drawing_party_reveal
-- Exactly one of secret (announced) and sealed_secret (unannounced).
-- in: draw text, attempt i64, name text, secret text?, sealed_secret text?
-- changes: one
UPDATE draw_party SET secret = :secret, sealed_secret = :sealed_secret
WHERE draw = :draw AND attempt = :attempt AND name = :name AND secret IS NULL AND sealed_secret IS NULL
    AND present IS NULL;

-- name: drawing_party_disclose
-- The encrypted secret of an unannounced check becomes public.
-- in: draw text, attempt i64, name text, secret text
-- changes: one
UPDATE draw_party SET secret = :secret, sealed_secret = NULL
WHERE draw = :draw AND attempt = :attempt AND name = :name AND sealed_secret IS NOT NULL;

-- name: drawing_undisclosed
-- Drawn attempts of unannounced checks whose day has come and whose secrets are still encrypted.
-- in: today i64
-- out: draw text, attempt i64
-- rows: many
SELECT d.draw, d.attempt FROM draw d
WHERE d.state = 'drawn' AND d.publish_day <= :today
    AND EXISTS (SELECT 1 FROM draw_party p WHERE p.draw = d.draw AND p.attempt = d.attempt AND p.sealed_secret IS NOT NULL)
ORDER BY d.draw, d.attempt;

-- name: drawing_party_lock
-- Who was present: exactly who had revealed.
-- in: draw text, attempt i64
UPDATE draw_party SET present = CASE WHEN secret IS NULL AND sealed_secret IS NULL THEN 0 ELSE 1 END
WHERE draw = :draw AND attempt = :attempt AND present IS NULL;

-- name: drawing_beacon_put
-- in: draw text, attempt i64, name text, event text
INSERT INTO draw_beacon (draw, attempt, name, event) VALUES (:draw, :attempt, :name, :event);

-- name: drawing_beacon_list
-- in: draw text, attempt i64
-- out: name text, event text, value text?, evidence text?
-- rows: many
SELECT name, event, value, evidence FROM draw_beacon WHERE draw = :draw AND attempt = :attempt ORDER BY name;

-- name: drawing_beacon_set
-- in: draw text, attempt i64, name text, value text, evidence text?
-- changes: one
UPDATE draw_beacon SET value = :value, evidence = :evidence
WHERE draw = :draw AND attempt = :attempt AND name = :name AND value IS NULL;

-- name: drawing_quota_put
-- in: draw text, attempt i64, grp i64, stratum text, population_count i64, sample_count i64, reserve_count i64, ratio_bp i64,
--     least_ppm i64, most_ppm i64
INSERT INTO draw_quota (draw, attempt, grp, stratum, population_count, sample_count, reserve_count, ratio_bp, least_ppm, most_ppm)
VALUES (:draw, :attempt, :grp, :stratum, :population_count, :sample_count, :reserve_count, :ratio_bp, :least_ppm, :most_ppm);

-- name: drawing_quota_list
-- in: draw text, attempt i64
-- out: grp i64, stratum text, population_count i64, sample_count i64, reserve_count i64, ratio_bp i64?, least_ppm i64, most_ppm i64
-- rows: many
SELECT grp, stratum, population_count, sample_count, reserve_count, ratio_bp, least_ppm, most_ppm
FROM draw_quota WHERE draw = :draw AND attempt = :attempt ORDER BY grp, stratum;

-- name: drawing_exclusion_put
-- in: draw text, attempt i64, reason text, excluded_count i64, codes text
INSERT INTO draw_exclusion (draw, attempt, reason, excluded_count, codes)
VALUES (:draw, :attempt, :reason, :excluded_count, :codes);

-- name: drawing_exclusion_list
-- in: draw text, attempt i64
-- out: reason text, excluded_count i64, codes text
-- rows: many
SELECT reason, excluded_count, codes FROM draw_exclusion WHERE draw = :draw AND attempt = :attempt ORDER BY reason;

-- name: drawing_target_put
-- One drawn target.
-- in: target text, draw text, attempt i64, stratum text, mask i64, position i64, batch i64
INSERT INTO drawn (target, draw, attempt, stratum, mask, position, batch)
VALUES (:target, :draw, :attempt, :stratum, :mask, :position, :batch);

-- name: drawing_target_list
-- The drawn targets in visiting order.
-- in: draw text, attempt i64
-- out: target text, stratum text, mask i64, position i64, batch i64
-- rows: many
SELECT target, stratum, mask, position, batch FROM drawn WHERE draw = :draw AND attempt = :attempt ORDER BY position;

-- name: drawing_last_position
-- The last place of the visiting order; substitutes come after it.
-- in: draw text, attempt i64
-- out: position i64
-- rows: one
SELECT COALESCE(MAX(position), 0) AS position FROM drawn WHERE draw = :draw AND attempt = :attempt;

-- name: drawing_target_get
-- in: target text, draw text, attempt i64
-- out: target text, stratum text, mask i64, position i64, batch i64
-- rows: one
SELECT target, stratum, mask, position, batch
FROM drawn WHERE target = :target AND draw = :draw AND attempt = :attempt;

-- name: drawing_target_mask
-- Groups leave or join a drawn target after a substitution.
-- in: target text, draw text, attempt i64, old_mask i64, new_mask i64
-- changes: one
UPDATE drawn SET mask = :new_mask
WHERE target = :target AND draw = :draw AND attempt = :attempt AND mask = :old_mask;

-- name: drawing_reserve_put
-- in: target text, draw text, attempt i64, grp i64, stratum text, rank i64
INSERT INTO drawn_reserve (target, draw, attempt, grp, stratum, rank)
VALUES (:target, :draw, :attempt, :grp, :stratum, :rank);

-- name: drawing_reserve_next
-- The first reserve of a quota that no substitution has used yet.
-- in: draw text, attempt i64, grp i64, stratum text
-- out: target text, rank i64
-- rows: one
SELECT r.target, r.rank FROM drawn_reserve r
WHERE r.draw = :draw AND r.attempt = :attempt AND r.grp = :grp AND r.stratum = :stratum
    AND NOT EXISTS (SELECT 1 FROM substitution s WHERE s.draw = r.draw AND s.attempt = r.attempt AND s.grp = r.grp
        AND s.stratum = r.stratum AND s.rank = r.rank)
ORDER BY r.rank LIMIT 1;

-- name: drawing_substitution_put
-- in: target text, draw text, attempt i64, grp i64, stratum text, substitute text, rank i64, reason text,
--     evidence text?, approver text, substituted_us i64
INSERT INTO substitution (target, draw, attempt, grp, stratum, substitute, rank, reason, evidence, approver,
    substituted_us)
VALUES (:target, :draw, :attempt, :grp, :stratum, :substitute, :rank, :reason, :evidence, :approver, :substituted_us);

-- name: drawing_substitution_of
-- By whom a target was substituted.
-- in: target text, draw text, attempt i64
-- out: substitute text, grp i64
-- rows: many
SELECT substitute, grp FROM substitution WHERE target = :target AND draw = :draw AND attempt = :attempt ORDER BY grp;

-- name: drawing_substitution_list
-- in: draw text, attempt i64
-- out: target text, grp i64, stratum text, substitute text, rank i64, reason text, evidence text?, approver text,
--      substituted_us i64
-- rows: many
SELECT target, grp, stratum, substitute, rank, reason, evidence, approver, substituted_us
FROM substitution WHERE draw = :draw AND attempt = :attempt ORDER BY grp, stratum, rank;

-- name: drawing_attempt_list
-- Every attempt of a task's draw, the latest first.
-- in: task text
-- out: draw text, attempt i64, state text, roster_root text?, draw_digest text?, lock_digest text?, seed text?,
--      result_digest text?, void_reason text?, opened_us i64, sealed_us i64?, locked_us i64?, drawn_us i64?, voided_us i64?
-- rows: many
SELECT draw, attempt, state, roster_root, draw_digest, lock_digest, seed, result_digest, void_reason, opened_us,
    sealed_us, locked_us, drawn_us, voided_us
FROM draw WHERE task = :task ORDER BY draw DESC, attempt DESC;

-- name: drawing_of_party
-- Attempts under way in which this party takes part.
-- in: name text
-- out: task text, draw text, attempt i64, state text, commitment text?, revealed i64, unannounced i64
-- rows: many
SELECT d.task, d.draw, d.attempt, d.state, p.commitment,
    CASE WHEN p.secret IS NULL AND p.sealed_secret IS NULL THEN 0 ELSE 1 END AS revealed,
    CASE WHEN d.publish_day IS NULL THEN 0 ELSE 1 END AS unannounced
FROM draw d JOIN draw_party p ON p.draw = d.draw AND p.attempt = d.attempt
WHERE p.name = :name AND d.state IN ('open', 'sealed')
ORDER BY d.draw, d.attempt;

-- name: drawing_entry_put
-- What an account typed for a beacon; typed again it replaces its own.
-- in: draw text, attempt i64, name text, actor text, value text, typed_us i64
INSERT INTO draw_beacon_entry (draw, attempt, name, actor, value, typed_us)
VALUES (:draw, :attempt, :name, :actor, :value, :typed_us)
ON CONFLICT(draw, attempt, name, actor) DO UPDATE SET value = excluded.value, typed_us = excluded.typed_us;

-- name: drawing_entry_list
-- in: draw text, attempt i64
-- out: name text, actor text, value text, typed_us i64
-- rows: many
SELECT name, actor, value, typed_us FROM draw_beacon_entry WHERE draw = :draw AND attempt = :attempt
ORDER BY name, typed_us, actor;

-- name: drawing_target_page
-- The drawn targets in visiting order, after a position.
-- in: draw text, attempt i64, position i64, limit i64
-- out: target text, stratum text, mask i64, position i64, batch i64
-- rows: many
SELECT target, stratum, mask, position, batch FROM drawn
WHERE draw = :draw AND attempt = :attempt AND position > :position ORDER BY position LIMIT :limit;
