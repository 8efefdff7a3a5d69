package org.yifang.audit.event;

import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_FURTHER_ENTITY;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Stores events with their salts and commitments, and reads them back.
public final class EventStore {
    /// A statement with its values.
    record Written(Statement statement, @Nullable Object[] values) {}

    /// An event on its way into the table.
    private record NewEvent(
            Event event,
            byte @Nullable [] name,
            TextStore.@Nullable Hidden hidden,
            byte[] salts,
            byte[] commitments,
            byte @Nullable [] mac,
            @Nullable UUID patient,
            @Nullable UUID task) {}

    /// A resource by which an event is found beside its first patient and Task.
    private record Further(Event event, String reference) {}

    /// Writes any number of events that are found by their first patient and Task alone, as those
    /// of most calls are.
    private final Insert<NewEvent> insert;

    /// Writes any number of events, and what finds them by further entities, in one statement.
    private final Insert<NewEvent>.With<Further> insertWithFurther;

    /// What the triggers of `sql/V070__audit_content.sql` and `sql/V072__audit_ledger.sql` add.
    private static final Pattern LEDGER = Pattern.compile("(?:^|; )ledger \\d+/\\d+ \\S+$");

    private static final Pattern CONTENT =
            Pattern.compile("((?:^|; )content Task/\\S+) \\S+ \\S+$");

    /// What the triggers of `sql/V072__audit_ledger.sql` leave for the event.
    private static final ResultQuery<?> LEDGER_OPEN =
            Database.SQL.resultQuery("select current_setting('yifang.ledger', true)");

    private static final ResultQuery<?> LEDGER_BEGINS =
            Database.SQL.resultQuery(
                    "insert into audit_ledger_begun (upto) select coalesce(max(number), 0) from"
                            + " audit_ledger on conflict do nothing returning upto,"
                            + " audit_ledger_before_hash(upto) as hash");

    /// Whether the transaction changed what no event has committed to yet.
    static boolean isLedgerOpen(Tx tx) {
        return "open".equals(tx.run(LEDGER_OPEN).iterator().next().getString(0));
    }

    /// Notes that the ledger has begun; the first time, up to where and with which hash.
    static Optional<String> beginLedger(Tx tx) {
        for (Row row : tx.run(LEDGER_BEGINS)) {
            return Optional.of(row.getLong("upto") + " " + row.getString("hash"));
        }
        return Optional.empty();
    }

    static void eraseActor(Tx tx, UUID patient) {
        tx.run(
                Database.SQL
                        .update(AUDIT_EVENT)
                        .setNull(AUDIT_EVENT.PERSON_NAME_SEALED)
                        .where(AUDIT_EVENT.PATIENT_ID.eq(patient))
                        .and(AUDIT_EVENT.ROLE.eq(Role.PATIENT.code()))
                        .and(AUDIT_EVENT.PERSON_NAME_SEALED.isNotNull()));
    }

    private static final int NAME_SALT = Event.PERSON_NAME_AT * Commitment.SALT_BYTES;

    private final NameSeal seal;
    private final TextStore texts;

    public EventStore(NameSeal seal, String region) {
        this.seal = seal;
        this.texts = new TextStore(seal);
        this.insert = inserting(region);
        this.insertWithFurther =
                insert.with(
                        Insert.into(AUDIT_FURTHER_ENTITY)
                                .set(AUDIT_FURTHER_ENTITY.REFERENCE, Further::reference)
                                .set(
                                        AUDIT_FURTHER_ENTITY.RECORDED,
                                        further -> further.event().recorded())
                                .set(AUDIT_FURTHER_ENTITY.EVENT_ID, further -> further.event().id())
                                .always(AUDIT_FURTHER_ENTITY.REGION, DSL.inline(region)));
    }

