-- 0002: own areas can be withdrawn (never deleted), and every file has a secret for its rounding.

CREATE TABLE own_area (             -- one row per area of level 7
    area_id   INTEGER PRIMARY KEY REFERENCES area(id), -- the own area
    made_at   TEXT NOT NULL,        -- UTC, ISO 8601
    withdrawn INTEGER NOT NULL DEFAULT 0 -- 1: off the lists; what refers to it keeps working
) STRICT;

-- Which way a small count is rounded depends on this number, so that nobody outside can undo it.
INSERT INTO meta(key, value) VALUES ('salt', lower(hex(randomblob(16))));
