-- Invariants of the file: each statement returns one row per violation (what, where).
SELECT 'observation without a known period', area_id || '/' || indicator_id FROM observation
 WHERE period NOT BETWEEN 1900 AND 2100 AND period NOT BETWEEN 190001 AND 210012 LIMIT 5;
---
SELECT 'value and mark disagree', area_id || '/' || indicator_id FROM observation
 WHERE (mark = 0) <> (value IS NOT NULL) LIMIT 5;
---
SELECT 'parent of another vintage', code FROM area a WHERE level < 7 AND EXISTS
 (SELECT 1 FROM area p WHERE p.id = a.parent_id AND (p.vintage <> a.vintage OR p.level > a.level OR
  (p.level = a.level AND a.level <> 6))) LIMIT 5;
---
SELECT 'neighbour is not mutual', area_id || '/' || other_id FROM neighbour n WHERE NOT EXISTS
 (SELECT 1 FROM neighbour m WHERE m.area_id = n.other_id AND m.other_id = n.area_id) LIMIT 5;
---
SELECT 'overlay hands out more people than there are', from_id FROM area_link WHERE kind = 2
 GROUP BY from_id, (SELECT level * 10000 + vintage FROM area WHERE id = to_id) HAVING sum(share_from) > 1.0001 LIMIT 5;
