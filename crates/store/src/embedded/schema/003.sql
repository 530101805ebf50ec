-- Messages that say who joined or left, reactions, and senders without an account: a deleted
-- user's tombstones stay in groups.

CREATE TABLE messages_next (
  conversation BLOB NOT NULL REFERENCES conversations (id),
  version      INTEGER NOT NULL CHECK (version > 0),
  seq          INTEGER NOT NULL CHECK (seq BETWEEN 1 AND version),
  id           BLOB NOT NULL CHECK (length(id) = 16),
  sender       BLOB NOT NULL CHECK (length(sender) = 16),
  kind         TEXT NOT NULL,
  subject      BLOB,
  body         TEXT NOT NULL,
  reply_to     BLOB,
  created_at   INTEGER NOT NULL,
  edited_at    INTEGER,
  deleted_at   INTEGER,
  reactions    TEXT NOT NULL, -- a JSON array of {emoji, users}
  PRIMARY KEY (conversation, version),
  UNIQUE (conversation, id)
) STRICT, WITHOUT ROWID;

INSERT INTO messages_next
  SELECT conversation, version, seq, id, sender, kind, NULL, body, reply_to, created_at, edited_at,
         deleted_at, '[]'
  FROM messages;

DROP TABLE messages;
ALTER TABLE messages_next RENAME TO messages;

-- The history, with what counting unread messages needs beside it, so that it reads no rows.
CREATE INDEX messages_by_seq ON messages (conversation, seq, sender, deleted_at);

-- The seq of the message that says that they joined; 0 in direct conversations.
ALTER TABLE members ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
