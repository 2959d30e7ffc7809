-- What the provider's clock showed when it answered the call with the value: it dates the uses of the key too.
ALTER TABLE key_versions ADD COLUMN answer_told_at INTEGER;
