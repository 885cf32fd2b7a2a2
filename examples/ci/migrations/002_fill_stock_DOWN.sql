TRUNCATE stock;
