-- Attune's three tables, for a database that has none: the same columns, order, constraints and
-- triggers as Attune's own migrations make. Never run where one of the tables exists.

CREATE TYPE attune.artifact_retention_enum AS ENUM ('versions', 'days', 'hours', 'minutes');

CREATE FUNCTION attune.update_updated_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated = now();
    RETURN NEW;
END;
$$;

CREATE TABLE attune.pack (
    id bigserial PRIMARY KEY,
    ref text NOT NULL,
    label text NOT NULL,
    description text,
    version text NOT NULL,
    conf_schema jsonb NOT NULL DEFAULT '{}',
    config jsonb NOT NULL DEFAULT '{}',
    meta jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    runtime_deps text[] NOT NULL DEFAULT '{}',
    dependencies text[] NOT NULL DEFAULT '{}',
    is_standard boolean NOT NULL DEFAULT false,
    installers jsonb DEFAULT '[]',
    source_type text,
    source_url text,
    source_ref text,
    checksum text,
    checksum_verified boolean DEFAULT false,
    installed_at timestamptz,
    installed_by bigint,
    installation_method text,
    storage_path text,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pack_ref_key UNIQUE (ref),
    CONSTRAINT pack_ref_lowercase CHECK (ref = lower(ref)),
    CONSTRAINT pack_ref_format CHECK (ref ~ '^[a-z][a-z0-9_-]+$'),
    CONSTRAINT pack_version_semver CHECK (version ~ '^\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$')
);

CREATE TABLE attune.workflow_definition (
    id bigserial PRIMARY KEY,
    ref varchar(255) NOT NULL,
    pack bigint NOT NULL,
    pack_ref varchar(255) NOT NULL,
    label varchar(255) NOT NULL,
    description text,
    version varchar(50) NOT NULL,
    param_schema jsonb,
    out_schema jsonb,
    definition jsonb NOT NULL,
    tags text[] DEFAULT '{}',
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workflow_definition_ref_key UNIQUE (ref),
    CONSTRAINT workflow_definition_pack_fkey
        FOREIGN KEY (pack) REFERENCES attune.pack (id) ON DELETE CASCADE
);
CREATE INDEX idx_workflow_definition_pack ON attune.workflow_definition (pack);
CREATE INDEX idx_workflow_definition_tags ON attune.workflow_definition USING gin (tags);

CREATE TABLE attune.action (
    id bigserial PRIMARY KEY,
    ref text NOT NULL,
    pack bigint NOT NULL,
    pack_ref text NOT NULL,
    label text NOT NULL,
    description text,
    entrypoint text NOT NULL,
    runtime bigint,
    param_schema jsonb,
    out_schema jsonb,
    parameter_delivery text NOT NULL DEFAULT 'stdin',
    parameter_format text NOT NULL DEFAULT 'json',
    output_format text NOT NULL DEFAULT 'text',
    is_adhoc boolean NOT NULL DEFAULT false,
    timeout_seconds integer,
    max_retries integer DEFAULT 0,
    runtime_version_constraint text,
    accesses_mcp boolean NOT NULL DEFAULT false,
    default_execution_permission_set_refs text[] NOT NULL DEFAULT '{}',
    log_retention_policy attune.artifact_retention_enum,
    log_retention_limit integer,
    artifact_retention_policy attune.artifact_retention_enum,
    artifact_retention_limit integer,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    workflow_def bigint,
    required_worker_runtimes jsonb NOT NULL DEFAULT '{}',
    worker_selector jsonb NOT NULL DEFAULT '{}',
    worker_tolerations jsonb NOT NULL DEFAULT '[]',
    worker_affinity jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT action_ref_key UNIQUE (ref),
    CONSTRAINT action_ref_lowercase CHECK (ref = lower(ref)),
    CONSTRAINT action_ref_format CHECK (ref ~ '^[^.]+\.[^.]+$'),
    CONSTRAINT action_parameter_delivery_check CHECK (parameter_delivery IN ('stdin', 'file')),
    CONSTRAINT action_parameter_format_check
        CHECK (parameter_format IN ('dotenv', 'json', 'yaml')),
    CONSTRAINT action_output_format_check
        CHECK (output_format IN ('text', 'json', 'yaml', 'jsonl')),
    CONSTRAINT action_log_retention_limit_check
        CHECK (log_retention_limit IS NULL OR log_retention_limit > 0),
    CONSTRAINT action_artifact_retention_limit_check
        CHECK (artifact_retention_limit IS NULL OR artifact_retention_limit > 0),
    CONSTRAINT action_pack_fkey
        FOREIGN KEY (pack) REFERENCES attune.pack (id) ON DELETE CASCADE,
    CONSTRAINT action_workflow_def_fkey
        FOREIGN KEY (workflow_def) REFERENCES attune.workflow_definition (id) ON DELETE CASCADE
);
CREATE INDEX idx_action_pack ON attune.action (pack);
CREATE INDEX idx_action_workflow_def ON attune.action (workflow_def);

CREATE TRIGGER update_pack_updated BEFORE UPDATE ON attune.pack
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
CREATE TRIGGER update_workflow_definition_updated BEFORE UPDATE ON attune.workflow_definition
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
CREATE TRIGGER update_action_updated BEFORE UPDATE ON attune.action
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
