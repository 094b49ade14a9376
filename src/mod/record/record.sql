-- record.sql - records of visits 检查记录 and their evidence (regulation 二(五), 二(六))

-- name: record_get
-- The record of a visit.
-- in: target text, visit i64
-- out: target text, visit i64, task text, state text, outcome text?, methods text?, entrusted text?, checkin_us i64?,
--     checkin_code text?, checkin_right i64?, checkin_reason text?, checkin_place text?, lon_udeg i64?, lat_udeg i64?,
--     accuracy_m i64?, start_us i64?, end_us i64?, refusal text?, witness text?, witness_identity text?, remarks text?,
--     produced_us i64?, device_us i64?, received_us i64?, submitted_by text?, digest text?, row_version i64
-- rows: one
SELECT target, visit, task, state, outcome, methods, entrusted, checkin_us, checkin_code, checkin_right, checkin_reason,
    checkin_place, lon_udeg, lat_udeg, accuracy_m, start_us, end_us, refusal, witness, witness_identity, remarks,
    produced_us, device_us, received_us, submitted_by, digest, row_version
FROM record WHERE target = :target AND visit = :visit;

-- name: record_open
-- in: target text, visit i64, task text
INSERT INTO record (target, visit, task, state, row_version) VALUES (:target, :visit, :task, 'open', 1);

-- name: record_describe
-- What a hand-in says of the whole visit; what it leaves out stays.
-- in: target text, visit i64, outcome text?, methods text?, entrusted text?, start_us i64?, end_us i64?, refusal text?,
--     witness text?, witness_identity text?, remarks text?
-- changes: one
UPDATE record SET outcome = COALESCE(:outcome, outcome), methods = COALESCE(:methods, methods),
    entrusted = COALESCE(:entrusted, entrusted), start_us = COALESCE(:start_us, start_us),
    end_us = COALESCE(:end_us, end_us), refusal = COALESCE(:refusal, refusal), witness = COALESCE(:witness, witness),
    witness_identity = COALESCE(:witness_identity, witness_identity), remarks = COALESCE(:remarks, remarks),
    row_version = row_version + 1
WHERE target = :target AND visit = :visit AND state = 'open';

-- name: record_check_in
-- The first check-in stays.
-- in: target text, visit i64, checkin_us i64, checkin_code text?, checkin_right i64?, checkin_reason text?,
--     checkin_place text?, lon_udeg i64?, lat_udeg i64?, accuracy_m i64?
UPDATE record SET checkin_us = :checkin_us, checkin_code = :checkin_code, checkin_right = :checkin_right,
    checkin_reason = :checkin_reason, checkin_place = :checkin_place, lon_udeg = :lon_udeg, lat_udeg = :lat_udeg,
    accuracy_m = :accuracy_m, row_version = row_version + 1
WHERE target = :target AND visit = :visit AND state = 'open' AND checkin_us IS NULL;

-- name: record_submit
-- Compare-and-set: a record is submitted once.
-- in: target text, visit i64, produced_us i64, device_us i64, received_us i64, submitted_by text, digest text
-- changes: one
UPDATE record SET state = 'submitted', produced_us = :produced_us, device_us = :device_us, received_us = :received_us,
    submitted_by = :submitted_by, digest = :digest, row_version = row_version + 1
WHERE target = :target AND visit = :visit AND state = 'open';

-- name: record_answer_put
-- in: target text, visit i64, item text, item_version i64, department text, answer text, problem text?, codes text,
--     disposal text?, law text?, points text?, reuse text?, inspector text, answered_us i64
INSERT INTO record_answer (target, visit, item, version, item_version, department, answer, problem, codes, disposal, law,
    points, reuse, inspector, answered_us)
VALUES (:target, :visit, :item, 1, :item_version, :department, :answer, :problem, :codes, :disposal, :law, :points,
    :reuse, :inspector, :answered_us);

-- name: record_answer_again
-- Compare-and-set: another answer to the version that its maker saw.
-- in: target text, visit i64, item text, base i64, item_version i64, department text, answer text, problem text?,
--     codes text, disposal text?, law text?, points text?, reuse text?, inspector text, answered_us i64
-- changes: one
UPDATE record_answer SET version = version + 1, item_version = :item_version, department = :department,
    answer = :answer, problem = :problem, codes = :codes, disposal = :disposal, law = :law, points = :points,
    reuse = :reuse, inspector = :inspector, answered_us = :answered_us
WHERE target = :target AND visit = :visit AND item = :item AND version = :base;