    private static Insert<NewEvent> inserting(String region) {
        return Insert.into(AUDIT_EVENT)
                .set(AUDIT_EVENT.ID, of(Event::id))
                .always(AUDIT_EVENT.REGION, DSL.inline(region))
                .set(AUDIT_EVENT.RECORDED, of(Event::recorded))
                .set(AUDIT_EVENT.TYPE, of(Event::type))
                .set(AUDIT_EVENT.INTERACTION, of(Event::interaction))
                .set(AUDIT_EVENT.OPERATION, of(Event::operation))
                .set(AUDIT_EVENT.ACTION, of(Event::action))
                .set(AUDIT_EVENT.OUTCOME, of(Event::outcome))
                .set(AUDIT_EVENT.PROBLEM, of(Event::problem))
                .set(AUDIT_EVENT.CLIENT, of(Event::client))
                .set(AUDIT_EVENT.ROLE, of(Event::role))
                .set(AUDIT_EVENT.ORGANIZATION_ID, of(Event::organizationId))
                .set(AUDIT_EVENT.ORGANIZATION, of(Event::organization))
                .set(AUDIT_EVENT.PERSON_ID, of(Event::personId))
                .set(AUDIT_EVENT.PERSON_NAME_SEALED, NewEvent::name)
                .set(AUDIT_EVENT.PERSON_ROLE, of(Event::personRole))
                .set(AUDIT_EVENT.PERSON_ORGANIZATION, of(Event::personOrganization))
                .set(AUDIT_EVENT.PURPOSE, of(Event::purpose))
                .set(AUDIT_EVENT.ADDRESS, of(Event::address))
                .set(AUDIT_EVENT.REQUEST, of(Event::request))
                .set(AUDIT_EVENT.CHANGE, of(Event::change))
                .set(AUDIT_EVENT.CHANGE_SEALED, row -> hidden(row, TextStore.Hidden::sealed))
                .set(
                        AUDIT_EVENT.CHANGE_HIDDEN,
                        row ->
                                Objects.requireNonNullElse(
                                        hidden(row, TextStore.Hidden::characters), 0))
                .set(AUDIT_EVENT.QUERY, of(Event::query))
                .set(AUDIT_EVENT.TIMES, of(Event::times))
                .set(AUDIT_EVENT.PATIENT_ID, NewEvent::patient)
                .set(AUDIT_EVENT.TASK_ID, NewEvent::task)
                .set(AUDIT_EVENT.ENTITIES, of(event -> String.join(" ", event.entities())))
                .set(AUDIT_EVENT.SALTS, NewEvent::salts)
                .set(AUDIT_EVENT.COMMITMENTS, NewEvent::commitments)
                .set(AUDIT_EVENT.MAC, NewEvent::mac);
    }

    private static <V> @Nullable V hidden(NewEvent row, Function<TextStore.Hidden, V> value) {
        return row.hidden() == null ? null : value.apply(row.hidden());
    }

    private static <V> Function<NewEvent, V> of(Function<Event, V> value) {
        return row -> value.apply(row.event());
    }

    /// What writes `events`: salts are drawn, commitments made and names sealed.
    Written insert(List<Event> events) {
        byte[] drawn =
                Salts.draw(
                        events.stream().mapToInt(Event::fieldCount).sum() * Commitment.SALT_BYTES);
        List<NewEvent> rows = new ArrayList<>(events.size());
        List<Further> further = new ArrayList<>();
        int used = 0;
        for (Event event : events) {
            int next = used + event.fieldCount() * Commitment.SALT_BYTES;
            rows.add(row(event, Arrays.copyOfRange(drawn, used, next), further));
            used = next;
        }
        return further.isEmpty()
                ? new Written(insert.many(), insert.values(rows))
                : new Written(
                        insertWithFurther.statement(), insertWithFurther.values(rows, further));
    }

