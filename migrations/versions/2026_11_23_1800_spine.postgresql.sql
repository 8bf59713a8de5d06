-- postgresql, written by tools/freeze_schema.py

CREATE TABLE node (
    id UUID NOT NULL,
    code VARCHAR(12) NOT NULL,
    name_zh VARCHAR(40) NOT NULL,
    name_en VARCHAR(60),
    here BOOLEAN NOT NULL,
    demo BOOLEAN NOT NULL,
    public_key BYTEA,
    state VARCHAR(12) NOT NULL,
    last_sequence BIGINT NOT NULL,
    head BYTEA NOT NULL,
    clock BIGINT NOT NULL,
    CONSTRAINT pk_node PRIMARY KEY (id),
    CONSTRAINT ck_node_state_known CHECK (state IN ('active', 'lost', 'retired')),
    CONSTRAINT uq_node_code UNIQUE (code),
    CONSTRAINT ck_node_code_length CHECK (length(code) <= 12),
    CONSTRAINT ck_node_name_zh_length CHECK (length(name_zh) <= 40),
    CONSTRAINT ck_node_name_en_length CHECK (length(name_en) <= 60),
    CONSTRAINT ck_node_state_length CHECK (length(state) <= 12)
);

CREATE TABLE access_log (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id UUID,
    login VARCHAR(40) NOT NULL,
    action VARCHAR(40) NOT NULL,
    subject_id UUID,
    outcome VARCHAR(40) NOT NULL,
    address VARCHAR(64) NOT NULL,
    CONSTRAINT pk_access_log PRIMARY KEY (id),
    CONSTRAINT ck_access_log_login_length CHECK (length(login) <= 40),
    CONSTRAINT ck_access_log_action_length CHECK (length(action) <= 40),
    CONSTRAINT ck_access_log_outcome_length CHECK (length(outcome) <= 40),
    CONSTRAINT ck_access_log_address_length CHECK (length(address) <= 64)
);

CREATE INDEX ix_access_log_at ON access_log (at);

CREATE INDEX ix_access_log_login ON access_log (login, at);

CREATE TABLE problem (
    sha256 BYTEA NOT NULL,
    body BYTEA NOT NULL,
    seen TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_problem PRIMARY KEY (sha256)
);

CREATE TABLE journal (
    id UUID NOT NULL,
    node_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    actor_id UUID,
    via VARCHAR(12) NOT NULL,
    subject_id UUID,
    incident_id UUID,
    reverses_id UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
    clock BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL,
    facts BYTEA NOT NULL,
    drill BOOLEAN NOT NULL,
    algorithm VARCHAR(8) NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT uq_journal_node_sequence UNIQUE (node_id, sequence),
    CONSTRAINT ck_journal_sequence_positive CHECK (sequence > 0),
    CONSTRAINT ck_journal_digest_length CHECK (length(fingerprint) = 32 AND length(previous) = 32 AND length(hash) = 32),
    CONSTRAINT fk_journal_node_id FOREIGN KEY(node_id) REFERENCES node (id),
    CONSTRAINT uq_journal_reverses_id UNIQUE (reverses_id),
    CONSTRAINT fk_journal_reverses_id FOREIGN KEY(reverses_id) REFERENCES journal (id),
    CONSTRAINT ck_journal_kind_length CHECK (length(kind) <= 40),
    CONSTRAINT ck_journal_via_length CHECK (length(via) <= 12),
    CONSTRAINT ck_journal_algorithm_length CHECK (length(algorithm) <= 8)
);

CREATE INDEX ix_journal_incident ON journal (incident_id, occurred_at);

CREATE INDEX ix_journal_occurred ON journal (occurred_at);

CREATE INDEX ix_journal_subject ON journal (subject_id, occurred_at);

CREATE TABLE paper_series (
    kind VARCHAR(24) NOT NULL,
    node_id UUID NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT pk_paper_series PRIMARY KEY (kind, node_id, year),
    CONSTRAINT fk_paper_series_node_id FOREIGN KEY(node_id) REFERENCES node (id),
    CONSTRAINT ck_paper_series_kind_length CHECK (length(kind) <= 24)
);

