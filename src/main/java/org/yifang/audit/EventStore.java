package org.yifang.audit;

import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.platform.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Rows;
import org.yifang.platform.Statement;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Stores events with their salts and commitments, and reads them back.
final class EventStore {
    private static final String COLUMNS =
            "id, recorded, type, interaction, operation, action, outcome, problem, client, role,"
                    + " organization_id, organization, person_id, person_name_sealed, person_role,"
                    + " person_organization, purpose, address, request, change, query, times,"
                    + " patient_id, task_id, entities, salts, commitments";
    private static final int COLUMN_COUNT = COLUMNS.split(",").length;

    /// Writes any number of events that are found by their first patient and Task alone, as those
    /// of most calls are.
    private static final Statement INSERT =
            Statement.of(p -> {
                QueryPart[] parts = parts(p, types().subList(0, COLUMN_COUNT + 1));
                return SQL.query(eventsSql(), parts);
            });

    /// Writes any number of events, and what finds them by further entities, in one statement.
    private static final Statement INSERT_WITH_FURTHER =
            Statement.of(p -> SQL.query(withFurtherSql(), parts(p, types())));

    /// A statement with its values.
    record Insert(Statement statement, Object[] values) {}

    private final NameSeal seal;
    private final String region;

    EventStore(NameSeal seal, String region) {
        this.seal = seal;
        this.region = region;
    }

    private static List<DataType<?>> types() {
        DataType<?> text = SQLDataType.CLOB.array();
        DataType<?> uuid = SQLDataType.UUID.array();
        DataType<?> number = SQLDataType.INTEGER.array();
        DataType<?> bytes = SQLDataType.BLOB.array();
        DataType<?> time = SQLDataType.INSTANT.array();
        return List.of(
                uuid,
                time,
                text,
                text,
                text,
                text,
                number,
                text,
                text,
                text,
                uuid,
                text,
                text,
                bytes,
                text,
                text,
                text,
                text,
                text,
                text,
                text,
                number,
                uuid,
                uuid,
                text,
                bytes,
                bytes,
                SQLDataType.CLOB,
                text,
                time,
                uuid);
    }

    private static QueryPart[] parts(Statement.Parameters parameters, List<DataType<?>> types) {
        return types.stream()
                .map(type -> parameters.like(DSL.field("x", type)))
                .toArray(QueryPart[]::new);
    }

    /// Behind the arrays of the columns stands the region. Each array is unnested by itself: of one
    /// `FROM unnest` over all of them PostgreSQL keeps a table per array, six times as slow.
    private static String eventsSql() {
        String arrays =
                IntStream.range(0, COLUMN_COUNT)
                        .mapToObj("unnest({%d})"::formatted)
                        .collect(Collectors.joining(", "));
        return "INSERT INTO audit_event (region, %s) SELECT {%d}, %s"
                .formatted(COLUMNS, COLUMN_COUNT, arrays);
    }

    /// The last three values are the further entities.
    private static String withFurtherSql() {
        return """
        WITH written AS (%s)
        INSERT INTO audit_further_entity (reference, recorded, event_id, region)
        SELECT unnest({%d}), unnest({%d}), unnest({%d}), {%d}
        """
                .formatted(
                        eventsSql(),
                        COLUMN_COUNT + 1,
                        COLUMN_COUNT + 2,
                        COLUMN_COUNT + 3,
                        COLUMN_COUNT);
    }

