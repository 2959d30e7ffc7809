-- Whether the provider's list shows a key as switched off: there, and refused until somebody switches it on.
ALTER TABLE key_versions ADD COLUMN switched_off INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_versions_switched_off CHECK (switched_off IN (0, 1));
