-- Links that let people sign up. Swept when another one is made.
CREATE TABLE invitations (
  token      BLOB PRIMARY KEY CHECK (length(token) = 16),
  made_by    BLOB REFERENCES users (id),
  uses       INTEGER NOT NULL,
  used       INTEGER NOT NULL CHECK (used BETWEEN 0 AND uses),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_by_maker ON invitations (made_by) WHERE made_by IS NOT NULL;
CREATE INDEX invitations_by_end ON invitations (expires_at);

-- What others must not be able to work out is derived from this.
CREATE TABLE secret (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  bytes    BLOB NOT NULL CHECK (length(bytes) = 32)
) STRICT;

INSERT INTO secret VALUES (1, randomblob(32));
