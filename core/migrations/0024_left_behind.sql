-- What nobody accounted for in an account that was removed since is looked after no longer: no list showed it, and none could
-- settle it.
UPDATE unaccounted SET settled_as = 'kept',
    settled_at = (SELECT a.removed_at FROM accounts a WHERE a.id = unaccounted.account_id)
WHERE settled_at IS NULL AND account_id IN (SELECT id FROM accounts WHERE removed_at IS NOT NULL);
