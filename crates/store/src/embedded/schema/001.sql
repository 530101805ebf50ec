-- Ids are 16 bytes, times are milliseconds since 1970, words are lower case.
-- WITHOUT ROWID: every table is read by its key, which then is where the row lies.

PRAGMA application_id = 0x536f7474; -- "Sott"

CREATE TABLE users (
  id              BLOB PRIMARY KEY CHECK (length(id) = 16),
  username        TEXT NOT NULL,
  username_folded TEXT NOT NULL UNIQUE,
  password_hash   TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  last_seen       INTEGER,
  disabled_at     INTEGER
) STRICT, WITHOUT ROWID;

-- Every ending of a folded name but the whole name itself, which the index above holds. A name
-- contains a term where one of the two begins with it, and a beginning is a range of an index.
CREATE TABLE username_suffixes (
  suffix TEXT NOT NULL,
  user   BLOB NOT NULL REFERENCES users (id),
  PRIMARY KEY (suffix, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX username_suffixes_by_user ON username_suffixes (user);

CREATE TABLE sessions (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  user       BLOB REFERENCES users (id),
  data       TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user) WHERE user IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- How often sessions were ended before their time: servers look here to know when to look again.
CREATE TABLE session_endings (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  count    INTEGER NOT NULL
) STRICT;

INSERT INTO session_endings VALUES (1, 0);

CREATE TABLE conversations (
  id   BLOB PRIMARY KEY CHECK (length(id) = 16),
  kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  conversation BLOB NOT NULL REFERENCES conversations (id),
  user         BLOB NOT NULL REFERENCES users (id),
  PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user);

-- One row per pair: the smaller id first.
CREATE TABLE friendships (
  user_min     BLOB NOT NULL REFERENCES users (id),
  user_max     BLOB NOT NULL REFERENCES users (id),
  state        TEXT NOT NULL,
  requested_by BLOB NOT NULL,
  request_id   BLOB NOT NULL UNIQUE CHECK (length(request_id) = 16),
  conversation BLOB REFERENCES conversations (id),
  changed_at   INTEGER NOT NULL,
  rev          INTEGER NOT NULL,
  PRIMARY KEY (user_min, user_max),
  CHECK (user_min < user_max),
  CHECK (requested_by IN (user_min, user_max)),
  CHECK ((state = 'contacts') = (conversation IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX friendships_by_user_max ON friendships (user_max);

-- A message in its newest state. The key makes two changes with one version impossible, and its
-- last row is the conversation's head.
CREATE TABLE messages (
  conversation BLOB NOT NULL REFERENCES conversations (id),
  version      INTEGER NOT NULL CHECK (version > 0),
  seq          INTEGER NOT NULL CHECK (seq BETWEEN 1 AND version),
  id           BLOB NOT NULL CHECK (length(id) = 16),
  sender       BLOB NOT NULL REFERENCES users (id),
  kind         TEXT NOT NULL,
  body         TEXT NOT NULL,
  reply_to     BLOB,
  created_at   INTEGER NOT NULL,
  edited_at    INTEGER,
  deleted_at   INTEGER,
  PRIMARY KEY (conversation, version),
  UNIQUE (conversation, id)
) STRICT, WITHOUT ROWID;

-- The history, with what counting unread messages needs beside it, so that it reads no rows.
CREATE INDEX messages_by_seq ON messages (conversation, seq, sender, deleted_at);

CREATE TABLE read_cursors (
  conversation BLOB NOT NULL,
  user         BLOB NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (conversation, user),
  FOREIGN KEY (conversation, user) REFERENCES members (conversation, user)
) STRICT, WITHOUT ROWID;

-- Written to find out whether writing works.
CREATE TABLE readiness (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  checks   INTEGER NOT NULL
) STRICT;

INSERT INTO readiness VALUES (1, 0);
