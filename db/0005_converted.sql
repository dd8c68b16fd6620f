-- 0005: conversions that many pages ask for are kept, because a gemeente overlaps up to eighty postcodes.

CREATE TABLE converted (            -- DERIVED: livability of gemeenten, converted by overlay
    area_id      INTEGER NOT NULL REFERENCES area(id), -- where
    indicator_id INTEGER NOT NULL REFERENCES indicator(id), -- what
    period       INTEGER NOT NULL,  -- as observation.period
    value        REAL NOT NULL,     -- registry unit
    PRIMARY KEY (area_id, indicator_id, period)
) STRICT, WITHOUT ROWID;
