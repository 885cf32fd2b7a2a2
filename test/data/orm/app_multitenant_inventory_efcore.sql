-- The schema as Entity Framework Core builds it on PostgreSQL: quoted names, uuid keys, times with a
-- zone.
CREATE TABLE "Tenants" (
    "Id" uuid NOT NULL,
    "Name" text NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL,
    PRIMARY KEY ("Id")
);
CREATE TABLE "Users" (
    "Id" uuid NOT NULL,
    "Email" text NOT NULL,
    "PasswordHash" text NOT NULL,
    "TenantId" uuid NOT NULL,
    "Role" text NOT NULL,
    PRIMARY KEY ("Id")
);
CREATE TABLE "Products" (
    "Id" uuid NOT NULL,
    "TenantId" uuid NOT NULL,
    "Name" text NOT NULL,
    "SKU" text NOT NULL,
    "StockCount" integer NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL,
    "UpdatedAt" timestamp with time zone NOT NULL,
    PRIMARY KEY ("Id")
);
ALTER TABLE "Users" ADD FOREIGN KEY ("TenantId") REFERENCES "Tenants" ("Id") ON DELETE CASCADE;
ALTER TABLE "Products" ADD FOREIGN KEY ("TenantId") REFERENCES "Tenants" ("Id") ON DELETE CASCADE;
CREATE INDEX ON "Users" ("TenantId");
CREATE UNIQUE INDEX ON "Products" ("TenantId", "SKU");
CREATE UNIQUE INDEX ON "Users" ("Email");
