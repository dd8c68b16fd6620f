-- 0007: plans. What a coalition intends, sealed before it starts, so that nobody can choose the answer
-- afterwards. Organisations act here, not people: no table names a resident.

CREATE TABLE plan (                 -- one intention, in one or more areas
    id         INTEGER PRIMARY KEY, -- row id
    code       TEXT NOT NULL UNIQUE, -- names it in addresses and files: "plan-3"
    state      INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3), -- 0 draft 1 frozen 2 running 3 closed
    fictional  INTEGER NOT NULL DEFAULT 0 CHECK (fictional IN (0, 1)), -- 1: its areas are invented
    created_at TEXT NOT NULL,       -- UTC, ISO 8601
    frozen_at  TEXT,                -- UTC; NULL for a draft
    seal       TEXT NOT NULL DEFAULT '', -- BLAKE2b of areas and fields as they were when frozen
    withdrawn  INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)) -- 1: a draft taken off the list
) STRICT;

CREATE TABLE plan_area (            -- where
    plan_id INTEGER NOT NULL REFERENCES plan(id), -- the plan
    area_id INTEGER NOT NULL REFERENCES area(id), -- one of its areas; all of one level
    PRIMARY KEY (plan_id, area_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_entry (           -- what the plan says, field by field; append-only, the newest of a field holds
    id      INTEGER PRIMARY KEY, -- in the order of adding
    plan_id INTEGER NOT NULL REFERENCES plan(id), -- the plan
    field   TEXT NOT NULL,          -- a row of the table of fields in src/plan
    value   TEXT NOT NULL,          -- as typed, checked
    at      TEXT NOT NULL,          -- UTC, ISO 8601
    amends  INTEGER NOT NULL DEFAULT 0 CHECK (amends IN (0, 1)), -- 1: changed after freezing
    signed  TEXT NOT NULL DEFAULT '', -- who answers for an amendment: an organisation or role, and a name if they choose to give one; kept because an agreement that anybody may change unseen is none
    reason  TEXT NOT NULL DEFAULT '', -- why it was amended
    chain   TEXT NOT NULL           -- BLAKE2b of this entry and the chain of the one before it in the plan
) STRICT;

CREATE INDEX plan_entry_of ON plan_entry(plan_id, id);
