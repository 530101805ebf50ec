ALTER TABLE users ADD COLUMN display_name TEXT;

-- Whom a deletion concerns: servers tell their open pages. Swept by the next deletion.
CREATE TABLE partings (
  id           BLOB PRIMARY KEY CHECK (length(id) = 16),
  user         BLOB NOT NULL REFERENCES users (id),
  conversation BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX partings_by_user ON partings (user);
