-- Since when the provider's list lacks a version. A list tells what exists; it ends nothing.
ALTER TABLE key_versions ADD COLUMN unlisted_since INTEGER;

-- Its value is to leave the keychain: a call with it was refused after an act of ours, or a person ordered it.
ALTER TABLE key_versions ADD COLUMN forget INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_versions_forget CHECK (forget IN (0, 1));

-- What an earlier version ended because a list lacked it, without an act of ours, has not ended.
UPDATE key_versions AS v
SET state = CASE
        WHEN v.state <> 'revoked' THEN v.state
        WHEN EXISTS (SELECT 1 FROM key_versions o WHERE o.key_id = v.key_id AND o.id <> v.id
                     AND (o.state = 'live' OR o.state = 'revoked' AND o.receipt = 'unlisted' AND o.id > v.id)) THEN 'retiring'
        ELSE 'live'
    END,
    unlisted_since = v.ended_at, ended_at = NULL, receipt = NULL
WHERE v.receipt = 'unlisted'
  AND NOT EXISTS (SELECT 1 FROM rotations r JOIN journal j ON j.rotation_id = r.id
                  WHERE r.old_version_id = v.id AND j.event = 'applied' AND j.step IN ('revoke_old', 'prove_dead'));

-- What was to be deleted and was not yet: only what was proven, and credentials that a person replaced.
UPDATE key_versions AS v SET forget = 1
WHERE v.held = 1 AND v.ended_at IS NOT NULL
  AND (v.receipt = 'refused' OR (SELECT purpose FROM keys k WHERE k.id = v.key_id) = 'management');

DROP INDEX key_versions_ended_but_held;
CREATE INDEX key_versions_to_forget ON key_versions (id) WHERE held = 1 AND forget = 1;
