-- What follows sees the database as it is at one time, and cannot change it.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
