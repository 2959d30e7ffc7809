-- Where the directory lay when it was last the only one of its keys; NULL: made by an earlier version. Found at another
-- place while the first one is still there, it is a copy, and takes nothing out of the keychain by itself.
ALTER TABLE data_dir ADD COLUMN home TEXT;
