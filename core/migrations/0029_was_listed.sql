-- Whether a list has shown the key by its id: then no other entry of its name takes the id's place.
ALTER TABLE key_versions ADD COLUMN was_listed INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_versions_was_listed CHECK (was_listed IN (0, 1));