CREATE TABLE paper (
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    node_id UUID NOT NULL,
    year BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    number VARCHAR(40) NOT NULL,
    subject_id UUID NOT NULL,
    data BYTEA NOT NULL,
    sha256_pdf BYTEA,
    signature BYTEA,
    chain_sequence BIGINT NOT NULL,
    chain_head BYTEA NOT NULL,
    issued_by_id UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    voided_by_id UUID,
    CONSTRAINT pk_paper PRIMARY KEY (id),
    CONSTRAINT uq_paper_number UNIQUE (kind, node_id, year, sequence, revision),
    CONSTRAINT fk_paper_node_id FOREIGN KEY(node_id) REFERENCES node (id),
    CONSTRAINT fk_paper_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_paper_voided_by_id FOREIGN KEY(voided_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_paper_kind_length CHECK (length(kind) <= 24),
    CONSTRAINT ck_paper_number_length CHECK (length(number) <= 40)
);

CREATE INDEX ix_paper_number ON paper (number);

CREATE INDEX ix_paper_subject_id ON paper (subject_id);

CREATE TABLE setting (
    key VARCHAR(60) NOT NULL,
    scope_id UUID NOT NULL,
    value TEXT NOT NULL,
    unit VARCHAR(24),
    source VARCHAR(200) NOT NULL,
    confidence VARCHAR(12) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY (key, scope_id),
    CONSTRAINT ck_setting_confidence_known CHECK (confidence IN ('confirmed', 'secondary', 'estimate', 'own')),
    CONSTRAINT fk_setting_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_setting_key_length CHECK (length(key) <= 60),
    CONSTRAINT ck_setting_unit_length CHECK (length(unit) <= 24),
    CONSTRAINT ck_setting_source_length CHECK (length(source) <= 200),
    CONSTRAINT ck_setting_confidence_length CHECK (length(confidence) <= 12)
);

CREATE TABLE item (
    id UUID NOT NULL,
    code VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    name_pinyin VARCHAR(160) NOT NULL,
    gb_code VARCHAR(7),
    unit VARCHAR(24) NOT NULL,
    tracking VARCHAR(12) NOT NULL,
    major_class BIGINT NOT NULL,
    domain VARCHAR(1) NOT NULL,
    return_class VARCHAR(24) NOT NULL,
    weight_g BIGINT NOT NULL,
    volume_cm3 BIGINT NOT NULL,
    whole_packs BOOLEAN NOT NULL,
    minimum_life_days BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    source VARCHAR(200) NOT NULL,
    confidence VARCHAR(12) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_item PRIMARY KEY (id),
    CONSTRAINT ck_item_tracking_known CHECK (tracking IN ('lot', 'expiry', 'serial', 'bulk')),
    CONSTRAINT ck_item_gb_code_shape CHECK (gb_code IS NULL OR length(gb_code) = 7),
    CONSTRAINT ck_item_size_not_negative CHECK (weight_g >= 0 AND volume_cm3 >= 0),
    CONSTRAINT ck_item_life_not_negative CHECK (minimum_life_days >= 0),
    CONSTRAINT uq_item_code UNIQUE (code),
    CONSTRAINT fk_item_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_item_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_item_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_item_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_item_name_pinyin_length CHECK (length(name_pinyin) <= 160),
    CONSTRAINT ck_item_gb_code_length CHECK (length(gb_code) <= 7),
    CONSTRAINT ck_item_unit_length CHECK (length(unit) <= 24),
    CONSTRAINT ck_item_tracking_length CHECK (length(tracking) <= 12),
    CONSTRAINT ck_item_domain_length CHECK (length(domain) <= 1),
    CONSTRAINT ck_item_return_class_length CHECK (length(return_class) <= 24),
    CONSTRAINT ck_item_source_length CHECK (length(source) <= 200),
    CONSTRAINT ck_item_confidence_length CHECK (length(confidence) <= 12)
);

CREATE TABLE term (
    kind VARCHAR(24) NOT NULL,
    code VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(80) NOT NULL,
    source VARCHAR(200) NOT NULL,
    position BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_term PRIMARY KEY (kind, code),
    CONSTRAINT fk_term_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_term_kind_length CHECK (length(kind) <= 24),
    CONSTRAINT ck_term_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_term_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_term_name_en_length CHECK (length(name_en) <= 80),
    CONSTRAINT ck_term_source_length CHECK (length(source) <= 200)
);

CREATE TABLE division (
    id UUID NOT NULL,
    code VARCHAR(12) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    name_pinyin VARCHAR(160) NOT NULL,
    parent_id UUID,
    level VARCHAR(12) NOT NULL,
    latitude BIGINT,
    longitude BIGINT,
    point_quality VARCHAR(24) NOT NULL,
    population BIGINT,
    source VARCHAR(200) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_division PRIMARY KEY (id),
    CONSTRAINT ck_division_level_known CHECK (level IN ('district', 'town', 'subdistrict', 'village', 'community')),
    CONSTRAINT uq_division_code UNIQUE (code),
    CONSTRAINT fk_division_parent_id FOREIGN KEY(parent_id) REFERENCES division (id),
    CONSTRAINT fk_division_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_division_code_length CHECK (length(code) <= 12),
    CONSTRAINT ck_division_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_division_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_division_name_pinyin_length CHECK (length(name_pinyin) <= 160),
    CONSTRAINT ck_division_level_length CHECK (length(level) <= 12),
    CONSTRAINT ck_division_point_quality_length CHECK (length(point_quality) <= 24),
    CONSTRAINT ck_division_source_length CHECK (length(source) <= 200)
);

CREATE INDEX ix_division_parent_id ON division (parent_id);

CREATE TABLE organisation (
    id UUID NOT NULL,
    code VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    kind VARCHAR(24) NOT NULL,
    level VARCHAR(12) NOT NULL,
    parent_id UUID,
    division_id UUID,
    phone VARCHAR(40),
    demo BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (id),
    CONSTRAINT ck_organisation_level_known CHECK (level IN ('city', 'district', 'town', 'village', 'unit')),
    CONSTRAINT uq_organisation_code UNIQUE (code),
    CONSTRAINT fk_organisation_parent_id FOREIGN KEY(parent_id) REFERENCES organisation (id),
    CONSTRAINT fk_organisation_division_id FOREIGN KEY(division_id) REFERENCES division (id),
    CONSTRAINT fk_organisation_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_organisation_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_organisation_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_organisation_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_organisation_kind_length CHECK (length(kind) <= 24),
    CONSTRAINT ck_organisation_level_length CHECK (length(level) <= 12),
    CONSTRAINT ck_organisation_phone_length CHECK (length(phone) <= 40)
);

CREATE INDEX ix_organisation_division_id ON organisation (division_id);

CREATE TABLE item_pack (
    id UUID NOT NULL,
    item_id UUID NOT NULL,
    factor BIGINT NOT NULL,
    name_zh VARCHAR(24) NOT NULL,
    name_en VARCHAR(24),
    barcode VARCHAR(40),
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_item_pack PRIMARY KEY (id),
    CONSTRAINT uq_item_pack_factor UNIQUE (item_id, factor),
    CONSTRAINT ck_item_pack_factor_above_one CHECK (factor > 1),
    CONSTRAINT fk_item_pack_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT uq_item_pack_barcode UNIQUE (barcode),
    CONSTRAINT fk_item_pack_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_item_pack_name_zh_length CHECK (length(name_zh) <= 24),
    CONSTRAINT ck_item_pack_name_en_length CHECK (length(name_en) <= 24),
    CONSTRAINT ck_item_pack_barcode_length CHECK (length(barcode) <= 40)
);

CREATE TABLE norm (
    id UUID NOT NULL,
    code VARCHAR(24) NOT NULL,
    item_id UUID NOT NULL,
    hazard VARCHAR(24) NOT NULL,
    quantity_milli BIGINT NOT NULL,
    per_persons BIGINT NOT NULL,
    period VARCHAR(8) NOT NULL,
    season VARCHAR(8) NOT NULL,
    priority BIGINT NOT NULL,
    basis_zh VARCHAR(200) NOT NULL,
    basis_en VARCHAR(200) NOT NULL,
    source VARCHAR(200) NOT NULL,
    confidence VARCHAR(12) NOT NULL,
    active BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_norm PRIMARY KEY (id),
    CONSTRAINT ck_norm_period_known CHECK (period IN ('once', 'day', 'week', 'month')),
    CONSTRAINT ck_norm_season_known CHECK (season IN ('all', 'cold', 'warm')),
    CONSTRAINT ck_norm_confidence_known CHECK (confidence IN ('confirmed', 'secondary', 'estimate', 'own')),
    CONSTRAINT ck_norm_positive CHECK (quantity_milli > 0 AND per_persons > 0),
    CONSTRAINT ck_norm_priority_range CHECK (priority BETWEEN 0 AND 2),
    CONSTRAINT uq_norm_code UNIQUE (code),
    CONSTRAINT fk_norm_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_norm_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_norm_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_norm_hazard_length CHECK (length(hazard) <= 24),
    CONSTRAINT ck_norm_period_length CHECK (length(period) <= 8),
    CONSTRAINT ck_norm_season_length CHECK (length(season) <= 8),
    CONSTRAINT ck_norm_basis_zh_length CHECK (length(basis_zh) <= 200),
    CONSTRAINT ck_norm_basis_en_length CHECK (length(basis_en) <= 200),
    CONSTRAINT ck_norm_source_length CHECK (length(source) <= 200),
    CONSTRAINT ck_norm_confidence_length CHECK (length(confidence) <= 12)
);

CREATE INDEX ix_norm_item_id ON norm (item_id);

CREATE TABLE incident (
    id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    hazard VARCHAR(24) NOT NULL,
    level BIGINT NOT NULL,
    division_id UUID NOT NULL,
    latitude BIGINT,
    longitude BIGINT,
    state VARCHAR(16) NOT NULL,
    drill BOOLEAN NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    note VARCHAR(400) NOT NULL,
    closed_by_id UUID,
    demo BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT ck_incident_state_known CHECK (state IN ('draft', 'active', 'demobilizing', 'reconciling', 'closed', 'cancelled')),
    CONSTRAINT ck_incident_level_range CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT uq_incident_number UNIQUE (number),
    CONSTRAINT fk_incident_division_id FOREIGN KEY(division_id) REFERENCES division (id),
    CONSTRAINT fk_incident_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_incident_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_incident_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_incident_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_incident_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_incident_hazard_length CHECK (length(hazard) <= 24),
    CONSTRAINT ck_incident_state_length CHECK (length(state) <= 16),
    CONSTRAINT ck_incident_note_length CHECK (length(note) <= 400)
);

CREATE INDEX ix_incident_state ON incident (state, began_at);

CREATE TABLE account (
    id UUID NOT NULL,
    login VARCHAR(40) NOT NULL,
    name_zh VARCHAR(40) NOT NULL,
    name_en VARCHAR(60),
    organisation_id UUID NOT NULL,
    phone VARCHAR(40),
    password_hash VARCHAR(160),
    must_change_password BOOLEAN NOT NULL,
    language VARCHAR(8),
    demo BOOLEAN NOT NULL,
    state VARCHAR(12) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT ck_account_state_known CHECK (state IN ('active', 'closed')),
    CONSTRAINT uq_account_login UNIQUE (login),
    CONSTRAINT fk_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_account_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_account_login_length CHECK (length(login) <= 40),
    CONSTRAINT ck_account_name_zh_length CHECK (length(name_zh) <= 40),
    CONSTRAINT ck_account_name_en_length CHECK (length(name_en) <= 60),
    CONSTRAINT ck_account_phone_length CHECK (length(phone) <= 40),
    CONSTRAINT ck_account_password_hash_length CHECK (length(password_hash) <= 160),
    CONSTRAINT ck_account_language_length CHECK (length(language) <= 8),
    CONSTRAINT ck_account_state_length CHECK (length(state) <= 12)
);

CREATE TABLE site (
    id UUID NOT NULL,
    code VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    name_pinyin VARCHAR(160) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    division_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    node_id UUID NOT NULL,
    latitude BIGINT,
    longitude BIGINT,
    entered_as VARCHAR(8) NOT NULL,
    point_quality VARCHAR(24) NOT NULL,
    address VARCHAR(120) NOT NULL,
    contact VARCHAR(60) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    ready_minutes BIGINT NOT NULL,
    channel VARCHAR(12) NOT NULL,
    closed BOOLEAN NOT NULL,
    demo BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_site PRIMARY KEY (id),
    CONSTRAINT ck_site_kind_known CHECK (kind IN ('store', 'point', 'shelter', 'forward', 'team_base', 'scene', 'village', 'office')),
    CONSTRAINT ck_site_entered_as_known CHECK (entered_as IN ('wgs84', 'gcj02', 'bd09', 'map')),
    CONSTRAINT ck_site_ready_not_negative CHECK (ready_minutes >= 0),
    CONSTRAINT ck_site_point_whole CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT uq_site_code UNIQUE (code),
    CONSTRAINT fk_site_division_id FOREIGN KEY(division_id) REFERENCES division (id),
    CONSTRAINT fk_site_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_site_node_id FOREIGN KEY(node_id) REFERENCES node (id),
    CONSTRAINT fk_site_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_site_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_site_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_site_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_site_name_pinyin_length CHECK (length(name_pinyin) <= 160),
    CONSTRAINT ck_site_kind_length CHECK (length(kind) <= 12),
    CONSTRAINT ck_site_entered_as_length CHECK (length(entered_as) <= 8),
    CONSTRAINT ck_site_point_quality_length CHECK (length(point_quality) <= 24),
    CONSTRAINT ck_site_address_length CHECK (length(address) <= 120),
    CONSTRAINT ck_site_contact_length CHECK (length(contact) <= 60),
    CONSTRAINT ck_site_phone_length CHECK (length(phone) <= 40),
    CONSTRAINT ck_site_channel_length CHECK (length(channel) <= 12)
);

CREATE INDEX ix_site_division_id ON site (division_id);

CREATE INDEX ix_site_organisation_id ON site (organisation_id);

CREATE TABLE lot (
    id UUID NOT NULL,
    label VARCHAR(10) NOT NULL,
    item_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    batch VARCHAR(60) NOT NULL,
    made_on DATE,
    expires_on DATE,
    entered_on DATE NOT NULL,
    spec VARCHAR(120) NOT NULL,
    origin VARCHAR(80) NOT NULL,
    quality VARCHAR(40) NOT NULL,
    source VARCHAR(12) NOT NULL,
    source_name VARCHAR(80) NOT NULL,
    fund VARCHAR(60) NOT NULL,
    channel VARCHAR(12) NOT NULL,
    unit_price_fen BIGINT,
    blocked VARCHAR(12),
    split_from_id UUID,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_lot PRIMARY KEY (id),
    CONSTRAINT ck_lot_channel_known CHECK (channel IN ('own', 'entrusted')),
    CONSTRAINT ck_lot_source_known CHECK (source IN ('purchase', 'donation', 'allotted', 'requisition', 'opening', 'found')),
    CONSTRAINT ck_lot_blocked_known CHECK (blocked IS NULL OR blocked IN ('recalled', 'on_hold')),
    CONSTRAINT uq_lot_label UNIQUE (label),
    CONSTRAINT fk_lot_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_lot_owner_id FOREIGN KEY(owner_id) REFERENCES organisation (id),
    CONSTRAINT fk_lot_split_from_id FOREIGN KEY(split_from_id) REFERENCES lot (id),
    CONSTRAINT fk_lot_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_lot_label_length CHECK (length(label) <= 10),
    CONSTRAINT ck_lot_batch_length CHECK (length(batch) <= 60),
    CONSTRAINT ck_lot_spec_length CHECK (length(spec) <= 120),
    CONSTRAINT ck_lot_origin_length CHECK (length(origin) <= 80),
    CONSTRAINT ck_lot_quality_length CHECK (length(quality) <= 40),
    CONSTRAINT ck_lot_source_length CHECK (length(source) <= 12),
    CONSTRAINT ck_lot_source_name_length CHECK (length(source_name) <= 80),
    CONSTRAINT ck_lot_fund_length CHECK (length(fund) <= 60),
    CONSTRAINT ck_lot_channel_length CHECK (length(channel) <= 12),
    CONSTRAINT ck_lot_blocked_length CHECK (length(blocked) <= 12)
);

CREATE INDEX ix_lot_expires ON lot (expires_on) WHERE expires_on IS NOT NULL;

CREATE INDEX ix_lot_item_expires ON lot (item_id, expires_on);

CREATE TABLE role_grant (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    role VARCHAR(20) NOT NULL,
    organisation_id UUID,
    division_id UUID,
    site_id UUID,
    from_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT ck_role_grant_role_known CHECK (role IN ('requester', 'clerk', 'keeper', 'duty', 'commander', 'team_leader', 'comms', 'manager', 'auditor', 'system_admin', 'security_admin', 'api')),
    CONSTRAINT ck_role_grant_one_scope CHECK ((CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN division_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END) <= 1),
    CONSTRAINT fk_role_grant_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_role_grant_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_role_grant_division_id FOREIGN KEY(division_id) REFERENCES division (id),
    CONSTRAINT fk_role_grant_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_role_grant_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_role_grant_role_length CHECK (length(role) <= 20)
);

CREATE INDEX ix_role_grant_account_id ON role_grant (account_id);

CREATE TABLE login_session (
    token_sha256 BYTEA NOT NULL,
    account_id UUID NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    idle_until_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    address VARCHAR(64) NOT NULL,
    CONSTRAINT pk_login_session PRIMARY KEY (token_sha256),
    CONSTRAINT fk_login_session_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_login_session_address_length CHECK (length(address) <= 64)
);

CREATE INDEX ix_login_session_account_id ON login_session (account_id);

CREATE TABLE sign_off (
    document_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role VARCHAR(12) NOT NULL,
    entry_id UUID NOT NULL,
    verbal_by VARCHAR(60),
    paper_due_at TIMESTAMP WITH TIME ZONE,
    paper_entry_id UUID,
    override_reason VARCHAR(200),
    CONSTRAINT pk_sign_off PRIMARY KEY (document_id, account_id, role),
    CONSTRAINT ck_sign_off_role_known CHECK (role IN ('requester', 'approver', 'recorder', 'keeper', 'checker', 'receiver', 'counter', 'recounter', 'appraiser')),
    CONSTRAINT ck_sign_off_verbal_has_clock CHECK ((verbal_by IS NULL) = (paper_due_at IS NULL)),
    CONSTRAINT fk_sign_off_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_sign_off_entry_id FOREIGN KEY(entry_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_sign_off_paper_entry_id FOREIGN KEY(paper_entry_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_sign_off_role_length CHECK (length(role) <= 12),
    CONSTRAINT ck_sign_off_verbal_by_length CHECK (length(verbal_by) <= 60),
    CONSTRAINT ck_sign_off_override_reason_length CHECK (length(override_reason) <= 200)
);

CREATE INDEX ix_sign_off_paper_due ON sign_off (paper_due_at) WHERE paper_due_at IS NOT NULL AND paper_entry_id IS NULL;

CREATE UNIQUE INDEX uq_sign_off_four_eyes ON sign_off (document_id, account_id) WHERE override_reason IS NULL;

CREATE TABLE draft (
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    account_id UUID NOT NULL,
    subject_id UUID,
    body TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (id),
    CONSTRAINT fk_draft_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_draft_kind_length CHECK (length(kind) <= 40)
);

CREATE INDEX ix_draft_account_id ON draft (account_id);

CREATE TABLE job (
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    account_id UUID,
    state VARCHAR(12) NOT NULL,
    progress BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    heartbeat_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT ck_job_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT fk_job_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_job_kind_length CHECK (length(kind) <= 40),
    CONSTRAINT ck_job_state_length CHECK (length(state) <= 12)
);

CREATE TABLE place (
    id UUID NOT NULL,
    kind VARCHAR(12) NOT NULL,
    code VARCHAR(40) NOT NULL,
    site_id UUID,
    node_id UUID,
    drill_id UUID,
    floor BIGINT NOT NULL,
    open BOOLEAN NOT NULL,
    made_by_id UUID NOT NULL,
    CONSTRAINT pk_place PRIMARY KEY (id),
    CONSTRAINT ck_place_kind_known CHECK (kind IN ('bin', 'staging', 'quarantine', 'supplier', 'transit', 'custody', 'returning', 'consumed', 'scrap', 'lost_found', 'conversion', 'drill')),
    CONSTRAINT ck_place_real_has_site CHECK ((kind IN ('bin', 'staging', 'quarantine')) = (site_id IS NOT NULL)),
    CONSTRAINT ck_place_floor_known CHECK (floor IN (0, -1000000000000000)),
    CONSTRAINT uq_place_site_code UNIQUE (site_id, code),
    CONSTRAINT fk_place_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_place_node_id FOREIGN KEY(node_id) REFERENCES node (id),
    CONSTRAINT fk_place_drill_id FOREIGN KEY(drill_id) REFERENCES incident (id),
    CONSTRAINT fk_place_made_by_id FOREIGN KEY(made_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_place_kind_length CHECK (length(kind) <= 12),
    CONSTRAINT ck_place_code_length CHECK (length(code) <= 40)
);

CREATE INDEX ix_place_kind_open ON place (kind, open);

CREATE INDEX ix_place_site_kind ON place (site_id, kind);

CREATE TABLE travel_pair (
    from_site_id UUID NOT NULL,
    to_site_id UUID NOT NULL,
    mode VARCHAR(12) NOT NULL,
    minutes BIGINT,
    source VARCHAR(40) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_travel_pair PRIMARY KEY (from_site_id, to_site_id, mode),
    CONSTRAINT fk_travel_pair_from_site_id FOREIGN KEY(from_site_id) REFERENCES site (id),
    CONSTRAINT fk_travel_pair_to_site_id FOREIGN KEY(to_site_id) REFERENCES site (id),
    CONSTRAINT fk_travel_pair_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_travel_pair_mode_length CHECK (length(mode) <= 12),
    CONSTRAINT ck_travel_pair_source_length CHECK (length(source) <= 40)
);

CREATE TABLE asset (
    lot_id UUID NOT NULL,
    label VARCHAR(10) NOT NULL,
    serial_number VARCHAR(60) NOT NULL,
    kind VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    part_of_id UUID,
    condition VARCHAR(24) NOT NULL,
    mobility VARCHAR(12) NOT NULL,
    home_site_id UUID,
    custodian VARCHAR(60) NOT NULL,
    number VARCHAR(40) NOT NULL,
    card_expires_on DATE,
    runtime_minutes BIGINT,
    independent_of_network BOOLEAN NOT NULL,
    independent_of_power BOOLEAN NOT NULL,
    independent_of_road BOOLEAN NOT NULL,
    operator_certificate VARCHAR(24),
    demo BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_asset PRIMARY KEY (lot_id),
    CONSTRAINT ck_asset_condition_known CHECK (condition IN ('serviceable', 'limited', 'unserviceable', 'awaiting_inspection', 'retired')),
    CONSTRAINT ck_asset_mobility_known CHECK (mobility IN ('portable', 'vehicle', 'fixed')),
    CONSTRAINT fk_asset_lot_id FOREIGN KEY(lot_id) REFERENCES lot (id),
    CONSTRAINT uq_asset_label UNIQUE (label),
    CONSTRAINT fk_asset_part_of_id FOREIGN KEY(part_of_id) REFERENCES asset (lot_id),
    CONSTRAINT fk_asset_home_site_id FOREIGN KEY(home_site_id) REFERENCES site (id),
    CONSTRAINT fk_asset_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_asset_label_length CHECK (length(label) <= 10),
    CONSTRAINT ck_asset_serial_number_length CHECK (length(serial_number) <= 60),
    CONSTRAINT ck_asset_kind_length CHECK (length(kind) <= 24),
    CONSTRAINT ck_asset_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_asset_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_asset_condition_length CHECK (length(condition) <= 24),
    CONSTRAINT ck_asset_mobility_length CHECK (length(mobility) <= 12),
    CONSTRAINT ck_asset_custodian_length CHECK (length(custodian) <= 60),
    CONSTRAINT ck_asset_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_asset_operator_certificate_length CHECK (length(operator_certificate) <= 24)
);

CREATE TABLE target (
    id UUID NOT NULL,
    item_id UUID,
    class_code VARCHAR(24),
    site_id UUID,
    organisation_id UUID,
    season VARCHAR(8) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    quantity BIGINT NOT NULL,
    source VARCHAR(200) NOT NULL,
    confidence VARCHAR(12) NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_target PRIMARY KEY (id),
    CONSTRAINT ck_target_kind_known CHECK (kind IN ('reserve', 'minimum', 'standard')),
    CONSTRAINT ck_target_season_known CHECK (season IN ('all', 'flood', 'fire', 'cold')),
    CONSTRAINT ck_target_quantity_not_negative CHECK (quantity >= 0),
    CONSTRAINT fk_target_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_target_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_target_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_target_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_target_class_code_length CHECK (length(class_code) <= 24),
    CONSTRAINT ck_target_season_length CHECK (length(season) <= 8),
    CONSTRAINT ck_target_kind_length CHECK (length(kind) <= 12),
    CONSTRAINT ck_target_source_length CHECK (length(source) <= 200),
    CONSTRAINT ck_target_confidence_length CHECK (length(confidence) <= 12)
);

CREATE INDEX ix_target_site_item ON target (site_id, item_id);

CREATE TABLE resource (
    id UUID NOT NULL,
    kind VARCHAR(8) NOT NULL,
    code VARCHAR(24) NOT NULL,
    name_zh VARCHAR(80) NOT NULL,
    name_en VARCHAR(120),
    organisation_id UUID NOT NULL,
    home_site_id UUID NOT NULL,
    state VARCHAR(16) NOT NULL,
    note VARCHAR(120) NOT NULL,
    demo BOOLEAN NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_resource PRIMARY KEY (id),
    CONSTRAINT ck_resource_kind_known CHECK (kind IN ('person', 'team', 'vehicle')),
    CONSTRAINT ck_resource_state_known CHECK (state IN ('available', 'alerted', 'standby', 'en_route', 'on_site', 'resting', 'out_of_service')),
    CONSTRAINT uq_resource_code UNIQUE (code),
    CONSTRAINT fk_resource_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_resource_home_site_id FOREIGN KEY(home_site_id) REFERENCES site (id),
    CONSTRAINT fk_resource_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_resource_kind_length CHECK (length(kind) <= 8),
    CONSTRAINT ck_resource_code_length CHECK (length(code) <= 24),
    CONSTRAINT ck_resource_name_zh_length CHECK (length(name_zh) <= 80),
    CONSTRAINT ck_resource_name_en_length CHECK (length(name_en) <= 120),
    CONSTRAINT ck_resource_state_length CHECK (length(state) <= 16),
    CONSTRAINT ck_resource_note_length CHECK (length(note) <= 120)
);

CREATE INDEX ix_resource_kind_state ON resource (kind, state);

CREATE TABLE incident_site (
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    site_id UUID NOT NULL,
    people BIGINT NOT NULL,
    households BIGINT NOT NULL,
    cut_network BOOLEAN NOT NULL,
    cut_power BOOLEAN NOT NULL,
    cut_road BOOLEAN NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_incident_site PRIMARY KEY (id),
    CONSTRAINT uq_incident_site UNIQUE (incident_id, site_id),
    CONSTRAINT ck_incident_site_people_not_negative CHECK (people >= 0 AND households >= 0),
    CONSTRAINT fk_incident_site_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id),
    CONSTRAINT fk_incident_site_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_incident_site_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE request (
    id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    incident_id UUID,
    kind VARCHAR(12) NOT NULL,
    asker_id UUID NOT NULL,
    asked_id UUID NOT NULL,
    deliver_site_id UUID NOT NULL,
    days BIGINT NOT NULL,
    needed_by TIMESTAMP WITH TIME ZONE,
    own_total TEXT NOT NULL,
    own_used TEXT NOT NULL,
    state VARCHAR(16) NOT NULL,
    note VARCHAR(400) NOT NULL,
    escalates_id UUID,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_request PRIMARY KEY (id),
    CONSTRAINT ck_request_kind_known CHECK (kind IN ('incident', 'replenish', 'preposition')),
    CONSTRAINT ck_request_state_known CHECK (state IN ('draft', 'submitted', 'returned', 'rejected', 'approved', 'in_fulfilment', 'fulfilled', 'closed', 'cancelled')),
    CONSTRAINT uq_request_number UNIQUE (number),
    CONSTRAINT fk_request_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id),
    CONSTRAINT fk_request_asker_id FOREIGN KEY(asker_id) REFERENCES organisation (id),
    CONSTRAINT fk_request_asked_id FOREIGN KEY(asked_id) REFERENCES organisation (id),
    CONSTRAINT fk_request_deliver_site_id FOREIGN KEY(deliver_site_id) REFERENCES site (id),
    CONSTRAINT fk_request_escalates_id FOREIGN KEY(escalates_id) REFERENCES request (id),
    CONSTRAINT fk_request_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_request_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_request_kind_length CHECK (length(kind) <= 12),
    CONSTRAINT ck_request_state_length CHECK (length(state) <= 16),
    CONSTRAINT ck_request_note_length CHECK (length(note) <= 400)
);

CREATE INDEX ix_request_incident_id ON request (incident_id);

CREATE INDEX ix_request_state ON request (state, needed_by);

CREATE TABLE balance (
    lot_id UUID NOT NULL,
    place_id UUID NOT NULL,
    quantity BIGINT NOT NULL,
    held BIGINT DEFAULT '0' NOT NULL,
    floor BIGINT DEFAULT '0' NOT NULL,
    overdrawn BIGINT DEFAULT '0' NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_balance PRIMARY KEY (lot_id, place_id),
    CONSTRAINT ck_balance_signs CHECK (held >= 0 AND overdrawn >= 0 AND floor <= 0),
    CONSTRAINT ck_balance_never_oversold CHECK (quantity - held >= floor - overdrawn),
    CONSTRAINT fk_balance_lot_id FOREIGN KEY(lot_id) REFERENCES lot (id),
    CONSTRAINT fk_balance_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);

CREATE INDEX ix_balance_place ON balance (place_id, lot_id);

CREATE TABLE discrepancy (
    id UUID NOT NULL,
    kind VARCHAR(12) NOT NULL,
    lot_id UUID NOT NULL,
    place_id UUID NOT NULL,
    quantity BIGINT NOT NULL,
    note VARCHAR(200) NOT NULL,
    opened_by_id UUID NOT NULL,
    resolved_by_id UUID,
    CONSTRAINT pk_discrepancy PRIMARY KEY (id),
    CONSTRAINT ck_discrepancy_kind_known CHECK (kind IN ('short', 'damaged', 'over', 'overdrawn', 'hold_broken')),
    CONSTRAINT ck_discrepancy_quantity_positive CHECK (quantity > 0),
    CONSTRAINT fk_discrepancy_lot_id FOREIGN KEY(lot_id) REFERENCES lot (id),
    CONSTRAINT fk_discrepancy_place_id FOREIGN KEY(place_id) REFERENCES place (id),
    CONSTRAINT fk_discrepancy_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_discrepancy_resolved_by_id FOREIGN KEY(resolved_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_discrepancy_kind_length CHECK (length(kind) <= 12),
    CONSTRAINT ck_discrepancy_note_length CHECK (length(note) <= 200)
);

CREATE INDEX ix_discrepancy_open ON discrepancy (place_id) WHERE resolved_by_id IS NULL;

CREATE TABLE team (
    id UUID NOT NULL,
    discipline VARCHAR(24) NOT NULL,
    level BIGINT NOT NULL,
    legal_kind VARCHAR(24) NOT NULL,
    people BIGINT NOT NULL,
    assembly_local_minutes BIGINT NOT NULL,
    assembly_away_minutes BIGINT,
    endurance_hours BIGINT,
    leader VARCHAR(60) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    CONSTRAINT pk_team PRIMARY KEY (id),
    CONSTRAINT fk_team_id FOREIGN KEY(id) REFERENCES resource (id),
    CONSTRAINT ck_team_discipline_length CHECK (length(discipline) <= 24),
    CONSTRAINT ck_team_legal_kind_length CHECK (length(legal_kind) <= 24),
    CONSTRAINT ck_team_leader_length CHECK (length(leader) <= 60),
    CONSTRAINT ck_team_phone_length CHECK (length(phone) <= 40)
);

CREATE TABLE vehicle (
    id UUID NOT NULL,
    plate VARCHAR(16) NOT NULL,
    mode VARCHAR(12) NOT NULL,
    payload_g BIGINT NOT NULL,
    volume_cm3 BIGINT NOT NULL,
    driver VARCHAR(60) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    CONSTRAINT pk_vehicle PRIMARY KEY (id),
    CONSTRAINT ck_vehicle_mode_known CHECK (mode IN ('truck', 'light_truck', 'off_road', 'van', 'boat', 'foot')),
    CONSTRAINT fk_vehicle_id FOREIGN KEY(id) REFERENCES resource (id),
    CONSTRAINT uq_vehicle_plate UNIQUE (plate),
    CONSTRAINT ck_vehicle_plate_length CHECK (length(plate) <= 16),
    CONSTRAINT ck_vehicle_mode_length CHECK (length(mode) <= 12),
    CONSTRAINT ck_vehicle_driver_length CHECK (length(driver) <= 60),
    CONSTRAINT ck_vehicle_phone_length CHECK (length(phone) <= 40)
);

CREATE TABLE request_line (
    id UUID NOT NULL,
    request_id UUID NOT NULL,
    position BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    item_id UUID,
    capability VARCHAR(24),
    level BIGINT,
    cuts VARCHAR(24),
    hours BIGINT,
    site_id UUID NOT NULL,
    quantity BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE,
    use_until DATE,
    basis TEXT NOT NULL,
    approved BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    ordered BIGINT NOT NULL,
    over_reason VARCHAR(200),
    outcome VARCHAR(12),
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_request_line PRIMARY KEY (id),
    CONSTRAINT ck_request_line_kind_known CHECK (kind IN ('item', 'team', 'kit')),
    CONSTRAINT ck_request_line_priority_range CHECK (priority BETWEEN 0 AND 2),
    CONSTRAINT ck_request_line_quantity_range CHECK (quantity BETWEEN 1 AND 1000000000),
    CONSTRAINT ck_request_line_signs CHECK (approved >= 0 AND cancelled >= 0 AND ordered >= 0),
    CONSTRAINT ck_request_line_approved_within CHECK (approved <= quantity),
    CONSTRAINT ck_request_line_ordered_within CHECK (over_reason IS NOT NULL OR ordered <= approved),
    CONSTRAINT ck_request_line_outcome_known CHECK (outcome IS NULL OR outcome IN ('filled', 'partial', 'unable', 'substituted', 'cancelled')),
    CONSTRAINT fk_request_line_request_id FOREIGN KEY(request_id) REFERENCES request (id),
    CONSTRAINT fk_request_line_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_request_line_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_request_line_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_request_line_kind_length CHECK (length(kind) <= 8),
    CONSTRAINT ck_request_line_capability_length CHECK (length(capability) <= 24),
    CONSTRAINT ck_request_line_cuts_length CHECK (length(cuts) <= 24),
    CONSTRAINT ck_request_line_over_reason_length CHECK (length(over_reason) <= 200),
    CONSTRAINT ck_request_line_outcome_length CHECK (length(outcome) <= 12)
);

CREATE INDEX ix_request_line_request ON request_line (request_id, position);

CREATE TABLE plan (
    id UUID NOT NULL,
    request_id UUID NOT NULL,
    problem_sha256 BYTEA NOT NULL,
    alternative VARCHAR(12) NOT NULL,
    parent_id UUID,
    version BIGINT NOT NULL,
    state VARCHAR(12) NOT NULL,
    body BYTEA NOT NULL,
    certified BOOLEAN NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seed BIGINT NOT NULL,
    versions TEXT NOT NULL,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_plan PRIMARY KEY (id),
    CONSTRAINT ck_plan_state_known CHECK (state IN ('computing', 'proposed', 'submitted', 'approved', 'done', 'failed', 'cancelled', 'rejected', 'superseded', 'expired')),
    CONSTRAINT ck_plan_alternative_known CHECK (alternative IN ('fastest', 'fewest', 'reserves', 'edited')),
    CONSTRAINT fk_plan_request_id FOREIGN KEY(request_id) REFERENCES request (id),
    CONSTRAINT fk_plan_problem_sha256 FOREIGN KEY(problem_sha256) REFERENCES problem (sha256),
    CONSTRAINT fk_plan_parent_id FOREIGN KEY(parent_id) REFERENCES plan (id),
    CONSTRAINT fk_plan_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_plan_alternative_length CHECK (length(alternative) <= 12),
    CONSTRAINT ck_plan_state_length CHECK (length(state) <= 12)
);

CREATE INDEX ix_plan_request ON plan (request_id, state);

CREATE TABLE custody (
    id UUID NOT NULL,
    incident_id UUID,
    holder_id UUID NOT NULL,
    site_id UUID NOT NULL,
    contact VARCHAR(60) NOT NULL,
    due_on DATE,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_custody PRIMARY KEY (id),
    CONSTRAINT ck_custody_has_reason CHECK (incident_id IS NOT NULL OR due_on IS NOT NULL),
    CONSTRAINT fk_custody_id FOREIGN KEY(id) REFERENCES place (id),
    CONSTRAINT fk_custody_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id),
    CONSTRAINT fk_custody_holder_id FOREIGN KEY(holder_id) REFERENCES organisation (id),
    CONSTRAINT fk_custody_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_custody_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_custody_contact_length CHECK (length(contact) <= 60)
);

CREATE INDEX ix_custody_incident_id ON custody (incident_id);

CREATE TABLE dispatch_order (
    id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    plan_id UUID,
    request_id UUID,
    incident_id UUID,
    decider_id UUID NOT NULL,
    from_site_id UUID NOT NULL,
    to_site_id UUID NOT NULL,
    receiver_id UUID NOT NULL,
    contact VARCHAR(100) NOT NULL,
    mode VARCHAR(12) NOT NULL,
    state VARCHAR(16) NOT NULL,
    revision BIGINT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    depart_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    replaces_id UUID,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_dispatch_order PRIMARY KEY (id),
    CONSTRAINT ck_dispatch_order_state_known CHECK (state IN ('issued', 'acknowledged', 'picking', 'picked', 'checked', 'shipped', 'delivered', 'closed', 'declined', 'cancelled', 'recalled', 'returned', 'lost')),
    CONSTRAINT uq_dispatch_order_number UNIQUE (number),
    CONSTRAINT fk_dispatch_order_plan_id FOREIGN KEY(plan_id) REFERENCES plan (id),
    CONSTRAINT fk_dispatch_order_request_id FOREIGN KEY(request_id) REFERENCES request (id),
    CONSTRAINT fk_dispatch_order_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id),
    CONSTRAINT fk_dispatch_order_decider_id FOREIGN KEY(decider_id) REFERENCES organisation (id),
    CONSTRAINT fk_dispatch_order_from_site_id FOREIGN KEY(from_site_id) REFERENCES site (id),
    CONSTRAINT fk_dispatch_order_to_site_id FOREIGN KEY(to_site_id) REFERENCES site (id),
    CONSTRAINT fk_dispatch_order_receiver_id FOREIGN KEY(receiver_id) REFERENCES organisation (id),
    CONSTRAINT fk_dispatch_order_replaces_id FOREIGN KEY(replaces_id) REFERENCES dispatch_order (id),
    CONSTRAINT fk_dispatch_order_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_dispatch_order_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_dispatch_order_contact_length CHECK (length(contact) <= 100),
    CONSTRAINT ck_dispatch_order_mode_length CHECK (length(mode) <= 12),
    CONSTRAINT ck_dispatch_order_state_length CHECK (length(state) <= 16)
);

CREATE INDEX ix_dispatch_order_due ON dispatch_order (state, due_at);

CREATE INDEX ix_dispatch_order_incident_id ON dispatch_order (incident_id);

CREATE INDEX ix_dispatch_order_plan_id ON dispatch_order (plan_id);

CREATE INDEX ix_dispatch_order_request_id ON dispatch_order (request_id);

CREATE INDEX ix_dispatch_order_site ON dispatch_order (from_site_id, state);

CREATE TABLE order_line (
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    position BIGINT NOT NULL,
    request_line_id UUID,
    item_id UUID,
    resource_id UUID,
    quantity BIGINT NOT NULL,
    shipped BIGINT NOT NULL,
    received BIGINT NOT NULL,
    closed_short BIGINT NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT pk_order_line PRIMARY KEY (id),
    CONSTRAINT ck_order_line_quantity_positive CHECK (quantity > 0),
    CONSTRAINT ck_order_line_chain CHECK (0 <= received AND received <= shipped AND shipped <= quantity),
    CONSTRAINT ck_order_line_closed_short_within CHECK (closed_short >= 0 AND shipped + closed_short <= quantity),
    CONSTRAINT uq_order_line_position UNIQUE (order_id, position),
    CONSTRAINT fk_order_line_order_id FOREIGN KEY(order_id) REFERENCES dispatch_order (id),
    CONSTRAINT fk_order_line_request_line_id FOREIGN KEY(request_line_id) REFERENCES request_line (id),
    CONSTRAINT fk_order_line_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_order_line_resource_id FOREIGN KEY(resource_id) REFERENCES resource (id)
);

CREATE INDEX ix_order_line_request_line_id ON order_line (request_line_id);

CREATE TABLE shipment (
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    vehicle_id UUID,
    plate VARCHAR(16) NOT NULL,
    driver VARCHAR(60) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    mode VARCHAR(12) NOT NULL,
    route TEXT NOT NULL,
    state VARCHAR(16) NOT NULL,
    departed_at TIMESTAMP WITH TIME ZONE,
    eta_at TIMESTAMP WITH TIME ZONE,
    arrived_at TIMESTAMP WITH TIME ZONE,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_shipment PRIMARY KEY (id),
    CONSTRAINT ck_shipment_state_known CHECK (state IN ('loading', 'in_transit', 'arrived', 'handed_over', 'broken_down', 'rerouted', 'lost', 'returning', 'returned')),
    CONSTRAINT fk_shipment_id FOREIGN KEY(id) REFERENCES place (id),
    CONSTRAINT fk_shipment_order_id FOREIGN KEY(order_id) REFERENCES dispatch_order (id),
    CONSTRAINT uq_shipment_number UNIQUE (number),
    CONSTRAINT fk_shipment_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
    CONSTRAINT fk_shipment_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_shipment_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_shipment_plate_length CHECK (length(plate) <= 16),
    CONSTRAINT ck_shipment_driver_length CHECK (length(driver) <= 60),
    CONSTRAINT ck_shipment_phone_length CHECK (length(phone) <= 40),
    CONSTRAINT ck_shipment_mode_length CHECK (length(mode) <= 12),
    CONSTRAINT ck_shipment_state_length CHECK (length(state) <= 16)
);

CREATE INDEX ix_shipment_order_id ON shipment (order_id);

CREATE INDEX ix_shipment_state ON shipment (state, eta_at);

CREATE TABLE hold (
    id UUID NOT NULL,
    lot_id UUID NOT NULL,
    place_id UUID NOT NULL,
    order_line_id UUID,
    quantity BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    used BIGINT NOT NULL,
    freed BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    made_by_id UUID NOT NULL,
    CONSTRAINT pk_hold PRIMARY KEY (id),
    CONSTRAINT ck_hold_signs CHECK (quantity > 0 AND remaining >= 0 AND used >= 0 AND freed >= 0),
    CONSTRAINT ck_hold_accounted CHECK (remaining + used + freed = quantity),
    CONSTRAINT fk_hold_balance FOREIGN KEY(lot_id, place_id) REFERENCES balance (lot_id, place_id),
    CONSTRAINT fk_hold_order_line_id FOREIGN KEY(order_line_id) REFERENCES order_line (id),
    CONSTRAINT fk_hold_made_by_id FOREIGN KEY(made_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_hold_balance ON hold (lot_id, place_id) WHERE remaining > 0;

CREATE INDEX ix_hold_expires ON hold (expires_at) WHERE remaining > 0;

CREATE INDEX ix_hold_order_line_id ON hold (order_line_id);

CREATE TABLE count (
    id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    site_id UUID NOT NULL,
    scope TEXT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    blind BOOLEAN NOT NULL,
    state VARCHAR(12) NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    caused_by_id UUID,
    changed_by_id UUID NOT NULL,
    CONSTRAINT pk_count PRIMARY KEY (id),
    CONSTRAINT ck_count_kind_known CHECK (kind IN ('whole', 'cycle', 'spot', 'first')),
    CONSTRAINT ck_count_state_known CHECK (state IN ('planned', 'open', 'review', 'approved', 'posted', 'cancelled')),
    CONSTRAINT uq_count_number UNIQUE (number),
    CONSTRAINT fk_count_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_count_caused_by_id FOREIGN KEY(caused_by_id) REFERENCES order_line (id),
    CONSTRAINT fk_count_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_count_number_length CHECK (length(number) <= 40),
    CONSTRAINT ck_count_kind_length CHECK (length(kind) <= 8),
    CONSTRAINT ck_count_state_length CHECK (length(state) <= 12)
);

CREATE INDEX ix_count_site_state ON count (site_id, state);

CREATE TABLE movement (
    entry_id UUID NOT NULL,
    line BIGINT NOT NULL,
    lot_id UUID NOT NULL,
    from_place_id UUID NOT NULL,
    to_place_id UUID NOT NULL,
    quantity BIGINT NOT NULL,
    reason VARCHAR(24) NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    hold_id UUID,
    order_line_id UUID,
    CONSTRAINT pk_movement PRIMARY KEY (entry_id, line),
    CONSTRAINT ck_movement_quantity_range CHECK (quantity BETWEEN 1 AND 1000000000),
    CONSTRAINT ck_movement_places_differ CHECK (from_place_id <> to_place_id),
    CONSTRAINT fk_movement_entry_id FOREIGN KEY(entry_id) REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_movement_lot_id FOREIGN KEY(lot_id) REFERENCES lot (id),
    CONSTRAINT fk_movement_from_place_id FOREIGN KEY(from_place_id) REFERENCES place (id),
    CONSTRAINT fk_movement_to_place_id FOREIGN KEY(to_place_id) REFERENCES place (id),
    CONSTRAINT fk_movement_hold_id FOREIGN KEY(hold_id) REFERENCES hold (id),
    CONSTRAINT fk_movement_order_line_id FOREIGN KEY(order_line_id) REFERENCES order_line (id),
    CONSTRAINT ck_movement_reason_length CHECK (length(reason) <= 24)
);

CREATE INDEX ix_movement_hold ON movement (hold_id) WHERE hold_id IS NOT NULL;

CREATE INDEX ix_movement_lot_occurred ON movement (lot_id, occurred_at);

CREATE INDEX ix_movement_order_line ON movement (order_line_id) WHERE order_line_id IS NOT NULL;

CREATE TABLE count_line (
    id UUID NOT NULL,
    label VARCHAR(10) NOT NULL,
    count_id UUID NOT NULL,
    position BIGINT NOT NULL,
    place_id UUID NOT NULL,
    item_id UUID NOT NULL,
    lot_id UUID,
    found VARCHAR(120) NOT NULL,
    recount BOOLEAN NOT NULL,
    reading_id UUID,
    book BIGINT,
    difference BIGINT,
    reason VARCHAR(24),
    note VARCHAR(200) NOT NULL,
    CONSTRAINT pk_count_line PRIMARY KEY (id),
    CONSTRAINT uq_count_line_position UNIQUE (count_id, position),
    CONSTRAINT uq_count_line_what UNIQUE (count_id, place_id, lot_id),
    CONSTRAINT uq_count_line_label UNIQUE (label),
    CONSTRAINT fk_count_line_count_id FOREIGN KEY(count_id) REFERENCES count (id),
    CONSTRAINT fk_count_line_place_id FOREIGN KEY(place_id) REFERENCES place (id),
    CONSTRAINT fk_count_line_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_count_line_lot_id FOREIGN KEY(lot_id) REFERENCES lot (id),
    CONSTRAINT ck_count_line_label_length CHECK (length(label) <= 10),
    CONSTRAINT ck_count_line_found_length CHECK (length(found) <= 120),
    CONSTRAINT ck_count_line_reason_length CHECK (length(reason) <= 24),
    CONSTRAINT ck_count_line_note_length CHECK (length(note) <= 200)
);

CREATE TABLE count_reading (
    id UUID NOT NULL,
    line_id UUID NOT NULL,
    round BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    packs BIGINT,
    loose BIGINT,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_id UUID NOT NULL,
    way VARCHAR(8) NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_count_reading PRIMARY KEY (id),
    CONSTRAINT ck_count_reading_way_known CHECK (way IN ('screen', 'paper', 'sheet')),
    CONSTRAINT ck_count_reading_quantity_range CHECK (quantity BETWEEN 0 AND 1000000000),
    CONSTRAINT ck_count_reading_round_range CHECK (round BETWEEN 1 AND 9),
    CONSTRAINT fk_count_reading_line_id FOREIGN KEY(line_id) REFERENCES count_line (id),
    CONSTRAINT fk_count_reading_by_id FOREIGN KEY(by_id) REFERENCES account (id),
    CONSTRAINT ck_count_reading_way_length CHECK (length(way) <= 8)
);

CREATE INDEX ix_count_reading_line ON count_reading (line_id, round, counted_at);

