-- 0003: which code followed which, where a publisher says so.

CREATE TABLE crosswalk (            -- pairs of codes of one place in two years or two divisions, as given
    load_id INTEGER NOT NULL REFERENCES load(id), -- who says so
    from_id INTEGER NOT NULL REFERENCES area(id), -- the older code
    to_id   INTEGER NOT NULL REFERENCES area(id), -- the code that took its place
    changed INTEGER NOT NULL CHECK (changed BETWEEN -1 AND 1), -- 1 the publisher says the border changed, 0 it says it did not, -1 it does not say
    PRIMARY KEY (load_id, from_id, to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX crosswalk_by_target ON crosswalk(to_id);
