-- Values that are still to be deleted are looked for every two seconds, among all versions there ever were.
CREATE INDEX key_versions_ended_but_held ON key_versions (id) WHERE held = 1 AND ended_at IS NOT NULL;
