-- person.sql - telephone and identity number of inspectors and experts, sealed

-- name: person_private_put
-- in: registry text, code text, phone blob?, id_no blob?, updated_us i64
INSERT INTO person_private (registry, code, phone, id_no, updated_us)
VALUES (:registry, :code, :phone, :id_no, :updated_us)
ON CONFLICT (registry, code) DO UPDATE SET phone = excluded.phone, id_no = excluded.id_no,
    updated_us = excluded.updated_us;

-- name: person_private_get
-- in: registry text, code text
-- out: phone blob?, id_no blob?
-- rows: one
SELECT phone, id_no FROM person_private WHERE registry = :registry AND code = :code;

-- name: person_private_forget
-- in: registry text, code text
DELETE FROM person_private WHERE registry = :registry AND code = :code;
