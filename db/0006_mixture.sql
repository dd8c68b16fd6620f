-- 0006: how the parts of an area differ in mix, made once, so that a page can set one gemeente beside all others.

CREATE TABLE mixture (              -- DERIVED: one area, one grouping, one layer of its parts
    whole_id INTEGER NOT NULL REFERENCES area(id), -- the area whose parts differ: country, gemeente, wijk, larger local part
    grouping TEXT NOT NULL,         -- code of data/groupings.csv
    level    INTEGER NOT NULL,      -- of the parts, as area.level
    vintage  INTEGER NOT NULL,      -- of the parts, as area.vintage
    period   INTEGER NOT NULL,      -- of the figures
    areas    INTEGER NOT NULL,      -- parts that took part
    total    REAL NOT NULL,         -- people, households or homes in them
    without  INTEGER NOT NULL,      -- parts that had to be left out
    d REAL NOT NULL, h REAL NOT NULL, -- dissimilarity and information theory index, as published
    chance_d REAL NOT NULL, chance_h REAL NOT NULL, -- the same when the same people were dealt out by lot
    simpson  REAL NOT NULL,         -- chance that two of the whole are of different groups
    within   REAL NOT NULL,         -- the same for two of one part
    PRIMARY KEY (whole_id, grouping, level, vintage, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX mixture_by_layer ON mixture(grouping, level, vintage, period);
