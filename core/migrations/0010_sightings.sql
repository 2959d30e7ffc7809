-- Values of ours that were seen in files that git tracks: where, never what. A scan replaces what it knew of its folder.
CREATE TABLE sightings (
    version_id TEXT    NOT NULL REFERENCES key_versions (id),
    folder     TEXT    NOT NULL,
    path       TEXT    NOT NULL,
    line       INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (version_id, folder, path, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX sightings_by_folder ON sightings (folder);
