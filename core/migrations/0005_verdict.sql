-- What an answer said of a key beyond live and dead.
ALTER TABLE key_versions ADD COLUMN answer_standing TEXT CONSTRAINT key_versions_answer_standing
    CHECK (answer_standing IN ('restricted', 'suspended', 'exhausted', 'expired', 'rate_limited'));
