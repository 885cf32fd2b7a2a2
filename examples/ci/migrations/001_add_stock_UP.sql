CREATE TABLE stock (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    quantity int NOT NULL DEFAULT 0 CHECK (quantity >= 0)
);
COMMENT ON TABLE stock IS 'What lies in the store: "bücher", c:\temp, and so on';
