-- The schema as Laravel builds it on PostgreSQL: bigserial keys, timestamps of whole seconds, enums
-- as CHECKs, json.
CREATE TABLE users (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    email_verified_at timestamp(0) without time zone,
    password varchar(255) NOT NULL,
    remember_token varchar(255),
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE password_reset_tokens (
    email varchar(255) NOT NULL,
    token varchar(255) NOT NULL,
    created_at timestamp(0) without time zone,
    PRIMARY KEY (email)
);
CREATE TABLE sessions (
    id varchar(255) NOT NULL,
    user_id integer,
    ip_address varchar(255),
    user_agent text,
    payload text NOT NULL,
    last_activity integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE cache (
    key varchar(255) NOT NULL,
    value text NOT NULL,
    expiration integer NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE cache_locks (
    key varchar(255) NOT NULL,
    owner varchar(255) NOT NULL,
    expiration integer NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE jobs (
    id bigserial NOT NULL,
    queue varchar(255) NOT NULL,
    payload text NOT NULL,
    attempts integer NOT NULL,
    reserved_at integer,
    available_at integer NOT NULL,
    created_at integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE job_batches (
    id varchar(255) NOT NULL,
    name varchar(255) NOT NULL,
    total_jobs integer NOT NULL,
    pending_jobs integer NOT NULL,
    failed_jobs integer NOT NULL,
    failed_job_ids text NOT NULL,
    options text,
    cancelled_at integer,
    created_at integer NOT NULL,
    finished_at integer,
    PRIMARY KEY (id)
);
CREATE TABLE failed_jobs (
    id bigserial NOT NULL,
    uuid varchar(255) NOT NULL,
    connection text NOT NULL,
    queue text NOT NULL,
    payload text NOT NULL,
    exception text NOT NULL,
    failed_at timestamp(0) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE notifications (
    id uuid NOT NULL,
    type varchar(255) NOT NULL,
    notifiable_type varchar(255) NOT NULL,
    notifiable_id integer NOT NULL,
    data text NOT NULL,
    read_at timestamp(0) without time zone,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE personal_access_tokens (
    id bigserial NOT NULL,
    tokenable_type varchar(255) NOT NULL,
    tokenable_id integer NOT NULL,
    name text NOT NULL,
    token varchar(255) NOT NULL,
    abilities text,
    last_used_at timestamp(0) without time zone,
    expires_at timestamp(0) without time zone,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE permissions (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    guard_name varchar(255) NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE roles (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    guard_name varchar(255) NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE model_has_permissions (
    permission_id bigint NOT NULL,
    model_type varchar(255) NOT NULL,
    model_id integer NOT NULL,
    PRIMARY KEY (permission_id, model_id, model_type)
);
CREATE TABLE model_has_roles (
    role_id bigint NOT NULL,
    model_type varchar(255) NOT NULL,
    model_id integer NOT NULL,
    PRIMARY KEY (role_id, model_id, model_type)
);
CREATE TABLE role_has_permissions (
    permission_id bigint NOT NULL,
    role_id bigint NOT NULL,
    PRIMARY KEY (permission_id, role_id)
);
CREATE TABLE addresses (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    type varchar(255) DEFAULT 'home' NOT NULL,
    street varchar(255) NOT NULL,
    city varchar(255) NOT NULL,
    province varchar(255) NOT NULL,
    postal_code varchar(255) NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (type IN ('home', 'work', 'other'))
);
CREATE TABLE categories (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    image_url varchar(255),
    sort_order integer DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE coffee_beans (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    origin_country varchar(255) NOT NULL,
    region varchar(255),
    elevation varchar(255),
    processing_method varchar(255),
    variety varchar(255),
    tasting_notes text,
    producer varchar(255),
    stock_quantity integer DEFAULT 0 NOT NULL,
    is_featured boolean DEFAULT false NOT NULL,
    image_url varchar(255),
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE products (
    id bigserial NOT NULL,
    category_id bigint NOT NULL,
    name varchar(255) NOT NULL,
    description text,
    price numeric(10,2) NOT NULL,
    image_url varchar(255),
    stock_quantity integer DEFAULT 0 NOT NULL,
    is_available boolean DEFAULT true NOT NULL,
    customization_options json,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    recipe_instructions text,
    brewing_method varchar(255),
    recommended_water_temp numeric(10,2),
    recommended_brew_time integer,
    coffee_to_water_ratio numeric(10,2),
    grind_size varchar(255),
    PRIMARY KEY (id)
);
CREATE TABLE order_items (
    id bigserial NOT NULL,
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(10,2) NOT NULL,
    customizations json,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    special_instructions text,
    PRIMARY KEY (id)
);
CREATE TABLE announcements (
    id bigserial NOT NULL,
    title varchar(255) NOT NULL,
    content text NOT NULL,
    category varchar(255) DEFAULT 'news' NOT NULL,
    featured_image varchar(255),
    is_published boolean DEFAULT false NOT NULL,
    published_at timestamp(0) without time zone,
    created_by bigint,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (category IN ('promo', 'event', 'news', 'update'))
);
CREATE TABLE contacts (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    phone varchar(255),
    subject varchar(255),
    inquiry_type varchar(255) DEFAULT 'general' NOT NULL,
    message text NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (inquiry_type IN ('general', 'catering', 'training', 'feedback')),
    CHECK (status IN ('pending', 'read', 'responded'))
);
CREATE TABLE customer_profiles (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    phone varchar(255),
    birthday date,
    address text,
    taste_preferences text,
    profile_picture varchar(255),
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE inquiries (
    id bigserial NOT NULL,
    type varchar(255) DEFAULT 'barista_training' NOT NULL,
    full_name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    phone varchar(255) NOT NULL,
    details text NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (type IN ('barista_training', 'arbiter_express')),
    CHECK (status IN ('pending', 'reviewed', 'approved', 'rejected'))
);
CREATE TABLE carts (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE cart_items (
    id bigserial NOT NULL,
    cart_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    customizations json,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE system_configs (
    id bigserial NOT NULL,
    key varchar(255) NOT NULL,
    value text NOT NULL,
    type varchar(255) DEFAULT 'json' NOT NULL,
    description text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (type IN ('json', 'string', 'number', 'boolean'))
);
CREATE TABLE employees (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    employee_number varchar(255) NOT NULL,
    position varchar(255) NOT NULL,
    department varchar(255),
    hire_date date NOT NULL,
    salary numeric(10,2),
    status varchar(255) DEFAULT 'active' NOT NULL,
    emergency_contact_name varchar(255),
    emergency_contact_phone varchar(255),
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (status IN ('active', 'on_leave', 'suspended', 'terminated'))
);
CREATE TABLE attendances (
    id bigserial NOT NULL,
    employee_id bigint NOT NULL,
    date date NOT NULL,
    clock_in timestamp(0) without time zone,
    clock_out timestamp(0) without time zone,
    status varchar(255) DEFAULT 'present' NOT NULL,
    notes text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (status IN ('present', 'absent', 'late', 'half_day', 'on_leave'))
);
CREATE TABLE shifts (
    id bigserial NOT NULL,
    employee_id bigint NOT NULL,
    date date NOT NULL,
    start_time timestamp(0) without time zone NOT NULL,
    end_time timestamp(0) without time zone NOT NULL,
    position varchar(255),
    status varchar(255) DEFAULT 'scheduled' NOT NULL,
    notes text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (status IN ('scheduled', 'confirmed', 'completed', 'cancelled'))
);
CREATE TABLE tasks (
    id bigserial NOT NULL,
    title varchar(255) NOT NULL,
    description text,
    assigned_to bigint,
    assigned_by bigint NOT NULL,
    priority varchar(255) DEFAULT 'medium' NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    due_date timestamp(0) without time zone,
    completed_at timestamp(0) without time zone,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    CHECK (status IN ('pending', 'in_progress', 'completed', 'cancelled'))
);
CREATE TABLE leave_requests (
    id bigserial NOT NULL,
    employee_id bigint NOT NULL,
    type varchar(255) DEFAULT 'vacation' NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    days_requested integer NOT NULL,
    reason text NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    reviewed_by bigint,
    reviewed_at timestamp(0) without time zone,
    review_notes text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (type IN ('sick', 'vacation', 'personal', 'emergency', 'bereavement')),
    CHECK (status IN ('pending', 'approved', 'rejected'))
);
CREATE TABLE performance_reviews (
    id bigserial NOT NULL,
    employee_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    review_period_start date NOT NULL,
    review_period_end date NOT NULL,
    speed_score numeric(10,2) DEFAULT 0 NOT NULL,
    quality_score numeric(10,2) DEFAULT 0 NOT NULL,
    attendance_score numeric(10,2) DEFAULT 0 NOT NULL,
    teamwork_score numeric(10,2) DEFAULT 0 NOT NULL,
    customer_service_score numeric(10,2) DEFAULT 0 NOT NULL,
    overall_score numeric(10,2) DEFAULT 0 NOT NULL,
    strengths text,
    areas_for_improvement text,
    goals text,
    comments text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE payments (
    id bigserial NOT NULL,
    order_id bigint NOT NULL,
    amount numeric(10,2) NOT NULL,
    method varchar(255) NOT NULL,
    transaction_id varchar(255) NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    paid_at timestamp(0) without time zone,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (method IN ('cash', 'card', 'paypal', 'gcash', 'stripe')),
    CHECK (status IN ('pending', 'paid', 'failed', 'refunded'))
);
CREATE TABLE inventory_logs (
    id bigserial NOT NULL,
    inventory_item_id bigint NOT NULL,
    type varchar(255) NOT NULL,
    quantity numeric(10,2) NOT NULL,
    notes text,
    user_id bigint,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id),
    CHECK (type IN ('restock', 'usage', 'wastage', 'adjustment'))
);
CREATE TABLE product_favorites (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    product_id bigint NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE orders (
    id bigserial NOT NULL,
    user_id bigint,
    order_number varchar(255) NOT NULL,
    status varchar(255) DEFAULT 'pending' NOT NULL,
    order_type varchar(255) DEFAULT 'dine-in' NOT NULL,
    subtotal numeric(10,2) NOT NULL,
    delivery_fee numeric(10,2) DEFAULT 0 NOT NULL,
    total_amount numeric(10,2) NOT NULL,
    payment_method varchar(255) DEFAULT 'cash' NOT NULL,
    payment_status varchar(255) DEFAULT 'pending' NOT NULL,
    delivery_address_id bigint,
    delivery_address varchar(255),
    special_instructions text,
    prepared_at timestamp(0) without time zone,
    completed_at timestamp(0) without time zone,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    deleted_at timestamp(0) without time zone,
    scheduled_time timestamp(0) without time zone,
    notes text,
    barista_id bigint,
    PRIMARY KEY (id)
);
CREATE TABLE daily_featured_origins (
    id bigserial NOT NULL,
    coffee_bean_id bigint NOT NULL,
    feature_date date NOT NULL,
    start_time time,
    end_time time,
    special_notes text,
    promotion_text text,
    is_active boolean DEFAULT true NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE customer_favorites (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    product_id bigint NOT NULL,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE taste_profiles (
    id bigserial NOT NULL,
    customer_id bigint NOT NULL,
    favorite_roast varchar(255),
    flavor_preferences text,
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
CREATE TABLE inventory_items (
    id bigserial NOT NULL,
    name varchar(255) NOT NULL,
    category varchar(255),
    source varchar(255),
    type varchar(255) DEFAULT 'other' NOT NULL,
    quantity numeric(12,3) DEFAULT 0 NOT NULL,
    unit varchar(255) NOT NULL,
    reorder_level numeric(10,2) DEFAULT 0 NOT NULL,
    cost_per_unit numeric(10,2),
    created_at timestamp(0) without time zone,
    updated_at timestamp(0) without time zone,
    PRIMARY KEY (id)
);
ALTER TABLE model_has_permissions ADD FOREIGN KEY (permission_id) REFERENCES permissions (id) ON DELETE CASCADE;
ALTER TABLE model_has_roles ADD FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE;
ALTER TABLE role_has_permissions ADD FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE;
ALTER TABLE role_has_permissions ADD FOREIGN KEY (permission_id) REFERENCES permissions (id) ON DELETE CASCADE;
ALTER TABLE addresses ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE products ADD FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE;
ALTER TABLE order_items ADD FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;
ALTER TABLE announcements ADD FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE customer_profiles ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE carts ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE cart_items ADD FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
ALTER TABLE cart_items ADD FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE;
ALTER TABLE employees ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE attendances ADD FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE;
ALTER TABLE shifts ADD FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE;
ALTER TABLE tasks ADD FOREIGN KEY (assigned_by) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE tasks ADD FOREIGN KEY (assigned_to) REFERENCES employees (id) ON DELETE SET NULL;
ALTER TABLE leave_requests ADD FOREIGN KEY (reviewed_by) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE leave_requests ADD FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE;
ALTER TABLE performance_reviews ADD FOREIGN KEY (reviewer_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE performance_reviews ADD FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE;
ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;
ALTER TABLE inventory_logs ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE inventory_logs ADD FOREIGN KEY (inventory_item_id) REFERENCES inventory_items (id) ON DELETE CASCADE;
ALTER TABLE product_favorites ADD FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
ALTER TABLE product_favorites ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE orders ADD FOREIGN KEY (barista_id) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE orders ADD FOREIGN KEY (delivery_address_id) REFERENCES addresses (id) ON DELETE SET NULL;
ALTER TABLE daily_featured_origins ADD FOREIGN KEY (created_by) REFERENCES users (id);
ALTER TABLE daily_featured_origins ADD FOREIGN KEY (coffee_bean_id) REFERENCES coffee_beans (id) ON DELETE CASCADE;
ALTER TABLE customer_favorites ADD FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE;
ALTER TABLE customer_favorites ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE taste_profiles ADD FOREIGN KEY (customer_id) REFERENCES users (id) ON DELETE CASCADE;
CREATE INDEX ON addresses (user_id, is_default);
CREATE INDEX ON announcements (category);
CREATE INDEX ON announcements (is_published);
CREATE INDEX ON attendances (date);
CREATE INDEX ON attendances (employee_id, date);
CREATE INDEX ON coffee_beans (is_featured);
CREATE INDEX ON coffee_beans (stock_quantity);
CREATE INDEX ON contacts (status);
CREATE INDEX ON customer_favorites (product_id);
CREATE INDEX ON customer_favorites (user_id);
CREATE INDEX ON customer_profiles (user_id);
CREATE INDEX ON daily_featured_origins (feature_date, is_active);
CREATE INDEX ON inquiries (status);
CREATE INDEX ON inquiries (type);
CREATE INDEX ON inventory_items (reorder_level);
CREATE INDEX ON inventory_items (type, quantity);
CREATE INDEX ON inventory_logs (inventory_item_id, created_at);
CREATE INDEX ON inventory_logs (type, created_at);
CREATE INDEX ON jobs (queue);
CREATE INDEX ON leave_requests (employee_id);
CREATE INDEX ON leave_requests (start_date, end_date);
CREATE INDEX ON leave_requests (status);
CREATE INDEX ON model_has_permissions (model_id, model_type);
CREATE INDEX ON model_has_roles (model_id, model_type);
CREATE INDEX ON notifications (notifiable_type, notifiable_id);
CREATE INDEX ON order_items (order_id);
CREATE INDEX ON order_items (order_id, product_id);
CREATE INDEX ON order_items (product_id);
CREATE INDEX ON order_items (product_id, order_id);
CREATE INDEX ON orders (created_at);
CREATE INDEX ON orders (order_number);
CREATE INDEX ON orders (payment_status, created_at);
CREATE INDEX ON orders (status);
CREATE INDEX ON orders (status, created_at);
CREATE INDEX ON orders (updated_at);
CREATE INDEX ON orders (user_id);
CREATE INDEX ON orders (user_id, created_at);
CREATE INDEX ON orders (user_id, status);
CREATE INDEX ON performance_reviews (employee_id);
CREATE INDEX ON performance_reviews (review_period_start, review_period_end);
CREATE INDEX ON personal_access_tokens (expires_at);
CREATE INDEX ON personal_access_tokens (tokenable_type, tokenable_id);
CREATE INDEX ON products (category_id);
CREATE INDEX ON products (category_id, is_available);
CREATE INDEX ON products (created_at);
CREATE INDEX ON products (is_available);
CREATE INDEX ON products (price);
CREATE INDEX ON sessions (last_activity);
CREATE INDEX ON sessions (user_id);
CREATE INDEX ON system_configs (key);
CREATE INDEX ON tasks (assigned_to, status);
CREATE INDEX ON tasks (due_date);
CREATE INDEX ON taste_profiles (customer_id);
CREATE INDEX ON users (created_at);
CREATE INDEX ON users (email);
CREATE UNIQUE INDEX ON attendances (employee_id, date);
CREATE UNIQUE INDEX ON customer_favorites (user_id, product_id);
CREATE UNIQUE INDEX ON customer_profiles (user_id);
CREATE UNIQUE INDEX ON daily_featured_origins (coffee_bean_id, feature_date);
CREATE UNIQUE INDEX ON employees (employee_number);
CREATE UNIQUE INDEX ON failed_jobs (uuid);
CREATE UNIQUE INDEX ON orders (order_number);
CREATE UNIQUE INDEX ON payments (transaction_id);
CREATE UNIQUE INDEX ON permissions (name, guard_name);
CREATE UNIQUE INDEX ON personal_access_tokens (token);
CREATE UNIQUE INDEX ON product_favorites (user_id, product_id);
CREATE UNIQUE INDEX ON roles (name, guard_name);
CREATE UNIQUE INDEX ON system_configs (key);
CREATE UNIQUE INDEX ON users (email);