    /// What writes `events`: salts are drawn, commitments made and names sealed.
    Insert insert(List<Event> events) {
        byte[][] names = new byte[events.size()][];
        byte[][] salts = new byte[events.size()][];
        byte[][] commitments = new byte[events.size()][];
        byte[] drawn =
                Salts.draw(
                        events.stream().mapToInt(Event::fieldCount).sum() * Commitment.SALT_BYTES);
        int used = 0;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            int next = used + event.fieldCount() * Commitment.SALT_BYTES;
            salts[i] = Arrays.copyOfRange(drawn, used, next);
            used = next;
            commitments[i] = event.commitments(salts[i]);
            names[i] = sealedName(event, salts[i]);
        }
        @Nullable UUID[] patients = new UUID[events.size()];
        @Nullable UUID[] tasks = new UUID[events.size()];
        List<Event> further = new ArrayList<>();
        List<String> references = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            for (String reference : event.entities()) {
                // The columns `patient_id` and `task_id` find the first of each.
                UUID patient = patients[i] == null ? Event.idOf("Patient", reference) : null;
                UUID task = tasks[i] == null ? Event.idOf("Task", reference) : null;
                if (patient != null) {
                    patients[i] = patient;
                } else if (task != null) {
                    tasks[i] = task;
                } else {
                    further.add(event);
                    references.add(reference);
                }
            }
        }
        @Nullable Object[] values = {
            uuids(events, Event::id),
            events.stream().map(Event::recorded).toArray(java.time.Instant[]::new),
            texts(events, Event::type),
            texts(events, Event::interaction),
            texts(events, Event::operation),
            texts(events, Event::action),
            events.stream().map(Event::outcome).toArray(Integer[]::new),
            texts(events, Event::problem),
            texts(events, Event::client),
            texts(events, Event::role),
            uuids(events, Event::organizationId),
            texts(events, Event::organization),
            texts(events, Event::personId),
            names,
            texts(events, Event::personRole),
            texts(events, Event::personOrganization),
            texts(events, Event::purpose),
            texts(events, Event::address),
            texts(events, Event::request),
            texts(events, Event::change),
            texts(events, Event::query),
            events.stream().map(Event::times).toArray(Integer[]::new),
            patients,
            tasks,
            texts(events, event -> String.join(" ", event.entities())),
            salts,
            commitments,
            region,
            references.toArray(String[]::new),
            further.stream().map(Event::recorded).toArray(java.time.Instant[]::new),
            further.stream().map(Event::id).toArray(UUID[]::new),
        };
        return references.isEmpty()
                ? new Insert(INSERT, Arrays.copyOf(values, COLUMN_COUNT + 1))
                : new Insert(INSERT_WITH_FURTHER, values);
    }

    private static @Nullable String[] texts(
            List<Event> events, Function<Event, @Nullable String> value) {
        @Nullable String[] texts = new String[events.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = value.apply(events.get(i));
        }
        return texts;
    }

    private static @Nullable UUID[] uuids(
            List<Event> events, Function<Event, @Nullable UUID> value) {
        @Nullable UUID[] ids = new UUID[events.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = value.apply(events.get(i));
        }
        return ids;
    }

    /// Seals a name together with its salt: with the salt at hand, a name could be found by trying
    /// the likely ones against its commitment. The salt in `salts` is wiped.
    private byte @Nullable [] sealedName(Event event, byte[] salts) {
        int at = Event.PERSON_NAME_AT * Commitment.SALT_BYTES;
        if (event.personName() == null) {
            return null;
        }
        byte[] name = event.personName().getBytes(StandardCharsets.UTF_8);
        byte[] plain = Arrays.copyOfRange(salts, at, at + Commitment.SALT_BYTES + name.length);
        System.arraycopy(name, 0, plain, Commitment.SALT_BYTES, name.length);
        Arrays.fill(salts, at, at + Commitment.SALT_BYTES, (byte) 0);
        return seal.seal().apply(plain);
    }

    /// An event as stored, with the salts that open its commitments, the name's included.
    record Stored(Event event, byte[] salts, byte[] commitments) {}

    /// The columns that [#read] needs.
    static List<Field<?>> columns() {
        return List.of(
                AUDIT_EVENT.ID,
                AUDIT_EVENT.RECORDED,
                AUDIT_EVENT.TYPE,
                AUDIT_EVENT.INTERACTION,
                AUDIT_EVENT.OPERATION,
                AUDIT_EVENT.ACTION,
                AUDIT_EVENT.OUTCOME,
                AUDIT_EVENT.PROBLEM,
                AUDIT_EVENT.CLIENT,
                AUDIT_EVENT.ROLE,
                AUDIT_EVENT.ORGANIZATION_ID,
                AUDIT_EVENT.ORGANIZATION,
                AUDIT_EVENT.PERSON_ID,
                AUDIT_EVENT.PERSON_NAME_SEALED,
                AUDIT_EVENT.PERSON_ROLE,
                AUDIT_EVENT.PERSON_ORGANIZATION,
                AUDIT_EVENT.PURPOSE,
                AUDIT_EVENT.ADDRESS,
                AUDIT_EVENT.REQUEST,
                AUDIT_EVENT.CHANGE,
                AUDIT_EVENT.QUERY,
                AUDIT_EVENT.TIMES,
                AUDIT_EVENT.ENTITIES,
                AUDIT_EVENT.SALTS,
                AUDIT_EVENT.COMMITMENTS);
    }

    /// An event of a row with all of [#columns].
    Stored read(Row row) {
        byte[] salts = Rows.get(row, AUDIT_EVENT.SALTS);
        byte[] sealed = Rows.find(row, AUDIT_EVENT.PERSON_NAME_SEALED);
        String name = null;
        if (sealed != null) {
            byte[] plain = seal.open().apply(sealed);
            System.arraycopy(
                    plain,
                    0,
                    salts,
                    Event.PERSON_NAME_AT * Commitment.SALT_BYTES,
                    Commitment.SALT_BYTES);
            name =
                    new String(
                            plain,
                            Commitment.SALT_BYTES,
                            plain.length - Commitment.SALT_BYTES,
                            StandardCharsets.UTF_8);
        }
        String entities = Rows.get(row, AUDIT_EVENT.ENTITIES);
        Event event =
                new Event(
                        Rows.get(row, AUDIT_EVENT.ID),
                        Rows.get(row, AUDIT_EVENT.RECORDED),
                        Rows.get(row, AUDIT_EVENT.TYPE),
                        Rows.get(row, AUDIT_EVENT.INTERACTION),
                        Rows.get(row, AUDIT_EVENT.OPERATION),
                        Rows.get(row, AUDIT_EVENT.ACTION),
                        Rows.get(row, AUDIT_EVENT.OUTCOME),
                        Rows.find(row, AUDIT_EVENT.PROBLEM),
                        Rows.find(row, AUDIT_EVENT.CLIENT),
                        Rows.find(row, AUDIT_EVENT.ROLE),
                        Rows.find(row, AUDIT_EVENT.ORGANIZATION_ID),
                        Rows.find(row, AUDIT_EVENT.ORGANIZATION),
                        Rows.find(row, AUDIT_EVENT.PERSON_ID),
                        name,
                        Rows.find(row, AUDIT_EVENT.PERSON_ROLE),
                        Rows.find(row, AUDIT_EVENT.PERSON_ORGANIZATION),
                        Rows.find(row, AUDIT_EVENT.PURPOSE),
                        Rows.get(row, AUDIT_EVENT.ADDRESS),
                        Rows.get(row, AUDIT_EVENT.REQUEST),
                        Rows.find(row, AUDIT_EVENT.CHANGE),
                        Rows.find(row, AUDIT_EVENT.QUERY),
                        Rows.get(row, AUDIT_EVENT.TIMES),
                        entities.isEmpty() ? List.of() : List.of(entities.split(" ")));
        return new Stored(event, salts, Rows.get(row, AUDIT_EVENT.COMMITMENTS));
    }
}
