-- Whether the value was not in its place in the answer to the mint, and was searched for: it may be another word.
ALTER TABLE key_versions ADD COLUMN searched INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_versions_searched CHECK (searched IN (0, 1));
