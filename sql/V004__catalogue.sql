-- What is prescribed and sold.

CREATE TABLE catalogue_version (
    version    bigint      PRIMARY KEY,
    source     text        NOT NULL,
    file_hash  bytea       NOT NULL,
    accepted   integer     NOT NULL,
    refused    integer     NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE  catalogue_version IS 'Every import that changed the catalogue; the greatest version is in force';
COMMENT ON COLUMN catalogue_version.version IS 'Counted from 1';
COMMENT ON COLUMN catalogue_version.source IS 'Where the file came from';
COMMENT ON COLUMN catalogue_version.file_hash IS 'SHA-256 of the file';
COMMENT ON COLUMN catalogue_version.accepted IS 'Rows taken';
COMMENT ON COLUMN catalogue_version.refused IS 'Rows refused';
COMMENT ON COLUMN catalogue_version.created_at IS 'When it was imported';

CREATE TABLE drug (
    code                     text        PRIMARY KEY,
    generic_name             text        NOT NULL,
    form                     text        NOT NULL,
    release_form             text        NOT NULL CHECK (release_form IN ('injection', 'modified_release', 'other')),
    strength                 text        NOT NULL,
    strength_value           numeric     CHECK (strength_value > 0),
    strength_unit            text,
    content_value            numeric     CHECK (content_value > 0),
    content_unit             text,
    preparation_unit         text        NOT NULL,
    pack_unit                text        NOT NULL,
    pack_factor              integer     NOT NULL CHECK (pack_factor > 0),
    maker                    text        NOT NULL,
    approval_number          text,
    kind                     text        NOT NULL CHECK (kind IN ('western', 'chinese-patent', 'herbal')),
    classes                  text        NOT NULL,
    antimicrobial_tier       text        NOT NULL CHECK (antimicrobial_tier IN ('non_antibiotic', 'non_restricted', 'restricted', 'special')),
    skin_test                boolean     NOT NULL,
    volume_purchased         boolean     NOT NULL,
    ddd_value                numeric     CHECK (ddd_value > 0),
    ddd_unit                 text,
    atc                      text,
    narrow_therapeutic_index boolean     NOT NULL,
    substitution_set         text        NOT NULL,
    version                  bigint      NOT NULL,
    catalogue_version        bigint      NOT NULL REFERENCES catalogue_version,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL,
    CONSTRAINT drug_pack     CHECK (pack_unit <> preparation_unit OR pack_factor = 1),
    CONSTRAINT drug_strength CHECK ((strength_value IS NULL) = (strength_unit IS NULL)),
    CONSTRAINT drug_content  CHECK ((content_value IS NULL) = (content_unit IS NULL)),
    CONSTRAINT drug_ddd      CHECK ((ddd_value IS NULL) = (ddd_unit IS NULL))
);
CREATE INDEX drug_substitution_set ON drug (substitution_set);
COMMENT ON TABLE  drug IS 'One product of one maker in one pack; the whole country shares it, so it has no region';
COMMENT ON COLUMN drug.code IS 'Drug code of the medical insurance, and id of the Medication';
COMMENT ON COLUMN drug.generic_name IS '通用名';
COMMENT ON COLUMN drug.form IS '剂型';
COMMENT ON COLUMN drug.release_form IS 'How the form gives off its drug';
COMMENT ON COLUMN drug.strength IS '规格 as on the pack';
COMMENT ON COLUMN drug.strength_value IS 'Drug in one preparation unit; null for compounds';
COMMENT ON COLUMN drug.strength_unit IS 'Unit of strength_value';
COMMENT ON COLUMN drug.content_value IS 'What one preparation unit holds of the form';
COMMENT ON COLUMN drug.content_unit IS 'Unit of content_value';
COMMENT ON COLUMN drug.preparation_unit IS '最小制剂单位: what quantities are reckoned in';
COMMENT ON COLUMN drug.pack_unit IS '最小包装单位: what is sold';
COMMENT ON COLUMN drug.pack_factor IS 'Preparation units in one pack';
COMMENT ON COLUMN drug.maker IS '生产企业';
COMMENT ON COLUMN drug.approval_number IS '批准文号; null for herbal pieces without one';
COMMENT ON COLUMN drug.kind IS 'Kind of prescription it is written on';
COMMENT ON COLUMN drug.classes IS 'Class flags, separated by blanks';
COMMENT ON COLUMN drug.antimicrobial_tier IS 'Who may prescribe it';
COMMENT ON COLUMN drug.skin_test IS 'Whether a skin test must come first';
COMMENT ON COLUMN drug.volume_purchased IS '集采中选';
COMMENT ON COLUMN drug.ddd_value IS 'Defined daily dose of the WHO';
COMMENT ON COLUMN drug.ddd_unit IS 'Unit of ddd_value';
COMMENT ON COLUMN drug.atc IS 'ATC code';
COMMENT ON COLUMN drug.narrow_therapeutic_index IS 'Whether small differences of the dose harm';
COMMENT ON COLUMN drug.substitution_set IS 'Generic name, form and strength in one text: equal for drugs that stand for one another';
COMMENT ON COLUMN drug.version IS 'Medication.meta.versionId';
COMMENT ON COLUMN drug.catalogue_version IS 'Import that last changed it';
COMMENT ON COLUMN drug.created_at IS 'When it came into the catalogue';
COMMENT ON COLUMN drug.updated_at IS 'When it last changed';

-- Every process keeps the catalogue in memory and reads it again when told.
CREATE FUNCTION catalogue_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalogue', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_tell AFTER INSERT ON catalogue_version
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_tell();
