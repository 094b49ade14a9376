-- panel.sql - experts drawn for targets (docs/spec/panel-1.md)

-- name: panel_put
-- Experts are frozen once per attempt of a draw.
-- in: draw text, attempt i64, places i64, experts_digest text, frozen_us i64
INSERT INTO panel (draw, attempt, places, experts_digest, frozen_us)
VALUES (:draw, :attempt, :places, :experts_digest, :frozen_us);

-- name: panel_seal
-- The digest of experts.txt, once it is durable.
-- in: draw text, attempt i64, experts_digest text
-- changes: one
UPDATE panel SET experts_digest = :experts_digest WHERE draw = :draw AND attempt = :attempt AND experts_digest = '-';

-- name: panel_get
-- in: draw text, attempt i64
-- out: places i64, experts_digest text, panel_digest text?
-- rows: one
SELECT places, experts_digest, panel_digest FROM panel WHERE draw = :draw AND attempt = :attempt;

-- name: panel_finish
-- in: draw text, attempt i64, panel_digest text, drawn_us i64
-- changes: one
UPDATE panel SET panel_digest = :panel_digest, drawn_us = :drawn_us
WHERE draw = :draw AND attempt = :attempt AND panel_digest IS NULL;

-- name: panel_expert_put
-- in: target text, draw text, attempt i64, expert text, rank i64
INSERT INTO panel_expert (target, draw, attempt, expert, rank) VALUES (:target, :draw, :attempt, :expert, :rank);

-- name: panel_expert_list
-- The experts of one target in the order drawn.
-- in: target text, draw text, attempt i64
-- out: expert text, rank i64
-- rows: many
SELECT expert, rank FROM panel_expert WHERE target = :target AND draw = :draw AND attempt = :attempt ORDER BY rank;

-- name: panel_count
-- How many targets and experts were named, and how many targets have fewer than the places.
-- in: draw text, attempt i64
-- out: target_count i64, expert_count i64
-- rows: one
SELECT COUNT(DISTINCT target) AS target_count, COUNT(*) AS expert_count
FROM panel_expert WHERE draw = :draw AND attempt = :attempt;
