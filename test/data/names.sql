-- Names that PostgreSQL folds, cuts or has for itself.
CREATE TABLE "OrderItems" ("ItemId" INTEGER PRIMARY KEY, "Unit Price" REAL, ctid TEXT, "select" TEXT);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, "a""b" TEXT, "new
line" TEXT);
CREATE TABLE a_name_that_is_longer_than_the_sixty_three_bytes_of_postgresql_one (x TEXT);
CREATE TABLE a_name_that_is_longer_than_the_sixty_three_bytes_of_postgresql_two (x TEXT);
INSERT INTO "OrderItems" VALUES (1, 9.5, 'c', 's');
INSERT INTO order_items VALUES (1, 'q', 'n');
