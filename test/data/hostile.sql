-- What a file says must not run here: texts that try to leave their place in generated SQL.
CREATE TABLE target (id INTEGER PRIMARY KEY,
    a TEXT DEFAULT '\'',d int); create table pwned(a int)--',
    b TEXT DEFAULT 'it''s', "c"");create table pwned2(a int);--" TEXT DEFAULT 'x',
    d INTEGER CHECK (d = NULL), e VARCHAR(10485761), f NUMERIC(2000, 1));
CREATE TABLE "t""; drop table target; --" (x TEXT);
CREATE VIEW secrets AS SELECT * FROM pg_authid;
CREATE VIEW reads AS SELECT id, a FROM target WHERE a <> '\'';drop table target;--';
CREATE VIEW calls AS SELECT load_extension('x');
INSERT INTO target (id) VALUES (1);
INSERT INTO "t""; drop table target; --" VALUES ('y');