-- name: record_answer_list
-- In the order of items.
-- in: target text, visit i64
-- out: item text, version i64, item_version i64, department text, answer text, problem text?, codes text, disposal text?,
--     law text?, points text?, reuse text?, inspector text, answered_us i64
-- rows: many
SELECT item, version, item_version, department, answer, problem, codes, disposal, law, points, reuse, inspector,
    answered_us
FROM record_answer WHERE target = :target AND visit = :visit ORDER BY item;

-- name: record_signature_put
-- in: target text, visit i64, seq i64, role text, inspector text?, name text, certificate text?, hash text?,
--     signed_us i64
INSERT INTO record_signature (target, visit, seq, role, inspector, name, certificate, hash, signed_us)
VALUES (:target, :visit, :seq, :role, :inspector, :name, :certificate, :hash, :signed_us);

-- name: record_signature_list
-- in: target text, visit i64
-- out: seq i64, role text, inspector text?, name text, certificate text?, hash text?, signed_us i64
-- rows: many
SELECT seq, role, inspector, name, certificate, hash, signed_us
FROM record_signature WHERE target = :target AND visit = :visit ORDER BY seq;

-- name: record_evidence_put
-- A file belongs to a record once.
-- in: target text, visit i64, hash text, kind text, item text?, name text?, place text?, taken_us i64, lon_udeg i64?,
--     lat_udeg i64?, inspector text, late i64
INSERT INTO record_evidence (target, visit, hash, kind, item, name, place, taken_us, lon_udeg, lat_udeg, inspector, late)
VALUES (:target, :visit, :hash, :kind, :item, :name, :place, :taken_us, :lon_udeg, :lat_udeg, :inspector, :late)
ON CONFLICT (target, visit, hash) DO NOTHING;

-- name: record_evidence_list
-- The files of a record in the order in which they were taken; bytes_count is absent while a file has not arrived.
-- in: target text, visit i64
-- out: hash text, kind text, item text?, name text?, place text?, taken_us i64, lon_udeg i64?, lat_udeg i64?,
--     inspector text, late i64, type text?, bytes_count i64?
-- rows: many
SELECT r.hash, r.kind, r.item, r.name, r.place, r.taken_us, r.lon_udeg, r.lat_udeg, r.inspector, r.late, e.type,
    e.bytes_count
FROM record_evidence r LEFT JOIN evidence e ON e.hash = r.hash
WHERE r.target = :target AND r.visit = :visit ORDER BY r.taken_us, r.hash;

-- name: record_file_get
-- in: hash text
-- out: hash text, type text, bytes_count i64, inspector text, received_us i64
-- rows: one
SELECT hash, type, bytes_count, inspector, received_us FROM evidence WHERE hash = :hash;

-- name: record_file_put
-- in: hash text, type text, bytes_count i64, inspector text, received_us i64
INSERT INTO evidence (hash, type, bytes_count, inspector, received_us)
VALUES (:hash, :type, :bytes_count, :inspector, :received_us);

-- name: record_handin_put
-- in: target text, id text, visit i64, task text, inspector text, state text, digest text, content text, conflicts text?,
--     skew_us i64, received_us i64
INSERT INTO record_handin (target, id, visit, task, inspector, state, digest, content, conflicts, skew_us, received_us)
VALUES (:target, :id, :visit, :task, :inspector, :state, :digest, :content, :conflicts, :skew_us, :received_us);

-- name: record_handin_get
-- in: target text, id text
-- out: visit i64, inspector text, state text, digest text, content text, conflicts text?, received_us i64
-- rows: one
SELECT visit, inspector, state, digest, content, conflicts, received_us
FROM record_handin WHERE target = :target AND id = :id;

-- name: record_handin_list
-- The hand-ins of a visit, the first at the start.
-- in: target text, visit i64
-- out: id text, inspector text, state text, digest text, conflicts text?, skew_us i64, received_us i64
-- rows: many
SELECT id, inspector, state, digest, conflicts, skew_us, received_us
FROM record_handin WHERE target = :target AND visit = :visit ORDER BY received_us, id;

-- name: record_place_get
-- in: target text
-- out: lon_udeg i64, lat_udeg i64, found_us i64
-- rows: one
SELECT lon_udeg, lat_udeg, found_us FROM target_place WHERE target = :target;

-- name: record_place_put
-- in: target text, lon_udeg i64, lat_udeg i64, found_us i64
INSERT INTO target_place (target, lon_udeg, lat_udeg, found_us) VALUES (:target, :lon_udeg, :lat_udeg, :found_us)
ON CONFLICT (target) DO UPDATE SET lon_udeg = excluded.lon_udeg, lat_udeg = excluded.lat_udeg,
    found_us = excluded.found_us;
