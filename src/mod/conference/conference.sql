-- conference.sql - meetings of the joint conference 联席会议 (regulation 二(四), 三(一))

-- name: conference_put
-- in: id i64, region text, name text, held_day i64, place text?, opened_us i64
INSERT INTO conference (id, region, name, held_day, place, state, minutes, opened_us, row_version)
VALUES (:id, :region, :name, :held_day, :place, 'open', NULL, :opened_us, 1);

-- name: conference_get
-- in: id i64
-- out: id i64, region text, name text, held_day i64, place text?, state text, minutes text?, opened_us i64, row_version i64
-- rows: one
SELECT id, region, name, held_day, place, state, minutes, opened_us, row_version FROM conference WHERE id = :id;

-- name: conference_list
-- Meetings of a region and below, newest first, before a given one.
-- in: before i64, region text?, limit_count i64
-- out: id i64, region text, name text, held_day i64, place text?, state text, topic_count i64, open_count i64
-- rows: many
SELECT f.id, f.region, f.name, f.held_day, f.place, f.state,
    (SELECT count(*) FROM conference_topic t WHERE t.conference = f.id) AS topic_count,
    (SELECT count(*) FROM conference_topic t WHERE t.conference = f.id AND t.decision IS NULL) AS open_count
FROM conference f
WHERE f.id < :before AND (:region IS NULL OR substr(f.region, 1, length(:region)) = :region)
ORDER BY f.id DESC LIMIT :limit_count;

-- name: conference_change
-- Another day or place; compare-and-set.
-- in: id i64, row_version i64, name text, held_day i64, place text?
-- changes: one
UPDATE conference SET name = :name, held_day = :held_day, place = :place, row_version = row_version + 1
WHERE id = :id AND row_version = :row_version AND state = 'open';

-- name: conference_end
-- in: id i64, minutes text
-- changes: one
UPDATE conference SET state = 'closed', minutes = :minutes, row_version = row_version + 1 WHERE id = :id AND state = 'open';

-- name: conference_topic_put
-- in: conference i64, plan text, position i64
INSERT INTO conference_topic (conference, plan, position, decision, opinion, decided_us)
VALUES (:conference, :plan, :position, NULL, NULL, NULL);

-- name: conference_topic_list
-- in: conference i64
-- out: plan text, position i64, decision text?, opinion text?, decided_us i64?
-- rows: many
SELECT plan, position, decision, opinion, decided_us FROM conference_topic WHERE conference = :conference ORDER BY position;

-- name: conference_topic_decide
-- in: conference i64, plan text, decision text, opinion text?, decided_us i64
-- changes: one
UPDATE conference_topic SET decision = :decision, opinion = :opinion, decided_us = :decided_us
WHERE conference = :conference AND plan = :plan AND decision IS NULL;

-- name: conference_of_plan
-- The meeting on whose agenda a plan stands undecided.
-- in: plan text
-- out: conference i64
-- rows: one
SELECT conference FROM conference_topic WHERE plan = :plan AND decision IS NULL ORDER BY conference DESC LIMIT 1;

-- name: conference_opinion_put
-- What a department says; said again, the latest counts.
-- in: conference i64, plan text, department text, stance text, opinion text?, actor text, given_us i64
INSERT INTO conference_opinion (conference, plan, department, stance, opinion, actor, given_us)
VALUES (:conference, :plan, :department, :stance, :opinion, :actor, :given_us)
ON CONFLICT (conference, plan, department) DO UPDATE SET stance = excluded.stance, opinion = excluded.opinion,
    actor = excluded.actor, given_us = excluded.given_us;

-- name: conference_opinion_list
-- in: conference i64
-- out: plan text, department text, stance text, opinion text?, given_us i64
-- rows: many
SELECT plan, department, stance, opinion, given_us FROM conference_opinion WHERE conference = :conference
ORDER BY plan, department;
