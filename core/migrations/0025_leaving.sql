-- The process that takes a value out of the keychain now, by the mark `forget`. From then on nobody uses it or brings it back;
-- one that is gone, or whose keychain refused, has it no longer.
ALTER TABLE key_versions ADD COLUMN leaving TEXT;
