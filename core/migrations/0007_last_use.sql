-- When the provider last saw the key in use, as its list or a call of its own tells.
ALTER TABLE key_versions ADD COLUMN last_used_at INTEGER;