    private NewEvent row(Event event, byte[] salts, List<Further> further) {
        byte[] commitments = event.commitments(salts);
        byte[] name = sealedName(event, salts);
        TextStore.Hidden hidden =
                texts.hide(event.operation(), said(event.change()), salts).orElse(null);
        // The columns `patient_id` and `task_id` find the first of each.
        UUID patient = null;
        UUID task = null;
        for (String reference : event.entities()) {
            UUID patientHere = patient == null ? Event.idOf("Patient", reference) : null;
            UUID taskHere = task == null ? Event.idOf("Task", reference) : null;
            if (patientHere != null) {
                patient = patientHere;
            } else if (taskHere != null) {
                task = taskHere;
            } else {
                further.add(new Further(event, reference));
            }
        }
        return new NewEvent(
                event, name, hidden, salts, commitments, mac(event, commitments), patient, task);
    }

    private byte @Nullable [] mac(Event event, byte[] commitments) {
        byte[] mac = seal.vouch().apply(Event.leaf(event.id(), event.type(), commitments).encode());
        return mac.length == 0 ? null : mac;
    }

    /// Whether the service wrote an event: null when nothing says so or says otherwise.
    public @Nullable Boolean isOurs(Stored stored) {
        int at = Event.FIXED.indexOf("change");
        String change = stored.event().change();
        boolean erased = change == null && isErased(stored.salts(), at * Commitment.SALT_BYTES);
        if (stored.mac() == null || erased) {
            return null;
        }
        // The database adds what it hashed of the change to what the service said of it.
        byte[] commitments = stored.commitments().clone();
        Commitment.write(
                Hash.sha256(),
                stored.salts(),
                at * Commitment.SALT_BYTES,
                said(change),
                commitments,
                at * Hash.LENGTH);
        byte[] mac = mac(stored.event(), commitments);
        return mac == null ? null : MessageDigest.isEqual(mac, stored.mac());
    }

    /// What the service said of a change, without what the database added.
    static @Nullable String said(@Nullable String change) {
        if (change == null) {
            return null;
        }
        String said = CONTENT.matcher(LEDGER.matcher(change).replaceFirst("")).replaceFirst("$1");
        return said.isEmpty() ? null : said;
    }

    private static boolean isErased(byte[] salts, int from) {
        return Arrays.equals(
                salts,
                from,
                from + Commitment.SALT_BYTES,
                new byte[Commitment.SALT_BYTES],
                0,
                Commitment.SALT_BYTES);
    }

    private byte @Nullable [] sealedName(Event event, byte[] salts) {
        String name = event.personName();
        return name == null ? null : texts.seal(name, salts, NAME_SALT);
    }

    /// An event as stored, with the salts that open its commitments, the name's included.
    ///
    /// @param mac what vouches for it, null when nothing does
    public record Stored(Event event, byte[] salts, byte[] commitments, byte @Nullable [] mac) {}

    /// Seals what the version before wrote in clear. Waits.
    void sealOld(Database database) {
        texts.sealOld(database);
    }

    /// The columns that [#read] needs.
    public static List<Field<?>> columns() {
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
                AUDIT_EVENT.CHANGE_SEALED,
                AUDIT_EVENT.QUERY,
                AUDIT_EVENT.TIMES,
                AUDIT_EVENT.ENTITIES,
                AUDIT_EVENT.SALTS,
                AUDIT_EVENT.COMMITMENTS,
                AUDIT_EVENT.MAC);
    }

    /// An event of a row with all of [#columns].
    public Stored read(Row row) {
        byte[] salts = Rows.get(row, AUDIT_EVENT.SALTS);
        byte[] sealed = Rows.find(row, AUDIT_EVENT.PERSON_NAME_SEALED);
        String name = sealed == null ? null : texts.open(sealed, salts, NAME_SALT);
        String change =
                texts.shown(
                        Rows.find(row, AUDIT_EVENT.CHANGE),
                        Rows.find(row, AUDIT_EVENT.CHANGE_SEALED),
                        salts);
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
                        change,
                        Rows.find(row, AUDIT_EVENT.QUERY),
                        Rows.get(row, AUDIT_EVENT.TIMES),
                        entities.isEmpty() ? List.of() : List.of(entities.split(" ")));
        return new Stored(
                event,
                salts,
                Rows.get(row, AUDIT_EVENT.COMMITMENTS),
                Rows.find(row, AUDIT_EVENT.MAC));
    }
}
