-- 0004: which divisions have borders, found without looking at their areas one by one.
CREATE INDEX area_drawn ON area(level, vintage) WHERE x0 IS NOT NULL;
