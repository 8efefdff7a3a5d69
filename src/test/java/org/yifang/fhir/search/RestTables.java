package org.yifang.fhir.search;

import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Two small tables to read and search: patients, and visits that belong to an organization.
public final class RestTables {
    static final Table<?> PERSON = DSL.table(DSL.name("person"));
    static final Field<UUID> PERSON_ID = column("person", "id", UUID.class);
    static final Field<String> PERSON_NUMBER = column("person", "number", String.class);
    static final Field<Long> PERSON_VERSION = column("person", "version", Long.class);
    static final Field<Instant> PERSON_UPDATED = column("person", "updated_at", Instant.class);
    static final Field<byte[]> PERSON_JSON = column("person", "json", byte[].class);

    public static final Table<?> VISIT = DSL.table(DSL.name("visit"));
    public static final Field<UUID> ID = column("visit", "id", UUID.class);
    public static final Field<UUID> OWNER = column("visit", "owner_id", UUID.class);
    static final Field<UUID> PATIENT = column("visit", "patient_id", UUID.class);
    static final Field<String> STATUS = column("visit", "status", String.class);
    static final Field<String> TITLE = column("visit", "title", String.class);
    static final Field<Instant> START =
            DSL.field(DSL.name("visit", "started_at"), SQLDataType.INSTANT.nullable(true));
    static final Field<Long> VERSION = column("visit", "version", Long.class);
    public static final Field<Instant> UPDATED = column("visit", "updated_at", Instant.class);
    static final Field<byte[]> CONTENT = column("visit", "json", byte[].class);

    static final Table<?> PAST = DSL.table(DSL.name("visit_version"));
    static final Field<UUID> PAST_ID = column("visit_version", "id", UUID.class);
    static final Field<Long> PAST_VERSION = column("visit_version", "version", Long.class);
    static final Field<Instant> PAST_UPDATED = column("visit_version", "updated_at", Instant.class);
    static final Field<byte[]> PAST_JSON = column("visit_version", "json", byte[].class);

    private static <T> Field<T> column(String table, String name, Class<T> type) {
        return DSL.field(DSL.name(table, name), type);
    }

    private final Database database;
    private final Uuid7 ids = new Uuid7(InstantSource.system());

    public RestTables(Database database) {
        this.database = database;
        for (String table :
                List.of(
                        "CREATE TABLE person (id uuid PRIMARY KEY, number text, version bigint,"
                                + " updated_at timestamptz, json bytea)",
                        "CREATE TABLE visit (id uuid PRIMARY KEY, owner_id uuid, patient_id uuid,"
                                + " status text, title text, started_at timestamptz,"
                                + " version bigint, updated_at timestamptz, json bytea)",
                        "CREATE TABLE visit_version (id uuid, version bigint,"
                                + " updated_at timestamptz, json bytea)")) {
            database.run(SQL.query(table));
        }
    }

    public static Stored patients() {
        return Stored.of("Patient", PERSON)
                .id(PERSON_ID)
                .version(PERSON_VERSION, PERSON_UPDATED)
                .visibleToAll(Role.HOSPITAL)
                .columns(PERSON_JSON)
                .render((row, caller) -> Rows.get(row, PERSON_JSON))
                .patient(PERSON_ID)
                .search(
                        SearchBy.token(
                                        "identifier",
                                        (system, code) ->
                                                PERSON_NUMBER.eq(code == null ? "" : code))
                                .personal());
    }

    public static Stored visits() {
        return Stored.of("Encounter", VISIT)
                .id(ID)
                .version(VERSION, UPDATED)
                .visible(
                        Role.HOSPITAL,
                        who -> OWNER.eq(who.organizationId()).and(STATUS.ne("entered-in-error")))
                .visibleToAll(Role.AUDITOR)
                .columns(CONTENT)
                .render((row, caller) -> Rows.get(row, CONTENT))
                .patient(PATIENT)
                .history(
                        PAST,
                        PAST_ID,
                        PAST_VERSION,
                        PAST_UPDATED,
                        (row, caller) -> Rows.get(row, PAST_JSON),
                        PAST_JSON)
                .search(
                        SearchBy.token("status", STATUS, "http://hl7.org/fhir/encounter-status")
                                .text(TITLE))
                .search(SearchBy.string("title", TITLE))
                .search(SearchBy.date("date", START))
                .search(SearchBy.reference("patient", PATIENT, "Patient"));
    }

    public UUID person(String number) {
        UUID id = ids.get();
        String json = "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\",\"active\":true}";
        database.run(
                SQL.insertInto(PERSON)
                        .columns(
                                PERSON_ID,
                                PERSON_NUMBER,
                                PERSON_VERSION,
                                PERSON_UPDATED,
                                PERSON_JSON)
                        .values(id, number, 1L, NOON, json.getBytes(StandardCharsets.UTF_8)));
        return id;
    }

    public UUID visit(
            UUID owner, UUID patient, String status, String title, @Nullable Instant start) {
        UUID id = ids.get();
        byte[] json = json(id, 1, status);
        database.run(
                SQL.insertInto(VISIT)
                        .columns(
                                ID, OWNER, PATIENT, STATUS, TITLE, START, VERSION, UPDATED, CONTENT)
                        .values(id, owner, patient, status, title, start, 1L, NOON, json));
        past(id, 1, json);
        return id;
    }

    public void past(UUID id, long version, byte[] json) {
        database.run(
                SQL.insertInto(PAST)
                        .columns(PAST_ID, PAST_VERSION, PAST_UPDATED, PAST_JSON)
                        .values(id, version, NOON.plusSeconds(version), json));
    }

    public static byte[] json(UUID id, long version, String status) {
        return ("{\"resourceType\":\"Encounter\",\"id\":\""
                        + id
                        + "\",\"meta\":{\"versionId\":\""
                        + version
                        + "\"},\"text\":{\"status\":\"generated\",\"div\":\"<div"
                        + " xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a visit</div>\"},"
                        + "\"status\":\""
                        + status
                        + "\",\"class\":{\"code\":\"AMB\"},\"length\":{\"value\":5}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
