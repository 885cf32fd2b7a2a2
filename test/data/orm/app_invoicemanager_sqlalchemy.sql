-- The schema as SQLAlchemy and Alembic build it on PostgreSQL: serial keys, an enum, jsonb, times with
-- a zone.
CREATE TYPE event_type AS ENUM ('catering', 'festival', 'inventory', 'other');
CREATE TABLE "user" (
    id serial NOT NULL,
    email varchar(120) NOT NULL,
    password varchar(255) NOT NULL,
    is_admin boolean NOT NULL,
    active boolean NOT NULL,
    favorites text,
    timezone varchar(50),
    phone_number varchar(20),
    notify_transfers boolean NOT NULL,
    items_per_page integer DEFAULT 20 NOT NULL,
    last_login_at timestamp with time zone,
    last_active_at timestamp with time zone,
    last_forced_login_at timestamp with time zone,
    PRIMARY KEY (id),
    UNIQUE (email)
);
CREATE TABLE customer (
    id serial NOT NULL,
    first_name varchar(50) NOT NULL,
    last_name varchar(50) NOT NULL,
    gst_exempt boolean DEFAULT false NOT NULL,
    pst_exempt boolean DEFAULT false NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE vendor (
    id serial NOT NULL,
    first_name varchar(50) NOT NULL,
    last_name varchar(50) NOT NULL,
    gst_exempt boolean DEFAULT false NOT NULL,
    pst_exempt boolean DEFAULT false NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE gl_code (
    id serial NOT NULL,
    code varchar(6) NOT NULL,
    description varchar(255),
    PRIMARY KEY (id),
    UNIQUE (code)
);
CREATE TABLE menu (
    id serial NOT NULL,
    name varchar(100) NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_used_at timestamp with time zone,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE purchase_order_item_archive (
    id serial NOT NULL,
    purchase_order_id integer NOT NULL,
    position integer DEFAULT 0 NOT NULL,
    item_id integer NOT NULL,
    unit_id integer,
    quantity double precision NOT NULL,
    unit_cost double precision,
    archived_at timestamp with time zone NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE event (
    id serial NOT NULL,
    name varchar(100) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    event_type event_type DEFAULT 'other' NOT NULL,
    estimated_sales numeric(12,2),
    PRIMARY KEY (id)
);
CREATE TABLE setting (
    id serial NOT NULL,
    name varchar(50) NOT NULL,
    value varchar(255),
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE user_filter_preference (
    id serial NOT NULL,
    user_id integer NOT NULL,
    scope varchar(255) NOT NULL,
    values jsonb NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (user_id, scope)
);
CREATE TABLE location (
    id serial NOT NULL,
    name varchar(100) NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    is_spoilage boolean DEFAULT false NOT NULL,
    current_menu_id integer,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE item (
    id serial NOT NULL,
    name varchar(100) NOT NULL,
    base_unit varchar(20) NOT NULL,
    upc varchar(32),
    gl_code varchar(10),
    gl_code_id integer,
    quantity double precision DEFAULT 0.0 NOT NULL,
    cost double precision DEFAULT 0.0 NOT NULL,
    container_deposit double precision DEFAULT 0.0 NOT NULL,
    purchase_gl_code_id integer,
    archived boolean DEFAULT false NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (upc)
);
CREATE TABLE product (
    id serial NOT NULL,
    name varchar(100) NOT NULL,
    gl_code varchar(10),
    price double precision NOT NULL,
    invoice_sale_price numeric(10,2),
    cost double precision DEFAULT 0.0 NOT NULL,
    gl_code_id integer,
    quantity double precision DEFAULT 0.0 NOT NULL,
    recipe_yield_quantity double precision DEFAULT 1.0 NOT NULL,
    recipe_yield_unit varchar(50),
    sales_gl_code_id integer,
    PRIMARY KEY (id)
);
CREATE TABLE invoice (
    id varchar(32) NOT NULL,
    user_id integer NOT NULL,
    customer_id integer NOT NULL,
    date_created timestamp with time zone NOT NULL,
    is_paid boolean DEFAULT false NOT NULL,
    paid_at timestamp with time zone,
    PRIMARY KEY (id)
);
CREATE TABLE purchase_order (
    id serial NOT NULL,
    vendor_id integer NOT NULL,
    user_id integer NOT NULL,
    vendor_name varchar(100) DEFAULT '' NOT NULL,
    order_number varchar(100),
    order_date date NOT NULL,
    expected_date date NOT NULL,
    expected_total_cost double precision,
    delivery_charge double precision NOT NULL,
    received boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE activity_log (
    id serial NOT NULL,
    user_id integer,
    activity text NOT NULL,
    timestamp timestamp with time zone NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE note (
    id serial NOT NULL,
    entity_type varchar(50) NOT NULL,
    entity_id varchar(64) NOT NULL,
    user_id integer NOT NULL,
    content text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    pinned boolean DEFAULT false NOT NULL,
    pinned_at timestamp with time zone,
    PRIMARY KEY (id)
);
CREATE TABLE terminal_sales_resolution_state (
    id serial NOT NULL,
    event_id integer NOT NULL,
    user_id integer NOT NULL,
    token_id varchar(128) NOT NULL,
    payload json NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (event_id, user_id, token_id)
);
CREATE TABLE pos_sales_import (
    id serial NOT NULL,
    source_provider varchar(100) NOT NULL,
    message_id varchar(255) NOT NULL,
    attachment_filename varchar(255) NOT NULL,
    attachment_sha256 varchar(64) NOT NULL,
    attachment_storage_path varchar(1024),
    received_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    status varchar(32) DEFAULT 'pending' NOT NULL,
    approved_by integer,
    approved_at timestamp with time zone,
    reversed_by integer,
    reversed_at timestamp with time zone,
    reversal_reason text,
    deleted_by integer,
    deleted_at timestamp with time zone,
    deletion_reason text,
    approval_batch_id varchar(64),
    reversal_batch_id varchar(64),
    failure_reason text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (source_provider, message_id, attachment_sha256)
);
CREATE TABLE location_products (
    location_id integer NOT NULL,
    product_id integer NOT NULL,
    PRIMARY KEY (location_id, product_id)
);
CREATE TABLE menu_products (
    menu_id integer NOT NULL,
    product_id integer NOT NULL,
    PRIMARY KEY (menu_id, product_id)
);
CREATE TABLE location_stand_item (
    id serial NOT NULL,
    location_id integer NOT NULL,
    item_id integer NOT NULL,
    expected_count double precision DEFAULT 0.0 NOT NULL,
    purchase_gl_code_id integer,
    PRIMARY KEY (id),
    UNIQUE (location_id, item_id)
);
CREATE TABLE item_barcode (
    id serial NOT NULL,
    item_id integer NOT NULL,
    code varchar(32) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE item_unit (
    id serial NOT NULL,
    item_id integer NOT NULL,
    name varchar(50) NOT NULL,
    factor double precision NOT NULL,
    receiving_default boolean DEFAULT false NOT NULL,
    transfer_default boolean DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE transfer (
    id serial NOT NULL,
    from_location_id integer NOT NULL,
    to_location_id integer NOT NULL,
    user_id integer NOT NULL,
    date_created timestamp with time zone NOT NULL,
    completed boolean NOT NULL,
    from_location_name varchar(100) DEFAULT '' NOT NULL,
    to_location_name varchar(100) DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE menu_assignment (
    id serial NOT NULL,
    menu_id integer NOT NULL,
    location_id integer NOT NULL,
    assigned_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    unassigned_at timestamp with time zone,
    PRIMARY KEY (id)
);
CREATE TABLE invoice_product (
    id serial NOT NULL,
    invoice_id varchar(32) NOT NULL,
    quantity double precision NOT NULL,
    product_id integer,
    is_custom_line boolean DEFAULT false NOT NULL,
    product_name varchar(100) NOT NULL,
    unit_price double precision NOT NULL,
    line_subtotal double precision NOT NULL,
    line_gst double precision NOT NULL,
    line_pst double precision NOT NULL,
    override_gst boolean,
    override_pst boolean,
    PRIMARY KEY (id)
);
CREATE TABLE purchase_invoice (
    id serial NOT NULL,
    purchase_order_id integer NOT NULL,
    user_id integer NOT NULL,
    location_id integer NOT NULL,
    vendor_name varchar(100) DEFAULT '' NOT NULL,
    location_name varchar(100) DEFAULT '' NOT NULL,
    received_date date NOT NULL,
    invoice_number varchar(50),
    department varchar(50),
    gst double precision NOT NULL,
    pst double precision NOT NULL,
    delivery_charge double precision NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE purchase_invoice_draft (
    id serial NOT NULL,
    purchase_order_id integer NOT NULL,
    payload text NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (purchase_order_id)
);
CREATE TABLE event_location (
    id serial NOT NULL,
    event_id integer NOT NULL,
    location_id integer NOT NULL,
    opening_count double precision DEFAULT 0.0 NOT NULL,
    closing_count double precision DEFAULT 0.0 NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    notes text,
    PRIMARY KEY (id),
    UNIQUE (event_id, location_id)
);
CREATE TABLE terminal_sale_product_alias (
    id serial NOT NULL,
    source_name varchar(255) NOT NULL,
    normalized_name varchar(255) NOT NULL,
    product_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (normalized_name)
);
CREATE TABLE terminal_sale_location_alias (
    id serial NOT NULL,
    source_name varchar(255) NOT NULL,
    normalized_name varchar(255) NOT NULL,
    location_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (normalized_name)
);
CREATE TABLE pos_sales_import_location (
    id serial NOT NULL,
    import_id integer NOT NULL,
    source_location_name varchar(255) NOT NULL,
    normalized_location_name varchar(255) NOT NULL,
    location_id integer,
    total_quantity double precision DEFAULT 0.0 NOT NULL,
    net_inc double precision DEFAULT 0.0 NOT NULL,
    discounts_abs double precision DEFAULT 0.0 NOT NULL,
    computed_total double precision DEFAULT 0.0 NOT NULL,
    parse_index integer NOT NULL,
    approval_batch_id varchar(64),
    reversal_batch_id varchar(64),
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (import_id, parse_index)
);
CREATE TABLE transfer_items (
    transfer_id integer NOT NULL,
    item_id integer NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (transfer_id, item_id)
);
CREATE TABLE vendor_item_alias (
    id serial NOT NULL,
    vendor_id integer NOT NULL,
    item_id integer NOT NULL,
    item_unit_id integer,
    vendor_sku varchar(100),
    vendor_description varchar(255),
    normalized_description varchar(255),
    pack_size varchar(100),
    default_cost double precision,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (vendor_id, normalized_description),
    UNIQUE (vendor_id, vendor_sku)
);
CREATE TABLE transfer_item (
    id serial NOT NULL,
    transfer_id integer NOT NULL,
    item_id integer NOT NULL,
    quantity double precision NOT NULL,
    completed_quantity double precision DEFAULT 0.0 NOT NULL,
    completed_at timestamp with time zone,
    completed_by_id integer,
    unit_id integer,
    unit_quantity double precision,
    base_quantity double precision,
    item_name varchar(100) DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE product_recipe_item (
    id serial NOT NULL,
    product_id integer NOT NULL,
    item_id integer NOT NULL,
    unit_id integer,
    quantity double precision NOT NULL,
    countable boolean DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE purchase_order_item (
    id serial NOT NULL,
    purchase_order_id integer NOT NULL,
    position integer DEFAULT 0 NOT NULL,
    product_id integer,
    unit_id integer,
    item_id integer,
    quantity double precision NOT NULL,
    unit_cost double precision,
    PRIMARY KEY (id)
);
CREATE TABLE purchase_invoice_item (
    id serial NOT NULL,
    invoice_id integer NOT NULL,
    position integer DEFAULT 0 NOT NULL,
    item_id integer,
    unit_id integer,
    item_name varchar(100) NOT NULL,
    unit_name varchar(50),
    quantity double precision NOT NULL,
    cost double precision NOT NULL,
    container_deposit double precision DEFAULT 0.0 NOT NULL,
    prev_cost double precision NOT NULL,
    location_id integer,
    purchase_gl_code_id integer,
    PRIMARY KEY (id)
);
CREATE TABLE terminal_sale (
    id serial NOT NULL,
    event_location_id integer NOT NULL,
    product_id integer NOT NULL,
    quantity double precision NOT NULL,
    sold_at timestamp with time zone NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE event_location_terminal_sales_summary (
    id serial NOT NULL,
    event_location_id integer NOT NULL,
    source_location varchar(255),
    total_quantity double precision,
    total_amount double precision,
    variance_details json,
    updated_at timestamp with time zone NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (event_location_id)
);
CREATE TABLE pos_sales_import_row (
    id serial NOT NULL,
    import_id integer NOT NULL,
    location_import_id integer NOT NULL,
    source_product_code varchar(128),
    source_product_name varchar(255) NOT NULL,
    normalized_product_name varchar(255) NOT NULL,
    product_id integer,
    quantity double precision DEFAULT 0.0 NOT NULL,
    net_inc double precision DEFAULT 0.0 NOT NULL,
    discount_raw varchar(64),
    discount_abs double precision DEFAULT 0.0 NOT NULL,
    computed_line_total double precision DEFAULT 0.0 NOT NULL,
    computed_unit_price double precision DEFAULT 0.0 NOT NULL,
    parse_index integer NOT NULL,
    is_zero_quantity boolean DEFAULT false NOT NULL,
    approval_batch_id varchar(64),
    reversal_batch_id varchar(64),
    approval_metadata text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (location_import_id, parse_index)
);
CREATE TABLE event_stand_sheet_item (
    id serial NOT NULL,
    event_location_id integer NOT NULL,
    item_id integer NOT NULL,
    opening_count double precision DEFAULT 0.0 NOT NULL,
    transferred_in double precision DEFAULT 0.0 NOT NULL,
    transferred_out double precision DEFAULT 0.0 NOT NULL,
    adjustments double precision DEFAULT 0.0 NOT NULL,
    eaten double precision DEFAULT 0.0 NOT NULL,
    spoiled double precision DEFAULT 0.0 NOT NULL,
    closing_count double precision DEFAULT 0.0 NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (event_location_id, item_id)
);
ALTER TABLE user_filter_preference ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE location ADD FOREIGN KEY (current_menu_id) REFERENCES menu (id);
ALTER TABLE item ADD FOREIGN KEY (purchase_gl_code_id) REFERENCES gl_code (id);
ALTER TABLE item ADD FOREIGN KEY (gl_code_id) REFERENCES gl_code (id);
ALTER TABLE product ADD FOREIGN KEY (sales_gl_code_id) REFERENCES gl_code (id);
ALTER TABLE product ADD FOREIGN KEY (gl_code_id) REFERENCES gl_code (id);
ALTER TABLE invoice ADD FOREIGN KEY (customer_id) REFERENCES customer (id);
ALTER TABLE invoice ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE purchase_order ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE purchase_order ADD FOREIGN KEY (vendor_id) REFERENCES vendor (id);
ALTER TABLE activity_log ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE note ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE terminal_sales_resolution_state ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE terminal_sales_resolution_state ADD FOREIGN KEY (event_id) REFERENCES event (id);
ALTER TABLE pos_sales_import ADD FOREIGN KEY (deleted_by) REFERENCES "user" (id);
ALTER TABLE pos_sales_import ADD FOREIGN KEY (reversed_by) REFERENCES "user" (id);
ALTER TABLE pos_sales_import ADD FOREIGN KEY (approved_by) REFERENCES "user" (id);
ALTER TABLE location_products ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE location_products ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE menu_products ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE menu_products ADD FOREIGN KEY (menu_id) REFERENCES menu (id);
ALTER TABLE location_stand_item ADD FOREIGN KEY (purchase_gl_code_id) REFERENCES gl_code (id);
ALTER TABLE location_stand_item ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE location_stand_item ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE item_barcode ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE item_unit ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE transfer ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE transfer ADD FOREIGN KEY (to_location_id) REFERENCES location (id);
ALTER TABLE transfer ADD FOREIGN KEY (from_location_id) REFERENCES location (id);
ALTER TABLE menu_assignment ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE menu_assignment ADD FOREIGN KEY (menu_id) REFERENCES menu (id);
ALTER TABLE invoice_product ADD FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE SET NULL;
ALTER TABLE invoice_product ADD FOREIGN KEY (invoice_id) REFERENCES invoice (id) ON DELETE CASCADE;
ALTER TABLE purchase_invoice ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE purchase_invoice ADD FOREIGN KEY (user_id) REFERENCES "user" (id);
ALTER TABLE purchase_invoice ADD FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (id);
ALTER TABLE purchase_invoice_draft ADD FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (id);
ALTER TABLE event_location ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE event_location ADD FOREIGN KEY (event_id) REFERENCES event (id);
ALTER TABLE terminal_sale_product_alias ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE terminal_sale_location_alias ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE pos_sales_import_location ADD FOREIGN KEY (location_id) REFERENCES location (id);
ALTER TABLE pos_sales_import_location ADD FOREIGN KEY (import_id) REFERENCES pos_sales_import (id) ON DELETE CASCADE;
ALTER TABLE transfer_items ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE transfer_items ADD FOREIGN KEY (transfer_id) REFERENCES transfer (id);
ALTER TABLE vendor_item_alias ADD FOREIGN KEY (item_unit_id) REFERENCES item_unit (id);
ALTER TABLE vendor_item_alias ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE vendor_item_alias ADD FOREIGN KEY (vendor_id) REFERENCES vendor (id);
ALTER TABLE transfer_item ADD FOREIGN KEY (unit_id) REFERENCES item_unit (id);
ALTER TABLE transfer_item ADD FOREIGN KEY (completed_by_id) REFERENCES "user" (id);
ALTER TABLE transfer_item ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE transfer_item ADD FOREIGN KEY (transfer_id) REFERENCES transfer (id);
ALTER TABLE product_recipe_item ADD FOREIGN KEY (unit_id) REFERENCES item_unit (id);
ALTER TABLE product_recipe_item ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE product_recipe_item ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE purchase_order_item ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE purchase_order_item ADD FOREIGN KEY (unit_id) REFERENCES item_unit (id);
ALTER TABLE purchase_order_item ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE purchase_order_item ADD FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (id);
ALTER TABLE purchase_invoice_item ADD FOREIGN KEY (purchase_gl_code_id) REFERENCES gl_code (id);
ALTER TABLE purchase_invoice_item ADD FOREIGN KEY (location_id) REFERENCES location (id) ON DELETE SET NULL;
ALTER TABLE purchase_invoice_item ADD FOREIGN KEY (unit_id) REFERENCES item_unit (id) ON DELETE SET NULL;
ALTER TABLE purchase_invoice_item ADD FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE SET NULL;
ALTER TABLE purchase_invoice_item ADD FOREIGN KEY (invoice_id) REFERENCES purchase_invoice (id);
ALTER TABLE terminal_sale ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE terminal_sale ADD FOREIGN KEY (event_location_id) REFERENCES event_location (id);
ALTER TABLE event_location_terminal_sales_summary ADD FOREIGN KEY (event_location_id) REFERENCES event_location (id);
ALTER TABLE pos_sales_import_row ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE pos_sales_import_row ADD FOREIGN KEY (location_import_id) REFERENCES pos_sales_import_location (id) ON DELETE CASCADE;
ALTER TABLE pos_sales_import_row ADD FOREIGN KEY (import_id) REFERENCES pos_sales_import (id) ON DELETE CASCADE;
ALTER TABLE event_stand_sheet_item ADD FOREIGN KEY (item_id) REFERENCES item (id);
ALTER TABLE event_stand_sheet_item ADD FOREIGN KEY (event_location_id) REFERENCES event_location (id);
CREATE INDEX ON customer (archived);
CREATE INDEX ON invoice (customer_id);
CREATE INDEX ON invoice (date_created);
CREATE INDEX ON invoice (user_id);
CREATE INDEX ON item (archived);
CREATE INDEX ON location (archived);
CREATE INDEX ON menu_assignment (location_id, unassigned_at);
CREATE INDEX ON note (entity_type, entity_id);
CREATE INDEX ON note (entity_type, pinned);
CREATE INDEX ON pos_sales_import (approval_batch_id);
CREATE INDEX ON pos_sales_import (approved_by, approved_at);
CREATE INDEX ON pos_sales_import (deleted_by, deleted_at);
CREATE INDEX ON pos_sales_import (received_at);
CREATE INDEX ON pos_sales_import (reversal_batch_id);
CREATE INDEX ON pos_sales_import (reversed_by, reversed_at);
CREATE INDEX ON pos_sales_import (status, received_at);
CREATE INDEX ON pos_sales_import_location (approval_batch_id);
CREATE INDEX ON pos_sales_import_location (import_id);
CREATE INDEX ON pos_sales_import_location (location_id);
CREATE INDEX ON pos_sales_import_location (normalized_location_name);
CREATE INDEX ON pos_sales_import_location (reversal_batch_id);
CREATE INDEX ON pos_sales_import_row (approval_batch_id);
CREATE INDEX ON pos_sales_import_row (import_id);
CREATE INDEX ON pos_sales_import_row (is_zero_quantity);
CREATE INDEX ON pos_sales_import_row (location_import_id);
CREATE INDEX ON pos_sales_import_row (normalized_product_name);
CREATE INDEX ON pos_sales_import_row (product_id);
CREATE INDEX ON pos_sales_import_row (reversal_batch_id);
CREATE INDEX ON terminal_sales_resolution_state (event_id, user_id);
CREATE INDEX ON transfer (date_created);
CREATE INDEX ON transfer (to_location_id, completed);
CREATE INDEX ON transfer (user_id);
CREATE INDEX ON vendor (archived);
CREATE INDEX ON vendor_item_alias (vendor_id);
CREATE UNIQUE INDEX ON item (name);
CREATE UNIQUE INDEX ON item_barcode (code);
